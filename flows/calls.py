"""Calls: a function mapped over the partitions of a corpus by whatever does the run's jobs.

A stage that sees every part is given a `map`. This one writes the function down once, with what it holds: its arrays as
they lie in memory (pickle's out-of-band buffers, PEP 574), so that workers map the file and copy nothing. Results come
back the same way, and nothing large goes through a pipe, a scheduler or a server.
"""

import mmap
import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from flows.each import Each
from flows.workers import survived

SHARES = 8  # jobs a call; a run over a million documents makes some dozen calls
ALIGNED = 64  # bytes

Map = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]


def over(each: Each, title: str, folder: Path) -> Map:
    """A `map` over numbers, each call of which is a few jobs; what they need and give lies in a folder meanwhile."""

    def mapped(work: Callable[[int], Any], numbers: Iterable[int]) -> Iterator[Any]:
        every = list(numbers)
        if len(every) < 2:
            yield from map(work, every)
            return
        folder.mkdir(parents=True)
        pack(folder / "work", work)
        step = work.func.__name__ if isinstance(work, partial) else work.__name__
        jobs = [(folder, which, share) for which, share in enumerate(shares(every))]
        survived(each(f"{title}, {step.replace('_', ' ')}", answer, jobs, together=True))
        found = [unpack(folder / f"{which}") for _, which, _ in jobs]
        shutil.rmtree(folder)  # what is mapped stays until nobody holds it
        for results in found:
            yield from results

    return mapped


def shares(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers in as many shares of neighbours, or one each."""
    ends = [which * len(numbers) // SHARES for which in range(SHARES + 1)]
    return (numbers[first:last] for first, last in pairwise(ends) if last > first)


def answer(folder: Path, which: int, numbers: Sequence[int]) -> None:
    """Leaves in the folder what the work there makes of a share of the numbers."""
    work = unpack(folder / "work")
    pack(folder / f"{which}", list(map(work, numbers)))


def pack(path: Path, value: Any) -> None:
    """Writes a value down, its arrays as they lie in memory."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, 5, buffer_callback=buffers.append)
    raw = [buffer.raw() for buffer in buffers]
    with open(path, "wb") as file:
        pickle.dump((head, [view.nbytes for view in raw]), file)
        for view in raw:
            file.seek(-file.tell() % ALIGNED, os.SEEK_CUR)
            file.write(view)


def unpack(path: Path) -> Any:
    """The value that was written down; its arrays are mapped, and cannot be written to."""
    with open(path, "rb") as file:
        head, sizes = pickle.load(file)
        begin, whole = file.tell(), memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    buffers = []
    for size in sizes:
        begin += -begin % ALIGNED
        buffers.append(whole[begin : begin + size])
        begin += size
    return pickle.loads(head, buffers=buffers)
