"""Small parts joined into larger ones, so that years of short runs do not end in many thousands of small files.

What the rooms say of a document does not depend on its part. So a joined part has their rows as they stand, and
nothing is read or labelled again. What sees the whole corpus, and the published tables, follow in the next run, as
after any change; readers keep the snapshot that they have.

Which parts are being joined stands in a note until the last of them is gone: whoever is killed on the way, the next
run ends what was begun, and no document is there twice or not at all.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc

from flows import parts
from flows.corpus import LEARN, STAGES
from flows.settings import Settings
from tasks import ingest
from tasks.ingest import Document, Ingested, Input
from tasks.stage import Stage
from tasks.store import Store, made_from, write_whole

NOTE = "joining"
MARKUP = 8  # bytes of a page that count as one
FEW = 8  # so many small files do no reader any harm


class Join(NamedTuple):
    """Small parts that make a larger one."""

    parts: tuple[str, ...]
    bytes: int


def joins(store: Store, settings: Settings, without: Collection[str] = ()) -> Iterator[Join]:
    """The parts that are worth joining, neighbours in time: none while there are few, none of which is half full.

    Left alone are those `without`, and those that the next run will make anew.
    """
    full = settings.ingest.part_bytes
    small = [(part, size) for part, size in by_age(store, settings, without) if size < full / 2]
    if len(small) < FEW:
        return
    batch, weight = list[str](), 0
    for part, size in small:
        batch.append(part)
        weight += size
        if weight >= full or part == small[-1][0]:
            if len(batch) > 1:
                yield Join(tuple(batch), weight)
            batch, weight = [], 0


def by_age(store: Store, settings: Settings, without: Collection[str]) -> Iterator[tuple[str, int]]:
    """The parts that are fresh, the oldest first, each with the raw bytes that it takes, as ingest counts them."""
    origin = made_from(ingest.STAGE, settings.ingest, ())
    paths = [path for path in store.paths(ingest.STAGE, Input) if path.stem not in without]
    for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.stem)):
        if store.is_fresh(ingest.STAGE, path.stem, origin) and parts.is_clean(store, path.stem, settings):
            found = store.read(ingest.STAGE, Document, path.stem, ["bytes", "form"])
            is_page, sizes = pc.equal(found.column("form"), "html"), found.column("bytes")
            yield path.stem, pc.sum(pc.if_else(is_page, pc.divide(sizes, MARKUP), sizes)).as_py() or 0


def join(store: Store, settings: Settings, found: Join) -> str:
    """Puts one part in the place of some; returns its name."""
    rows = Ingested(*(sorted(rows_of(store, ingest.STAGE, row, found.parts)) for row in ingest.STAGE.writes))
    name = ingest.part_name(rows)
    note = json.dumps({"into": name, "parts": found.parts}).encode()
    write_whole(note_of(store), lambda file: file.write(note))
    origin = made_from(ingest.STAGE, settings.ingest, ())
    for row, of_table in zip(ingest.STAGE.writes, rows, strict=True):
        if row is not Input:
            store.write(ingest.STAGE, row, name, of_table, origin)
    put_together(store, LEARN.stage, found.parts, name, made_from(LEARN.stage, settings.strip, ()))
    for room in parts.ROOMS:
        put_together(store, room.stage, found.parts, name, parts.origin_of(room, store, name, settings))
    store.write(ingest.STAGE, Input, name, rows.inputs, origin)
    settle(store)
    return name


def rows_of(store: Store, stage: Stage, row: type, names: Sequence[str]) -> Iterator[Any]:
    """The rows of a table in some parts."""
    return chain.from_iterable(store.rows(stage, row, part) for part in names)


def put_together(store: Store, stage: Stage, names: Sequence[str], into: str, origin: str) -> None:
    """Writes the tables of a room as one part that has the rows of some."""
    for row in stage.writes:
        store.write(stage, row, into, rows_of(store, stage, row, names), origin)


def settle(store: Store) -> None:
    """Ends a join that was begun: the parts that went into a new one go, once that is whole.

    Nothing where none was begun, or where the new part is not whole: then the old ones stay.
    """
    note = note_of(store)
    if not note.exists():
        return
    told = json.loads(note.read_text())
    if store.path(ingest.STAGE, Input, told["into"]).exists():
        for stage in STAGES:
            for part in told["parts"]:
                store.remove(stage, part)
    note.unlink()


def note_of(store: Store) -> Path:
    """Where it stands which parts are being joined."""
    return store.root / ingest.STAGE.name / NOTE
