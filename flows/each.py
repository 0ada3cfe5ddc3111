"""How steps are run: for every job one call, in our processes or a cluster's, plainly or under Prefect's eyes."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from flows.progress import told, watched
from flows.settings import RunSettings
from flows.workers import Job, Step, Workers


class Each(Protocol):
    """Runs a step for every job, and returns the results in the order of the jobs; `here`, in this process; `together`,
    under one task run, however many there are.

    A job that kills its worker twice has `Died` for a result.
    """

    def __call__(
        self, title: str, step: Step, jobs: Sequence[Job], here: bool = False, together: bool = False
    ) -> list[Any]:
        """The results of `step(*job)` for each job."""


class Engine(Protocol):
    """Whatever does the jobs; a context that ends what it started."""

    def __enter__(self) -> "Engine": ...

    def __exit__(self, *_: object) -> None: ...

    def each(self, step: Step, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        """Yields (place, result) of `step(*job)` for each job as they finish; `Died` for one that kills its workers."""


def engine(settings: RunSettings) -> Engine:
    """The engine that the settings ask for."""
    if settings.engine == "processes":
        return Workers(settings.workers, settings.limits())
    from flows.cluster import Cluster

    return Cluster(settings.address)


def plainly(workers: Engine) -> Each:
    """Runs the steps in worker processes, with nothing around them."""

    def each(title: str, step: Step, jobs: Sequence[Job], here: bool = False, together: bool = False) -> list[Any]:
        with watched(title, len(jobs)):
            return in_order(workers, title, step, jobs, here)

    return each


def in_order(workers: Engine, title: str, step: Step, jobs: Sequence[Job], here: bool = False) -> list[Any]:
    """The results of the jobs, in their order; says how far it is as they finish."""
    results: dict[int, Any] = {}
    for place, result in enumerate(step(*job) for job in jobs) if here else workers.each(step, jobs):
        results[place] = result
        told(title)
    return [results[place] for place in range(len(jobs))]
