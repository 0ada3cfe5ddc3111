"""How far the reading of a part has come, noted before each step: the last note of a worker that died says over what.

A note is one line in a file of its own, `<slice> <step>`; it is there for whoever comes after a `kill -9`.
"""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from flows.limits import start_clock, stop_clock
from tasks.errors import UnreadableError
from tasks.ingest import Bars, Job, Slice
from tasks.store import Store

KILLED = "its worker process died over it each time: a library crashed, or memory (run.memory_mb) or time ran out"
WIDTH = 40


class Spot(NamedTuple):
    """A step over one of a job's slices."""

    number: int
    """of the slice in its job"""
    step: int
    """as `tasks.ingest.found.Bars` counts them"""


@contextmanager
def noted(store: Store, job: Job, killers: Collection[Spot] = ()) -> Iterator[Bars]:
    """Bars the steps that are known to kill; at each the clock starts anew, and the note says which it is."""
    places = {(part.source, part.start): number for number, part in enumerate(job.slices)}
    note = place_of_note(store, job)
    note.parent.mkdir(parents=True, exist_ok=True)
    with open(note, "wb", buffering=0) as file:

        def bars(part: Slice, step: int) -> UnreadableError | None:
            spot = Spot(places[part.source, part.start], step)
            os.pwrite(file.fileno(), b"%d %d\n".ljust(WIDTH) % spot, 0)
            start_clock()
            return UnreadableError("worker-died", KILLED) if spot in killers else None

        try:
            yield bars
        finally:
            stop_clock()


def last_step(store: Store, job: Job) -> Spot | None:
    """The step over a job that was taken last; None before the first."""
    note = place_of_note(store, job)
    found = note.read_text().split() if note.exists() else []
    return Spot(int(found[0]), int(found[1])) if len(found) > 1 else None


def place_of_note(store: Store, job: Job) -> Path:
    """Where a job's note lies: among what a run sweeps away when all its parts are read."""
    name = repr((job.part, [(part.source, part.start) for part in job.slices]))
    return store.root / ".scratch-reading" / hashlib.sha256(name.encode()).hexdigest()[:16]


def alone(job: Job, spot: Spot) -> tuple[Job, Spot]:
    """The job that takes but one step of a job, and the step's place in it."""
    return Job(None, (job.slices[spot.number],)), spot._replace(number=0)
