"""Merge: gathers pairs into clusters, strongest first; each merge is guarded, so that no one pair joins two stories."""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

WITNESSES = 8  # the fullest documents of a cluster speak for it when it is to be merged with another

Edge = tuple[int, int]


def clusters(a: NDArray[Any], b: NDArray[Any], strength: NDArray[np.float64], links: float) -> list[list[int]]:
    """The clusters of two or more documents, each ascending, given the pairs that are copies and how strongly.

    Two clusters merge where at least a share of `links` of the pairs across their fullest documents are copies. Numbers
    are from the fullest document to the shortest.
    """
    order = np.lexsort((b, a, -strength))
    edges = list(zip(a[order].tolist(), b[order].tolist(), strict=True))
    known = set(edges)
    of: dict[int, list[int]] = {}
    for one, other in edges:
        left, right = of.setdefault(one, [one]), of.setdefault(other, [other])
        if left is not right and linked(left, right, known) >= links:
            merged = sorted(left + right)
            of.update(dict.fromkeys(merged, merged))
    return sorted(({id(cluster): cluster for cluster in of.values() if len(cluster) > 1}).values())


def linked(left: list[int], right: list[int], known: set[Edge]) -> float:
    """The share of the pairs across the fullest documents of two clusters that are copies."""
    pairs = list(product(left[:WITNESSES], right[:WITNESSES]))
    return sum((min(pair), max(pair)) in known for pair in pairs) / len(pairs)
