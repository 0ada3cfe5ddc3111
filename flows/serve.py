"""The scheduled flows and their UI on this machine: server, schedule and worker in one command, ended together."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from flows.front import RUNS
from flows.server import HOST, QUIET, SERVED_BY, api_of, embedded
from flows.settings import Settings
from tasks.errors import ServerError, UsageError
from tasks.ingest import Given, absolute, distinct

WEEKLY = "0 12 * * 0"


def serve(sources: Sequence[Given], data: Path, settings: Settings, cron: str, port: int) -> None:
    """Runs the flows by their schedules, and the server with its UI, until stopped.

    A run that is still going when the next one is due is not doubled. Raises UsageError for a port in use, a cron
    line that says nothing, or a source that does not exist.
    """
    distinct(sources)
    check_free(port)
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    os.environ[SERVED_BY] = str(os.getpid())
    ui = {
        "PREFECT_UI_ENABLED": "true",
        "PREFECT_SERVER_UI_API_URL": api_of(port),
        RUNS: str((data / "runs").resolve()),
    }
    with embedded(data / "prefect", port, ui) as server:
        os.environ.update(PREFECT_API_URL=server.url, PREFECT_HOME=str((data / "prefect").resolve()))
        import prefect

        with until_stopped():
            served = deployments([absolute(source) for source in sources], data.resolve(), settings, cron)
            server.wait(settings.run.startup_seconds)
            bury_the_dead()
            print(f"the UI is at http://{HOST}:{port}; stop with Ctrl-C", file=sys.stderr, flush=True)
            keep_serving(partial(prefect.serve, *served, pause_on_shutdown=False, print_starting_message=False))
    print("stopped; the next run goes on from here", file=sys.stderr, flush=True)
    os._exit(0)  # Prefect's thread is still there, and would tell at length that its server is gone


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ends what it holds on Ctrl-C and SIGTERM."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    with suppress(KeyboardInterrupt):
        yield


def keep_serving(serve_all: Callable[[], None]) -> None:
    """Serves for as long as nobody stops it; raises ServerError where serving ends by itself.

    In a thread of its own: in the main thread Prefect answers SIGTERM itself, and goes on where that met a run that
    was about to start.
    """
    thread = threading.Thread(target=serve_all, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(1)
    raise ServerError("the schedule is not served any more; the words above say why")


def bury_the_dead() -> None:
    """Marks the served runs as Crashed that were going on when the server last ended.

    They ended with it, but hold the one place that a deployment has: every later run would be cancelled.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    going_on = FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=going_on))):
            if run.deployment_id:
                client.set_flow_run_state(run.id, Crashed(message="It ended with what served it; the next goes on"))


def check_free(port: int) -> None:
    """Raises UsageError where somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as wrong:
            told = f"--port {port}: cannot be listened on ({wrong.strerror})"
            raise UsageError(f"{told}; is copydesk being served already? Choose another") from None


def deployments(sources: Sequence[Given], data: Path, settings: Settings, cron: str) -> list[Any]:
    """The three flows as they are served: one by the schedule given, one weekly, one when asked for."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

    from flows.schedule import clean_flow, maintain_flow, rebuild_flow

    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    where = {"data": str(data), "settings": settings.model_dump(mode="json")}
    read = {**where, "sources": [str(path) for path in sources]}
    try:
        return [
            clean_flow.to_deployment("nightly", cron=cron, parameters=read, concurrency_limit=one),
            maintain_flow.to_deployment("weekly", cron=WEEKLY, parameters=where, concurrency_limit=one),
            rebuild_flow.to_deployment("by-hand", parameters=read, concurrency_limit=one),
        ]
    except ValueError as wrong:
        raise UsageError(f"--cron {cron!r}: {wrong}") from None
