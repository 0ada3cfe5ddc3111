"""The flow: raw files → ingest → strip → extract → dedupe → group → publish → Parquet.

`clean` is the pipeline as a plain function; `each` is how its steps are run, plainly or as Prefect tasks.
"""

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from flows import again, calls, compact, corpus, killers, parts
from flows.each import Each
from flows.progress import warned
from flows.settings import Settings
from flows.summary import Summary
from flows.workers import survived
from tasks import ingest, publish
from tasks.errors import BusyError, DamagedError, StoreError
from tasks.ingest import Document, Given, Input, Job
from tasks.publish import TABLES, Snapshot
from tasks.stage import Stage, table_name
from tasks.store import Store, unwritable

REPAIRS = 1_000  # files found damaged in one run; beyond that the disk is at fault, not the files


def clean(sources: Sequence[Given], data: Path, settings: Settings, each: Each) -> Summary:
    """Cleans the documents under the sources into the tables under `data`, and publishes them.

    Raises UsageError for a source that does not exist, BusyError where another run holds the data folder.
    """
    began, before = time.perf_counter(), publish.current(data)
    store = Store(data / "store")
    with held(data):
        for _ in range(REPAIRS):
            try:
                snapshot, new_parts = published(sources, data, store, settings, each)
                break
            except DamagedError as damaged:
                mend(store, damaged)
        else:
            raise StoreError(f"{store.root}: {REPAIRS} files were damaged; have the disk looked at")
        publish.clear_old(data, time.time() - settings.publish.grace_hours * 3600)
        elsewhere = sent(snapshot, settings, each)
    done = summary(snapshot, new_parts, time.perf_counter() - began)._replace(elsewhere=elsewhere)
    return done._replace(again=again.outcome(store, before, snapshot.path)) if settings.run.quarantined else done


def published(
    sources: Sequence[Given], data: Path, store: Store, settings: Settings, each: Each
) -> tuple[Snapshot, int]:
    """The snapshot of a run, and how many parts were read for it.

    Raises DamagedError for a part that cannot be read any more: without it, the next try makes it anew.
    """
    compact.settle(store)
    if settings.run.quarantined:
        again.reopen(store)
    jobs = ingest.plan(sources, store, settings.ingest)
    if settings.run.settle_seconds:
        jobs = list(settled(jobs, time.time() - settings.run.settle_seconds))
    killers.read(each, store, jobs, settings)
    names = store.parts(ingest.STAGE, Input)
    store.sweep(corpus.STAGES, names)
    killers.clean(each, "label", store, names, settings, parts.FIRST)
    see_all(each, corpus.LEARN, store, settings)
    killers.clean(each, "strip and extract", store, names, settings, parts.OTHERS)
    for hall in corpus.BEHIND:
        see_all(each, hall, store, settings)
    unpublished = [part for part in names if any(parts.uncomposed(store, part, settings))]
    survived(each("compose", parts.compose, [(store, part, settings) for part in unpublished]))
    [snapshot] = each("publish", swing, [(store, data)], True)
    return snapshot, len(jobs)


def see_all(each: Each, hall: corpus.Hall, store: Store, settings: Settings) -> None:
    """Makes a stage that sees every part, where it is not made from what it would be made from now.

    One job does; where there is much to do and it can be done in partitions, these are jobs, and the rest is done here.
    """
    if corpus.is_made(hall, store, settings):
        return
    if corpus.is_large(hall, store):
        corpus.make(hall, store, settings, calls.over(each, hall.title, store.root / corpus.SCRATCH / "calls"))
    else:
        survived(each(hall.title, corpus.make, [(hall, store, settings)]))


def settled(jobs: Sequence[Job], before: float) -> Iterator[Job]:
    """The jobs without new files that were changed later: those may still be written to, and wait for the next run.

    Files whose bytes a part holds already are no such files, whatever their time says.
    """
    for job in jobs:
        if job.part is not None:
            yield job
        elif whole := tuple(part for part in job.slices if int(part.stamp.split(":")[1]) <= before * 10**9):
            yield job._replace(slices=whole)


def mend(store: Store, damaged: DamagedError) -> None:
    """Removes a damaged file, and says so.

    Of what ingest wrote, documents and inputs stand or fall together: a part of inputs only would never be read again.
    """
    path = Path(damaged.path)
    warned(f"{damaged}; it is made anew")
    if path.parent.parent.name == ingest.STAGE.name and path.parent.name in map(table_name, (Document, Input)):
        warned("documents of that part whose raw files are gone cannot be read again, and are lost")
        store.remove(ingest.STAGE, path.stem)
    store.discard(path)


def swing(store: Store, data: Path) -> Snapshot:
    """Publishes what the rooms have written."""
    owners: dict[type, Stage] = {row: stage for stage in publish.OWNERS for row in stage.writes}
    files: dict[type, list[Path]] = {row: store.paths(owners[row], row) for row in TABLES}
    return publish.publish_snapshot(data, files, partial(publish.books, store))


def sent(snapshot: Snapshot, settings: Settings, each: Each) -> str | None:
    """Publishes a snapshot under a URL too, and returns it as it may be shown; None where none is set."""
    url, grace = settings.publish.to, settings.publish.grace_hours * 3600
    if not url:
        return None
    shown = publish.destination(url).shown
    each("publish elsewhere", publish.send, [(snapshot.path, url, time.time(), grace)], True)
    return shown


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
    """Holds the data folder for one run; the lock dies with its holder.

    Raises BusyError where another run has it, StoreError where the disk fails that it lies on.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with open(data / ".lock", "a") as lock:
            hold(lock, data)
            yield
    except OSError as wrong:
        raise unwritable(Path(wrong.filename or data), wrong) from wrong


def hold(lock: TextIO, data: Path) -> None:
    """Locks a file until it is closed; raises BusyError where somebody else has."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BusyError(f"{data}: another run is publishing into this folder; wait for it, or use --data") from None
