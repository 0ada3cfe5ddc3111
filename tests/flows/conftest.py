"""A real Prefect server, one a session, and the runs that left what it goes on with.

The runs share one data folder, in this order: one that is killed, one that goes on where it stopped under the embedded
server, and then whatever runs under the server that is started on what they left.
"""

import json
import os
import signal

import pytest

from flows.server import embedded, free_port
from tests.conftest import SEEDS
from tests.flows.outside import PATIENCE, copydesk, within


@pytest.fixture(scope="session")
def run_data(tmp_path_factory):
    return tmp_path_factory.mktemp("scheduled") / "data"


@pytest.fixture(scope="session")
def killed_run(run_data):
    """A run that was killed while a worker was at it, and the processes that it had."""
    run = copydesk("run", SEEDS, "--data", run_data, "--run.workers", 2, "--run.startup_seconds", PATIENCE)
    try:
        assert within(PATIENCE, lambda: len(run.processes("forkserver")) > 1 or run.process.poll() is not None)
        assert run.process.poll() is None, run.end()
        server = set(run.processes("flows.command")) - {run.process.pid}
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait()
        yield server, within(10, lambda: not run.processes())
    finally:
        run.stop()


@pytest.fixture(scope="session")
def next_run(run_data, killed_run):
    """The run after it: exit code, closing table, error output, and the processes that are left."""
    again = copydesk("run", SEEDS, "--data", run_data, "--json", "--run.startup_seconds", PATIENCE)
    try:
        code, out, err = again.end()
        yield code, json.loads(out or "{}"), err, again.processes()
    finally:
        again.stop()


@pytest.fixture(scope="session")
def prefect_url(run_data, next_run):
    """The API of a server, with its UI, that goes on with what the run left."""
    port = free_port()
    ui = {"PREFECT_UI_ENABLED": "true", "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api"}
    with embedded(run_data / "prefect", port, ui) as server:
        server.wait(PATIENCE)
        yield server.url
