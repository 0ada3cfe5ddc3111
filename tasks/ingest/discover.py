"""How files are cut into slices, and slices put together into parts."""

import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from tasks.ingest.kinds import RECORDS
from tasks.ingest.listing import File, Given, found

# A page's text is about an eighth of its markup, and a text that is compressed four times what it is.
MARKUP = (".html", ".htm", ".xhtml", ".mhtml", ".warc", ".warc.gz")
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip", ".tgz")
# A slice of what is read from its start costs the reading of all before it: with 64 slices as much as labelling does.
SLICES = 64
# A run is at least so many parts, unless they were smaller than this: 100 texts take a second, a part's files a tenth.
SHARES = 8
LEAST_SHARE = 2**19


class Slice(NamedTuple):
    """A file, or the stretch of a long one that one part takes: the documents that end in it."""

    path: str
    source: str
    stamp: str
    size: int
    start: int
    end: int
    mtime_ns: int
    place: str = ""
    """the URL under which the file lies; empty on this machine"""
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


class Packed(Sequence[Slice]):
    """The slices of a job, held as bytes but while they are looked at: a run over a million files holds them all."""

    def __init__(self, parts: Sequence[Slice]) -> None:
        self.size = len(parts)
        self.held = zlib.compress(pickle.dumps(tuple(parts)), 1)

    def __iter__(self) -> Iterator[Slice]:
        return iter(self.opened())

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, at: Any) -> Any:
        return self.opened()[at]

    def opened(self) -> tuple[Slice, ...]:
        """All of them."""
        parts: tuple[Slice, ...] = pickle.loads(zlib.decompress(self.held))
        return parts


def discover(given: Iterable[Given], part_bytes: int) -> Iterator[list[Slice]]:
    """The files under the folders and URLs, each as its slices; raises UsageError as `found` does."""
    return (slices(file, part_bytes) for file in found(given))


def slices(file: File, part_bytes: int) -> list[Slice]:
    """A file cut into slices of at most a part each, one for most files; one of records, a line each, into small ones.

    Never by its size: a file that grew is cut where it was, and read again at its end only.
    """
    name, size, step = file.path.lower(), file.size, int(part_bytes / share_of_text(file.path))
    if name.endswith(RECORDS):
        step = min(step, LEAST_SHARE)
    if size <= step:
        return [sliced(file, 0, size)]
    if name.endswith((*PACKED, ".tar")):
        step = max(step, size // SLICES)
    return [sliced(file, at, min(at + step, size)) for at in range(0, size, step)]


def sliced(file: File, start: int, end: int) -> Slice:
    """A stretch of a file."""
    return Slice(file.path, file.source, file.stamp, file.size, start, end, file.mtime_ns, file.place)


def shared(found: Iterable[Slice], part_bytes: int) -> Iterator[Sequence[Slice]]:
    """The slices in parts of at most so many bytes; those of a small run in smaller ones, so that all cores have some.

    A run of a thousand texts would else be one part, and one of ten thousand three parts on two cores. What is left of
    a small run that was killed is cut anew.
    """
    rest, first, weight = iter(found), list[Slice](), 0.0
    while weight < SHARES * part_bytes and (part := next(rest, None)):
        first.append(part)
        weight += weigh(part)
    share = max(LEAST_SHARE, weight / SHARES)
    return batches(chain(first, rest), min(part_bytes, share))


def batches(found: Iterable[Slice], part_bytes: float) -> Iterator[Sequence[Slice]]:
    """The slices in parts: a part is closed once it holds enough.

    A part's end depends on nothing but its own slices: what was killed after some parts goes on with those that would
    have come.
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
