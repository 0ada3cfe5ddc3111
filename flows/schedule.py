"""The flow as Prefect runs it: a task run a part and stage group, named so that the run's page tells the story."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from prefect import Task, flow
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.clean import clean
from flows.each import Each, Engine, engine, in_order
from flows.settings import Settings
from flows.summary import Summary, as_markdown
from flows.workers import Job, Step

# A run of a million documents has some 300 parts; FINDINGS: Prefect's server falls behind at hundreds of task runs.
TASK_RUNS_A_STAGE = 40


def run_name() -> str:
    """The name of a run: what it reads, and when."""
    names = ", ".join(Path(source).name for source in flow_run.parameters["sources"])
    return f"{names} on {flow_run.scheduled_start_time:%Y-%m-%d at %H:%M}"


THREADS: Any = ThreadPoolTaskRunner(max_workers=4)


@flow(name="clean", flow_run_name=run_name, task_runner=THREADS, persist_result=False)
def clean_flow(sources: list[Path], data: Path = Path("data"), settings: Settings = Settings()) -> Summary:  # noqa: B008  # frozen
    """Raw files in, published tables out: ingest, strip, extract, dedupe, group, publish."""
    with engine(settings.run) as workers:
        summary = clean(sources, data, settings, as_tasks(workers))
    create_markdown_artifact(as_markdown(summary), key="summary", description="What the run did")
    return summary


def as_tasks(workers: Engine) -> Each:
    """Runs the steps in worker processes, under task runs that each see to a share of the jobs."""

    def each(title: str, step: Step, jobs: Sequence[Job], here: bool = False) -> list[Any]:
        parts = list(shares(jobs))
        futures = []
        for number, share in enumerate(parts, 1):
            name = title if len(parts) == 1 else f"{title}, share {number} of {len(parts)}"
            see_to = partial(in_order, workers, title, step, share, here)
            futures.append(
                Task(see_to, name=title, task_run_name=name, cache_policy=NO_CACHE, persist_result=False).submit()
            )
        return list(chain.from_iterable(future.result() for future in futures))

    return each


def shares(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """The jobs in at most 40 shares of neighbours."""
    size = -(-len(jobs) // TASK_RUNS_A_STAGE) or 1
    for start in range(0, len(jobs), size):
        yield jobs[start : start + size]
