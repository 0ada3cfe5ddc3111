"""Evaluates forests of oblivious trees in numpy: every level of a tree asks one question, the answers are the leaf.

Trees of this kind were grown by CatBoost (Prokhorenkova et al. 2018); nothing of it is needed to use them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Forest(NamedTuple):
    """A sum of trees of one depth."""

    names: tuple[str, ...]
    """the features, in the order of the columns that the questions number"""
    feature: NDArray[np.int16]
    """the column that each level of each tree asks about, a row a tree"""
    border: NDArray[np.float32]
    """what the column's value must exceed for the answer yes"""
    leaf: NDArray[np.float32]
    """what each tree says for each set of answers, the first level's answer as the lowest bit"""
    bias: float


# So many answers at a time stay in the processor's cache.
ANSWERS = 1 << 17


def probabilities(forest: Forest, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """How probable the forest takes each row of a table to be body, 0 to 1."""
    odds: NDArray[np.float64] = np.exp(-(forest.bias + margins(forest, table)))
    return 1 / (1 + odds)


def margins(forest: Forest, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of what the trees say of each row, as log odds."""
    columns, total, said = np.ascontiguousarray(table.T), np.zeros(len(table)), np.empty(len(table), np.float32)
    step = max(1, ANSWERS // max(1, len(table)))
    for first in range(0, len(forest.leaf), step):
        trees = slice(first, first + step)
        reached = leaves(columns, forest.feature[trees], forest.border[trees])
        for number, leaf in zip(reached, forest.leaf[trees], strict=True):
            total += leaf.take(number, mode="clip", out=said)
    return total


def leaves(columns: NDArray[np.float32], feature: NDArray[np.int16], border: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The number of the leaf at which each row arrives in each of some trees: the answers to the tree's questions."""
    number = np.zeros((len(feature), columns.shape[1]), np.uint8)
    for level in reversed(range(feature.shape[1])):
        answers = columns[feature[:, level]] > border[:, level, None]
        number += number
        number += answers.view(np.uint8)
    return number
