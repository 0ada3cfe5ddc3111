"""What must be read: the files that are new, changed, or gone, a job a part. Nothing else is opened."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow.compute as pc

from tasks.ingest.discover import RECORDS, Slice, batches, discover, distinct
from tasks.ingest.rows import STAGE, Document, IngestSettings, Input
from tasks.store import Store, made_from


class Job(NamedTuple):
    """A part to make: slices to read, into a new part or into the one that is named."""

    part: str | None
    slices: tuple[Slice, ...]
    drop: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


class State(NamedTuple):
    """A state in which an input was read: the part that holds it, and the hash of its bytes."""

    part: str
    sha256: str


Seen = Mapping[str, Mapping[str, State]]


def plan(given: Sequence[Path], store: Store, settings: IngestSettings) -> list[Job]:
    """The jobs of a run over the given files and folders; none where nothing changed.

    A file whose bytes changed is a new document in a new part. One whose bytes are the same (it was touched, or
    its sidecar changed) is read again into the part that holds it, and so are the files of a part that older rules
    or other settings made. A file that is gone keeps its documents, unless `mirror` is on.
    """
    seen = read_before(store)
    again: dict[str, list[Slice]] = {part: [] for part in stale_parts(store, settings)}
    fresh: list[Slice] = []
    there: set[str] = set()
    for found in discover(given, settings.part_bytes):
        there.add(found.source)
        home = part_of(found, seen)
        if home is None:
            fresh.append(found)
        elif home in again or found.stamp not in seen[found.source]:
            again.setdefault(home, []).append(found)
    lost = gone(seen, given, there) if settings.mirror else {}
    return [*amendments(again, lost), *new_parts(fresh, seen, store, settings)]


def read_before(store: Store) -> Seen:
    """The states in which each source was read, by stamp."""
    seen: dict[str, dict[str, State]] = defaultdict(dict)
    for part in store.parts(STAGE, Input):
        for row in store.rows(STAGE, Input, part):
            seen[row.source][row.stamp] = State(part, row.sha256)
    return seen


def stale_parts(store: Store, settings: IngestSettings) -> list[str]:
    """The parts that older rules or other settings made."""
    origin = made_from(STAGE, settings, ())
    return [part for part in store.parts(STAGE, Input) if not store.is_fresh(STAGE, part, origin)]


def part_of(found: Slice, seen: Seen) -> str | None:
    """The part that holds these bytes of this source; None where they were never read."""
    states = seen.get(found.source, {})
    if found.stamp in states:
        return states[found.stamp].part
    if not states or found.path.suffix.lower() in RECORDS:
        return None
    with found.path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return next((state.part for state in states.values() if state.sha256 == sha256), None)


def gone(seen: Seen, given: Sequence[Path], there: set[str]) -> dict[str, set[str]]:
    """The sources read before under the given folders that are not there any more, by the part that holds them."""
    roots = tuple(f"{root.name}/" for root in distinct(given) if root.is_dir())
    lost: dict[str, set[str]] = defaultdict(set)
    for source, states in seen.items():
        if source.startswith(roots) and source not in there:
            for state in states.values():
                lost[state.part].add(source)
    return lost


def amendments(again: Mapping[str, list[Slice]], lost: Mapping[str, set[str]]) -> Iterator[Job]:
    """A job for each part that is there and must change."""
    for part in sorted({*again, *lost}):
        yield Job(part, tuple(again.get(part, ())), frozenset(lost.get(part, ())))


def new_parts(fresh: list[Slice], seen: Seen, store: Store, settings: IngestSettings) -> Iterator[Job]:
    """A job for each new part; the records that a changed file still holds are known and not read again."""
    for batch in batches(fresh, settings.part_bytes):
        changed = {found.source for found in batch if found.source in seen and found.path.suffix.lower() in RECORDS}
        homes = {state.part for source in changed for state in seen[source].values()}
        yield Job(None, tuple(batch), known=known_documents(store, homes) if homes else frozenset())


def known_documents(store: Store, parts: set[str]) -> frozenset[str]:
    """The documents that the parts hold."""
    ids = (pc.unique(store.read(STAGE, Document, part, ["doc_id"]).column("doc_id")).to_pylist() for part in parts)
    return frozenset(doc_id for some in ids for doc_id in some)
