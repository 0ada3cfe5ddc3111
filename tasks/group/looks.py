"""Takes looks: what articles see of others in their reach, in bunches, by as many processes as there are.

An article looks at those before it, in the order of time, that lie within the window; one without a date at all others
without one before it, and one with a date at those too. So the cost grows with the window, not with the corpus.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from tasks.group.likeness import Numbers, likeness
from tasks.group.window import (
    EDGE,
    Article,
    Bars,
    Days,
    Edges,
    Flags,
    Looks,
    Postings,
    measures,
    numbers_of,
    postings_of,
    seen,
    touched,
)

LEAST = 0.05  # likenesses below it are as good as none
AT_ONCE = 64  # looks that are taken together
HELD = 1 << 15  # articles that a process holds: a window, where a million are of one year
BUNCH, BUNCHES = 2_000, 8  # looks that are one process's at the least, and into how many bunches all are cut

Beside = Sequence[tuple[Article, Sequence[Article]]]
Each = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]  # `map`, or that of a pool of processes


class Saw(NamedTuple):
    """The pairs that looks saw and that may tell one event, and the bar of each look."""

    edges: Edges
    bars: Bars


class Watch(NamedTuple):
    """Looks, with how their articles are got and the rare terms of all of them."""

    looks: Looks
    postings: Postings
    article: Callable[[int], Article]

    def batches(self, bunch: slice) -> Iterator[tuple[slice, Looks, list[Article]]]:
        """The looks of a bunch, a few at a time, with their articles; where they stand comes with them."""
        for start in range(bunch.start, bunch.stop, AT_ONCE):
            here = slice(start, min(start + AT_ONCE, bunch.stop))
            some = self.looks.some(here)
            yield here, some, list(map(self.article, some.articles.tolist()))

    def sights(self, bunch: slice, most: int) -> Iterator[tuple[Beside, Bars]]:
        """What the looks of a bunch see, a few at a time: their articles, each beside others, and the bar of each."""
        for _, some, articles in self.batches(bunch):
            found, bars = seen(self.postings, articles, some, most)
            others = [list(map(self.article, numbers)) for numbers in found]
            yield [pair for pair in zip(articles, others, strict=True) if pair[1]], bars


def looks(days: Days, window_days: int) -> Looks:
    """The looks of articles of these days, as ordinals; those of the undated are 0 and come first.

    First a look of each at those like it, dated or not, and then one of each dated article at the undated.
    """
    undated, numbers = np.count_nonzero(days == 0), np.arange(len(days))
    first = np.maximum(undated, np.searchsorted(days, days - window_days)) * (days > 0)
    among = Looks(numbers, first, numbers)
    none = np.zeros(len(days) - undated, np.int64)
    return Looks(*map(np.append, among, Looks(numbers[undated:], none, none + undated)))


def all_postings(numbers: Numbers, article: Callable[[int], Article], each: Each) -> Postings:
    """The rare terms of articles above their numbers, in no order."""
    bunches = cut(len(numbers))
    found = each(partial(bunch_of_postings, numbers, article, bunches), range(len(bunches)))
    return np.concatenate((np.zeros(0, np.uint64), *found))


def bunch_of_postings(
    numbers: Numbers, article: Callable[[int], Article], bunches: Sequence[slice], bunch: int
) -> Postings:
    """The rare terms of a bunch of articles."""
    some = numbers[bunches[bunch]]
    parts = [postings_of(some[at : at + AT_ONCE], article) for at in range(0, len(some), AT_ONCE)]
    return np.concatenate(parts)


def all_seen(watch: Watch, most: int, each: Each) -> Saw:
    """What looks see, at most so many of each."""
    bunches = cut(len(watch.looks.articles))
    found = [Saw(np.zeros(0, EDGE), np.zeros(0)), *each(partial(bunch_seen, watch, most, bunches), range(len(bunches)))]
    return Saw(*map(np.concatenate, zip(*found, strict=True)))


def bunch_seen(watch: Watch, most: int, bunches: Sequence[slice], bunch: int) -> Saw:
    """What a bunch of looks sees."""
    watch = watch._replace(article=lru_cache(HELD)(watch.article))
    parts = [Saw(likely(beside), bars) for beside, bars in watch.sights(bunches[bunch], most)]
    return Saw(*map(np.concatenate, zip(*parts, strict=True)))


def likely(beside: Beside) -> Edges:
    """The pairs of articles, each beside others, that are likely enough to matter."""
    edges = np.zeros(sum(len(others) for _, others in beside), EDGE)
    if beside:
        edges["one"] = [other.number for _, others in beside for other in others]
        edges["other"] = np.repeat([one.number for one, _ in beside], [len(others) for _, others in beside])
        edges["likeness"] = likeness(measures(beside))
    return edges[edges["likeness"] >= LEAST]


def all_touched(watch: Watch, changed: Flags, bars: Bars, each: Each) -> Flags:
    """Which looks would see something else without the articles that are changed, or might."""
    if not (len(bars) and changed.any()):
        return np.zeros(len(bars), bool)
    few, bunches = watch.postings[changed[numbers_of(watch.postings)]], cut(len(bars))
    return np.concatenate([*each(partial(bunch_touched, watch, few, bars, bunches), range(len(bunches)))])


def bunch_touched(watch: Watch, few: Postings, bars: Bars, bunches: Sequence[slice], bunch: int) -> Flags:
    """Which looks of a bunch would see something else without the articles that a few of the postings are of."""
    parts = [
        touched(watch.postings, few, articles, some, bars[here])
        for here, some, articles in watch.batches(bunches[bunch])
    ]
    return np.concatenate(parts)


def cut(count: int) -> list[slice]:
    """So many things in bunches of neighbours."""
    size = max(BUNCH, -(-count // BUNCHES))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
