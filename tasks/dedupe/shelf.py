"""Shelf: stretches of numbers of any length, one for each document or key, in memory and in files.

Files are mapped, not loaded: memory does not grow with them.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.shingles import Offsets

TAKES = 16  # reads through one map of a file: each brings in far more pages than it reads


class Rows(NamedTuple):
    """Rows of numbers in stretches of these sizes, one stretch after another."""

    sizes: Offsets
    values: NDArray[Any]

    def take(self, chosen: Offsets) -> "Rows":
        """The chosen stretches."""
        begins, sizes = (np.cumsum(self.sizes) - self.sizes)[chosen], self.sizes[chosen]
        return Rows(sizes, self.values[spread(begins, sizes)])


def rows_of(column: pa.ChunkedArray) -> Rows:
    """The numbers whose bytes a column holds."""
    values: NDArray[Any] = np.frombuffer(b"".join(column.to_pylist()), np.uint32)
    return Rows(pc.binary_length(column).to_numpy().astype(np.int64) // values.itemsize, values)


def column_of(rows: Rows) -> pa.BinaryArray:
    """Stretches of numbers as a column of their bytes."""
    values: NDArray[Any] = np.ascontiguousarray(rows.values, np.uint32)
    offsets = np.append(0, np.cumsum(rows.sizes) * values.itemsize).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(rows.sizes), [None, pa.py_buffer(offsets), pa.py_buffer(values)])


def spread(begins: Offsets, sizes: Offsets) -> Offsets:
    """All places of some stretches, one stretch after another, given where each begins and how long it is."""
    ends = np.cumsum(sizes)
    return np.repeat(begins - ends + sizes, sizes) + np.arange(sizes.sum())


class Shelf:
    """A stretch of numbers for each document, in one file that is mapped to be read."""

    def __init__(self, path: Path, documents: int) -> None:
        path.write_bytes(b"")
        self.path = path
        self.begins = np.zeros(documents, np.int64)
        self.sizes = np.zeros(documents, np.int64)
        self.end = 0
        self.taken = 0

    def __getstate__(self) -> dict[str, Any]:
        """What another process is told: it maps the file itself."""
        return {name: value for name, value in self.__dict__.items() if name != "values"}

    def put(self, numbers: Offsets, rows: Rows) -> None:
        """Appends the stretches of a batch of documents."""
        self.begins[numbers] = self.end + np.cumsum(rows.sizes) - rows.sizes
        self.sizes[numbers] = rows.sizes
        self.end += len(rows.values)
        with open(self.path, "ab") as file:
            file.write(np.ascontiguousarray(rows.values, np.uint32).data)
        self.__dict__.pop("values", None)

    @cached_property
    def values(self) -> NDArray[Any]:
        """All values put so far, mapped."""
        return np.asarray(np.memmap(self.path, np.uint32, "r")) if self.end else np.zeros(0, np.uint32)

    def places(self, numbers: NDArray[Any]) -> Offsets:
        """Where the values of some documents lie, one document's after another's."""
        return spread(self.begins[numbers], self.sizes[numbers])

    def take(self, places: Offsets) -> NDArray[Any]:
        """The values that lie at these places.

        Now and then the map is made anew: what was read through the old one need not stay in memory.
        """
        found = self.values.take(places)
        self.taken += 1
        if self.taken == TAKES:
            self.taken = 0
            del self.__dict__["values"]
        return found

    def owners(self, numbers: NDArray[Any]) -> Offsets:
        """For each value of some documents the place of its document in `numbers`."""
        return np.repeat(np.arange(len(numbers)), self.sizes[numbers])
