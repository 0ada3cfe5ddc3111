"""Catalog: the documents of the whole corpus, numbered from the fullest to the shortest.

Ties go by doc_id, so that nothing depends on the order in which documents came. A document whose source has a later
state is outdated: it has a number, and takes no part in the search for copies.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.rows import SKETCH, DedupeSettings, Sketch
from tasks.dedupe.shingles import Flags, Hashes, Offsets, mixed
from tasks.errors import DamagedError, StoreError, UsageError
from tasks.stage import Stage
from tasks.store import Store

COLUMNS = [
    "doc_id",
    "source",
    "mtime_ns",
    "outlet",
    "agency",
    "published",
    "url",
    "language",
    "known",
    "words",
    "digest",
]


class Place(NamedTuple):
    """Where a part lies; `theirs` if it is of the corpus that ours is held against."""

    store: Store
    part: str
    theirs: bool

    def read(self, stage: Stage, row: type, only: Sequence[str]) -> pa.Table:
        """Columns of a table of the part. Raises StoreError where one of theirs is not as we would write it."""
        try:
            return self.store.read(stage, row, self.part, only)
        except DamagedError as wrong:
            if not self.theirs:
                raise
            raise StoreError(
                f"{wrong}; it is of the corpus in dedupe.against: run copydesk on that folder again"
            ) from wrong


class Houses(NamedTuple):
    """The outlet of each document, and how many articles each outlet has; no outlet is one more outlet."""

    of: NDArray[np.int32]
    articles: Offsets


class Catalog(NamedTuple):
    """The documents by number: each one's row, and the place of its part; the numbers of each part's rows.

    The first `own` places are the corpus's, the others those of the corpus that it is held against. `signs` are hashes
    of all that is known of each document but its text, doc_id and corpus included.
    """

    places: list[Place]
    own: int
    rows: pa.Table
    part: NDArray[np.int32]
    houses: Houses
    outdated: Flags
    digest: Hashes
    ids: Hashes
    signs: Hashes
    numbers: list[Offsets]

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.rows.num_rows)


def held_against(settings: DedupeSettings) -> list[Place]:
    """The parts of the corpus that ours is held against. Raises UsageError where there are none."""
    if not settings.against:
        return []
    store = Store(Path(settings.against) / "store")
    parts = store.parts(SKETCH, Sketch)
    if not parts:
        raise UsageError(f"dedupe.against: {settings.against} is no data folder of an earlier run; give one, or none")
    return [Place(store, part, True) for part in parts]


def outside(settings: DedupeSettings) -> list[str]:
    """What decides the stage's rows besides our own parts: those of the corpus that ours is held against."""
    places = held_against(settings)
    return [text for place in places for text in (place.part, place.store.digest(SKETCH, Sketch, place.part))]


def catalogued(own: Store, settings: DedupeSettings) -> Catalog:
    """The catalog of the sketches in a store, and of those of the corpus that it is held against."""
    places = [*(Place(own, part, False) for part in own.parts(SKETCH, Sketch)), *held_against(settings)]
    found = [place.read(SKETCH, Sketch, COLUMNS) for place in places]
    rows = pa.concat_tables(found).combine_chunks()
    named = ids(rows.column("doc_id"))
    order = np.lexsort((named, -rows.column("words").to_numpy()))
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(len(order))
    counts = [table.num_rows for table in found]
    part = np.repeat(np.arange(len(places), dtype=np.int32), counts)[order]
    rows = rows.take(order)
    house, old = codes(rows.column("outlet")), outdated(rows)
    houses = Houses(house, np.bincount(house[~old], minlength=int(house.max(initial=0)) + 1))
    digest, known = (rows.column(name).to_numpy().view(np.uint64) for name in ("digest", "known"))
    split, count = np.split(numbers, np.cumsum(counts)[:-1]), len(own.parts(SKETCH, Sketch))
    signs = mixed(mixed(known + (part >= count)) ^ named[order])
    return Catalog(places, count, rows, part, houses, old, digest, named[order], signs, split)


def ids(doc_ids: pa.ChunkedArray) -> Hashes:
    """The numbers that doc_ids, 16 hex digits each, write."""
    written = np.frombuffer("".join(doc_ids.to_pylist()).encode(), np.uint8).reshape(-1, 16)
    digits = (written & 15) + 9 * (written >> 6)
    return (digits[:, 0::2] << 4 | digits[:, 1::2]).copy().view(">u8").ravel().astype(np.uint64)


def codes(values: pa.ChunkedArray) -> NDArray[np.int32]:
    """A number for each value, the same for equal ones; null is a value too."""
    found = pc.dictionary_encode(values, null_encoding="encode").combine_chunks()
    return np.asarray(found.indices).astype(np.int32)


def outdated(rows: pa.Table) -> Flags:
    """For each document whether its source was read in a later state."""
    sources, times = codes(rows.column("source")), rows.column("mtime_ns").to_numpy()
    latest = np.full(int(sources.max(initial=0)) + 1, np.iinfo(np.int64).min)
    np.maximum.at(latest, sources, times)
    found: Flags = times < latest[sources]
    return found


def revisions(catalog: Catalog) -> tuple[Offsets, Offsets]:
    """Each outdated document and the current state of its source; the smallest doc_id, where that has several."""
    sources = codes(catalog.rows.column("source"))
    older, newer = np.flatnonzero(catalog.outdated), np.flatnonzero(~catalog.outdated)
    newer = newer[np.isin(sources[newer], sources[older])]
    newer = newer[np.lexsort((catalog.ids[newer], sources[newer]))]
    return older, newer[np.searchsorted(sources[newer], sources[older])]
