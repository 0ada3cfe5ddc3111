"""The articles that others may share an event with, held and found by their rare terms; and how like pairs of them are.

Only articles that share two rare terms are compared.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tasks.group.likeness import Floats, Terms, measured, shared_weight
from tasks.group.vector import FIGURES, KIND_MASK, LEAD, NAMES, PLACES

KEYS = {NAMES: 12, PLACES: 3, LEAD: 16, FIGURES: 4}
MOST = np.array([*KEYS.values()])
RANK = np.array([[*KEYS].index(kind) if kind in KEYS else len(KEYS) for kind in range(KIND_MASK + 1)])
CROWDED = 3000  # articles: a term that so many in the window have is no key


@dataclass(frozen=True)
class Article:
    """An article as the window holds it; `day` as an ordinal, None where it has no date."""

    number: int
    day: int | None
    language: str | None
    terms: Terms

    @cached_property
    def keys(self) -> Mapping[int, float]:
        """The rare terms by which others find it, with their weights."""
        return keys_of(self.terms)


class Window:
    """Articles that others may share an event with, found by their rare terms."""

    def __init__(self) -> None:
        self.articles: dict[int, Article] = {}
        self.by_key: dict[int, list[int]] = {}

    def hold(self, numbers: range, article: Callable[[int], Article]) -> None:
        """Holds these articles and no others."""
        for number in [held for held in self.articles if held not in numbers]:
            self.forget(number)
        for number in numbers:
            if number not in self.articles:
                self.add(article(number))

    def add(self, article: Article) -> None:
        """Takes an article in."""
        self.articles[article.number] = article
        for key in article.keys:
            self.by_key.setdefault(key, []).append(article.number)

    def forget(self, number: int) -> None:
        """Drops an article."""
        for key in self.articles.pop(number).keys:
            self.by_key[key].remove(number)
            if not self.by_key[key]:
                del self.by_key[key]

    def candidates(self, article: Article, most: int) -> list[Article]:
        """The articles that share at least two rare terms with this one, the likeliest first."""
        shared: dict[int, tuple[int, float]] = {}
        for key, heavy in article.keys.items():
            holders = self.by_key.get(key, ())
            for number in holders if len(holders) < CROWDED else ():
                count, weight = shared.get(number, (0, 0.0))
                shared[number] = (count + 1, weight + heavy**2)
        several = [(-weight, number) for number, (count, weight) in shared.items() if count > 1]
        return [self.articles[number] for _, number in sorted(several)[:most]]


def keys_of(terms: Terms) -> dict[int, float]:
    """The rare terms of an article by which others find it: the heaviest of its names, its lead and its figures."""
    rank = RANK[terms.terms & KIND_MASK]
    order = np.lexsort((-terms.weights, rank))[: np.count_nonzero(rank < len(KEYS))]
    rank = rank[order]
    chosen = order[np.arange(len(order)) - np.searchsorted(rank, rank) < MOST[rank]]
    return dict(zip(terms.terms[chosen].tolist(), terms.weights[chosen].tolist(), strict=True))


def measures(article: Article, others: Sequence[Article]) -> Floats:
    """What the regression sees of an article beside each of the others."""
    return all_measures([(article, others)])


def all_measures(beside: Sequence[tuple[Article, Sequence[Article]]]) -> Floats:
    """What the regression sees of articles, each beside others, in one table; there is at least one pair."""
    pairs = [(article, other) for article, others in beside for other in others]
    shared = [shared_weight(article.terms, [other.terms for other in others]) for article, others in beside]
    norms, other_norms = (np.stack([article.terms.norms for article in of]) for of in zip(*pairs, strict=True))
    days = np.array([days_between(one.day, other.day) for one, other in pairs], np.float32)
    foreign = np.array([is_foreign(one.language, other.language) for one, other in pairs], np.float32)
    return measured(np.concatenate(shared), norms, other_norms, days, foreign)


def days_between(one: int | None, other: int | None) -> float:
    """The days between two articles; NaN where one has no date."""
    return float("nan") if one is None or other is None else float(abs(one - other))


def is_foreign(one: str | None, other: str | None) -> bool:
    """Whether two languages (BCP 47) are known to differ."""
    return one is not None and other is not None and one.split("-")[0] != other.split("-")[0]
