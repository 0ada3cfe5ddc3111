"""Keeps the terms of each article on disk while stories are found, for those of a corpus are too many to hold."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tasks.group.catalogue import TERMS
from tasks.group.likeness import Terms, norms
from tasks.group.memory import Signatures
from tasks.group.rows import SIGN, Sign
from tasks.group.vector import KIND_MASK, KINDS, LEAD, NAMES, PLACES
from tasks.group.window import Article
from tasks.store import Store

SPILL = ".spill"  # in the store; whoever asks for stories removes it
REFERRED = np.isin(np.arange(KIND_MASK + 1), (NAMES, PLACES, LEAD))  # the kinds that a mention may share
ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(29))


class Noted:
    """The terms of each article, by its number, in a file, and for each a hash of all that it is compared by.

    Other processes may read there too.
    """

    def __init__(self, path: Path, articles: pa.Table) -> None:
        path.write_bytes(b"")
        self.path = path
        self.articles = articles
        self.days = [day.toordinal() if day else None for day in articles.column("day").to_pylist()]
        self.languages = articles.column("language").to_pylist()
        self.places = np.zeros((len(articles), 3), np.int64)  # of its terms and of their weights, and how many they are
        self.norms = np.zeros((len(articles), len(KINDS)), np.float32)
        self.signatures: Signatures = np.zeros(len(articles), np.uint64)

    def __getstate__(self) -> dict[str, Any]:
        """What another process is told to get articles by; it opens the file itself."""
        return {name: getattr(self, name) for name in ("path", "days", "languages", "places", "norms")}

    def note(self, part: int, terms: pa.ListArray, weights: pa.ListArray) -> None:
        """Notes the terms of the articles of a part, which are a row each."""
        flat, heavy = terms.flatten().to_numpy(), weights.flatten().to_numpy()
        counts = terms.value_lengths().to_numpy()
        begins = np.append(0, np.cumsum(counts))
        sums = np.append(np.uint64(0), np.cumsum(hashes(flat, heavy)))[begins]
        start = self.path.stat().st_size
        with open(self.path, "ab") as file:
            file.write(flat.tobytes() + heavy.tobytes())
        numbers = np.flatnonzero(self.articles.column("part").to_numpy() == part)
        rows = self.articles.column("place").to_numpy()[numbers]
        places = start + begins[rows] * flat.itemsize, start + flat.nbytes + begins[rows] * heavy.itemsize
        self.places[numbers] = np.column_stack((*places, counts[rows]))
        self.norms[numbers] = norms(flat, heavy, np.repeat(np.arange(len(counts)), counts), len(counts))[rows]
        known = self.articles.select(["doc_id", "day", "language"]).take(numbers)
        self.signatures[numbers] = [
            *map(signature, *(column.to_pylist() for column in known.columns), np.diff(sums)[rows].tolist())
        ]

    @cached_property
    def file(self) -> BinaryIO:
        """The file, open to be read as long as anybody reads."""
        return open(self.path, "rb")

    def terms(self, number: int) -> Terms:
        """The terms of an article."""
        file, (place, place_of_weights, count) = self.file.fileno(), self.places[number].tolist()
        terms = np.frombuffer(os.pread(file, 8 * count, place), np.int64)
        return Terms(terms, np.frombuffer(os.pread(file, 4 * count, place_of_weights), np.float32), self.norms[number])

    def article(self, number: int) -> Article:
        """An article as it is compared."""
        return Article(number, self.days[number], self.languages[number], self.terms(number))

    def referred(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The names, places and words of the lead of an article, and their weights."""
        terms, weights, _ = self.terms(number)
        kept = REFERRED[terms & KIND_MASK]
        return terms[kept], weights[kept]

    def said(self, number: int) -> NDArray[np.int64]:
        """The names, places and words of the lead of an article."""
        return self.referred(number)[0]


def hashes(terms: NDArray[np.int64], weights: NDArray[np.float32]) -> Signatures:
    """A hash of each term with its weight."""
    mixed = terms.astype(np.uint64) * ODD[0] ^ weights.view(np.uint32).astype(np.uint64) * ODD[1]
    return np.asarray((mixed ^ mixed >> ODD[2]) * ODD[0], np.uint64)


def signature(doc_id: str, day: date | None, language: str | None, terms: int) -> int:
    """A hash of all that an article is compared by."""
    known = f"{doc_id} {day} {language} {terms}"
    return int.from_bytes(hashlib.blake2b(known.encode(), digest_size=8).digest(), "little")


@contextmanager
def noting(store: Store, articles: pa.Table) -> Iterator[Noted]:
    """The terms of the articles, in a file of the store that is gone afterwards."""
    place = store.root / SPILL
    place.mkdir(parents=True, exist_ok=True)
    noted = Noted(place / "terms", articles)
    for number, part in enumerate(store.parts(SIGN, Sign)):
        noted.note(number, *(column.combine_chunks() for column in store.read(SIGN, Sign, part, TERMS).columns))
    try:
        yield noted
    finally:
        noted.file.close()
        noted.path.unlink()
