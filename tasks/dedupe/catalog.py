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

COLUMNS = ["doc_id", "source", "mtime_ns", "outlet", "agency", "published", "url", "words", "digest"]


class Catalog(NamedTuple):
    """The documents by number: each one's part and outlet, how many articles that outlet has, whether it is outdated.

    `numbers` are the numbers of each part's rows. Documents of no outlet are one more outlet.
    """

    parts: list[str]
    rows: pa.Table
    part: NDArray[np.int32]
    house: NDArray[np.int32]
    articles: Offsets
    outdated: Flags
    digest: Hashes
    numbers: list[Offsets]

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.rows.num_rows)


def catalogued(store: Store) -> Catalog:
    """The catalog of a store that has sketches."""
    parts = store.parts(SKETCH, Sketch)
    found = [store.read(SKETCH, Sketch, part, COLUMNS) for part in parts]
    rows = pa.concat_tables(found).combine_chunks()
    order = pc.sort_indices(rows, [("words", "descending"), ("doc_id", "ascending")]).to_numpy()
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.arange(len(order))
    counts = [table.num_rows for table in found]
    part = np.repeat(np.arange(len(parts), dtype=np.int32), counts)[order]
    rows = rows.take(order)
    digest = rows.column("digest").to_numpy().view(np.uint64)
    split = np.split(numbers, np.cumsum(counts)[:-1])
    house, old = codes(rows.column("outlet")), outdated(rows)
    articles = np.bincount(house[~old], minlength=int(house.max(initial=0)) + 1)
    return Catalog(parts, rows, part, house, articles, old, digest, split)


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
