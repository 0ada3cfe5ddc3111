"""What a worker process may take: memory, and time over one document.

Imposed once, when a worker starts; a process that is no worker is not limited. Beyond its memory a worker meets a
MemoryError, which the wall in `parts` turns into a quarantine row. Beyond its time it is killed by the kernel, even in
the middle of a C function that never looks up; `workers` and `killers` see to the rest.
"""

import resource
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple


class Limits(NamedTuple):
    """How much a worker may take; 0 for no limit."""

    memory_mb: int = 0
    document_seconds: int = 0


imposed: list[Limits] = []


def impose(limits: Limits) -> None:
    """Limits this process for the rest of its life."""
    imposed.append(limits)
    if limits.memory_mb:
        size = limits.memory_mb * 2**20
        with suppress(ValueError, OSError):  # a stricter limit stands already, or the system knows none
            resource.setrlimit(resource.RLIMIT_DATA, (size, resource.getrlimit(resource.RLIMIT_DATA)[1]))


class Timed(list[Any]):
    """Documents that start the clock anew as they are taken up, one by one."""

    def __iter__(self) -> Iterator[Any]:
        for document in super().__iter__():
            start_clock()
            yield document


def start_clock() -> None:
    """Gives this worker, from now, the processor time that one document may take."""
    if imposed:
        signal.setitimer(signal.ITIMER_PROF, imposed[-1].document_seconds)


def stop_clock() -> None:
    """Takes the limit of time away until the next document."""
    if imposed:
        signal.setitimer(signal.ITIMER_PROF, 0)
