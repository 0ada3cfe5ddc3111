"""What was read before: every state of every input, held in some seventy bytes each, for there may be millions."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.ingest.rows import STAGE, Input
from tasks.store import Store

STATE = np.dtype(
    [
        *(("source", "u8"), ("stamp", "u8"), ("mtime_ns", "i8"), ("start", "i8"), ("end", "i8")),
        *(("sha256", "V32"), ("part", "i4")),
    ]
)
UNREAD = bytes(32)


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
    """All states, found by source. Names are kept as their hash: two of a million share one once in 10^7 stores."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.parts = store.parts(STAGE, Input)
        read = [states_in(store, number, part) for number, part in enumerate(self.parts)]
        rows = np.concatenate(read) if read else np.empty(0, STATE)
        self.rows: NDArray[np.void] = rows[np.lexsort((rows["mtime_ns"], rows["source"]))]
        self.sources = np.ascontiguousarray(self.rows["source"])  # a column of rows would be copied at each search
        self.there = np.zeros(len(rows), bool)

    def states(self, source: str) -> list[State]:
        """The states in which a file was read, oldest first; it is known from now on to be there still."""
        key = np.uint64(hashed(source))
        low = int(self.sources.searchsorted(key))
        high = low
        while high < len(self.sources) and self.sources[high] == key:
            self.there[high] = True
            high += 1
        return [self.state(row) for row in self.rows[low:high].tolist()]

    def state(self, row: tuple[Any, ...]) -> State:
        """A state as it was written."""
        _, stamp, mtime_ns, start, end, sha256, part = row
        return State(self.parts[part], stamp, start, end, "" if sha256 == UNREAD else sha256.hex(), mtime_ns)

    def gone(self, under: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
        """The sources under some folders that nobody asked for, by the part that holds them."""
        lost = set(self.sources[~self.there].tolist())
        for number in np.unique(self.rows["part"][~self.there]):
            part = self.parts[number]
            sources = self.store.read(STAGE, Input, part, ["source"]).column("source").to_pylist()
            missing = {source for source in sources if source.startswith(under) and hashed(source) in lost}
            if missing:
                yield part, missing


def states_in(store: Store, number: int, part: str) -> NDArray[np.void]:
    """The states that a part holds."""
    found = store.read(STAGE, Input, part)
    rows = np.empty(found.num_rows, STATE)
    for name in ("mtime_ns", "start", "end"):
        rows[name] = found.column(name).to_numpy()
    for name in ("source", "stamp"):
        rows[name] = [hashed(value) for value in found.column(name).to_pylist()]
    hashes = b"".join(bytes.fromhex(value) or UNREAD for value in found.column("sha256").to_pylist())
    rows["sha256"] = np.frombuffer(hashes, "V32")
    rows["part"] = number
    return rows


def hashed(name: str) -> int:
    """64 bits of a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
