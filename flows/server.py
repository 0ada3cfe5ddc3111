"""The embedded Prefect server: one process that we own, and that is gone when its parent is.

Prefect's own temporary server lives on as an orphan when its parent is killed. This one waits for the end of its
parent, which the kernel tells it. For a single run it is a copy of the run's process: what Prefect imports for its
flows is half of what it imports for its server.
"""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from flows.journal import NAME
from flows.lean import uncollected
from tasks.errors import ServerError

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
SERVED_BY = "COPYDESK_SERVED_BY"  # in the environment of a served run: the process that serves it
# What a run does stands in its log in the UI; a terminal sees no more of it than warnings.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "INFO",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
    "PREFECT_LOGGING_EXTRA_LOGGERS": NAME,
}
# A server for one run alone does what that needs: no UI, no schedules to watch, no blocks for a UI to show. What comes
# of its task runs is written down fifty states at a time, or after five seconds: one by one takes twice as long.
BRIEF = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
}
ANEW: type[BaseProcess] = multiprocessing.get_context("spawn").Process
# Elsewhere the libraries of the system may not be copied with a process that has loaded them.
COPIED = multiprocessing.get_context("fork").Process if sys.platform == "linux" else ANEW


class Server(NamedTuple):
    """A server that was started, and may not answer yet."""

    url: str
    log: Path
    process: BaseProcess

    def wait(self, timeout: float) -> None:
        """Returns once the server answers; raises ServerError, with where its words are, if it does not in time."""
        deadline = time.monotonic() + timeout
        while not answers(self.url):
            if self.process.exitcode is not None:
                raise ServerError(f"the Prefect server ended with code {self.process.exitcode}; {advice(self.log)}")
            if time.monotonic() > deadline:
                raise ServerError(f"the Prefect server did not answer within {timeout:.0f} s; {advice(self.log)}")
            time.sleep(0.1)


def advice(log: Path) -> str:
    """What the person can do about a server that does not start."""
    return f"its words are in {log}. Set PREFECT_API_URL to use another server, or run with --run.prefect off"


def answers(url: str) -> bool:
    """Whether a Prefect server answers under the URL of an API."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def embedded(
    home: Path, port: int = 0, more: Mapping[str, str] = BRIEF, made: type[BaseProcess] = ANEW
) -> Iterator[Server]:
    """A server on this machine for as long as the context lasts, its state kept in `home`; it may not answer yet.

    It serves one run, unless `more` of the environment says otherwise. `COPIED` of this process it takes what this has
    imported, and the settings with which Prefect was.
    """
    port = port or free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    environment = {**QUIET, "PREFECT_HOME": str(home.resolve()), **more}
    process = made(target=serve, args=(port, log, environment), daemon=True)
    process.start()
    try:
        yield Server(api_of(port), log, process)
    finally:
        process.terminate()
        process.join(30)  # what it has yet to write down is not lost on a busy machine
        process.kill()
        process.join()


def api_of(port: int) -> str:
    """The URL of the API of a server on this machine."""
    return f"http://{HOST}:{port}/api"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def serve(port: int, log: Path, environment: Mapping[str, str]) -> None:
    """Runs the server in this process, of which it is all that is done, until the parent ends or ends it."""
    os.environ.update(environment)
    with open(log, "wb") as words:
        for stream in (1, 2):
            os.dup2(words.fileno(), stream)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with uncollected():
        import uvicorn
        from prefect.settings import PREFECT_API_DATABASE_MIGRATE_ON_START, temporary_settings

        from flows.blank import blank_database
        from flows.front import create_app

        is_blank, app = blank_database(), create_app()
    with temporary_settings({PREFECT_API_DATABASE_MIGRATE_ON_START: False} if is_blank else {}):
        uvicorn.run(app, host=HOST, port=port, log_level="error")


def end_with_parent() -> None:
    """Ends this process when its parent does, however that ended."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def end_with_server() -> None:
    """Makes this process end when `copydesk serve` does, if that is what it runs under, however that ended.

    On Linux the kernel sees to it: a thread of ours waits while a library keeps the interpreter to itself.
    """
    if served_by := os.environ.get(SERVED_BY):
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        threading.Thread(target=end_without, args=(int(served_by), os.getppid()), daemon=True).start()


def end_without(server: int, parent: int) -> None:
    """Ends this process once the process that serves it is gone, or its own parent is."""
    with suppress(ProcessLookupError):
        while os.getppid() == parent:
            os.kill(server, 0)
            time.sleep(1)
    os._exit(1)
