"""Gathers articles into stories by average linkage over the pairs that the window scored (Sokal and Michener 1958).

The likest two groups are joined first, and the mean likeness between all their articles decides, a pair that was
never scored counting as nothing: so one bad edge cannot join two stories. Two groups that are each much more like
themselves than like the other, or that say much of which the other says nothing, stay two: the same topic told of two
events. A running story is split into chapters: no group spans more days than the window. Equal likenesses are taken in
the order of the articles, so that the outcome depends on what the articles are and not on how they came.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tasks.group.contrast import SEVERAL, Said, are_two_events, said
from tasks.group.rows import GroupSettings
from tasks.group.window import Edges

TermsOf = Callable[[int], Iterable[int]]


class Group:
    """Articles that are one story so far, with the mean likeness to each group beside it, and among themselves.

    `inner` is the sum of likeness over the pairs of its articles, `terms` gives what an article says.
    """

    def __init__(
        self,
        members: list[int],
        first: int | None,
        last: int | None,
        has_undated: bool,
        terms: TermsOf,
        inner: float = 0.0,
    ) -> None:
        self.members = members
        self.first = first
        self.last = last
        self.has_undated = has_undated
        self.terms = terms
        self.inner = inner
        self.beside: dict[int, float] = {}

    @property
    def cohesion(self) -> float:
        """The mean likeness among its articles; none for a single one, which any likeness is enough for."""
        count = len(self.members)
        return self.inner / (count * (count - 1) / 2) if count > 1 else 0.0

    @cached_property
    def said(self) -> Said:
        """What its articles say."""
        return said(map(self.terms, self.members))


def gathered(days: Sequence[int | None], edges: Edges, terms: TermsOf, settings: GroupSettings) -> list[list[int]]:
    """The articles, by number, as stories of one or more, each in order; `terms` gives what an article says."""
    stories = []
    for members, within in components(len(days), edges, settings.likeness):
        stories += linked(members, within.tolist(), days, terms, settings) if len(within) else [members]
    return stories


def components(count: int, edges: Edges, likeness: float) -> Iterator[tuple[list[int], Edges]]:
    """The articles that edges of at least this likeness hold together, each with all edges among them."""
    lowest = lowest_held(count, edges[edges["likeness"] >= likeness])
    within = edges[lowest[edges["one"]] == lowest[edges["other"]]]
    within = within[np.argsort(lowest[within["one"]], kind="stable")]
    members = np.argsort(lowest, kind="stable")
    firsts = np.unique(lowest)
    of_members = np.split(members, np.searchsorted(lowest[members], firsts))[1:]
    of_edges = np.split(within, np.searchsorted(lowest[within["one"]], firsts))[1:]
    for numbers, tied in zip(of_members, of_edges, strict=True):
        yield numbers.tolist(), tied


def lowest_held(count: int, edges: Edges) -> NDArray[np.int32]:
    """For each article the lowest number among those that edges hold it together with, by way of others or not.

    Each round ties the lowest of every two neighbours together and follows the ties to their end (Shiloach and
    Vishkin 1982), so that there are few rounds.
    """
    lowest = np.arange(count, dtype=np.int32)
    while True:
        one, other = lowest[edges["one"]], lowest[edges["other"]]
        if (one == other).all():
            return lowest
        np.minimum.at(lowest, np.maximum(one, other), np.minimum(one, other))
        while ((followed := lowest[lowest]) != lowest).any():
            lowest = followed


def linked(
    members: list[int],
    within: Iterable[tuple[int, int, float]],
    days: Sequence[int | None],
    terms: TermsOf,
    settings: GroupSettings,
) -> list[list[int]]:
    """The stories of one component by average linkage."""
    groups = {number: Group([number], days[number], days[number], days[number] is None, terms) for number in members}
    queue: list[tuple[float, int, int]] = []
    for one, other, likeness in within:
        groups[one].beside[other] = groups[other].beside[one] = likeness
        heapq.heappush(queue, (-likeness, one, other))
    following = max(members) + 1
    while queue:
        likeness, one, other = heapq.heappop(queue)
        if one in groups and other in groups and may_join(groups[one], groups[other], -likeness, settings):
            joined = join(groups, one, other, following)
            for beside, mean in joined.beside.items():
                heapq.heappush(queue, (-mean, beside, following))
            following += 1
    return [sorted(group.members) for group in groups.values()]


def may_join(one: Group, other: Group, likeness: float, settings: GroupSettings) -> bool:
    """Whether two groups are like enough, and close enough in time, to be one story, and do not tell two events."""
    if likeness < settings.cohesion * min(one.cohesion, other.cohesion):
        return False
    days = [day for day in (one.first, one.last, other.first, other.last) if day is not None]
    articles = len(one.members) + len(other.members)
    if likeness < wanted_likeness(articles, one.has_undated or other.has_undated, bool(days), settings):
        return False
    if days and max(days) - min(days) > settings.window_days:
        return False
    return min(len(one.members), len(other.members)) < SEVERAL or not are_two_events(one.said, other.said)


def wanted_likeness(articles: int, has_undated: bool, has_dated: bool, settings: GroupSettings) -> float:
    """How like two groups must be that have so many articles. Beside a day, an article without one needs most, for
    nothing else parts it from others, unless several bear it out.

    002: without a day, it is like a report on the same body's meeting of another year.
    """
    if has_undated and has_dated:
        return settings.half_dated_likeness if articles < SEVERAL else settings.several_likeness
    return settings.undated_likeness if has_undated else settings.likeness


def join(groups: dict[int, Group], one: int, other: int, number: int) -> Group:
    """Puts the union of two groups in their place, under a new number, and returns it."""
    a, b = groups.pop(one), groups.pop(other)
    firsts = [day for day in (a.first, b.first) if day is not None]
    lasts = [day for day in (a.last, b.last) if day is not None]
    inner = a.inner + b.inner + a.beside.get(other, 0.0) * len(a.members) * len(b.members)
    has_undated = a.has_undated or b.has_undated
    union = Group(
        a.members + b.members, min(firsts, default=None), max(lasts, default=None), has_undated, a.terms, inner
    )
    for beside in sorted((a.beside.keys() | b.beside.keys()) - {one, other}):
        total = a.beside.get(beside, 0.0) * len(a.members) + b.beside.get(beside, 0.0) * len(b.members)
        union.beside[beside] = total / len(union.members)
        neighbour = groups[beside].beside
        neighbour.pop(one, None)
        neighbour.pop(other, None)
        neighbour[number] = union.beside[beside]
    groups[number] = union
    return union
