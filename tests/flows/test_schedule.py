"""A run under a real Prefect server: what its page tells, how it ends, and that nothing lives on after it.

The runs share one data folder, in this order: one that is killed, one that goes on where it stopped under the embedded
server, and then whatever runs under the server that is started on what they left.
"""

import json
import os
import signal

import pytest

from flows.clean import held
from flows.server import embedded
from tests.conftest import SEEDS
from tests.flows.outside import PATIENCE, ask, copydesk, within
from tests.flows.test_clean import content


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("scheduled") / "data"


@pytest.fixture(scope="module")
def killed(data):
    """A run that was killed while a worker was at it, and the processes that it had."""
    run = copydesk("run", SEEDS, "--data", data, "--run.workers", 2)
    try:
        assert within(PATIENCE, lambda: run.processes("spawn_main")), "no worker was ever started"
        server = run.processes("flows.server")
        os.kill(run.process.pid, signal.SIGKILL)
        run.process.wait()
        yield server, within(10, lambda: not run.processes())
    finally:
        run.stop()


@pytest.fixture(scope="module")
def run(data, killed):
    """The run after it: exit code, closing table, error output, and the processes that are left."""
    again = copydesk("run", SEEDS, "--data", data, "--json")
    try:
        code, out, err = again.end()
        yield code, json.loads(out or "{}"), err, again.processes()
    finally:
        again.stop()


@pytest.fixture(scope="module")
def url(data, run):
    """The API of a server that goes on with what the run left."""
    with embedded(data / "prefect") as server:
        server.wait(PATIENCE)
        yield server.url


@pytest.fixture(scope="module")
def page(url):
    """What the server knows of the run."""
    [told] = ask(url, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
    return told


def test_a_killed_run_leaves_no_server_and_no_worker(killed):
    server, nothing_is_left = killed
    assert server and nothing_is_left


def test_a_run_after_a_killed_one_publishes_and_leaves_no_process(run):
    code, summary, err, left = run
    assert (code, err, left) == (0, "", [])
    assert (summary["documents"], summary["articles"], summary["stories"]) == (5, 5, 4)


def test_a_run_under_prefect_makes_the_bytes_of_a_plain_one(run, data, seeds_data):
    assert content(data) == content(seeds_data)


def test_a_run_is_named_by_what_it_reads_and_when(page):
    assert page["name"].startswith("seeds on 20")


def test_the_task_runs_tell_the_story(url, page):
    tasks = ask(url, "task_runs/filter", {"flow_runs": {"id": {"any_": [page["id"]]}}, "sort": "END_TIME_DESC"})
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    names = [task["name"] for task in sorted(tasks, key=lambda task: task["start_time"])]
    assert names[-4:] == ["group", "count copies", "compose", "publish"]


def test_the_closing_table_is_an_artifact_of_the_run(url, page, run):
    [artifact] = ask(url, "artifacts/filter", {"artifacts": {"key": {"any_": ["summary"]}}})
    assert artifact["flow_run_id"] == page["id"]
    assert "| articles | 5 |" in artifact["data"]


def test_the_server_of_the_environment_is_used_and_none_is_started(url, data):
    run = copydesk("run", SEEDS, "--data", data, PREFECT_API_URL=url)
    try:
        code, out, err = run.end()
        assert (code, err) == (0, ""), out
        assert "nothing changed" in out
    finally:
        run.stop()
    assert len(ask(url, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})) == 2


def test_a_server_that_does_not_answer_is_told_in_one_line(tmp_path):
    url = "http://127.0.0.1:9/api"
    run = copydesk("run", SEEDS, "--data", tmp_path, PREFECT_API_URL=url)
    try:
        code, out, err = run.end()
    finally:
        run.stop()
    assert (code, out) == (1, "")
    assert err.startswith(f"copydesk: {url}: no Prefect server answers") and err.count("\n") == 1


def test_a_server_that_does_not_start_is_told_in_one_line(tmp_path):
    run = copydesk("run", SEEDS, "--data", tmp_path, PREFECT_API_DATABASE_CONNECTION_URL="nonsense://")
    try:
        code, out, err = run.end()
    finally:
        run.stop()
    assert (code, out) == (1, "")
    assert "the Prefect server ended with code" in err and "server.log" in err and err.count("\n") == 1


def test_of_two_runs_at_once_the_second_is_told_to_wait(tmp_path):
    with held(tmp_path):
        run = copydesk("run", SEEDS, "--data", tmp_path)
        try:
            code, _, err = run.end()
        finally:
            run.stop()
    assert code == 1
    assert "another run is publishing into this folder" in err and err.count("\n") == 1
