"""The door for readers: a snapshot put together beside, checked, and swung into place in one rename.

    <data>/snapshots/<id>/<table>/part-<part>.parquet and manifest.json
    <data>/clean -> snapshots/<id>

A reader resolves `clean` once and then reads files that nobody changes. A snapshot's files are hard links to the
working parts, so what did not change is not written again. Its id is a hash of what it holds.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from tasks.errors import ContractError
from tasks.stage import schema, table_name
from tasks.store import SCHEMA_VERSION, footer, is_damaged, unwritable, write_parquet

DOOR = "clean"
MANIFEST = "manifest.json"


class Snapshot(NamedTuple):
    """A published state of the tables."""

    path: Path
    manifest: Mapping[str, Any]
    is_new: bool


def publish_snapshot(data: Path, files: Mapping[type, Sequence[Path]], check: Callable[[], object] = bool) -> Snapshot:
    """Publishes the working parts of each table as a snapshot; the one that is there where nothing changed.

    `check` raises where a new one must not be published. Raises ContractError where a file is not what its row class
    declares, StoreError where the disk is full.
    """
    manifest = describe(files)
    name = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]
    place = data / "snapshots" / name
    is_new = current(data) != place
    try:
        if (place / MANIFEST).exists():
            heal(place, files)
        else:
            check()
            build(place, files, manifest)
        if is_new:
            swing(data, name)
    except OSError as wrong:
        raise unwritable(place, wrong) from wrong
    return Snapshot(place, manifest, is_new)


def describe(files: Mapping[type, Sequence[Path]]) -> dict[str, Any]:
    """What a snapshot of these files holds: each file's rows and the digest of its rows."""
    tables = {table_name(row): [entry(row, path) for path in shown(paths)] for row, paths in files.items()}
    rows = {name: sum(part["rows"] for part in parts) for name, parts in tables.items()}
    return {"schema_version": SCHEMA_VERSION, "rows": rows, "tables": tables}


def shown(paths: Sequence[Path]) -> list[Path]:
    """The parts that hold rows; the first where none does, so that readers find the columns."""
    held = [path for path in paths if (found := footer(path)) is None or found.rows]
    return held or list(paths[:1])


def entry(row: type, path: Path) -> dict[str, Any]:
    """What the manifest says of a file, which must be what its row class declares."""
    found = footer(path)
    if found is None or not pq.read_schema(path).equals(schema(row)):
        raise ContractError(f"stage publish, table {table_name(row)}: {path} is not what its row class declares")
    return {"file": f"part-{path.stem}.parquet", "rows": found.rows, "digest": found.digest}


def build(place: Path, files: Mapping[type, Sequence[Path]], manifest: Mapping[str, Any]) -> None:
    """Puts a snapshot together beside its place, and moves it there whole."""
    beside = place.parent / f".{place.name}"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(place, ignore_errors=True)
    for row, paths in files.items():
        folder = beside / table_name(row)
        folder.mkdir(parents=True)
        for path in shown(paths):
            link(path, folder / f"part-{path.stem}.parquet")
        if not paths:
            write_parquet(folder / "part-none.parquet", row, schema(row).empty_table(), {})
        sync(folder)
    write_synced(beside / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
    sync(beside)
    beside.replace(place)
    sync(place.parent)


def link(path: Path, place: Path) -> None:
    """Gives a file a second name, or a copy of the same age where the file system knows no hard links."""
    try:
        place.hardlink_to(path)
    except OSError:
        shutil.copy2(path, place)


def heal(place: Path, files: Mapping[type, Sequence[Path]]) -> None:
    """Puts working parts in the place of a snapshot's damaged files.

    A file that was damaged in the store was so in the snapshot too, where it was the same file; the store's is made
    anew by now. A file that is only another than the store's is left alone: somebody may be reading it.
    """
    for row, paths in files.items():
        for path in shown(paths):
            published = place / table_name(row) / f"part-{path.stem}.parquet"
            if not is_same(path, published) and is_damaged(published, row):
                beside = place.parent / f".{published.name}"
                beside.unlink(missing_ok=True)
                link(path, beside)
                beside.replace(published)


def is_same(path: Path, place: Path) -> bool:
    """Whether two names are one file, or one is the copy of the other that was made to publish it."""
    one, other = path.stat(), place.stat() if place.exists() else None
    return other is not None and (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def write_synced(path: Path, text: str) -> None:
    """Writes a small file and flushes it to disk."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Flushes a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swing(data: Path, name: str) -> None:
    """Points the door at a snapshot, in one rename; the one that is left is dated, for its grace begins now."""
    left = current(data)
    if left is not None and left.exists():
        os.utime(left)
    beside = data / f".{DOOR}"
    beside.unlink(missing_ok=True)
    beside.symlink_to(Path("snapshots") / name)
    beside.replace(data / DOOR)
    sync(data)


def current(data: Path) -> Path | None:
    """The snapshot that readers see; None before the first."""
    door = data / DOOR
    return data / "snapshots" / door.readlink().name if door.is_symlink() else None


def clear_old(data: Path, older_than: float) -> list[Path]:
    """Removes the snapshots that were left before the given time (seconds since 1970), and unfinished ones."""
    kept = current(data)
    removed = []
    for folder in (data / "snapshots").iterdir():
        unfinished = folder.name.startswith(".")
        if folder != kept and (unfinished or folder.stat().st_mtime < older_than):
            shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink()
            removed.append(folder)
    return removed
