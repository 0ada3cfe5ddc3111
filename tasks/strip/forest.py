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


# So many rows and trees at a time stay in the processor's cache.
ROWS = 1024
TREES = 80


def probabilities(forest: Forest, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """How probable the forest takes each row of a table to be body, 0 to 1."""
    total = np.concatenate([margins(forest, table[at : at + ROWS]) for at in range(0, max(1, len(table)), ROWS)])
    odds: NDArray[np.float64] = np.exp(-total)
    return 1 / (1 + odds)


def margins(forest: Forest, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of what the trees say of each row, as log odds."""
    columns = np.ascontiguousarray(table.T)
    total: NDArray[np.float64] = np.full(len(table), forest.bias)
    for first in range(0, len(forest.leaf), TREES):
        trees = slice(first, first + TREES)
        total += said(columns, forest.feature[trees], forest.border[trees], forest.leaf[trees])
    return total


def said(
    columns: NDArray[np.float32], feature: NDArray[np.int16], border: NDArray[np.float32], leaf: NDArray[np.float32]
) -> NDArray[np.float64]:
    """The sum of what some trees say of each row; the answers to a tree's questions number its leaf."""
    number = np.zeros((len(leaf), columns.shape[1]), np.uint8)
    for level in reversed(range(feature.shape[1])):
        answers = columns[feature[:, level]] > border[:, level, None]
        number += number
        number += answers.view(np.uint8)
    places = number + (np.arange(len(leaf)) * leaf.shape[1])[:, None]
    found: NDArray[np.float64] = leaf.ravel().take(places, mode="clip").sum(axis=0, dtype=np.float64)
    return found
