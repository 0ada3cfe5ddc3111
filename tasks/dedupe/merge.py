"""Merge: gathers pairs into clusters, strongest first; each merge is guarded, so that no one pair joins two stories.

The fullest documents of a cluster speak for it: as many as are paired with all that share a hash with them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.candidates import HUBS
from tasks.dedupe.shingles import Offsets


def clusters(a: NDArray[Any], b: NDArray[Any], strength: NDArray[np.float64], links: float) -> list[list[int]]:
    """The clusters of two or more documents, each ascending, given the pairs that are copies and how strongly.

    Two clusters merge where at least a share of `links` of the pairs across their fullest documents are copies. Numbers
    are from the fullest document to the shortest.

    >>> one, other = np.array([0, 0, 1, 3, 2]), np.array([1, 2, 2, 4, 4])
    >>> clusters(one, other, np.array([0.9, 0.8, 0.9, 0.9, 0.5]), links=0.6)
    [[0, 1, 2], [3, 4]]
    """
    order = np.lexsort((b, a, -strength))
    edges = list(zip(a[order].tolist(), b[order].tolist(), strict=True))
    head = {doc: doc for edge in edges for doc in edge}
    copies = set(edges)
    witnesses = {doc: [doc] for doc in head}
    for one, other in edges:
        if head[one] == head[other]:
            continue
        left, right = sorted((head_of(one, head), head_of(other, head)))
        if left != right and linked(witnesses[left], witnesses[right], copies) >= links:
            head[right] = left
            witnesses[left] = sorted(witnesses[left] + witnesses.pop(right))[:HUBS]
    gathered: dict[int, list[int]] = {}
    for doc in sorted(head):
        gathered.setdefault(head_of(doc, head), []).append(doc)
    return [cluster for cluster in gathered.values() if len(cluster) > 1]


def components(a: Offsets, b: Offsets, documents: int) -> Offsets:
    """For each document the fullest that it is tied to by pairs, however many lie between.

    >>> components(np.array([0, 2, 1]), np.array([3, 4, 3]), 6)
    array([0, 0, 2, 0, 2, 5])
    """
    heads = np.arange(documents)
    while True:
        lowest = np.minimum(heads[a], heads[b])
        if (heads[a] == lowest).all() and (heads[b] == lowest).all():
            return heads
        np.minimum.at(heads, heads[a], lowest)
        np.minimum.at(heads, heads[b], lowest)
        heads = heads[heads]


def head_of(doc: int, head: dict[int, int]) -> int:
    """The fullest document of a document's cluster; shortens the way to it."""
    while head[doc] != doc:
        head[doc] = head[head[doc]]
        doc = head[doc]
    return doc


def linked(left: list[int], right: list[int], copies: set[tuple[int, int]]) -> float:
    """The share of the pairs across the fullest documents of two clusters that are copies."""
    across = [(one, other) if one < other else (other, one) for one in left for other in right]
    return len(copies.intersection(across)) / len(across)
