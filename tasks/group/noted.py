"""Keeps the terms of each article on disk while stories are found, for those of a corpus are too many to hold."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.group.catalogue import SPILL, Entry
from tasks.group.likeness import terms_of
from tasks.group.memory import Signatures
from tasks.group.rows import SIGN, Sign
from tasks.group.vector import KIND_MASK, LEAD, NAMES, PLACES
from tasks.group.window import Article
from tasks.store import Store

REFERRED = np.isin(np.arange(KIND_MASK + 1), (NAMES, PLACES, LEAD))  # the kinds that a mention may share
ROW = np.dtype([("term", np.int64), ("weight", np.float32)])
ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(29))


class Noted:
    """The terms of each article, by its number, in a file, and for each a hash of all that it is compared by.

    Other processes may read there too.
    """

    def __init__(self, path: Path, entries: Sequence[Entry]) -> None:
        path.write_bytes(b"")
        self.path = path
        self.entries = entries
        self.numbers = {entry.doc_id: number for number, entry in enumerate(entries)}
        self.days = [entry.ordinal for entry in entries]
        self.languages = [entry.language for entry in entries]
        self.spans = np.zeros((len(entries), 2), np.int64)
        self.signatures: Signatures = np.zeros(len(entries), np.uint64)

    def __getstate__(self) -> dict[str, Any]:
        """What another process is told to get articles by; it opens the file itself."""
        return {name: getattr(self, name) for name in ("path", "days", "languages", "spans")}

    def note(self, doc_ids: Sequence[str], terms: pa.ListArray, weights: pa.ListArray) -> None:
        """Notes the terms of a part's articles; one that has no number is none that counts."""
        rows = np.empty(len(terms.flatten()), ROW)
        rows["term"], rows["weight"] = terms.flatten().to_numpy(), weights.flatten().to_numpy()
        ends = np.cumsum(terms.value_lengths().to_numpy(zero_copy_only=False))
        sums = np.append(np.uint64(0), np.cumsum(hashes(rows)))[[0, *ends.tolist()]]
        place = self.path.stat().st_size
        with open(self.path, "ab") as file:
            file.write(rows.tobytes())
        for doc_id, start, end, hashed in zip(doc_ids, [0, *ends], ends, np.diff(sums).tolist(), strict=False):
            if (number := self.numbers.get(doc_id)) is not None:
                self.spans[number] = place + start * ROW.itemsize, place + end * ROW.itemsize
                self.signatures[number] = signature(self.entries[number], hashed)

    @cached_property
    def file(self) -> BinaryIO:
        """The file, open to be read as long as anybody reads."""
        return open(self.path, "rb")

    def rows(self, number: int) -> NDArray[np.void]:
        """The terms of an article and their weights."""
        start, end = self.spans[number].tolist()
        return np.frombuffer(os.pread(self.file.fileno(), end - start, start), ROW)

    def article(self, number: int) -> Article:
        """An article as it is compared."""
        rows = self.rows(number)
        terms = terms_of(rows["term"].copy(), rows["weight"].copy())
        return Article(number, self.days[number], self.languages[number], terms)

    def referred(self, number: int) -> NDArray[np.void]:
        """The names, places and words of the lead of an article, with their weights."""
        rows = self.rows(number)
        found: NDArray[np.void] = rows[REFERRED[rows["term"] & KIND_MASK]]
        return found


def hashes(rows: NDArray[np.void]) -> Signatures:
    """A hash of each term with its weight."""
    mixed = rows["term"].astype(np.uint64) * ODD[0] ^ rows["weight"].view(np.uint32).astype(np.uint64) * ODD[1]
    return np.asarray((mixed ^ mixed >> ODD[2]) * ODD[0], np.uint64)


def signature(entry: Entry, terms: int) -> int:
    """A hash of all that an article is compared by."""
    known = f"{entry.doc_id} {entry.day} {entry.language} {terms}"
    return int.from_bytes(hashlib.blake2b(known.encode(), digest_size=8).digest(), "little")


@contextmanager
def noting(store: Store, entries: Sequence[Entry]) -> Iterator[Noted]:
    """The terms of the articles, in a file of the store that is gone afterwards."""
    place = store.root / SPILL
    place.mkdir(parents=True, exist_ok=True)
    noted = Noted(place / "terms", entries)
    for part in store.parts(SIGN, Sign):
        read = store.read(SIGN, Sign, part, ["doc_id", "terms", "weights"]).combine_chunks()
        doc_ids, terms, weights = (column.combine_chunks() for column in read.columns)
        noted.note(doc_ids.to_pylist(), terms, weights)
    try:
        yield noted
    finally:
        noted.file.close()
        noted.path.unlink()
