"""Boilerplate: what an outlet prints again and again, by the hashes that many of its documents hold.

A story that a paper printed four times is no boilerplate. So each document that shares most of its weight with a fuller
one of its outlet counts as that one: its hashes vote, each with the weight of its rarity, for the fullest document that
holds it. In a second round what the first found to be boilerplate no longer votes, or pages of little else would
count as one. Documents of unknown outlet are one outlet.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.catalog import Houses
from tasks.dedupe.postings import Postings, runs
from tasks.dedupe.rows import LEVELS
from tasks.dedupe.shingles import STEP, Flags, Hashes, Offsets, mixed
from tasks.dedupe.sketch import ENDS

SAME = 0.3  # of its weight makes a document count as another: pair F1 .991 without outlets, .96 at .5 (development set)
ROUNDS = 2
PAIR = np.uint64(32)
UNIT = 2**20  # of a vote's weight: about a millionth

Number = TypeVar("Number", bound=np.generic)
Each = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]  # `map`, or that of a pool of processes


class Repeated(NamedTuple):
    """The postings of a bucket whose hash their outlet repeats, run by run; `at` is each run's first."""

    numbers: Offsets
    at: Offsets
    often: Offsets

    def each(self, values: NDArray[Number]) -> NDArray[Number]:
        """A value of each run, given to each of its postings."""
        return np.repeat(values, self.often)


class Votes(NamedTuple):
    """How much of a document's weight goes to which: `pairs` are the document above the one that it votes for."""

    pairs: Hashes
    weights: Offsets


def salts(houses: Houses) -> Hashes:
    """A number for each outlet by which a hash is made its own, and keeps its level."""
    found: Hashes = mixed(np.arange(1, len(houses.articles) + 1, dtype=np.uint64) * STEP) & ~ENDS[LEVELS]
    return found


def salted(rows: Hashes, postings: Postings, houses: Houses) -> Hashes:
    """The postings with their hashes made their outlets' own; salting once more undoes it."""
    return rows ^ (salts(houses) << postings.bits)[houses.of[postings.numbers(rows)]]


def set_aside(bucket: int, postings: Postings, houses: Houses, least: int) -> Offsets:
    """Sorts a bucket and what outlets repeat of it, salted; returns the document of each of these that votes."""
    rows = np.sort(postings.bucket(bucket))
    rows.tofile(postings.beside(bucket, "sorted"))
    rows = np.sort(salted(often(rows, postings, least), postings, houses))
    rows = often(rows, postings, least)
    rows.tofile(postings.beside(bucket, "again"))
    return postings.numbers(rows[postings.sparse(rows)])


def often(rows: Hashes, postings: Postings, least: int) -> Hashes:
    """The postings of hashes that are there at least so often."""
    _, lengths = runs(rows >> postings.bits)
    return rows[np.repeat(lengths >= least, lengths)]


def repeated(rows: Hashes, postings: Postings) -> Repeated:
    """What a bucket repeats, given what was set aside of it."""
    starts, often = runs(rows >> postings.bits)
    return Repeated(postings.numbers(rows), starts, often)


def printed_again(found: Repeated, leaders: Offsets, least: int) -> Flags:
    """For each run whether it is boilerplate: at least so many documents hold it that do not count as one."""
    which = found.each(np.arange(len(found.often))).astype(np.uint64)
    kinds = np.sort((which << PAIR) | leaders[found.numbers].astype(np.uint64))
    firsts, _ = runs(kinds)
    enough: Flags = np.bincount((kinds[firsts] >> PAIR).astype(np.int64), minlength=len(found.often)) >= least
    return enough


def votes(bucket: int, postings: Postings, houses: Houses, leaders: Offsets | None, least: int) -> Votes:
    """The votes of a bucket's repeated postings; those of hashes that only short texts keep have none.

    Given the leaders of an earlier round, what that found to be boilerplate does not vote.
    """
    rows = postings.made(bucket, "again")
    found = repeated(rows[postings.sparse(rows)], postings)
    articles = houses.articles[houses.of[found.numbers[found.at]]]
    weights = found.each(weight((articles + 1) / found.often))
    keys = found.numbers.astype(np.uint64) << PAIR
    keys |= found.each(found.numbers[found.at]).astype(np.uint64)
    if leaders is not None:
        voting = ~found.each(printed_again(found, leaders, least))
        keys, weights = keys[voting], weights[voting]
    return Votes(keys, weights)


def weight(rarity: NDArray[Any]) -> Offsets:
    """The weight of a vote for so rare a hash: a whole number, so that no sum hangs on the order of the votes."""
    found: Offsets = np.round(np.log(rarity) * UNIT).astype(np.int64)
    return found


def summed(votes: Votes) -> Votes:
    """The votes with equal pairs added up."""
    order = np.argsort(votes.pairs)
    keys, weights = votes.pairs[order], votes.weights[order]
    starts, _ = runs(keys)
    return Votes(keys[starts], np.add.reduceat(weights, starts) if len(starts) else weights)


def leaders(postings: Postings, houses: Houses, least: int, each: Each) -> Offsets:
    """For each document the one that it counts as for its outlet: a fuller one, or itself."""
    own = postings.sizes[LEVELS].copy()
    aside = partial(set_aside, postings=postings, houses=houses, least=least)
    for held in each(aside, range(postings.buckets)):
        np.subtract.at(own, held, 1)
    found: Offsets | None = None
    for _ in range(ROUNDS):
        work = partial(votes, postings=postings, houses=houses, leaders=found, least=least)
        cast = zip(*each(work, range(postings.buckets)), strict=True)
        found = elected(summed(Votes(*map(np.concatenate, cast))), own, houses)
    return found if found is not None else np.arange(len(houses.of))


def elected(every: Votes, own: Offsets, houses: Houses) -> Offsets:
    """The leader of each document, given all votes and how many hashes of its own each has."""
    voters = (every.pairs >> PAIR).astype(np.int64)
    chosen = (every.pairs & np.uint64(2**32 - 1)).astype(np.int64)
    whole = np.bincount(voters, every.weights, len(own)) + (own * weight(houses.articles[houses.of] + 1)).astype(float)
    enough = np.flatnonzero((chosen < voters) & (every.weights >= SAME * whole[voters]))
    enough = enough[np.lexsort((chosen[enough], -every.weights[enough], voters[enough]))]
    found = np.arange(len(own))
    last = -1
    for voter, leader in zip(voters[enough].tolist(), chosen[enough].tolist(), strict=True):
        if voter != last:
            found[voter] = found[leader]  # a leader is fuller, so its own is known by now
        last = voter
    return found
