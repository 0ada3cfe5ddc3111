"""The flow: raw files → ingest → strip → extract → dedupe → group → publish → Parquet.

`clean` is the pipeline as a plain function; `each` is how its steps are run, plainly or as Prefect tasks.
"""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from flows import corpus, parts
from flows.progress import told
from flows.settings import Settings
from flows.summary import Summary
from flows.workers import Job, Step, Workers
from tasks import ingest, publish
from tasks.errors import BusyError
from tasks.ingest import Document
from tasks.publish import TABLES, Snapshot
from tasks.stage import Stage
from tasks.store import Store


class Each(Protocol):
    """Runs a step for every job, and returns the results in the order of the jobs; `here`, in this process."""

    def __call__(self, title: str, step: Step, jobs: Sequence[Job], here: bool = False) -> list[Any]:
        """The results of `step(*job)` for each job."""


def clean(sources: Sequence[Path], data: Path, settings: Settings, each: Each) -> Summary:
    """Cleans the documents under the sources into the tables under `data`, and publishes them.

    Raises UsageError for a source that does not exist, BusyError where another run holds the data folder.
    """
    began = time.perf_counter()
    store = Store(data / "store")
    with held(data):
        jobs = ingest.plan(sources, store, settings.ingest)
        each("ingest", parts.read, [(store, job, settings) for job in jobs])
        names = store.parts(ingest.STAGE, Document)
        stale = [part for part in names if not parts.is_clean(store, part, settings)]
        each("strip and extract", parts.clean, [(store, part, settings) for part in stale])
        for title, hall in (("dedupe", corpus.DEDUPE), ("group", corpus.GROUP), ("count copies", corpus.TALLY)):
            if not corpus.is_made(hall, store, settings):
                each(title, corpus.make, [(hall, store, settings)])
        unpublished = [part for part in names if not parts.is_composed(store, part, settings)]
        each("compose", parts.compose, [(store, part, settings) for part in unpublished])
        [snapshot] = each("publish", swing, [(store, data)], True)
        publish.clear_old(data, time.time() - settings.publish.grace_hours * 3600)
    return summary(snapshot, len(jobs), time.perf_counter() - began)


def swing(store: Store, data: Path) -> Snapshot:
    """Publishes what the rooms have written."""
    owners: dict[type, Stage] = {row: stage for stage in publish.OWNERS for row in stage.writes}
    return publish.publish_snapshot(data, {row: store.paths(owners[row], row) for row in TABLES})


def summary(snapshot: Snapshot, new_parts: int, seconds: float) -> Summary:
    """The closing table of a snapshot: every document is an article, a copy or in quarantine."""
    rows = snapshot.manifest["rows"]
    copies = rows["documents"] - rows["articles"] - rows["quarantine"]
    return Summary(
        rows["documents"],
        rows["articles"],
        copies,
        rows["stories"],
        rows["quarantine"],
        new_parts,
        seconds,
        snapshot.path,
        snapshot.is_new,
    )


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Holds the data folder for one run; the lock dies with its holder. Raises BusyError where another run has it."""
    data.mkdir(parents=True, exist_ok=True)
    with open(data / ".lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"{data}: another run is publishing into this folder; wait for it, or use --data") from None
        yield


def plainly(workers: Workers) -> Each:
    """Runs the steps in worker processes, with nothing around them."""
    return partial(in_order, workers)


def in_order(workers: Workers, title: str, step: Step, jobs: Sequence[Job], here: bool = False) -> list[Any]:
    """The results of the jobs, in their order; says how far it is as they finish."""
    results: dict[int, Any] = {}
    for place, result in enumerate(step(*job) for job in jobs) if here else workers.each(step, jobs):
        results[place] = result
        told(title, len(results), len(jobs))
    return [results[place] for place in range(len(jobs))]
