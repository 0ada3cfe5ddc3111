"""Postings: which documents hold which hashes, partitioned by ranges of hashes.

A posting is one number: the lower bits of a 48-bit hash, and under them the number of a document; the upper bits of the
hash say which bucket it lies in. One sort of a bucket brings equal hashes together, the fullest document first. Buckets
are files in the scratch folder, each small enough to be worked on alone, here or in a task of its own.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tasks.dedupe.catalog import Catalog, Place
from tasks.dedupe.rows import LEVELS, SKETCH, Sketch
from tasks.dedupe.shingles import Flags, Hashes, Offsets
from tasks.dedupe.sketch import kept_at, levels

HASH_BITS, POSTING_BITS = 48, 64
BUCKET_BITS = 17  # about so many postings, in powers of two, fill a bucket: a sort in the processor's cache


class Postings(NamedTuple):
    """The buckets of a corpus: their folder and number, and the bits of a document's number.

    Of each document its level, and how many hashes it has at each level.
    """

    folder: Path
    buckets: int
    bits: np.uint64
    levels: Offsets
    sizes: Offsets

    @property
    def lower(self) -> np.uint64:
        """How many bits of a hash a posting holds."""
        return np.uint64(HASH_BITS + 1 - self.buckets.bit_length())

    def bucket(self, number: int) -> Hashes:
        """The postings of a bucket, in no order."""
        return np.fromfile(self.folder / f"{number:04d}", np.uint64)

    def beside(self, bucket: int, what: str) -> Path:
        """Where something that was made of a bucket lies."""
        return self.folder / f"{bucket:04d}-{what}"

    def made(self, bucket: int, what: str) -> Hashes:
        """Postings that were made of a bucket: all of them `sorted`, or those that outlets print `again`, salted."""
        return np.fromfile(self.beside(bucket, what), np.uint64)

    def numbers(self, postings: Hashes) -> Offsets:
        """The documents of postings."""
        return (postings & ((np.uint64(1) << self.bits) - np.uint64(1))).astype(np.int64)

    def sparse(self, postings: Hashes) -> Flags:
        """Which postings are of hashes that texts of any length keep."""
        return kept_at(LEVELS, postings >> self.bits)

    def hashes(self, bucket: int, postings: Hashes) -> Hashes:
        """The hashes of a bucket's postings."""
        return (np.uint64(bucket) << self.lower) | (postings >> self.bits)


def scattered(catalog: Catalog, folder: Path) -> Postings:
    """The postings of all documents that are not outdated, written into buckets."""
    folder.mkdir(parents=True, exist_ok=True)
    found = planned(catalog, folder)
    with ExitStack() as stack:
        files = [stack.enter_context(open(folder / f"{bucket:04d}", "wb")) for bucket in range(found.buckets)]
        for place, numbers in zip(catalog.places, catalog.numbers, strict=True):
            postings, counts = postings_of(place, numbers, catalog, found)
            ends = np.cumsum(counts)
            for file, first, last in zip(files, ends - counts, ends, strict=True):
                file.write(postings[first:last].data)
    return found


def planned(catalog: Catalog, folder: Path) -> Postings:
    """The postings before any is written: as many buckets as the corpus needs, of which every number has a place."""
    bits = catalog.size.bit_length()
    lengths = catalog.rows.column("words").to_numpy()
    expected = int(lengths.sum()) >> LEVELS
    buckets = max(0, bits + HASH_BITS - POSTING_BITS, expected.bit_length() - BUCKET_BITS)
    sizes = np.zeros((LEVELS + 1, catalog.size), np.int64)
    return Postings(folder, 1 << buckets, np.uint64(bits), levels(lengths), sizes)


def postings_of(place: Place, numbers: Offsets, catalog: Catalog, to: Postings) -> tuple[Hashes, Offsets]:
    """The postings of a part, bucket by bucket, and how many lie in each; counts each document's hashes."""
    column = place.read(SKETCH, Sketch, ["hashes"]).column("hashes").combine_chunks()
    hashes: Hashes = np.asarray(column.flatten()).view(np.uint64)
    counts = np.asarray(column.value_lengths())
    current = ~catalog.outdated[numbers]
    hashes, numbers, counts = hashes[np.repeat(current, counts)], numbers[current], counts[current]
    to.sizes[:, numbers] = at_levels(hashes, counts)
    buckets = (hashes >> to.lower).astype(np.uint16)
    lower = hashes & ((np.uint64(1) << to.lower) - np.uint64(1))
    found: Hashes = (lower << to.bits) | np.repeat(numbers.astype(np.uint64), counts)
    return found[np.argsort(buckets, kind="stable")], np.bincount(buckets, minlength=to.buckets).astype(np.int64)


def at_levels(hashes: Hashes, counts: Offsets) -> Offsets:
    """How many hashes each document has at each level, given so many of each document, one's after another's."""
    which = np.repeat(np.arange(len(counts)) * (LEVELS + 1), counts)
    for level in range(1, LEVELS + 1):
        which += kept_at(level, hashes)
    exactly = np.bincount(which, minlength=len(counts) * (LEVELS + 1)).reshape(-1, LEVELS + 1).T
    found: Offsets = exactly[::-1].cumsum(axis=0)[::-1]
    return found


def runs(values: Hashes | Offsets) -> tuple[Offsets, Offsets]:
    """Where each run of equal values starts, and how long it is."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.zeros(0, np.int64)
    return starts, np.diff(np.append(starts, len(values)))
