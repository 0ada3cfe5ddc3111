"""Reads the signs of the whole corpus without ever holding more of them than a batch."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from tasks import dedupe
from tasks.dedupe import Fate
from tasks.group.rows import SIGN, Sign
from tasks.store import Store

BATCH = 500
MEMORY = "256MB"
SPILL = ".spill"  # in the store; whoever asks for stories removes it


class Entry(NamedTuple):
    """What is held of every article of the corpus."""

    doc_id: str
    part: str
    published: str | None
    day: date | None
    title: str | None
    outlet: str | None
    language: str | None
    words: int

    @property
    def ordinal(self) -> int | None:
        """The day as a number; None where there is none."""
        return self.day.toordinal() if self.day else None


def hidden(store: Store) -> set[str]:
    """The documents that dedupe keeps as another one."""
    found: set[str] = set()
    for part in store.parts(dedupe.STAGE, Fate):
        found.update(store.read(dedupe.STAGE, Fate, part, ["doc_id"]).column("doc_id").to_pylist())
    return found


def catalogue(store: Store) -> list[Entry]:
    """An entry for every article: those without a date first, then by day, then by doc_id."""
    left_out = hidden(store)
    columns = [name for name in Entry._fields if name != "part"]
    found = []
    for part in store.parts(SIGN, Sign):
        known = store.read(SIGN, Sign, part, columns).to_pylist()
        found += [Entry(part=part, **row) for row in known if row["doc_id"] not in left_out]
    return sorted(found, key=lambda entry: (entry.day or date.min, entry.doc_id))


def batches(store: Store, doc_ids: Sequence[str], only: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The wanted columns of these documents' signs, in the order in which the documents are named."""
    if not doc_ids:
        return
    places = pa.array(range(len(doc_ids)), pa.int64())
    wanted = pa.table({"wanted_id": pa.array(doc_ids, pa.string()), "place": places})
    query = f"SELECT {', '.join(map(quoted, only))} FROM signs JOIN wanted ON doc_id = wanted_id ORDER BY place"
    yield from asked(store, query, wanted)


def back_references(store: Store) -> Iterator[dict[str, Any]]:
    """Every back-reference with its article's doc_id and day, by the first day that it may mean."""
    query = """
        SELECT * FROM (SELECT doc_id, day, unnest("references") AS reference FROM signs)
        ORDER BY reference.first_day, doc_id, reference.start
    """
    for batch in asked(store, query, None) if store.paths(SIGN, Sign) else ():
        yield from batch.to_pylist()


def asked(store: Store, query: str, wanted: pa.Table | None) -> Iterator[pa.RecordBatch]:
    """What a query of the signs of the corpus says, in batches.

    DuckDB sorts on disk what does not fit into its share of memory.
    """
    spill = str(store.root / SPILL)
    import duckdb  # a fifth of a second, which those who only read settings or tables need not wait

    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2, "temp_directory": spill}) as connection:
        if wanted is not None:
            connection.register("wanted", wanted)
        connection.register("signs", connection.read_parquet([str(path) for path in store.paths(SIGN, Sign)]))
        yield from connection.sql(query).to_arrow_reader(BATCH)


def quoted(column: str) -> str:
    """A column's name as SQL takes it even where it is a word of SQL's own."""
    return f'"{column}"'
