"""The articles that others may share an event with, found by their rare terms; and how like pairs of them are.

Only articles that share two rare terms are compared. The rare terms of a corpus lie in one row of numbers, its
postings: a term above the number of an article that has it, ascending. As the numbers go by time, what an article may
share an event with is a stretch of them, and the holders of a term within a stretch lie side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.shelf import spread
from tasks.group.likeness import Floats, Numbers, Terms, measured, shared_weight
from tasks.group.vector import FIGURES, KIND_MASK, LEAD, NAMES, PLACES

KEYS = {NAMES: 12, PLACES: 3, LEAD: 16, FIGURES: 4}
MOST = np.array([*KEYS.values()])
RANK = np.array([[*KEYS].index(kind) if kind in KEYS else len(KEYS) for kind in range(KIND_MASK + 1)])
CROWDED = 3000  # articles: a term that so many in reach have is no key
NUMBER_BITS, KEY_BITS = 28, 16  # for the number of an article, under the 36 of a term; for which key of a few articles
NUMBER, KEY, WHICH = np.uint64((1 << NUMBER_BITS) - 1), np.uint64(KEY_BITS), np.uint64((1 << KEY_BITS) - 1)

# Two articles, by number, and how likely they tell one event: as objects those of 100,000 articles took a gigabyte.
EDGE = np.dtype([("one", np.int32), ("other", np.int32), ("likeness", np.float32)])

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bars = NDArray[np.float64]
Postings = NDArray[np.uint64]
Edges = NDArray[np.void]


class Keys(NamedTuple):
    """The rare terms by which articles are found, their weights, and whose of the articles each is."""

    terms: Numbers
    weights: NDArray[np.float64]
    owners: Numbers


class Looks(NamedTuple):
    """Articles, by number, each with a stretch of others before it in which it may find some that tell its event."""

    articles: Numbers
    starts: Numbers
    stops: Numbers

    def some(self, which: Flags | Numbers | slice) -> "Looks":
        """Some of them."""
        return Looks(*(column[which] for column in self))


class Sharing(NamedTuple):
    """Which look finds which article, by rising numbers of both, and the weight of the rare terms that they share."""

    looks: Numbers
    others: Numbers
    weights: NDArray[np.float64]


@dataclass(frozen=True)
class Article:
    """An article as it is compared; `day` as an ordinal, None where it has no date."""

    number: int
    day: int | None
    language: str | None
    terms: Terms


def keys_of(articles: Sequence[Article]) -> Keys:
    """The rare terms of articles by which others find them: the heaviest of their names, their leads and figures."""
    terms = np.concatenate([article.terms.terms for article in articles])
    weights = np.concatenate([article.terms.weights for article in articles])
    owners = np.repeat(np.arange(len(articles)), [len(article.terms.terms) for article in articles])
    ranked = np.flatnonzero((rank := RANK[terms & KIND_MASK]) < len(KEYS))
    group = owners[ranked] * len(KEYS) + rank[ranked]
    order = np.lexsort((-weights[ranked], group))
    group = group[order]
    chosen = ranked[order[np.arange(len(order)) - np.searchsorted(group, group) < MOST[group % len(KEYS)]]]
    return Keys(terms[chosen], weights[chosen].astype(np.float64), owners[chosen])


def packed(terms: Numbers, numbers: Numbers) -> Postings:
    """Terms above the numbers of articles."""
    return (terms.astype(np.uint64) << np.uint64(NUMBER_BITS)) | numbers.astype(np.uint64)


def postings_of(numbers: Numbers, article: Callable[[int], Article]) -> Postings:
    """The rare terms of articles above their numbers, in no order."""
    keys = keys_of(list(map(article, numbers.tolist())))
    return packed(keys.terms, numbers[keys.owners])


def numbers_of(postings: Postings) -> Numbers:
    """Whose terms postings are."""
    return (postings & NUMBER).astype(np.int64)


def renumbered(postings: Postings, now: Numbers) -> Postings:
    """The postings of articles that have these numbers now, without those whose number is -1."""
    numbers = now[numbers_of(postings)]
    return (postings & ~NUMBER | numbers.astype(np.uint64))[numbers >= 0]


def stretches(postings: Postings, keys: Keys, looks: Looks) -> tuple[Numbers, Numbers]:
    """From where to where in the postings those lie that have a key, of all that its owner looks at."""
    begin, end = (packed(keys.terms, numbers[keys.owners]) for numbers in (looks.starts, looks.stops))
    return np.searchsorted(postings, begin), np.searchsorted(postings, end)


def sharing(postings: Postings, keys: Keys, begin: Numbers, end: Numbers) -> Sharing:
    """Who shares at least two keys with the articles that stretches of the postings name, a stretch a key."""
    many = end - begin
    own = (keys.owners << NUMBER_BITS + KEY_BITS | np.arange(len(keys.owners))).astype(np.uint64)
    hits = np.sort(np.repeat(own, many) | (postings[spread(begin, many)] & NUMBER) << KEY)
    same = hits[1:] >> KEY == hits[:-1] >> KEY
    hits = hits[np.append(False, same) | np.append(same, False)] if len(same) else hits[:0]
    pairs = (hits >> KEY).astype(np.int64)
    first = np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]
    weights = np.bincount(np.cumsum(first) - 1, keys.weights[(hits & WHICH).astype(np.int64)] ** 2)
    return Sharing(pairs[first] >> NUMBER_BITS, pairs[first] & int(NUMBER), weights.astype(np.float64))


def seen(postings: Postings, articles: Sequence[Article], looks: Looks, most: int) -> tuple[list[list[int]], Bars]:
    """For each article the others in its look that share most of its rare terms with it, the likeliest first.

    Beside them the weight that another would need to be among them: 0 where there is room for more.
    """
    keys = keys_of(articles)
    begin, end = stretches(postings, keys, looks)
    found = sharing(postings, keys, begin, np.where(end - begin < CROWDED, end, begin))
    order = np.lexsort((-found.weights, found.looks))
    first = np.searchsorted(found.looks, np.arange(len(articles) + 1))
    last = np.minimum(first[:-1] + most, first[1:])
    full, bars = last - first[:-1] == most, np.zeros(len(articles))
    bars[full] = found.weights[order[last[full] - 1]]
    others = found.others[order]
    return [others[start:stop].tolist() for start, stop in zip(first.tolist(), last.tolist(), strict=False)], bars


def touched(postings: Postings, few: Postings, articles: Sequence[Article], looks: Looks, bars: Bars) -> Flags:
    """Which looks would see something else without the articles that a few of the postings are of, or might.

    One of these is among the likeliest, or makes a term too common to be a key.
    """
    keys = keys_of(articles)
    first, last = stretches(few, keys, looks)
    there = last > first
    keys, first, last = Keys(keys.terms[there], keys.weights[there], keys.owners[there]), first[there], last[there]
    begin, end = stretches(postings, keys, looks)
    crowded = end - begin >= CROWDED
    found = sharing(few, keys, first, np.where(crowded, first, last))
    which = np.zeros(len(articles), bool)
    which[keys.owners[crowded & (end - begin - (last - first) < CROWDED)]] = True
    which[found.looks[found.weights >= bars[found.looks]]] = True
    return which


def measures(beside: Sequence[tuple[Article, Sequence[Article]]]) -> Floats:
    """What the regression sees of articles, each beside others, in one table; there is at least one pair."""
    shared = [shared_weight(article.terms, [other.terms for other in others]) for article, others in beside]
    owner = np.repeat(np.arange(len(beside)), [len(others) for _, others in beside])
    norms, days, tongues = known([article for article, _ in beside])
    other_norms, other_days, other_tongues = known([other for _, others in beside for other in others])
    foreign = (tongues[owner] != other_tongues) & (tongues[owner] != 0) & (other_tongues != 0)
    apart = np.abs(days[owner] - other_days)
    return measured(np.concatenate(shared), norms[owner], other_norms, apart, foreign.astype(np.float32))


def known(articles: Sequence[Article]) -> tuple[Floats, Floats, Numbers]:
    """The norms of some articles, their days, NaN where one has none, and their languages as numbers."""
    norms = np.concatenate([article.terms.norms for article in articles]).reshape(len(articles), -1)
    days = np.array([article.day for article in articles], np.float32)
    return norms, days, np.array([tongue(article.language) for article in articles])


@cache
def tongue(language: str | None) -> int:
    """A number for a language without what follows it (BCP 47), 0 where it is not known."""
    return crc32(language.partition("-")[0].encode()) if language else 0
