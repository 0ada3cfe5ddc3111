"""Postings: which documents hold which hashes, partitioned by ranges of hashes.

A posting is one number: the lower 40 bits of a 48-bit hash, and under them the number of a document; the upper 8 bits
say which bucket it lies in. One sort of a bucket brings equal hashes together, the fullest document first. Buckets are
files in the scratch folder, each small enough to be worked on alone, here or in a task of its own.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tasks.dedupe.catalog import Catalog
from tasks.dedupe.rows import SKETCH, Sketch
from tasks.dedupe.shingles import Hashes, Offsets
from tasks.store import Store

BUCKETS = 256
LOWER = np.uint64(40)
NUMBER_BITS = 24


class Postings(NamedTuple):
    """The buckets of a corpus, how many bits of a posting are the document's number, and each one's hashes' count."""

    folder: Path
    bits: np.uint64
    sizes: Offsets

    def bucket(self, number: int) -> Hashes:
        """The postings of a bucket, in no order."""
        return np.fromfile(self.folder / f"{number:03d}", np.uint64)

    def numbers(self, postings: Hashes) -> Offsets:
        """The documents of postings."""
        return (postings & ((np.uint64(1) << self.bits) - np.uint64(1))).astype(np.int64)

    def hashes(self, bucket: int, postings: Hashes) -> Hashes:
        """The 48-bit hashes of a bucket's postings, as far as they were kept."""
        return (np.uint64(bucket) << LOWER) | ((postings >> self.bits) << (self.bits - np.uint64(NUMBER_BITS)))

    def known(self, hashes: Hashes) -> Hashes:
        """The 48-bit hashes as far as postings keep them: all of it up to 16 million documents."""
        lost = self.bits - np.uint64(NUMBER_BITS)
        return (hashes >> lost) << lost


def scattered(store: Store, catalog: Catalog, folder: Path) -> Postings:
    """The postings of all documents that are not outdated, written into buckets."""
    sizes = np.zeros(catalog.size, np.int64)
    found = Postings(folder, np.uint64(max(NUMBER_BITS, catalog.size.bit_length())), sizes)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = [stack.enter_context(open(folder / f"{bucket:03d}", "wb")) for bucket in range(BUCKETS)]
        for part, numbers in zip(catalog.parts, catalog.numbers, strict=True):
            postings, counts = postings_of(store, part, numbers, catalog, found)
            sizes[numbers] = np.bincount(found.numbers(postings), minlength=catalog.size)[numbers]
            ends = np.cumsum(counts)
            for file, first, last in zip(files, ends - counts, ends, strict=True):
                file.write(postings[first:last].data)
    return found


def postings_of(store: Store, part: str, numbers: Offsets, catalog: Catalog, to: Postings) -> tuple[Hashes, Offsets]:
    """The postings of a part, bucket by bucket, and how many lie in each."""
    column = store.read(SKETCH, Sketch, part, ["hashes"]).column("hashes").combine_chunks()
    hashes: Hashes = np.asarray(column.flatten()).view(np.uint64)
    owners = np.repeat(numbers, np.asarray(column.value_lengths()))
    current = ~catalog.outdated[owners]
    hashes, owners = hashes[current], owners[current]
    buckets = (hashes >> LOWER).astype(np.uint8)
    lower = (hashes & ((np.uint64(1) << LOWER) - np.uint64(1))) >> (to.bits - np.uint64(NUMBER_BITS))
    rows: Hashes = (lower << to.bits) | owners.astype(np.uint64)
    return rows[np.argsort(buckets, kind="stable")], np.bincount(buckets, minlength=BUCKETS).astype(np.int64)


def runs(values: Hashes) -> tuple[Offsets, Offsets]:
    """Where each run of equal values starts, and how long it is."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.zeros(0, np.int64)
    return starts, np.diff(np.append(starts, len(values)))
