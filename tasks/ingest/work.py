"""A job of the plan done: slices read into a part, and into a part that is there already."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, TypeVar

from tasks.ingest.plan import Job
from tasks.ingest.read import read
from tasks.ingest.rows import Document, IngestSettings, Input, Page, Quarantine, Sidecar

Row = TypeVar("Row")


class Ingested(NamedTuple):
    """The rows of a part, by table."""

    documents: list[Document]
    pages: list[Page]
    sidecars: list[Sidecar]
    inputs: list[Input]
    quarantine: list[Quarantine]


NOTHING = Ingested([], [], [], [], [])


def ingest(job: Job, settings: IngestSettings, there: Ingested | None = None) -> Ingested:
    """The rows of a part: those that are there, less those of the sources to drop, and those that the job reads.

    A document that is read again takes the place of the one that is there; one that is known to lie in another
    part is left out. Rows come sorted, so that the order of the slices does not matter.
    """
    rows = [row for part in job.slices for row in read(part, settings)]
    new = Ingested(
        only(Document, rows), only(Page, rows), only(Sidecar, rows), only(Input, rows), only(Quarantine, rows)
    )
    return merge(without(there or NOTHING, job.drop, new), without(new, known=job.known))


def only(kind: type[Row], rows: Iterable[object]) -> list[Row]:
    """The rows of one class, each once."""
    return list({row for row in rows if isinstance(row, kind)})


def without(
    rows: Ingested, drop: Collection[str] = (), newer: Ingested = NOTHING, known: Collection[str] = ()
) -> Ingested:
    """The rows less those of dropped sources, of inputs that are read anew, and of documents known elsewhere."""
    anew = {row.source for row in newer.inputs} | set(drop)
    replaced = {row.doc_id for row in newer.documents} | {row.doc_id for row in newer.quarantine} | set(known)
    lost = {row.doc_id for row in rows.documents if file_of(row.source) in drop} | replaced
    return Ingested(
        [row for row in rows.documents if row.doc_id not in lost],
        [row for row in rows.pages if row.doc_id not in lost],
        [row for row in rows.sidecars if row.doc_id not in lost],
        [row for row in rows.inputs if row.source not in anew],
        [row for row in rows.quarantine if row.doc_id not in lost and file_of(row.source) not in anew],
    )


def file_of(source: str) -> str:
    """The file that a document's source names: a record's id stands after the `#`."""
    return source.partition("#")[0]


def merge(some: Ingested, more: Ingested) -> Ingested:
    """The rows of both, sorted."""
    ours: tuple[list[Any], ...] = some
    theirs: tuple[list[Any], ...] = more
    return Ingested._make(sorted(one + other) for one, other in zip(ours, theirs, strict=True))


def part_name(rows: Ingested) -> str:
    """The name of a part, from what it was read from: the same files make the same part wherever they are read."""
    rows_read: list[Input | Quarantine] = [*rows.inputs, *rows.quarantine]
    read_from = [f"{row.source} {row.sha256}" for row in rows_read]
    return hashlib.sha256("\n".join(read_from).encode()).hexdigest()[:16]
