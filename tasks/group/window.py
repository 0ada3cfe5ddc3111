"""Walks the articles day by day and scores each against those that it may share an event with.

Only articles of the last days, and those without a date, are held; of these, only the ones that share two rare terms
are compared. So the cost grows with the window, not with the corpus.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tasks.group.likeness import Floats, Terms, likeness, measured, shared_weight
from tasks.group.rows import GroupSettings
from tasks.group.vector import FIGURES, KIND_MASK, LEAD, NAMES, PLACES

KEYS = {NAMES: 12, PLACES: 3, LEAD: 16, FIGURES: 4}
CROWDED = 3000  # articles: a term that so many in the window have is no key
LEAST = 0.05  # likenesses below it are as good as none


class Article(NamedTuple):
    """An article as the window holds it; `day` as an ordinal, None where it has no date."""

    number: int
    day: int | None
    language: str | None
    terms: Terms


class Edge(NamedTuple):
    """Two articles, by number, and how likely they tell one event."""

    one: int
    other: int
    likeness: float


class Window:
    """The articles that a new one may share an event with, found by their rare terms."""

    def __init__(self) -> None:
        self.articles: dict[int, Article] = {}
        self.dated: deque[Article] = deque()
        self.by_key: dict[int, list[int]] = {}
        self.keys: dict[int, list[int]] = {}

    def add(self, article: Article) -> None:
        """Takes an article in."""
        self.articles[article.number] = article
        if article.day is not None:
            self.dated.append(article)
        self.keys[article.number] = keys_of(article.terms)
        for key in self.keys[article.number]:
            self.by_key.setdefault(key, []).append(article.number)

    def forget(self, before: int) -> None:
        """Drops the articles of the days before this one."""
        while self.dated and (self.dated[0].day or 0) < before:
            gone = self.dated.popleft()
            del self.articles[gone.number]
            for key in self.keys.pop(gone.number):
                self.by_key[key].remove(gone.number)
                if not self.by_key[key]:
                    del self.by_key[key]

    def candidates(self, article: Article, most: int) -> list[Article]:
        """The articles that share at least two rare terms with this one, the likeliest first."""
        weight_of = dict(zip(article.terms.terms.tolist(), article.terms.weights.tolist(), strict=True))
        shared: dict[int, tuple[int, float]] = {}
        for key in keys_of(article.terms):
            holders = self.by_key.get(key, ())
            for number in holders if len(holders) < CROWDED else ():
                count, weight = shared.get(number, (0, 0.0))
                shared[number] = (count + 1, weight + weight_of[key] ** 2)
        several = [(-weight, number) for number, (count, weight) in shared.items() if count > 1]
        return [self.articles[number] for _, number in sorted(several)[:most]]


def keys_of(terms: Terms) -> list[int]:
    """The rare terms of an article by which others find it: the heaviest of its names, its lead and its figures."""
    left = dict(KEYS)
    found: list[int] = []
    for term in terms.terms[np.argsort(-terms.weights, kind="stable")].tolist():
        kind = term & KIND_MASK
        if left.get(kind, 0) > 0:
            left[kind] -= 1
            found.append(term)
    return found


def edges(articles: Iterable[Article], settings: GroupSettings) -> Iterator[Edge]:
    """The pairs that may tell one event; the articles come undated first, then by day, then by doc_id."""
    window = Window()
    for article in articles:
        if article.day is not None:
            window.forget(article.day - settings.window_days)
        others = window.candidates(article, settings.candidates)
        yield from scored(article, others)
        window.add(article)


def scored(article: Article, others: Sequence[Article]) -> Iterator[Edge]:
    """The pairs of an article and its candidates that are likely enough to matter."""
    if not others:
        return
    likely = likeness(measures(article, others))
    for other, probability in zip(others, likely.tolist(), strict=True):
        if probability >= LEAST:
            yield Edge(other.number, article.number, probability)


def measures(article: Article, others: Sequence[Article]) -> Floats:
    """What the regression sees of an article beside each of the others."""
    shared = shared_weight(article.terms, [other.terms for other in others])
    norms = np.stack([other.terms.norms for other in others])
    days = np.array([days_between(article.day, other.day) for other in others], np.float32)
    foreign = np.array([is_foreign(article.language, other.language) for other in others], np.float32)
    return measured(shared, article.terms.norms, norms, days, foreign)


def days_between(one: int | None, other: int | None) -> float:
    """The days between two articles; NaN where one has no date."""
    return float("nan") if one is None or other is None else float(abs(one - other))


def is_foreign(one: str | None, other: str | None) -> bool:
    """Whether two languages (BCP 47) are known to differ."""
    return one is not None and other is not None and one.split("-")[0] != other.split("-")[0]
