"""What was read before: every state of every input, held in some seventy bytes each, for there may be millions."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.ingest.listing import File
from tasks.ingest.rows import STAGE, Input
from tasks.store import Store

STATE = np.dtype(
    [
        *(("source", "i8"), ("stamp", "i8"), ("mtime_ns", "i8"), ("start", "i8"), ("end", "i8")),
        *(("sha256", "V32"), ("part", "i4")),
    ]
)
UNREAD = bytes(32)
AT_ONCE = 10_000


class State(NamedTuple):
    """A state in which a slice of a file was read."""

    part: str
    stamp: int
    start: int
    end: int
    sha256: str
    """empty where it could not be read"""
    mtime_ns: int


class Seen:
    """All states, found by source. Names are kept as their hash in this process: two of a million share one once in
    10^7 runs.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.parts = store.parts(STAGE, Input)
        read = [states_in(store, number, part) for number, part in enumerate(self.parts)]
        rows = np.concatenate(read) if read else np.empty(0, STATE)
        self.rows: NDArray[np.void] = rows[np.lexsort((rows["mtime_ns"], rows["source"]))]
        self.sources = np.ascontiguousarray(self.rows["source"])  # a column of rows would be copied at each search
        self.there = np.zeros(len(rows), bool)

    def changed(self, files: Iterable[File], stale: Collection[str]) -> Iterator[File]:
        """The files that are not as they were read last, in one slice, into a part that is not stale.

        Ten thousand at a time, so that an unchanged file costs its listing and little more.
        """
        whole = self.whole(stale)
        prints = self.rows["source"][whole] ^ self.rows["stamp"][whole]
        order = np.argsort(prints)
        whole, prints = whole[order], prints[order]
        files = iter(files)
        while batch := list(islice(files, AT_ONCE)):
            asked = np.fromiter((hash(file.source) ^ hash(file.stamp) for file in batch), np.int64, len(batch))
            sizes = np.fromiter((file.size for file in batch), np.int64, len(batch))
            at = np.minimum(prints.searchsorted(asked), max(0, len(prints) - 1))
            same = (prints[at] == asked) & (self.rows["end"][whole[at]] == sizes) if len(prints) else asked != asked
            self.there[whole[at[same]]] = True
            yield from (batch[place] for place in np.flatnonzero(~same).tolist())

    def whole(self, stale: Collection[str]) -> NDArray[np.int64]:
        """The rows that tell the newest state of a file from its start, in a part that is not stale."""
        newest = np.append(self.sources[1:] != self.sources[:-1], np.ones(min(1, len(self.sources)), bool))
        fresh = np.array([part not in stale for part in self.parts], bool)
        return np.flatnonzero(newest & (self.rows["start"] == 0) & fresh[self.rows["part"]])

    def states(self, source: str) -> list[State]:
        """The states in which a file was read, oldest first; it is known from now on to be there still."""
        key = np.int64(hash(source))
        low, high = self.sources.searchsorted(key), self.sources.searchsorted(key, "right")
        self.there[low:high] = True
        return [self.state(row) for row in self.rows[low:high].tolist()]

    def state(self, row: tuple[Any, ...]) -> State:
        """A state as it was written."""
        _, stamp, mtime_ns, start, end, sha256, part = row
        return State(self.parts[part], stamp, start, end, "" if sha256 == UNREAD else sha256.hex(), mtime_ns)

    def gone(
        self, under: tuple[str, ...], hidden: tuple[str, ...], unread_only: bool
    ) -> Iterator[tuple[str, set[str]]]:
        """The sources under some folders, but not under the hidden ones, that nobody asked for, by part.

        With `unread_only` those that could not be read: nothing is lost with them.
        """
        away = ~np.isin(self.sources, self.sources[self.there])
        if unread_only:
            away &= self.rows["sha256"] == np.void(UNREAD)
        lost = set(self.sources[away].tolist())
        for number in np.unique(self.rows["part"][away]):
            part = self.parts[number]
            sources = self.store.read(STAGE, Input, part, ["source"]).column("source").to_pylist()
            missing = {
                source
                for source in sources
                if source.startswith(under) and not source.startswith(hidden) and hash(source) in lost
            }
            if missing:
                yield part, missing


def states_in(store: Store, number: int, part: str) -> NDArray[np.void]:
    """The states that a part holds."""
    found = store.read(STAGE, Input, part)
    rows = np.empty(found.num_rows, STATE)
    for name in ("mtime_ns", "start", "end"):
        rows[name] = found.column(name).to_numpy()
    for name in ("source", "stamp"):
        rows[name] = [hash(value) for value in found.column(name).to_pylist()]
    hashes = b"".join(bytes.fromhex(value) or UNREAD for value in found.column("sha256").to_pylist())
    rows["sha256"] = np.frombuffer(hashes, "V32")
    rows["part"] = number
    return rows
