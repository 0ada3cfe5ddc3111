"""The flow as Prefect runs it: a task run a part and stage group, named so that the run's page tells the story."""

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from prefect import State, Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows import artifacts
from flows.clean import held
from flows.each import Each, Engine, engine, in_order
from flows.front import REPORTS
from flows.history import clean_and_record
from flows.maintain import maintain
from flows.progress import watched
from flows.rebuild import rebuild
from flows.server import SERVED_BY, end_with_server
from flows.settings import Settings
from flows.summary import Summary
from flows.workers import Job, Step
from tasks.errors import BusyError, UnreachableError

# A run of a million documents has some 300 parts; FINDINGS: Prefect's server falls behind at hundreds of task runs.
TASK_RUNS_A_STAGE = 40
TURN = 3600  # seconds that a run waits for another to leave the data folder
UNCACHED: Any = {"cache_policy": NO_CACHE, "persist_result": False}


def run_name() -> str:
    """The name of a run: what it reads, and when."""
    names = ", ".join(Path(source).name for source in flow_run.parameters["sources"])
    return f"{names} on {flow_run.scheduled_start_time:%Y-%m-%d at %H:%M}"


def maintenance_name() -> str:
    """The name of a run that keeps house: where, and when."""
    name = Path(flow_run.parameters["data"]).resolve().name
    return f"{name} on {flow_run.scheduled_start_time:%Y-%m-%d at %H:%M}"


def is_passing(_: object, __: object, state: State[Any]) -> bool:
    """Whether a task failed on what may work the next time: input and output, but no file that is missing or closed."""
    wrong = state.result(raise_on_failure=False)
    return isinstance(wrong, OSError | UnreachableError) and not isinstance(wrong, FileNotFoundError | PermissionError)


DEFAULTS = Settings()
THREADS: Any = ThreadPoolTaskRunner(max_workers=4)


@flow(name="clean", flow_run_name=run_name, task_runner=THREADS, persist_result=False)
def clean_flow(sources: list[str], data: Path = Path("data"), settings: Settings = DEFAULTS) -> Summary:
    """Raw files in, published tables out: ingest, strip, extract, dedupe, group, publish.

    Args:
        sources: the files, folders and URLs of raw documents; what was read before and has not changed is passed by
        data: the folder of store and snapshots
        settings: a section a stage; what is not named keeps its default
    """
    end_with_server()
    await_turn(data)
    with engine(settings.run) as workers:
        summary, found = clean_and_record(sources, data, settings, as_tasks(workers))
    told = artifacts.of_run(summary, found, shown_at())
    create_markdown_artifact(told, key="summary", description="What the run did")
    if summary.warnings:
        unlike = "This run is not like the last ones"
        create_markdown_artifact(artifacts.of_warnings(summary), key="unusual", description=unlike)
        get_run_logger().warning("%s: %s", unlike, "; ".join(summary.warnings))
    return summary


def shown_at() -> str | None:
    """Where the server shows reports, if it is ours."""
    if SERVED_BY not in os.environ:
        return None
    return os.environ["PREFECT_API_URL"].removesuffix("/api") + REPORTS


def await_turn(data: Path) -> None:
    """Returns once no other run holds the data folder; raises BusyError where one does for an hour.

    A run by hand is told at once; one by schedule has nobody to tell.
    """
    deadline = time.monotonic() + TURN
    while True:
        try:
            with held(data):
                return
        except BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


@flow(name="maintain", flow_run_name=maintenance_name, persist_result=False)
def maintain_flow(data: Path = Path("data"), apply: bool = False, settings: Settings = DEFAULTS) -> None:
    """Finds what nobody needs any more in the data folder; removes it only where `apply` is set.

    Args:
        data: the folder of store and snapshots
        apply: remove what is found; without this, only say what would go
        settings: a section a stage; `publish.grace_hours` and `run.keep_runs` say what is old
    """
    end_with_server()
    await_turn(data)
    found = maintain(data, settings, time.time(), apply)
    told = artifacts.of_maintenance(found, data, apply)
    create_markdown_artifact(told, key="maintenance", description="What nobody needs any more")


@flow(name="rebuild", flow_run_name=run_name, task_runner=THREADS, persist_result=False)
def rebuild_flow(
    sources: list[str], data: Path = Path("data"), apply: bool = False, settings: Settings = DEFAULTS
) -> None:
    """Makes all tables anew from the raw files, compares them with those published; swaps only where `apply` is set.

    Args:
        sources: all files, folders and URLs that were ever cleaned into the data folder
        data: the folder of store and snapshots
        apply: publish the rebuilt tables; without this, only say what would change
        settings: a section a stage; what is not named keeps its default
    """
    end_with_server()
    await_turn(data)
    with engine(settings.run) as workers:
        found = rebuild(sources, data, settings, as_tasks(workers), apply)
    create_markdown_artifact(artifacts.of_rebuild(found), key="rebuild", description="What a rebuild changes")


RETRIED: Any = {"retries": 3, "retry_delay_seconds": [2, 10, 60], "retry_condition_fn": is_passing}


def as_tasks(workers: Engine) -> Each:
    """Runs the steps in worker processes, under task runs that each see to a share of the jobs."""

    def each(title: str, step: Step, jobs: Sequence[Job], here: bool = False, together: bool = False) -> list[Any]:
        parts = [jobs] if together else list(shares(jobs))
        futures = []
        for number, share in enumerate(parts, 1):
            name = title if len(parts) == 1 else f"{title}, share {number} of {len(parts)}"
            see_to = partial(in_order, workers, title, step, share, here)
            task = Task(see_to, name=title, task_run_name=name, **UNCACHED, **RETRIED)
            futures.append(task.submit())
        with watched(title, len(jobs)):
            return list(chain.from_iterable(future.result() for future in futures))

    return each


def shares(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """The jobs in at most 40 shares of neighbours."""
    size = -(-len(jobs) // TASK_RUNS_A_STAGE) or 1
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]
