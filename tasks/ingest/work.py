"""A job of the plan done: slices read into a part, and into a part that is there already."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from tasks.ingest.found import Bars, unbarred
from tasks.ingest.listing import SIDECAR
from tasks.ingest.opening import openers
from tasks.ingest.plan import Job
from tasks.ingest.read import Row, read
from tasks.ingest.rows import STAGE, Document, IngestSettings, Input, Page, Quarantine, Sidecar
from tasks.page import Block


class Ingested(NamedTuple):
    """The rows of a part, by table, in the order in which the stage declares them."""

    documents: list[Document]
    pages: list[Page]
    blocks: list[Block]
    sidecars: list[Sidecar]
    quarantine: list[Quarantine]
    inputs: list[Input]


NOTHING = Ingested([], [], [], [], [], [])


def ingest(job: Job, settings: IngestSettings, there: Ingested | None = None, bars: Bars = unbarred) -> Ingested:
    """The rows of a part: those that are there, less those of the sources to drop, and those that the job reads.

    A document that is read again takes the place of the one that is there; one that lies in another part is left
    out. Rows come sorted, so that the order of the slices does not matter. Steps that are barred are not taken.
    """
    rows = [row for part, opener in openers(job.slices) for row in read(part, opener, settings, bars)]
    new = less(gathered(rows), elsewhere(job))
    kept = without_files(there or NOTHING, {row.source for row in new.inputs}, job.drop)
    return merge(less(kept, named(new)), new)


def gathered(rows: Iterable[Row]) -> Ingested:
    """The rows by table. A record that stands twice is one document: the later place counts."""
    found = Ingested([], [], [], [], [], [])
    documents: dict[str, Document] = {}
    pages: dict[str, Page] = {}
    blocks: dict[tuple[str, int], Block] = {}
    aside: dict[str, Quarantine] = {}
    for row in rows:
        match row:
            case Document():
                documents[row.doc_id] = max(row, documents.get(row.doc_id, row))
            case Page():
                pages[row.doc_id] = row
            case Block():
                blocks[row.doc_id, row.start] = row
            case Quarantine():
                aside[row.doc_id] = row
            case Sidecar():
                found.sidecars.append(row)
            case Input():
                found.inputs.append(row)
    return found._replace(
        documents=[*documents.values()],
        pages=[*pages.values()],
        blocks=[*blocks.values()],
        sidecars=list({*found.sidecars}),
        quarantine=[*aside.values()],
    )


def named(rows: Ingested) -> set[str]:
    """The documents of which there are rows."""
    return {row.doc_id for row in rows.documents} | {row.doc_id for row in rows.quarantine}


def elsewhere(job: Job) -> Collection[str]:
    """The documents that the other parts hold of which the job was told."""
    if job.store is None:
        return frozenset()
    tables = (job.store.read(STAGE, row, part, ["doc_id"]) for part in job.elsewhere for row in (Document, Quarantine))
    return {doc_id for table in tables for doc_id in table.column("doc_id").to_pylist()}


def less(rows: Ingested, lost: Collection[str]) -> Ingested:
    """The rows without those of some documents."""
    if not lost:
        return rows
    return Ingested(
        [row for row in rows.documents if row.doc_id not in lost],
        [row for row in rows.pages if row.doc_id not in lost],
        [row for row in rows.blocks if row.doc_id not in lost],
        [row for row in rows.sidecars if row.doc_id not in lost],
        [row for row in rows.quarantine if row.doc_id not in lost],
        rows.inputs,
    )


def without_files(rows: Ingested, anew: Collection[str], drop: Collection[str]) -> Ingested:
    """The rows without files that are dropped, and without what is said anew of those that are read again."""
    lost = {row.doc_id for row in rows.documents if is_in(row.source, drop)}
    gone = {*anew, *drop}
    lost |= {row.doc_id for row in rows.quarantine if is_in(row.source, gone)}
    inputs = [row for row in rows.inputs if row.source not in gone]
    return less(rows, lost)._replace(inputs=inputs)


def is_in(source: str, files: Collection[str]) -> bool:
    """Whether a document's source names one of the files, or a record, a member or the sidecar of one."""
    return any(file in files for file in holders(source))


def holders(source: str) -> Iterator[str]:
    """What the file of a document may be, by its source: a file's name may hold what parts it from a record's, too."""
    yield source
    yield source.removesuffix(SIDECAR)
    yield from (source[:place] for place, char in enumerate(source) if char in "#!")


def merge(some: Ingested, more: Ingested) -> Ingested:
    """The rows of both, sorted."""
    ours: tuple[list[Any], ...] = some
    theirs: tuple[list[Any], ...] = more
    return Ingested._make(sorted(one + other) for one, other in zip(ours, theirs, strict=True))


def part_name(rows: Ingested) -> str:
    """The name of a part, from what it was read from: the same files make the same part wherever they are read.

    The documents are named too: a part of which some lie elsewhere is not the part that has them all.
    """
    read_from = [f"{row.source} {row.start} {row.sha256}" for row in rows.inputs]
    return hashlib.sha256("\n".join([*read_from, *sorted(named(rows))]).encode()).hexdigest()[:16]
