"""Which files there are, in what state, and how they are cut into parts. Nothing is opened here."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tasks.errors import UsageError

SIDECAR = ".meta.json"
# A page's text is about an eighth of its markup, and a text that is compressed four times what it is.
MARKUP = (".html", ".htm", ".xhtml", ".mhtml", ".warc", ".warc.gz")
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz")
# A slice of what is read from its start costs the reading of all before it: with 64 slices as much as labelling does.
SLICES = 64


class Slice(NamedTuple):
    """A file, or the stretch of a long one that one part takes: the documents that end in it."""

    path: str
    source: str
    stamp: str
    size: int
    start: int
    end: int
    mtime_ns: int
    sha256: str = ""
    """of the file's bytes up to `end`; empty where the reader is to take it"""
    lines: int = 0
    """line breaks before `start`"""
    line_start: int = 0
    """where the line begins that `start` lies in"""
    repeated: frozenset[int] = frozenset()
    """lines that stand again further down"""

    @property
    def is_last(self) -> bool:
        """Whether the file ends in it."""
        return self.end >= self.size

    def holds(self, end: int) -> bool:
        """Whether what ends at a byte of the file is its own; what ends at no byte at all is the first one's."""
        return (self.start < end or self.start == 0) and (end <= self.end or self.is_last)


def discover(given: Iterable[Path], part_bytes: int) -> Iterator[list[Slice]]:
    """The files under the folders, each as its slices, folder by folder in order of name.

    Raises UsageError for a path that does not exist, and for two folders of one name, whose documents would be
    taken for revisions of each other.
    """
    for root in distinct(given):
        base = root.parent if root.is_dir() else root.parent.parent
        for path in files(root) if root.is_dir() else [str(root)]:
            found = slices(path, str(base), part_bytes)
            if found:
                yield found


def distinct(given: Iterable[Path]) -> list[Path]:
    """The paths, resolved and sorted, each once; one that lies in a folder that is given too is left out."""
    roots: list[Path] = []
    for root in sorted({path.expanduser().resolve() for path in given}):
        if not root.exists():
            raise UsageError(f"{root}: no such file or folder; give the folder that holds the raw documents")
        if not any(root.is_relative_to(other) for other in roots if other.is_dir()):
            roots.append(root)
    refuse_twins(roots)
    return roots


def refuse_twins(roots: Iterable[Path]) -> None:
    """Raises UsageError for two folders of one name: their files would share their sources."""
    folders: dict[str, Path] = {}
    for root in roots:
        folder = root if root.is_dir() else root.parent
        twin = folders.setdefault(folder.name, folder)
        if twin != folder:
            raise UsageError(f"{twin} and {folder} would both be called {folder.name}/; give a folder that holds both")


def files(folder: Path | str) -> Iterator[str]:
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
            yield from files(entry.path)
        elif entry.is_file(follow_symlinks=False) and not entry.name.endswith(SIDECAR):
            yield entry.path


def slices(path: str, base: str, part_bytes: int) -> list[Slice]:
    """A file cut into slices of at most a part each, one for most files; none where it has just gone."""
    try:
        state = os.stat(path)  # noqa: PTH116  # a Path costs more than the call, a million times over
    except OSError:
        return []
    source, stamped = source_of(path, base), stamp(path, state)
    size, step = state.st_size, int(part_bytes / share_of_text(path))
    if path.lower().endswith((*PACKED, ".tar")):
        step = max(step, size // SLICES)
    return [
        Slice(path, source, stamped, size, at, min(at + step, size), state.st_mtime_ns)
        for at in range(0, max(1, size), step)
    ]


def source_of(path: str, base: str) -> str:
    """The path from the base folder in POSIX form; a byte of a name that is no UTF-8 is written as `%FF`."""
    source = path[len(base.rstrip("/")) + 1 :]
    return source if source.isascii() else printable_name(source)


def printable_name(name: str) -> str:
    """The name with bytes that are no UTF-8 written as `%FF`."""
    return "".join(f"%{ord(char) - 0xDC00:02X}" if "\udc80" <= char <= "\udcff" else char for char in name)


def stamp(path: str, state: os.stat_result) -> str:
    """What changes when the file must be read again: sizes and times of the file and of its sidecar."""
    try:
        beside = os.stat(path + SIDECAR)  # noqa: PTH116  # as above
    except OSError:
        return f"{state.st_size}:{state.st_mtime_ns}"
    return f"{state.st_size}:{state.st_mtime_ns}:{beside.st_size}:{beside.st_mtime_ns}"


def batches(found: Iterable[Slice], part_bytes: int) -> Iterator[Sequence[Slice]]:
    """The slices in parts: a part is closed once it holds enough.

    A part's end depends on nothing but its own slices, so a run that goes on where a killed one stopped makes the
    parts that the killed one would have made.
    """
    batch: list[Slice] = []
    weight = 0.0
    for part in found:
        batch.append(part)
        weight += weigh(part)
        if weight >= part_bytes:
            yield batch
            batch, weight = [], 0.0
    if batch:
        yield batch


def weigh(part: Slice) -> float:
    """The bytes of text that a slice is likely to hold."""
    return (part.end - part.start) * share_of_text(part.path)


def share_of_text(path: str) -> float:
    """How many bytes of text a byte of a file is likely to hold, by its name."""
    name = path.lower()
    return (4 if name.endswith(PACKED) else 1) / (8 if name.endswith(MARKUP) else 1)
