"""The profile for PostgreSQL behind the server, as the guide to operating has it, on a real PostgreSQL."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from flows.server import embedded, free_port
from tests.conftest import SEEDS
from tests.flows.outside import PATIENCE, ask, copydesk

# PostgreSQL refuses to be run by root: there, its own user runs it.
WHO = {"user": "postgres"} if os.geteuid() == 0 else {}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]


@pytest.fixture(scope="module")
def postgres():
    """The URL of an empty database."""
    if not shutil.which("initdb"):
        pytest.skip("no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="copydesk-postgres-"))
    port = free_port()
    if WHO:
        shutil.chown(folder, **WHO)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **WHO}
    subprocess.run(["initdb", "-D", folder / "base", "-U", "copydesk", "-A", "trust", "--no-sync"], check=True, **quiet)
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    process = subprocess.Popen(["postgres", "-D", folder / "base", *options], **quiet)
    try:
        yield f"postgresql+asyncpg://copydesk@127.0.0.1:{port}/postgres"
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def test_a_server_on_postgresql_takes_runs(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", postgres)
    with embedded(tmp_path / "server") as server:
        server.wait(PATIENCE)
        monkeypatch.delenv("PREFECT_API_DATABASE_CONNECTION_URL")
        run = copydesk("run", SEEDS, "--data", tmp_path / "data", PREFECT_API_URL=server.url)
        try:
            code, _, err = run.end()
        finally:
            run.stop()
        assert (code, err) == (0, "")
        [told] = ask(server.url, "flow_runs/filter")
        assert told["state_type"] == "COMPLETED"
    assert not list((tmp_path / "server").glob("*.db"))
