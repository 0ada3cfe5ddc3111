"""The articles that others may share an event with, held and found by their rare terms; and how like pairs of them are.

Only articles that share two rare terms are compared.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.group.likeness import Floats, Terms, measured, shared_weight
from tasks.group.vector import FIGURES, KIND_MASK, LEAD, NAMES, PLACES

KEYS = {NAMES: 12, PLACES: 3, LEAD: 16, FIGURES: 4}
MOST = np.array([*KEYS.values()])
RANK = np.array([[*KEYS].index(kind) if kind in KEYS else len(KEYS) for kind in range(KIND_MASK + 1)])
CROWDED = 3000  # articles: a term that so many in the window have is no key
NUMBER_BITS = np.uint64(28)  # for the number of an article, under the 36 of a term
NUMBER = (np.uint64(1) << NUMBER_BITS) - np.uint64(1)
READ = 2_000  # articles whose keys are read together
AT_ONCE, CELLS = 64, 1 << 21  # articles whose keys are counted together, and pairs of articles


class Keys(NamedTuple):
    """The rare terms by which an article is found, and their weights."""

    terms: NDArray[np.int64]
    weights: NDArray[np.float64]


class Owned(NamedTuple):
    """The keys of several articles, and whose each is."""

    terms: NDArray[np.int64]
    weights: NDArray[np.float64]
    owners: NDArray[np.int64]


NO_KEYS = Keys(np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class Article:
    """An article as the window holds it; `day` as an ordinal, None where it has no date."""

    number: int
    day: int | None
    language: str | None
    terms: Terms

    @cached_property
    def keys(self) -> Keys:
        """What others find it by."""
        return keys_of(self.terms)


class Window:
    """Which articles, by number, others may share an event with, found by their rare terms.

    Each article's keys lie in one row of numbers, a key above the number of the article that has it, ascending.
    """

    def __init__(self) -> None:
        self.held = range(0)
        self.index = np.zeros(0, np.uint64)

    def hold(self, numbers: range, article: Callable[[int], Article]) -> None:
        """Holds these articles and no others; only those are read that it did not hold."""
        if numbers == self.held:
            return
        holders = self.index & NUMBER
        kept = self.index[(holders >= numbers.start) & (holders < numbers.stop)]
        fresh = [number for number in numbers if number not in self.held]
        added = [keyed(fresh[at : at + READ], article) for at in range(0, len(fresh), READ)]
        self.index = np.sort(np.concatenate((kept, *added)), kind="stable")  # what is in order is merged
        self.held = numbers

    def candidates(self, articles: Sequence[Article], most: int) -> list[list[int]]:
        """For each article those before it that share at least two rare terms with it, the likeliest first."""
        rows = min(AT_ONCE, max(1, CELLS // max(1, len(self.held))))
        found = (self.likeliest(articles[at : at + rows], most) for at in range(0, len(articles), rows))
        return [*chain.from_iterable(found)]

    def likeliest(self, articles: Sequence[Article], most: int) -> Iterator[list[int]]:
        """The candidates of a few articles."""
        start, size, keys = self.held.start, len(self.held), together([article.keys for article in articles])
        own = np.array([min(article.number, self.held.stop) for article in articles])[keys.owners]
        begin, end = (np.searchsorted(self.index, packed(keys.terms, before)) for before in (np.zeros_like(own), own))
        holders = np.where(end - begin < CROWDED, end - begin, 0)
        at = np.repeat(begin - np.cumsum(holders) + holders, holders) + np.arange(holders.sum())
        pairs = np.repeat(keys.owners * size - start, holders) + (self.index[at] & NUMBER).astype(np.int64)
        several = np.flatnonzero(np.bincount(pairs) > 1)
        weight = np.bincount(pairs, np.repeat(keys.weights**2, holders))[several]
        owners, others = np.divmod(several, size)
        others = others[np.lexsort((others, -weight, owners))] + start
        for first, last in pairwise(np.searchsorted(owners, np.arange(len(articles) + 1)).tolist()):
            yield others[first : min(first + most, last)].tolist()


def keyed(numbers: Sequence[int], article: Callable[[int], Article]) -> NDArray[np.uint64]:
    """The keys of articles above their numbers."""
    keys = together([article(number).keys for number in numbers])
    return packed(keys.terms, np.array(numbers, np.int64)[keys.owners])


def together(of: Sequence[Keys]) -> Owned:
    """The keys of several articles, with the place among them of the one that has each."""
    terms, weights = (np.concatenate(column) for column in zip(NO_KEYS, *of, strict=True))
    return Owned(terms, weights, np.repeat(np.arange(len(of)), [len(keys.terms) for keys in of]))


def packed(terms: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Terms above the numbers of articles."""
    return (terms.astype(np.uint64) << NUMBER_BITS) | numbers.astype(np.uint64)


def keys_of(terms: Terms) -> Keys:
    """The rare terms of an article by which others find it: the heaviest of its names, its lead and its figures."""
    rank = RANK[terms.terms & KIND_MASK]
    order = np.lexsort((-terms.weights, rank))[: np.count_nonzero(rank < len(KEYS))]
    rank = rank[order]
    chosen = order[np.arange(len(order)) - np.searchsorted(rank, rank) < MOST[rank]]
    return Keys(terms.terms[chosen], terms.weights[chosen].astype(np.float64))


def measures(article: Article, others: Sequence[Article]) -> Floats:
    """What the regression sees of an article beside each of the others."""
    return all_measures([(article, others)])


def all_measures(beside: Sequence[tuple[Article, Sequence[Article]]]) -> Floats:
    """What the regression sees of articles, each beside others, in one table; there is at least one pair."""
    shared = [shared_weight(article.terms, [other.terms for other in others]) for article, others in beside]
    owner = np.repeat(np.arange(len(beside)), [len(others) for _, others in beside])
    norms, days, tongues = known([article for article, _ in beside])
    other_norms, other_days, other_tongues = known([other for _, others in beside for other in others])
    foreign = (tongues[owner] != other_tongues) & (tongues[owner] != "") & (other_tongues != "")
    apart = np.abs(days[owner] - other_days)
    return measured(np.concatenate(shared), norms[owner], other_norms, apart, foreign.astype(np.float32))


def known(articles: Sequence[Article]) -> tuple[Floats, Floats, NDArray[np.str_]]:
    """The norms of some articles, their days, NaN where one has none, and their languages without what follows."""
    norms = np.stack([article.terms.norms for article in articles])
    days = np.array([np.nan if article.day is None else article.day for article in articles], np.float32)
    return norms, days, np.array([(article.language or "").partition("-")[0] for article in articles])
