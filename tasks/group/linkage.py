"""Gathers articles into stories by average linkage over the pairs that the window scored (Sokal and Michener 1958).

The likest two groups are joined first, and the mean likeness between all their articles decides, a pair that was
never scored counting as nothing: so one bad edge cannot join two stories. Two groups that are each much more like
themselves than like the other, or that say much of which the other says nothing, stay two: the same topic told of two
events. A running story is split into chapters: no group spans more days than the window. Equal likenesses are taken in
the order of the articles, so that the outcome depends on what the articles are and not on how they came.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from tasks.group.contrast import SEVERAL, Said, are_two_events, said
from tasks.group.likeness import Numbers
from tasks.group.rows import GroupSettings
from tasks.group.window import Edges, Flags

Sums = NDArray[np.float64]
Pairs = Iterator[tuple[float, int, int]]  # minus how like they are, and which; the other came later
TermsOf = Callable[[int], Numbers]
READ = 1 << 17  # articles whose terms are remembered: .6 kB each
AT_ONCE = 1 << 20  # edges
FIRST = np.ones(1, bool)
NEVER = 1 << 30  # a day after all others


def gathered(days: Sequence[int | None], edges: Edges, terms: TermsOf, settings: GroupSettings) -> list[list[int]]:
    """The articles, by number, as stories of one or more, each in order; `terms` gives what an article says.

    Of the pairs of each group with those before it only the likest waits in the queue, until one of the two is gone.
    """
    edges = within(len(days), edges, settings.likeness)
    groups = Groups(days, edges, terms, settings)
    queue = [(*pair, rest) for rest in groups.pairs() for pair in islice(rest, 1)]
    heapq.heapify(queue)
    while queue:
        _, one, other, rest = heapq.heappop(queue)
        if groups.are_there(one, other) and not groups.are_two_events(one, other):
            rest = groups.join(one, other)
        for pair in islice(rest, 1):
            heapq.heappush(queue, (*pair, rest))
    return [sorted(members) for members in groups.members.values()]


def within(count: int, edges: Edges, likeness: float) -> Edges:
    """The edges among articles that edges of at least this likeness hold together."""
    lowest = lowest_held(count, edges[edges["likeness"] >= likeness])
    kept: Edges = edges[lowest[edges["one"]] == lowest[edges["other"]]]
    return kept


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


class Groups:
    """Articles that are one story so far, by number: each article alone, then what is joined of two, as it comes.

    Beside a group lie others, with the sum of likeness over the pairs of their articles: those that there were when it
    came, and `top` says what each has been joined to since.
    """

    def __init__(self, days: Sequence[int | None], edges: Edges, terms: TermsOf, settings: GroupSettings) -> None:
        self.edges, self.terms, self.settings = edges, lru_cache(READ)(terms), settings
        self.members = {number: [number] for number in range(len(days))}
        self.following = len(days)
        self.top = np.arange(2 * len(days))
        self.sizes = np.ones(len(self.top), np.int64)
        self.first, self.last = np.full(len(self.top), NEVER), np.full(len(self.top), -NEVER)
        self.first[: len(days)] = [NEVER if day is None else day for day in days]
        self.last[: len(days)] = [-NEVER if day is None else day for day in days]
        self.undated = self.first == NEVER
        self.inner, self.cohesion = np.zeros(len(self.top)), np.zeros(len(self.top))
        ends = np.concatenate((edges["one"], edges["other"]))
        self.starts = np.append(0, np.cumsum(np.bincount(ends, minlength=len(days))))
        order = np.argsort(ends, kind="stable")
        self.others = np.concatenate((edges["other"], edges["one"]))[order]
        self.likeness = np.concatenate((edges["likeness"], edges["likeness"]))[order]
        self.beside: dict[int, tuple[Numbers, Sums]] = {}
        self.said: dict[int, Said] = {}

    def pairs(self) -> Iterator[Pairs]:
        """The pairs of each article with those before it that it may be joined with."""
        some = (self.edges[start : start + AT_ONCE] for start in range(0, len(self.edges), AT_ONCE))
        kept = np.concatenate([self.edges[:0], *(edges[self.may_join(*columns(edges))] for edges in some)])
        one, other, likeness = columns(kept[np.lexsort((kept["one"], -kept["likeness"], kept["other"]))])
        numbers, starts = np.unique(other, return_index=True)
        for number, (start, end) in zip(numbers.tolist(), pairwise([*starts.tolist(), len(one)]), strict=True):
            yield self.waiting(number, one[start:end], likeness[start:end])

    def waiting(self, number: int, others: Numbers, likeness: Sums) -> Pairs:
        """The pairs of a group with others, the likest first, as long as both are there."""
        for place in range(len(others)):
            if number not in self.members:
                return
            if (other := others.item(place)) in self.members:
                yield -likeness.item(place), other, number

    def may_join(self, ones: Numbers | int, others: Numbers, likeness: Sums) -> Flags:
        """Which pairs of groups are like enough, and close enough in time, to be one story."""
        first, last = np.minimum(self.first[ones], self.first[others]), np.maximum(self.last[ones], self.last[others])
        undated = self.undated[ones] | self.undated[others]
        wanted = wanted_likeness(self.sizes[ones] + self.sizes[others], undated, last > -NEVER, self.settings)
        cohesion = self.settings.cohesion * np.minimum(self.cohesion[ones], self.cohesion[others])
        near = last - first <= self.settings.window_days
        return np.asarray((likeness >= wanted) & (likeness >= cohesion) & near)

    def are_there(self, one: int, other: int) -> bool:
        """Whether neither of two groups has been joined."""
        return one in self.members and other in self.members

    def are_two_events(self, one: int, other: int) -> bool:
        """Whether two groups of several articles say too much that the other does not."""
        few = min(len(self.members[one]), len(self.members[other])) < SEVERAL
        return not few and are_two_events(self.said_by(one), self.said_by(other))

    def said_by(self, number: int) -> Said:
        """What the articles of a group say."""
        if number not in self.said:
            self.said[number] = said(map(self.terms, self.members[number]))
        return self.said[number]

    def join(self, one: int, other: int) -> Pairs:
        """Puts the union of two groups in their place; its pairs with those before it."""
        number, self.following = self.following, self.following + 1
        (ones, its), (others, theirs) = self.besides(one), self.besides(other)
        self.top[[one, other]] = number
        self.members[number] = self.members.pop(one) + self.members.pop(other)
        self.sizes[number] = size = len(self.members[number])
        self.first[number] = min(self.first[one], self.first[other])
        self.last[number] = max(self.last[one], self.last[other])
        self.undated[number] = self.undated[one] or self.undated[other]
        numbers, sums = summed(self.now(np.concatenate((ones, others))), np.concatenate((its, theirs)))
        numbers, sums, inner = numbers[:-1], sums[:-1], sums[-1] / 2  # its own number is the last, and there twice
        self.inner[number] = self.inner[one] + self.inner[other] + inner
        self.cohesion[number] = self.inner[number] / (size * (size - 1) / 2)
        self.beside[number] = numbers, sums
        mean = sums / (self.sizes[numbers] * size)
        kept = self.may_join(number, numbers, mean)
        order = np.argsort(-mean[kept], kind="stable")
        return self.waiting(number, numbers[kept][order], mean[kept][order])

    def besides(self, number: int) -> tuple[Numbers, Sums]:
        """What lies beside a group, which is forgotten."""
        self.said.pop(number, None)
        if number in self.beside:
            return self.beside.pop(number)
        place = slice(self.starts[number], self.starts[number + 1])
        return self.others[place], self.likeness[place]

    def now(self, numbers: Numbers) -> Numbers:
        """What groups have been joined to, or they themselves."""
        top = self.top[numbers]
        while ((above := self.top[top]) != top).any():
            top = above
        self.top[numbers] = top
        return np.asarray(top)


def columns(edges: Edges) -> tuple[Numbers, Numbers, Sums]:
    """The articles of edges, and how like they are."""
    return edges["one"], edges["other"], edges["likeness"]


def summed(numbers: Numbers, sums: Sums) -> tuple[Numbers, Sums]:
    """The numbers in order, each once, with the sum of what is beside it; there is one at least."""
    order = np.argsort(numbers)
    numbers = numbers[order]
    starts = np.flatnonzero(np.concatenate((FIRST, numbers[1:] != numbers[:-1])))
    return numbers[starts], np.add.reduceat(sums[order], starts, dtype=np.float64)


def wanted_likeness(
    articles: Numbers | int, has_undated: Flags | bool, has_dated: Flags | bool, settings: GroupSettings
) -> Sums:
    """How like two groups must be that have so many articles. Beside a day, an article without one needs most, for
    nothing else parts it from others, unless several bear it out.

    002: without a day, it is like a report on the same body's meeting of another year.
    """
    half = np.where(np.less(articles, SEVERAL), settings.half_dated_likeness, settings.several_likeness)
    one_kind = np.where(has_undated, settings.undated_likeness, settings.likeness)
    return np.where(np.logical_and(has_undated, has_dated), half, one_kind)
