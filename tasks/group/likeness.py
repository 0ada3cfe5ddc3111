"""How likely two articles tell one event: what they share of each kind of term, and the days between them.

What is measured goes through a small forest of boosted trees (Friedman 2001), learnt on labelled stories by
`benchmarks/train_group.py weights` and kept in `forest.json`; here it is only read. Its trees are held to reason:
sharing more never lowers the likeness, more days between never raise it.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.group.vector import KIND_MASK, KINDS

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
FAR = 5  # days after which more of them say nothing new


class Terms(NamedTuple):
    """The terms of an article as arrays, and the sum of squared weights of each kind."""

    terms: Numbers
    weights: Floats
    norms: Floats


class Forest(NamedTuple):
    """Trees as arrays of (tree, node); a leaf is its own child, and its value is in `value`."""

    feature: Numbers
    threshold: Floats
    left: Numbers
    right: Numbers
    value: Floats
    depth: int


def terms_of(terms: Numbers, weights: Floats) -> Terms:
    """The terms of an article with the norm of each kind."""
    norms = np.bincount(terms & KIND_MASK, weights.astype(np.float64) ** 2, minlength=len(KINDS))
    return Terms(terms, weights, norms.astype(np.float32))


def shared_weight(one: Terms, others: list[Terms]) -> Floats:
    """The products of the weights that one article shares with each of the others, summed by kind."""
    lengths = [len(other.terms) for other in others]
    terms = np.concatenate([other.terms for other in others])
    weights = np.concatenate([other.weights for other in others])
    place = np.searchsorted(one.terms, terms)
    place[place == len(one.terms)] = 0
    hit = np.flatnonzero(one.terms[place] == terms) if len(one.terms) else np.empty(0, np.int64)
    owner = np.repeat(np.arange(len(others)), lengths)[hit]
    cell = owner * len(KINDS) + (terms[hit] & KIND_MASK)
    summed = np.bincount(cell, one.weights[place[hit]] * weights[hit], minlength=len(others) * len(KINDS))
    return summed.reshape(len(others), len(KINDS)).astype(np.float32)


def features(shared: Floats, norms: Floats, other_norms: Floats, days: Floats) -> Floats:
    """What the forest sees of pairs; `days` between them are NaN where one has no date.

    For each kind the cosine (-1 where both have terms and share none), the containment and the amount of what is
    shared; then whether the days are unknown, and how many they are.
    """
    apart = (shared == 0) & (norms > 0) & (other_norms > 0)
    cosine = np.where(apart, -1, shared / np.sqrt(norms * other_norms + 1e-9))
    containment = np.minimum(shared / (np.minimum(norms, other_norms) + 1e-9), 1.5)
    by_kind = np.stack([cosine, containment, np.log1p(shared)], axis=2).reshape(len(shared), -1)
    unknown = np.isnan(days)
    gap = np.where(unknown, 0, np.minimum(days, FAR))
    return np.column_stack([by_kind, unknown, gap]).astype(np.float32)


@cache
def forest() -> Forest:
    """The learnt trees."""
    kept = json.loads(files("tasks.group").joinpath("forest.json").read_text())
    return Forest(
        np.array(kept["feature"], np.int64),
        np.array(kept["threshold"], np.float32),
        np.array(kept["left"], np.int64),
        np.array(kept["right"], np.int64),
        np.array(kept["value"], np.float32),
        int(kept["depth"]),
    )


def likeness(pairs: Floats) -> Floats:
    """The probability that each pair of articles tells one event; `pairs` as from `features`."""
    trees = forest()
    total = np.zeros(len(pairs), np.float32)
    row = np.arange(len(pairs))
    for tree in range(len(trees.feature)):
        node = np.zeros(len(pairs), np.int64)
        for _ in range(trees.depth):
            goes_left = pairs[row, trees.feature[tree, node]] <= trees.threshold[tree, node]
            node = np.where(goes_left, trees.left[tree, node], trees.right[tree, node])
        total += trees.value[tree, node]
    return np.asarray(1 / (1 + np.exp(-total)), np.float32)
