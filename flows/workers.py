"""Worker processes that we own: started anew, without Prefect, gone when their parent is.

A step travels to a worker as a module's function and small arguments; what comes back is small too. A worker that
dies (a crash in a library, the out-of-memory killer) breaks its pool: the pool is made anew and what was not
finished is done again.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from tasks.errors import CopydeskError

TRIES = 3
Step = Callable[..., Any]
Job = tuple[Any, ...]


class Workers:
    """A pool of worker processes, made when first needed and again when it breaks."""

    def __init__(self, count: int) -> None:
        self.count = count or os.cpu_count() or 1
        self.pool: ProcessPoolExecutor | None = None
        self.size = 0
        self.lock = threading.Lock()
        # The kernel closes our end when we end, even by kill -9, and that ends the workers.
        self.lifeline, self.held_end = multiprocessing.Pipe(duplex=False)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def each(self, step: Step, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        """Yields (place, result) of `step(*job)` for each job, as they finish.

        Raises CopydeskError where a job killed its worker time and again.
        """
        if self.count == 1:
            yield from ((place, step(*job)) for place, job in enumerate(jobs))
            return
        left = dict(enumerate(jobs))
        for _ in range(TRIES):
            if not left:
                return
            pool = self.ready(min(self.count, len(left)))
            futures: dict[Future[Any], int] = {pool.submit(step, *job): place for place, job in left.items()}
            try:
                for future in as_completed(futures):
                    yield futures[future], future.result()
                    del left[futures[future]]
            except BrokenProcessPool:
                self.drop(pool)
        if left:
            dead = f"a worker process died {TRIES} times over {len(left)} jobs"
            raise CopydeskError(f"{step.__name__}: {dead}; is memory short?")

    def ready(self, wanted: int) -> ProcessPoolExecutor:
        """A pool of at least that many processes: a process costs a second of imports, so none is started in vain."""
        with self.lock:
            if self.pool is None or self.size < wanted:
                if self.pool is not None:
                    self.pool.shutdown(wait=False)
                spawn = multiprocessing.get_context("spawn")
                self.size = wanted
                self.pool = ProcessPoolExecutor(wanted, spawn, initializer=end_with, initargs=(self.lifeline,))
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


def end_with(lifeline: Connection) -> None:
    """Makes this process end as soon as the other end of its lifeline closes, however its holder ended."""

    def wait_for_the_end() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
