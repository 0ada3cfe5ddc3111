"""The workers of a Dask cluster in place of our own: the same steps, the same jobs, the same files.

Scheduler and workers are somebody else's; they need copydesk installed and see the same folders under the same paths.
Dask itself gives the job of a worker that died to another one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from flows.workers import Died, Job, Step
from tasks.errors import UsageError

SECONDS_TO_ANSWER = 15


class Cluster:
    """The workers behind a Dask scheduler. Raises UsageError where none answers, or where they would run threads."""

    def __init__(self, address: str) -> None:
        if not address:
            raise UsageError("run.address: give the address of the Dask scheduler, such as tcp://10.0.0.1:8786")
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("run.engine: dask is not installed; install copydesk[dask]") from None
        try:
            self.client = Client(address, timeout=SECONDS_TO_ANSWER)
        except (OSError, ValueError) as wrong:
            raise UsageError(f"run.address: no Dask scheduler answers at {address} ({wrong})") from None
        self.check_threads()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def check_threads(self) -> None:
        """Raises UsageError for workers of several threads: our libraries are not all safe in them, nor faster."""
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        if any(worker["nthreads"] > 1 for worker in workers):
            raise UsageError("run.address: this cluster's workers run threads; start them with --nthreads 1")

    def each(self, step: Step, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        """Yields (place, result) of `step(*job)` for each job as they finish; `Died` for one that kills its workers."""
        from distributed import KilledWorker, as_completed

        places = {self.client.submit(step, *job, pure=False): place for place, job in enumerate(jobs)}
        for future in as_completed(places):
            try:
                yield places[future], future.result()
            except KilledWorker:
                yield places[future], Died(step.__name__)
