"""A long file measured before it is read in slices: what decides a slice's content, and where its lines stand."""

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from io import BufferedReader
from typing import NamedTuple

import numpy as np

from tasks.ingest.discover import Slice
from tasks.ingest.kinds import HEAD, kind_of
from tasks.ingest.opening import stream
from tasks.ingest.seen import State

CHUNK = 2**20
# A record that has an id and a text is longer than this.
SHORT = 32


class Measure(NamedTuple):
    """A file up to some byte: the hash of all before, the line breaks before, and where the line there begins."""

    sha256: str
    lines: int
    line_start: int


def measures(file: Sequence[Slice], states: Iterable[State]) -> Mapping[int, Measure]:
    """The file measured at the edges of its slices and of earlier ones, in one pass; of one that cannot be read, none.

    A slice holds what ends in it, so what it holds is decided by the bytes up to its end and by no others.
    """
    edges = sorted({0, *(part.end for part in file), *(state.end for state in states)})
    try:
        with stream(file[0]) as raw:
            return measured(raw, edges)
    except OSError:
        return {}


def measured(raw: BufferedReader, edges: Iterable[int]) -> Mapping[int, Measure]:
    """The file measured at the edges that it reaches."""
    found: dict[int, Measure] = {}
    seen, at, lines, line_start = hashlib.sha256(), 0, 0, 0
    for edge in edges:
        while at < edge and (chunk := raw.read(min(CHUNK, edge - at))):
            seen.update(chunk)
            lines += chunk.count(b"\n")
            line_start = at + chunk.rfind(b"\n") + 1 if b"\n" in chunk else line_start
            at += len(chunk)
        if at == edge:
            found[edge] = Measure(seen.hexdigest(), lines, line_start)
    return found


def as_measured(part: Slice, measured: Mapping[int, Measure], again: Sequence[int]) -> Slice:
    """The slice with what its reader must know of the bytes before it."""
    before, until = measured.get(part.start), measured.get(part.end)
    if before is None or until is None:
        return part
    own = again[bisect_right(again, before.lines) : bisect_right(again, until.lines)]
    return part._replace(sha256=until.sha256, lines=before.lines, line_start=before.line_start, repeated=frozenset(own))


def repeated(part: Slice) -> Sequence[int]:
    """The numbers of the lines that stand again, byte for byte, further down in a file of JSON lines, sorted.

    A record of one id that stands in two slices would be one document in two parts.
    """
    hashes = array("q")
    try:
        with stream(part) as file:
            if kind_of(file.peek(HEAD)[:HEAD], part.path) != "json-lines":
                return ()
            while line := file.readline(CHUNK):
                hashes.append(hash(line.strip()) if len(line) > SHORT else -len(hashes))
                while line and not line.endswith(b"\n"):
                    line = file.readline(CHUNK)
    except OSError:
        return ()
    backwards = np.frombuffer(hashes, np.int64)[::-1]
    last = len(hashes) - np.unique(backwards, return_index=True)[1]
    return [int(number) for number in np.setdiff1d(np.arange(1, len(hashes) + 1), last)]
