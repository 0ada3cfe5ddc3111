"""Keeping house: what nobody needs any more is found, and removed where that is asked for; small parts are joined.

Under the lock of a run, so that nothing of a run that is going on is taken for a leftover. What readers may still
have open, a snapshot within its grace, stays.
"""

import json
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from flows import compact, corpus
from flows.clean import held
from flows.compact import Join
from flows.corpus import STAGES
from flows.rebuild import BEFORE, FRESH
from flows.settings import Settings
from tasks import ingest, publish
from tasks.ingest import Document, Input
from tasks.publish.snapshot import MANIFEST
from tasks.store import SEAL, Store, footer

HALF_WRITTEN = re.compile(r"\..+\.\d+")  # as `write_whole` names what it writes, by the process's id
KEPT = "kept: its raw files may be gone"


class Leftover(NamedTuple):
    """Something in the data folder that nobody needs."""

    why: str
    path: Path
    bytes: int
    goes: bool = True
    is_damaged: bool = False


class Upkeep(NamedTuple):
    """What there is to do in a data folder: what would go, and which small parts would be joined."""

    leftovers: list[Leftover]
    joins: list[Join]


def maintain(data: Path, settings: Settings, now: float, apply: bool) -> Upkeep:
    """What there is to do in the data folder, which is done where `apply` is set; `now` in seconds since 1970.

    Raises BusyError while a run holds the folder.
    """
    store = Store(data / "store")
    with held(data):
        if apply:
            compact.settle(store)
        found = sorted(leftovers(data, settings, now), key=lambda leftover: leftover.path)
        damaged = {leftover.path.stem for leftover in found if leftover.is_damaged}
        upkeep = Upkeep(found, list(compact.joins(store, settings, without=damaged)))
        if apply:
            carry_out(upkeep, store, settings)
    return upkeep


def carry_out(upkeep: Upkeep, store: Store, settings: Settings) -> None:
    """Removes what nobody needs, and joins small parts."""
    for leftover in upkeep.leftovers:
        if leftover.is_damaged and leftover.goes:
            store.discard(leftover.path)
        elif leftover.goes:
            remove(leftover.path)
    for found in upkeep.joins:
        compact.join(store, settings, found)


def leftovers(data: Path, settings: Settings, now: float) -> Iterator[Leftover]:
    """All that nobody needs, one row a file or folder."""
    store = Store(data / "store")
    runs_kept = settings.run.keep_runs
    named = chain(
        (("old snapshot", path) for path in old_snapshots(data, now - settings.publish.grace_hours * 3600)),
        (("unfinished snapshot", path) for path in (data / "snapshots").glob(".*")),
        (("half received", path) for path in (data / "stdin").glob(".*")),
        (("scratch of a killed run", path) for path in store.root.glob(".scratch*")),
        (("half-written file of a killed run", path) for path in half_written(store.root)),
        (("part of no input", path) for path in stale(store)),
        (("rebuild that was not applied", path) for path in data.glob(FRESH)),
        (("store before a rebuild", path) for path in data.glob(BEFORE)),
        ((f"run before the last {runs_kept}", path) for path in old_runs(data, runs_kept)),
    )
    yield from (Leftover(why, path, size(path)) for why, path in named)
    yield from damaged(store)
    yield from broken_seals(store)
    yield from unlike_manifest(data)


def old_snapshots(data: Path, older_than: float) -> Iterator[Path]:
    """The snapshots that readers left before the given time."""
    kept = publish.current(data)
    for path in (data / "snapshots").glob("[!.]*"):
        if path != kept and path.stat().st_mtime < older_than:
            yield path


def half_written(root: Path) -> Iterator[Path]:
    """The files that a killed process did not finish: nobody writes any while we hold the folder."""
    return (path for path in root.rglob(".*") if HALF_WRITTEN.fullmatch(path.name))


def stale(store: Store) -> Iterator[Path]:
    """The files of parts that no input is read into any more."""
    known = set(store.parts(ingest.STAGE, Input))
    for stage in STAGES:
        for row in stage.writes:
            yield from (path for path in store.paths(stage, row) if path.stem not in known)


def old_runs(data: Path, keep: int) -> list[Path]:
    """The folders of all runs but the last."""
    return sorted((data / "runs").glob("*"))[:-keep]


def damaged(store: Store) -> Iterator[Leftover]:
    """The files of the store that cannot be read any more; the next run makes them anew.

    What ingest wrote stays: only the raw files could bring it back.
    """
    for stage in STAGES:
        for path in chain.from_iterable(store.paths(stage, row) for row in stage.writes):
            wrong = damage(path)
            if wrong:
                goes = stage != ingest.STAGE
                yield Leftover(f"damaged: {wrong}" + ("" if goes else f"; {KEPT}"), path, size(path), goes, True)


def damage(path: Path) -> str:
    """What is wrong with a part, by the checksums of its pages; empty where nothing is."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            for _ in file.iter_batches():
                pass
    except (OSError, pa.ArrowInvalid) as wrong:
        return str(wrong).split("\n", 1)[0][:200]
    return ""


def broken_seals(store: Store) -> Iterator[Leftover]:
    """The seals of stages that see the whole corpus, where parts are missing; without them the next run mends that."""
    parts = store.parts(ingest.STAGE, Document)
    for hall in corpus.HALLS:
        seal = store.root / hall.stage.name / SEAL
        missing = {part for row in hall.stage.writes for part in set(parts).difference(store.parts(hall.stage, row))}
        if missing and seal.exists():
            yield Leftover(f"index that lacks {len(missing):,} of {len(parts):,} parts", seal, size(seal))


def unlike_manifest(data: Path) -> Iterator[Leftover]:
    """The published files that are missing, or hold other rows than the manifest says; the next run mends them."""
    snapshot = publish.current(data)
    if snapshot is None or not snapshot.exists():
        return
    tables = json.loads((snapshot / MANIFEST).read_text())["tables"]
    for table, entry in ((table, entry) for table, entries in tables.items() for entry in entries):
        path = snapshot / table / entry["file"]
        found = footer(path)
        if found is None or (found.rows, found.digest) != (entry["rows"], entry["digest"]):
            yield Leftover("published file that is not what the manifest says", path, 0, goes=False)


def size(path: Path) -> int:
    """The bytes that removing it frees: a file that another snapshot or the store holds too frees none."""
    files = [path] if not path.is_dir() else [file for file in path.rglob("*") if file.is_file()]
    states = [file.lstat() for file in files]
    return sum(state.st_size for state in states if state.st_nlink == 1)


def remove(path: Path) -> None:
    """Removes a file or folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def as_text(upkeep: Upkeep, data: Path, applied: bool) -> str:
    """What was found, for a terminal."""
    found, joined = upkeep
    if not found and not joined:
        return "nothing to do\n"
    rows = [f"  {row.bytes:>14,}  {row.path.relative_to(data)}  ({row.why})\n" for row in found]
    goes = [row for row in found if row.goes]
    freed = sum(row.bytes for row in goes)
    verbs = ("removed", "joined") if applied else ("would be removed", "would be joined")
    removed = f"{len(goes):,} files and folders, {freed:,} bytes: {verbs[0]}\n" if found else ""
    few = f"{sum(len(row.parts) for row in joined):,} small parts: {verbs[1]} into {len(joined):,}\n" if joined else ""
    return "".join(rows) + removed + few + ("" if applied else "this was a dry run; --apply does it\n")
