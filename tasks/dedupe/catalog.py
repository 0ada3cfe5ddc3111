"""Catalog: the documents of the whole corpus, numbered from the fullest to the shortest.

Ties go by doc_id, so that nothing depends on the order in which documents came. A document whose source has a later
state is outdated: it has a number, and takes no part in the search for copies.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.rows import SKETCH, Sketch
from tasks.dedupe.shingles import Flags, Hashes, Offsets
from tasks.store import Store

COLUMNS = ["doc_id", "source", "mtime_ns", "outlet", "agency", "published", "url", "language", "words", "digest"]


class Place(NamedTuple):
    """Where a part lies."""

    store: Store
    part: str


class Houses(NamedTuple):
    """The outlet of each document, and how many articles each outlet has; no outlet is one more outlet."""

    of: NDArray[np.int32]
    articles: Offsets


class Catalog(NamedTuple):
    """The documents by number: each one's row, and the place of its part; the numbers of each part's rows.

    The first `own` places are the corpus's, the others those of the corpus that it is held against.
    """

    places: list[Place]
    own: int
    rows: pa.Table
    part: NDArray[np.int32]
    houses: Houses
    outdated: Flags
    digest: Hashes
    numbers: list[Offsets]

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.rows.num_rows)


def catalogued(own: Store, against: Store | None) -> Catalog:
    """The catalog of the sketches in a store, and of those in the store of a corpus that it is held against."""
    places = [Place(store, part) for store in (own, against) if store for part in store.parts(SKETCH, Sketch)]
    found = [place.store.read(SKETCH, Sketch, place.part, COLUMNS) for place in places]
    rows = pa.concat_tables(found).combine_chunks()
    order = pc.sort_indices(rows, [("words", "descending"), ("doc_id", "ascending")]).to_numpy()
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(len(order))
    counts = [table.num_rows for table in found]
    part = np.repeat(np.arange(len(places), dtype=np.int32), counts)[order]
    rows = rows.take(order)
    house, old = codes(rows.column("outlet")), outdated(rows)
    houses = Houses(house, np.bincount(house[~old], minlength=int(house.max(initial=0)) + 1))
    digest = rows.column("digest").to_numpy().view(np.uint64)
    split = np.split(numbers, np.cumsum(counts)[:-1])
    return Catalog(places, len(own.parts(SKETCH, Sketch)), rows, part, houses, old, digest, split)


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


def revisions(catalog: Catalog) -> list[tuple[int, int]]:
    """Each outdated document with the current state of its source; the smallest doc_id, where that has several."""
    sources, ids = codes(catalog.rows.column("source")), catalog.rows.column("doc_id")
    older = np.flatnonzero(catalog.outdated)
    newer = np.flatnonzero(~catalog.outdated & np.isin(sources, sources[older]))
    current: dict[int, int] = {}
    for doc in sorted(newer.tolist(), key=lambda doc: str(ids[doc]), reverse=True):
        current[int(sources[doc])] = doc
    return [(doc, current[int(sources[doc])]) for doc in older.tolist()]
