"""What a command takes: wall and processor time, and memory, with all the processes that it starts."""

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PR_SET_CHILD_SUBREAPER = 36


class Measure(NamedTuple):
    """What a command took: wall and processor seconds, peak megabytes of its largest process and of all at once.

    `around` are the processor seconds of all processes but the workers and what they are forked from.
    """

    code: int
    wall: float
    cpu: float
    largest: float
    together: float
    around: float


class Process(NamedTuple):
    """What a process of a session holds, in megabytes, and has taken of processor time, in seconds."""

    megabytes: float
    seconds: float
    is_worker: bool


def measured(command: Sequence[str]) -> Measure:
    """What a command takes, its children and theirs included, whoever ends first."""
    # Workers outlive the process that forked them by a moment; as orphans they come to us, and so does their time.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    peaks, around = [0.0, 0.0], dict[Path, float]()
    watcher = threading.Thread(target=watch, args=(process, peaks, around), daemon=True)
    watcher.start()
    code = process.wait()
    wall = time.perf_counter() - began
    watcher.join()
    wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    largest, together = peaks
    return Measure(code, wall, cpu, largest, together, sum(around.values()))


def wait_for_orphans() -> None:
    """Returns once every process is gone that came to us."""
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


def watch(process: "subprocess.Popen[bytes]", peaks: list[float], around: dict[Path, float]) -> None:
    """Notes the peaks of memory of a session while its leader runs, and what each that is no worker has taken."""
    while process.poll() is None:
        found = {pid: one for pid in Path("/proc").glob("[0-9]*") if (one := seen(pid, process.pid))}
        sizes = [one.megabytes for one in found.values()]
        peaks[:] = max(peaks[0], max(sizes, default=0)), max(peaks[1], sum(sizes))
        around.update((pid, one.seconds) for pid, one in found.items() if not one.is_worker)
        time.sleep(0.2)


def seen(process: Path, session: int) -> Process | None:
    """What a process of the session holds and has taken; None for any other, and for one that has ended."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        if int(fields[3]) != session or fields[0] == "Z":
            return None
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        size = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        return Process(size, seconds, b"forkserver" in (process / "cmdline").read_bytes())
    except OSError:
        return None
