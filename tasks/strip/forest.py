"""Evaluates forests of oblivious trees in numpy: every level of a tree asks one question, the answers are the leaf.

Trees of this kind were grown by CatBoost (Prokhorenkova et al. 2018); nothing of it is needed to use them. The first
trees of a forest say most: where they are sure of a row, the others need not be asked.
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

    def only(self, trees: slice) -> "Forest":
        """Those trees alone."""
        return self._replace(feature=self.feature[trees], border=self.border[trees], leaf=self.leaf[trees])


# So many answers at a time stay in the processor's cache.
ANSWERS = 1 << 17
# After so many trees the log odds of four rows in five are this far from even, and of 33,000 such rows none was on the
# other side of even in the end.
FIRST, SURE = 70, 2.0


def probabilities(forest: Forest, table: NDArray[np.float32], hasty: bool = False) -> NDArray[np.float64]:
    """How probable the forest takes each row of a table to be body, 0 to 1.

    In haste the rows that its first trees are sure of are told by these alone.
    """
    columns = np.ascontiguousarray(table.T)
    total = forest.bias + margins(forest.only(slice(FIRST if hasty else None)), columns)
    if hasty:
        unsure = np.flatnonzero(np.abs(total) < SURE)
        total[unsure] += margins(forest.only(slice(FIRST, None)), columns[:, unsure])
    odds: NDArray[np.float64] = np.exp(-total)
    return 1 / (1 + odds)


def margins(forest: Forest, columns: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of what the trees say of each row, as log odds."""
    rows = columns.shape[1]
    total, said, step = np.zeros(rows), np.empty(rows, np.float32), max(1, ANSWERS // max(1, rows))
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
