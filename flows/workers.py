"""Worker processes that we own: without Prefect, gone when their parent is.

They are forked from a process that did nothing but import what they need (`flows.warm`): one import serves them all,
and is under way while this process still imports its own. A step travels to a worker as a module's function and small
arguments; what comes back is small too. A worker that dies (a crash in a library, the out-of-memory killer, a document
that takes for ever) breaks its pool, and with it all jobs under way. Each of those is then done again alone; the one
that kills its worker there too is told by `Died`.
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from flows.limits import Limits, impose
from tasks.errors import CopydeskError

FORKS = multiprocessing.get_context("forkserver")

Step = Callable[..., Any]
Job = tuple[Any, ...]


class Died(NamedTuple):
    """In place of a result: the job killed its worker twice, the second time with no other job about."""

    step: str


class Workers:
    """A pool of worker processes, made when first needed and again when it breaks. A count of 1 is this process."""

    def __init__(self, count: int, limits: Limits = Limits()) -> None:  # noqa: B008  # never changed
        self.count = count or os.cpu_count() or 1
        self.limits = limits
        self.pool: ProcessPoolExecutor | None = None
        self.lock, self.one_by_one = threading.Lock(), threading.Lock()
        # The kernel closes our end when we end, even by kill -9, and that ends the workers.
        self.lifeline, self.held_end = multiprocessing.Pipe(duplex=False)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def each(self, step: Step, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        """Yields (place, result) of `step(*job)` for each job, as they finish; `Died` for one that kills its worker."""
        if self.count == 1:
            yield from ((place, step(*job)) for place, job in enumerate(jobs))
            return
        waiting = deque(range(len(jobs)))
        while waiting:
            pool, running = self.ready(), dict[Future[Any], int]()
            try:
                while waiting or running:
                    while waiting and len(running) < self.count:
                        future = pool.submit(step, *jobs[waiting[0]])
                        running[future] = waiting.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        yield running[future], future.result()
                        del running[future]
            except BrokenProcessPool:
                self.drop(pool)
                for place in running.values():
                    yield place, self.alone(step, jobs[place])

    def alone(self, step: Step, job: Job) -> Any:
        """The result of a job in a process of its own; `Died` where it kills that one too."""
        with self.one_by_one, self.started(1) as pool:
            try:
                return pool.submit(step, *job).result()
            except BrokenProcessPool:
                return Died(step.__name__)

    def started(self, count: int) -> ProcessPoolExecutor:
        """A pool of at most so many processes; each starts when there is a job for it."""
        prepare()
        return ProcessPoolExecutor(count, FORKS, initializer=begin, initargs=(self.lifeline, self.limits))

    def ready(self) -> ProcessPoolExecutor:
        """The pool."""
        with self.lock:
            if self.pool is None:
                self.pool = self.started(self.count)
            return self.pool

    def drop(self, broken: ProcessPoolExecutor) -> None:
        """Forgets a broken pool, so that the next job starts another."""
        with self.lock:
            broken.shutdown(wait=False, cancel_futures=True)
            if self.pool is broken:
                self.pool = None

    def close(self) -> None:
        """Ends the processes."""
        with self.lock:
            if self.pool is not None:
                self.pool.shutdown(cancel_futures=True)
                self.pool = None


def prepare() -> None:
    """Starts, if it is not there yet, the process that workers are forked from; returns while it still imports."""
    FORKS.set_forkserver_preload(["flows.warm"])
    forkserver.ensure_running()


def survived(results: Sequence[Any]) -> Sequence[Any]:
    """The results; raises CopydeskError where a job killed its workers."""
    dead = [result for result in results if isinstance(result, Died)]
    if dead:
        raise too_deadly(dead, len(results))
    return results


def too_deadly(dead: Sequence[Died], of: int) -> CopydeskError:
    """The error of jobs that killed their workers, though no document alone is known to."""
    told = f"{dead[0].step}: {len(dead)} of {of} jobs killed their worker twice"
    return CopydeskError(f"{told}; is memory short? Lower --ingest.part_bytes, or --run.workers")


def begin(lifeline: Connection, limits: Limits) -> None:
    """What a worker does first."""
    end_with(lifeline)
    impose(limits)


def end_with(lifeline: Connection) -> None:
    """Makes this process end as soon as the other end of its lifeline closes, however its holder ended."""

    def wait_for_the_end() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
