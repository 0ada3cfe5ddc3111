"""Groups of articles while they are joined into stories: what each says, how alike it is in itself, and what lies
beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.group.contrast import SEVERAL, Said, are_two_events, said
from tasks.group.likeness import Numbers
from tasks.group.rows import GroupSettings
from tasks.group.window import Days, Edges, Flags

Sums = NDArray[np.float64]
Turns = Iterator[tuple[float, int, int, int, int]]  # minus how like they are, the lowest articles of both, and which
TermsOf = Callable[[int], Numbers]
READ = 1 << 17  # articles whose terms are remembered: .6 kB each
AT_ONCE = 1 << 20  # pairs
FIRST = np.ones(1, bool)
NEVER = 1 << 30  # a day after all others


class Articles(NamedTuple):
    """Articles as they are gathered: their days as ordinals, 0 of those without; what gives the terms of one."""

    days: Days
    terms: TermsOf
    settings: GroupSettings


class Pairs(NamedTuple):
    """Pairs of groups, the lower number of each first, with the sum of likeness over those of their articles."""

    ones: Numbers
    others: Numbers
    sums: Sums


class Neighbours(NamedTuple):
    """What lies beside each group: others, with these sums, from where it starts to where that of the next does."""

    starts: Numbers
    others: Numbers
    sums: Sums


class Groups:
    """Articles that are one story so far: such as there are, by number in the order of the lowest article of each, then
    what is joined of two, as it comes.

    Beside a group lie others, with the sum of likeness over the pairs of their articles: those that there were when it
    came, and `top` says what each has been joined to since.
    """

    def __init__(self, articles: Articles, stories: Numbers, edges: Iterable[Edges], least: float) -> None:
        self.terms, self.settings, self.least = lru_cache(READ)(articles.terms), articles.settings, least
        lowest, self.groups, sizes = np.unique(stories, return_inverse=True, return_counts=True)
        self.count = self.following = count = len(lowest)
        self.lowest, self.sizes = np.append(lowest, lowest), np.append(sizes, sizes)
        self.top = np.arange(2 * count)
        self.articles, self.starts = np.argsort(self.groups, kind="stable"), np.append(0, np.cumsum(sizes))
        self.first, self.last = np.full(2 * count, NEVER), np.full(2 * count, -NEVER)
        dated = articles.days > 0
        np.minimum.at(self.first, self.groups[dated], articles.days[dated])
        np.maximum.at(self.last, self.groups[dated], articles.days[dated])
        self.undated = np.bincount(self.groups[~dated], minlength=2 * count) > 0
        self.inner, self.cohesion = np.zeros(2 * count), np.zeros(2 * count)
        ones, others, sums = between(edges, self.groups, count)
        own = ones == others
        self.inner[ones[own]] = sums[own]
        self.cohesion[:count] = self.inner[:count] / np.maximum(1, sizes * (sizes - 1) / 2)
        self.neighbours = neighbours(Pairs(ones[~own], others[~own], sums[~own]), count)
        self.members: dict[int, Numbers] = {}  # of what has been joined
        self.beside: dict[int, tuple[Numbers, Sums]] = {}
        self.said: dict[int, Said] = {}

    def waiting(self) -> Iterator[Turns]:
        """The pairs of each group that there was first with those before it that it may be joined with."""
        starts, others, sums = self.neighbours
        numbers = np.repeat(np.arange(self.count), np.diff(starts))
        before = others < numbers
        numbers, others, sums = numbers[before], others[before], sums[before]
        mean = sums / (self.sizes[numbers] * self.sizes[others])
        some = [slice(start, start + AT_ONCE) for start in range(0, len(mean), AT_ONCE)]
        kept = [np.zeros(0, bool), *(self.may_join(numbers[here], others[here], mean[here]) for here in some)]
        numbers, others, mean = (column[np.concatenate(kept)] for column in (numbers, others, mean))
        order = np.lexsort((others, -mean, numbers))
        numbers, others, mean = numbers[order], others[order], mean[order]
        each, first = np.unique(numbers, return_index=True)
        for number, (start, end) in zip(each.tolist(), pairwise([*first.tolist(), len(numbers)]), strict=True):
            yield self.in_turn(number, others[start:end], mean[start:end])

    def in_turn(self, number: int, others: Numbers, alike: Sums) -> Turns:
        """The pairs of a group with others, as they are given, as long as both are there."""
        for place in range(len(others)):
            if not self.is_there(number):
                return
            if self.is_there(other := others.item(place)):
                low, high = sorted((self.lowest.item(number), self.lowest.item(other)))
                yield -alike.item(place), low, high, other, number

    def may_join(self, ones: Numbers | int, others: Numbers, alike: Sums) -> Flags:
        """Which pairs of groups are like enough, and close enough in time, to be one story."""
        first, last = np.minimum(self.first[ones], self.first[others]), np.maximum(self.last[ones], self.last[others])
        undated = self.undated[ones] | self.undated[others]
        wanted = wanted_likeness(self.sizes[ones] + self.sizes[others], undated, last > -NEVER, self.settings)
        cohesion = self.settings.cohesion * np.minimum(self.cohesion[ones], self.cohesion[others])
        near = last - first <= self.settings.window_days
        return np.asarray((alike >= np.maximum(wanted, self.least)) & (alike >= cohesion) & near)

    def is_there(self, number: int) -> bool:
        """Whether a group has not been joined."""
        return self.top.item(number) == number

    def are_two_events(self, one: int, other: int) -> bool:
        """Whether two groups of several articles say too much that the other does not."""
        few = min(self.sizes.item(one), self.sizes.item(other)) < SEVERAL
        return not few and are_two_events(self.said_by(one), self.said_by(other))

    def said_by(self, number: int) -> Said:
        """What the articles of a group say."""
        if number not in self.said:
            self.said[number] = said(map(self.terms, self.members_of(number).tolist()))
        return self.said[number]

    def members_of(self, number: int) -> Numbers:
        """The articles of a group."""
        if number in self.members:
            return self.members[number]
        return self.articles[self.starts[number] : self.starts[number + 1]]

    def join(self, one: int, other: int) -> Turns:
        """Puts the union of two groups in their place; its pairs with others, the likest first."""
        number, self.following = self.following, self.following + 1
        (ones, its), (others, theirs) = self.besides(one), self.besides(other)
        self.top[[one, other]] = number
        self.members[number] = np.concatenate((self.members_of(one), self.members_of(other)))
        self.sizes[number] = size = len(self.members[number])
        self.lowest[number] = min(self.lowest[one], self.lowest[other])
        self.first[number] = min(self.first[one], self.first[other])
        self.last[number] = max(self.last[one], self.last[other])
        self.undated[number] = self.undated[one] or self.undated[other]
        numbers, sums = summed(self.now(np.concatenate((ones, others))), np.concatenate((its, theirs)))
        numbers, sums, inner = numbers[:-1], sums[:-1], sums[-1] / 2  # its own number is the last, and there twice
        self.inner[number] = self.inner[one] + self.inner[other] + inner
        self.cohesion[number] = self.inner[number] / (size * (size - 1) / 2)
        self.beside[number] = numbers, sums
        for gone in (one, other):
            self.members.pop(gone, None)
        alike = sums / (self.sizes[numbers] * size)
        kept = self.may_join(number, numbers, alike)
        numbers, alike = numbers[kept], alike[kept]
        order = np.lexsort((self.lowest[numbers], -alike))
        return self.in_turn(number, numbers[order], alike[order])

    def besides(self, number: int) -> tuple[Numbers, Sums]:
        """What lies beside a group, which is forgotten."""
        self.said.pop(number, None)
        if number in self.beside:
            return self.beside.pop(number)
        place = slice(self.neighbours.starts[number], self.neighbours.starts[number + 1])
        return self.neighbours.others[place], self.neighbours.sums[place]

    def now(self, numbers: Numbers) -> Numbers:
        """What groups have been joined to, or they themselves."""
        top = self.top[numbers]
        while ((above := self.top[top]) != top).any():
            top = above
        self.top[numbers] = top
        return np.asarray(top)

    def stories(self) -> Numbers:
        """The group that each article is of, named by the lowest of its articles."""
        return np.asarray(self.lowest[self.now(np.arange(self.count))[self.groups]])


def between(edges: Iterable[Edges], groups: Numbers, count: int) -> Pairs:
    """The pairs of groups that edges tie; a group with itself is one too.

    Sums of so few bits are exact, so the order of the edges does not matter.
    """
    found, fresh = (np.zeros(0, np.int64), np.zeros(0)), list[tuple[Numbers, Sums]]()
    for some in edges:
        one, other = groups[some["one"]], groups[some["other"]]
        fresh.append(summed(np.minimum(one, other) * count + np.maximum(one, other), some["likeness"]))
        if sum(len(numbers) for numbers, _ in fresh) > len(found[0]):
            found, fresh = together([found, *fresh]), []
    numbers, sums = together([found, *fresh])
    return Pairs(numbers // count, numbers % count, sums)


def neighbours(pairs: Pairs, count: int) -> Neighbours:
    """What lies beside each of so many groups."""
    ends, others = np.append(pairs.ones, pairs.others), np.append(pairs.others, pairs.ones)
    order = np.argsort(ends, kind="stable")
    starts = np.append(0, np.cumsum(np.bincount(ends, minlength=count)))
    return Neighbours(starts, others[order], np.append(pairs.sums, pairs.sums)[order])


def together(found: Sequence[tuple[Numbers, Sums]]) -> tuple[Numbers, Sums]:
    """Sums that were made apart."""
    return summed(*map(np.concatenate, zip(*found, strict=True)))


def summed(numbers: Numbers, sums: Sums) -> tuple[Numbers, Sums]:
    """The numbers in order, each once, with the sum of what is beside it."""
    order = np.argsort(numbers)
    numbers = numbers[order]
    starts = np.flatnonzero(np.concatenate((FIRST, numbers[1:] != numbers[:-1]))[: len(numbers)])
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
