"""Which files there are, in what state, and how they are cut into parts. Nothing is opened that has not changed."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tasks.errors import UsageError

SIDECAR = ".meta.json"
RECORDS = (".jsonl", ".ndjson")
MARKUP = (".html", ".htm", ".xhtml")


class Slice(NamedTuple):
    """A file, or the stretch of a long file of records that one part takes."""

    path: Path
    source: str
    stamp: str
    start: int
    end: int


def discover(given: Iterable[Path], part_bytes: int) -> Iterator[Slice]:
    """The slices of all files under the folders, folder by folder in order of name.

    Raises UsageError for a path that does not exist, and for two folders of one name, whose documents would be
    taken for revisions of each other.
    """
    for root in distinct(given):
        if root.is_dir():
            yield from (part for path in files(root) for part in slices(path, root.parent, part_bytes))
        else:
            yield from slices(root, root.parent.parent, part_bytes)


def distinct(given: Iterable[Path]) -> list[Path]:
    """The paths, resolved and sorted, each once."""
    roots = sorted({path.expanduser().resolve() for path in given})
    for root in roots:
        if not root.exists():
            raise UsageError(f"{root}: no such file or folder; give the folder that holds the raw documents")
    names: dict[str, Path] = {}
    for root in roots:
        twin = names.setdefault(root.name, root) if root.is_dir() else root
        if twin != root:
            raise UsageError(f"{twin} and {root} would both be called {root.name}/; give a folder that holds both")
    return roots


def files(folder: Path) -> Iterator[Path]:
    """The regular files under a folder, in order of name; hidden ones, links and sidecars left out."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as wrong:
        raise UsageError(
            f"{folder}: cannot be listed ({wrong.strerror}); allow it to be read, or leave it out"
        ) from wrong
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False) and not entry.name.endswith(SIDECAR):
            yield Path(entry.path)


def slices(path: Path, base: Path, part_bytes: int) -> Iterator[Slice]:
    """A file as one slice, or a file of records as slices of at most a part each; none where it has just gone."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return
    source = path.relative_to(base).as_posix()
    step = part_bytes if path.suffix.lower() in RECORDS else max(1, state.st_size)
    for start in range(0, max(1, state.st_size), step):
        end = min(start + step, state.st_size)
        yield Slice(path, source, stamp(path, state, start, end), start, end)


def stamp(path: Path, state: os.stat_result, start: int, end: int) -> str:
    """What changes when the slice must be read again: sizes and times of the file and of its sidecar."""
    try:
        beside = Path(f"{path}{SIDECAR}").stat()
    except OSError:
        return f"{state.st_size}:{state.st_mtime_ns}:{start}-{end}"
    return f"{state.st_size}:{state.st_mtime_ns}:{start}-{end}:{beside.st_size}:{beside.st_mtime_ns}"


def batches(found: Iterable[Slice], part_bytes: int) -> Iterator[list[Slice]]:
    """The slices in parts: a part is closed once it holds enough.

    A part's end depends on nothing but its own slices, so a run that goes on where a killed one stopped makes the
    parts that the killed one would have made.
    """
    batch: list[Slice] = []
    weight = 0
    for part in found:
        batch.append(part)
        weight += weigh(part)
        if weight >= part_bytes:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def weigh(part: Slice) -> int:
    """The bytes of text that a slice is likely to hold: a page's text is about an eighth of its markup."""
    size = part.end - part.start
    return size // 8 if part.path.suffix.lower() in MARKUP else size
