"""How likely two articles tell one event: what they share of each kind of term, and the days between them.

What is measured goes through a logistic regression, learnt on labelled stories by `benchmarks.train_group weights`
and kept in `weights.json`; here it is only read. Its weights are held to reason: sharing more never lowers the
likeness, more days between never raise it. Articles without a date have weights of their own. Trees that may weigh
freely (150, of 15 leaves, monotone in the measures) tell the stories apart worse (B-cubed F1 .936 for .942).

The graded pairs of one language are ranked with an AUC of .832, where .90 was wanted: grades are of likeness, and two
events of one kind are alike. TF-IDF reaches .870 and a sentence encoder .875, which tell stories apart worse (B-cubed
F1 .904 and .869), and all of it together, learnt on such pairs alone, .886 (`benchmarks/group.py --peers`). Counting
them a hundredfold beside the stories gives .846 and costs these .011.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.group.vector import (
    FIGURES,
    KIND_MASK,
    KINDS,
    LEAD,
    LEAD_FIGURES,
    LEAD_NAMES,
    LEAD_PLACES,
    NAMES,
    PLACES,
    WORDS,
)

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
MEASURES = ("cosine root", "cosine", "containment", "amount", "nothing shared")
TOGETHER = ((NAMES, PLACES, FIGURES, WORDS), (LEAD_NAMES, LEAD_PLACES, LEAD_FIGURES, LEAD))  # all of text, of lead
OF_KIND = 0.05  # times the likeness of two of one kind only: too little to join, enough to be told from others
MEASURED = len(KINDS) + len(TOGETHER)
SLOTS = 1 << 16  # for the terms of an article, to tell in a moment most of those that it does not have
OF_PAIR = ("another day", "more days", "another language", "undated")


class Terms(NamedTuple):
    """The terms of an article as arrays, and the sum of squared weights of each kind."""

    terms: Numbers
    weights: Floats
    norms: Floats


class Weights(NamedTuple):
    """The weights of the measures of a pair, and what an unlike pair starts from."""

    measures: Floats
    start: float


def terms_of(terms: Numbers, weights: Floats) -> Terms:
    """The terms of an article with the norm of each kind."""
    return Terms(terms, weights, norms(terms, weights, np.zeros_like(terms), 1)[0])


def norms(terms: Numbers, weights: Floats, owners: Numbers, count: int) -> Floats:
    """The sums of squared weights of each kind, for each of so many articles that the terms are of."""
    cells = owners * len(KINDS) + (terms & KIND_MASK)
    summed = np.bincount(cells, weights.astype(np.float64) ** 2, minlength=count * len(KINDS))
    return summed.reshape(count, len(KINDS)).astype(np.float32)


def shared_weight(one: Terms, others: list[Terms]) -> Floats:
    """The products of the weights that one article shares with each of the others, summed by kind."""
    terms, weights = (np.concatenate(column) for column in list(zip(*others, strict=True))[:2])
    there = np.zeros(SLOTS, bool)
    there[one.terms & (SLOTS - 1)] = True
    maybe = np.flatnonzero(there.take(terms & (SLOTS - 1)))  # a twentieth, and so many fewer are searched for
    place = np.searchsorted(one.terms, terms[maybe])
    place[place == len(one.terms)] = 0
    same = one.terms.take(place) == terms[maybe] if len(maybe) else np.zeros(0, bool)
    hit, place = maybe[same], place[same]
    owner = np.searchsorted(np.cumsum([len(other.terms) for other in others]), hit, "right")
    cell = owner * len(KINDS) + (terms[hit] & KIND_MASK)
    summed = np.bincount(cell, one.weights[place] * weights[hit], minlength=len(others) * len(KINDS))
    return summed.reshape(len(others), len(KINDS)).astype(np.float32)


def measured(shared: Floats, norms: Floats, other_norms: Floats, days: Floats, foreign: Floats) -> Floats:
    """What the regression sees of pairs, each measure such that more of it speaks for one event.

    `days` between the articles are NaN where one has no date, `foreign` is 1 where their languages differ. In the
    columns: the measures of each kind, and of some kinds together, once for dated and once for undated pairs, and
    those of the pair as a whole.
    """
    shared, norms, other_norms = together(shared), together(norms), together(other_norms)
    cosine = shared / np.sqrt(norms * other_norms + 1e-9)
    containment = np.minimum(shared / (np.minimum(norms, other_norms) + 1e-9), 1.5)
    nothing = (shared == 0) & (norms > 0) & (other_norms > 0)
    measures = [np.sqrt(cosine), cosine, containment, np.log1p(shared) / 5, -nothing.astype(np.float32)]
    by_kind = np.stack(measures, axis=2).reshape(len(shared), -1)
    undated = np.isnan(days)[:, None].astype(np.float32)
    gap = np.nan_to_num(days)
    of_pair = [-np.minimum(gap, 1), -np.clip(gap - 1, 0, 4) / 3, foreign, undated[:, 0]]
    return np.column_stack([by_kind * (1 - undated), by_kind * undated, *of_pair]).astype(np.float32)


def together(by_kind: Floats) -> Floats:
    """Sums by kind with those of the kinds that are also measured together."""
    summed = [by_kind[:, kinds].sum(axis=1) for kinds in TOGETHER]
    return np.column_stack([by_kind, *summed]).astype(np.float32)


@cache
def weights() -> Weights:
    """The learnt weights."""
    kept = json.loads(files("tasks.group").joinpath("weights.json").read_text())
    return Weights(np.array(kept["measures"], np.float32), float(kept["start"]))


def likeness(pairs: Floats) -> Floats:
    """The probability that each pair of articles tells one event; `pairs` as from `measured`."""
    learnt = weights()
    odds = np.vecdot(pairs, learnt.measures)  # a product of matrices rounds a pair by what stands beside it
    probability = 1 / (1 + np.exp(-(odds + learnt.start)))
    return np.asarray(np.where(is_kind_only(pairs), OF_KIND * probability, probability), np.float32)


def is_kind_only(pairs: Floats) -> NDArray[np.bool_]:
    """Which pairs of one language share neither a name nor a figure, though both have names.

    They are of one kind at most, as two companies' results in the words of one agency are.
    """
    of_kinds = pairs[:, : -len(OF_PAIR)].reshape(len(pairs), 2, MEASURED, len(MEASURES)).sum(axis=1)
    no_name = of_kinds[:, NAMES, MEASURES.index("nothing shared")] < 0
    no_figure = of_kinds[:, FIGURES, MEASURES.index("amount")] == 0
    return np.asarray(no_name & no_figure & (pairs[:, -len(OF_PAIR) + OF_PAIR.index("another language")] == 0))


def contributions(pairs: Floats) -> Floats:
    """How much each kind of term speaks for each pair being one event, or against it, in the regression's odds.

    What kinds measured together say is theirs by what each of them shares.
    """
    by_kind, shape = pairs[:, : -len(OF_PAIR)], (len(pairs), 2, MEASURED, len(MEASURES))
    said = (by_kind * weights().measures[: -len(OF_PAIR)]).reshape(shape).sum(axis=(1, 3))
    shared = np.expm1(5 * by_kind.reshape(shape).sum(axis=1)[:, :, MEASURES.index("amount")])
    for place, kinds in enumerate(map(list, TOGETHER), len(KINDS)):
        whole = slice(place, place + 1)
        said[:, kinds] += said[:, whole] * shared[:, kinds] / np.maximum(shared[:, whole], 1e-9)
    return np.asarray(said[:, : len(KINDS)], np.float32)
