"""Candidates: the pairs of documents whose sketches let them be copies.

Bucket by bucket the pairs that share a hash are written down, partitioned by the fuller document; partition by
partition they are counted.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.boilerplate import PAIR, Each, printed_again, repeated, salted
from tasks.dedupe.catalog import Houses
from tasks.dedupe.postings import Postings, runs
from tasks.dedupe.rows import LEVELS, DedupeSettings
from tasks.dedupe.shingles import Hashes, Offsets, mixed
from tasks.dedupe.sketch import kept_at

# The fullest documents with a hash are paired with all that have it, others not: no quadratic blow-up. 5 to 8 of them
# find the same, 4 lose .0007 of F1.
HUBS = 6
LEAST = 2  # hashes that both hold, but where one has hardly any: spares a third of false candidates for .0002 of F1
ERRORS = 2.0  # standard errors of a sampled containment that a candidate may lie below the threshold
PARTITIONS = 32


class Pairs(NamedTuple):
    """Pairs of documents that may be copies, by number, `a` the fuller."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]


class Dropped(NamedTuple):
    """What was dropped as boilerplate: the hashes with their outlets, and for each document a hash of those it had."""

    hashes: Hashes
    houses: NDArray[np.int32]
    marks: Hashes


class Bucket(NamedTuple):
    """What a bucket comes to: how many pairs that share its hashes lie in each partition, each dropped posting's hash
    and document, and the first of each hash of an outlet.
    """

    pairs: Offsets
    dropped: Hashes
    of: Offsets
    firsts: Offsets


def candidates(
    postings: Postings, houses: Houses, leaders: Offsets, settings: DedupeSettings, folder: Path, each: Each
) -> tuple[Pairs, Dropped]:
    """The pairs that may be copies, and the boilerplate that was dropped before."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes, marks, gone, counts = postings.sizes.copy(), np.zeros(len(leaders), np.uint64), [], []
    search = partial(searched, postings=postings, houses=houses, leaders=leaders, least=settings.repeats, folder=folder)
    for found in each(search, range(postings.buckets)):
        for level in range(LEVELS + 1):
            np.subtract.at(sizes[level], found.of[kept_at(level, found.dropped)], 1)
        sparse = kept_at(LEVELS, found.dropped)  # texts are compared without these and what stands around them
        np.add.at(marks, found.of[sparse], mixed(found.dropped[sparse]))
        gone.append((found.dropped[found.firsts], houses.of[found.of[found.firsts]]))
        counts.append(found.pairs)
    left = postings._replace(sizes=sizes)
    count = partial(likely, postings=left, containment=settings.containment, folder=folder, counts=np.array(counts))
    pairs = Pairs(*(np.concatenate(side) for side in zip(*each(count, range(PARTITIONS)), strict=True)))
    hashes, of = (np.concatenate(column) for column in zip(*gone, strict=True))
    return pairs, Dropped(hashes, of, marks)


def searched(bucket: int, postings: Postings, houses: Houses, leaders: Offsets, least: int, folder: Path) -> Bucket:
    """What one bucket comes to; its pairs lie in the folder."""
    rows, aside = postings.made(bucket, "sorted"), postings.made(bucket, "again")
    found = repeated(aside, postings)
    again = printed_again(found, leaders, least)
    gone = salted(aside[found.each(again)], postings, houses)
    firsts = np.cumsum(found.often[again]) - found.often[again]
    kept = np.ones(len(rows), bool)
    kept[np.searchsorted(rows, np.sort(gone))] = False
    hashes, of = postings.hashes(bucket, gone), postings.numbers(gone)
    counts = partitioned(sharing(rows[kept], postings), folder / f"{bucket:04d}")
    return Bucket(counts, hashes, of, firsts)


def sharing(kept: Hashes, postings: Postings) -> Hashes:
    """The pairs of a hub and another document with its hash, once for each hash: the fuller one above the other."""
    numbers = postings.numbers(kept).astype(np.uint64)
    starts, lengths = runs(kept >> postings.bits)
    found = [np.zeros(0, np.uint64)]
    for hub in range(HUBS):
        starts, lengths = starts[lengths > hub + 1], lengths[lengths > hub + 1]
        rest = lengths - hub - 1
        others = np.arange(rest.sum()) + np.repeat(starts + hub + 1 - (np.cumsum(rest) - rest), rest)
        found.append((np.repeat(numbers[starts + hub], rest) << PAIR) | numbers[others])
    return np.concatenate(found)


def partitioned(pairs: Hashes, path: Path) -> Offsets:
    """Writes pairs by partition of the fuller document, and returns how many lie in each.

    Hubs, which are in most pairs, are dealt out evenly.
    """
    which = ((pairs >> PAIR) % np.uint64(PARTITIONS)).astype(np.uint8)
    pairs[np.argsort(which, kind="stable")].tofile(path)
    return np.bincount(which, minlength=PARTITIONS)


def likely(partition: int, postings: Postings, containment: float, folder: Path, counts: Offsets) -> Pairs:
    """The pairs of a partition that share enough hashes: judged a few standard errors below the threshold."""
    rows = np.sort(pairs_of(partition, folder, counts))
    starts, shared = runs(rows)
    a, b = (rows[starts] >> PAIR).astype(np.int64), (rows[starts] & np.uint64(2**32 - 1)).astype(np.int64)
    level = np.maximum(postings.levels[a], postings.levels[b])
    fewer = np.minimum(postings.sizes[level, a], postings.sizes[level, b])
    slack = ERRORS * np.sqrt(fewer * containment * (1 - containment))
    enough = shared >= np.maximum(fewer * containment - slack, np.minimum(LEAST, 1 + fewer // 3))
    return Pairs(a[enough], b[enough])


def pairs_of(partition: int, folder: Path, counts: Offsets) -> Hashes:
    """The pairs of a partition, given how many of each bucket's lie in each."""
    begins = counts[:, :partition].sum(axis=1) * np.dtype(np.uint64).itemsize
    stretches = enumerate(zip(counts[:, partition].tolist(), begins.tolist(), strict=True))
    files = (np.fromfile(folder / f"{bucket:04d}", np.uint64, size, offset=at) for bucket, (size, at) in stretches)
    return np.concatenate(list(files))
