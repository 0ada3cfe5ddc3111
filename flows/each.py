"""How steps are run: for every job one call, in worker processes, plainly or under Prefect's eyes."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from flows.progress import told
from flows.workers import Job, Step, Workers


class Each(Protocol):
    """Runs a step for every job, and returns the results in the order of the jobs; `here`, in this process.

    A job that kills its worker twice has `Died` for a result.
    """

    def __call__(self, title: str, step: Step, jobs: Sequence[Job], here: bool = False) -> list[Any]:
        """The results of `step(*job)` for each job."""


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
