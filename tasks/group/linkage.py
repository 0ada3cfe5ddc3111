"""Gathers articles into stories by average linkage over the pairs that the window scored (Sokal and Michener 1958).

The likest two groups are joined first, and the mean likeness between all their articles decides, a pair that was
never scored counting as nothing: so one bad edge cannot join two stories. Two groups that are each much more like
themselves than like the other, or that say much of which the other says nothing, stay two: the same topic told of two
events. A running story is split into chapters: no group spans more days than the window. Equal likenesses are taken in
the order of the articles, so that the outcome depends on what the articles are and not on how they came.

First what is close is joined, then all. Two groups are never liker than the likest two of their articles, so what is
joined at such a likeness lies among articles that pairs of it hold together: these components are gathered each by
itself, by as many processes as there are, and the outcome is the same.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import numpy as np

from tasks.group.groups import Articles, Groups
from tasks.group.likeness import Numbers
from tasks.group.looks import Each
from tasks.group.rows import GroupSettings
from tasks.group.window import Edges

CLOSE = 0.8  # pairs so like hold 535 of 46,000 articles together at the most, those of .3 34,071
BUNCHES, LEAST, MOST = 8, 2_000, 1 << 15  # into how many bunches articles are cut, of so many at least and at most
AT_ONCE = 1 << 20  # edges


def gathered(articles: Articles, edges: Edges, each: Each = map) -> Numbers:
    """The stories that articles are of, each named by the lowest number among its articles."""
    stories = np.arange(len(articles.days))
    held = held_together(len(stories), edges, CLOSE)
    held[np.bincount(held, minlength=len(held))[held] < 2] = -1
    bounds = cut(held)
    for numbers, found in each(partial(close, articles, edges, held, bounds), range(len(bounds) - 1)):
        stories[numbers] = found
    held = held_together(len(stories), edges, least_likeness(articles.settings))
    return joined(articles, stories, within(edges, held), 0.0)


def cut(held: Numbers) -> list[int]:
    """Bounds of the names of components between which there are about so many articles."""
    names = np.sort(held[held >= 0])
    size = min(max(LEAST, len(names) // BUNCHES), MOST)
    return [*dict.fromkeys(names[::size].tolist()), len(held)]


def close(
    articles: Articles, edges: Edges, held: Numbers, bounds: Sequence[int], bunch: int
) -> tuple[Numbers, Numbers]:
    """The articles in a bunch of components, and the stories that they are of by what is close alone."""
    here = (held >= bounds[bunch]) & (held < bounds[bunch + 1])
    numbers = np.flatnonzero(here)
    among = np.concatenate([edges[:0], *within(edges, np.where(here, held, -1))])
    among["one"], among["other"] = (np.searchsorted(numbers, among[end]) for end in ("one", "other"))
    days, terms, settings = articles
    some = Articles(days[numbers], lambda number: terms(numbers.item(number)), settings)
    return numbers, numbers[joined(some, np.arange(len(numbers)), [among], CLOSE)]


def joined(articles: Articles, stories: Numbers, edges: Iterable[Edges], least: float) -> Numbers:
    """The stories that become of those that there are by joining what is at least so like, with these edges.

    Of the pairs of each group with those before it only the likest waits in the queue, until one of the two is gone.
    """
    groups = Groups(articles, stories, edges, least)
    queue = [(*pair, rest) for rest in groups.waiting() for pair in islice(rest, 1)]
    heapq.heapify(queue)
    while queue:
        *_, one, other, rest = heapq.heappop(queue)
        if groups.is_there(one) and groups.is_there(other) and not groups.are_two_events(one, other):
            rest = groups.join(one, other)
        for pair in islice(rest, 1):
            heapq.heappush(queue, (*pair, rest))
    return groups.stories()


def least_likeness(settings: GroupSettings) -> float:
    """How like two articles must be at the least for their groups to be joined on account of them."""
    return min(settings.likeness, settings.undated_likeness, settings.half_dated_likeness, settings.several_likeness)


def within(edges: Edges, held: Numbers) -> Iterator[Edges]:
    """The edges among articles that are held together, some at a time; those of what nothing (-1) holds are left."""
    for some in stretches(edges):
        by = held[some["one"]]
        yield some[(by == held[some["other"]]) & (by >= 0)]


def held_together(count: int, edges: Edges, likeness: float) -> Numbers:
    """For each article the lowest number among those that edges of at least this likeness hold it together with, by
    way of others or not.

    The lowest of every two neighbours are tied together and ties followed to their end (Shiloach and Vishkin 1982),
    some edges at a time, so that there are few rounds.
    """
    lowest, is_done = np.arange(count), False
    while not is_done:
        is_done = True
        for some in stretches(edges):
            alike = some[some["likeness"] >= likeness]
            one, other = lowest[alike["one"]], lowest[alike["other"]]
            if (one != other).any():
                is_done = False
                np.minimum.at(lowest, np.maximum(one, other), np.minimum(one, other))
                while ((followed := lowest[lowest]) != lowest).any():
                    lowest = followed
    return lowest


def stretches(edges: Edges) -> Iterator[Edges]:
    """The edges, some at a time: all of a large corpus take half a gigabyte, and a copy as much."""
    return (edges[start : start + AT_ONCE] for start in range(0, len(edges), AT_ONCE))
