"""A run under a real Prefect server: what its page tells, how it ends, and that nothing lives on after it."""

import pytest

from flows.clean import held
from tests.conftest import SEEDS
from tests.flows.outside import ask, copydesk
from tests.flows.test_clean import content

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]


@pytest.fixture(scope="module")
def page(prefect_url):
    """What the server knows of the run."""
    return completed(prefect_url)[0]


def completed(url):
    """The runs that were completed, first things first."""
    wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "sort": "START_TIME_ASC"}
    return ask(url, "flow_runs/filter", wanted)


def test_a_killed_run_leaves_no_server_and_no_worker(killed_run):
    server, nothing_is_left = killed_run
    assert server and nothing_is_left


def test_a_run_after_a_killed_one_publishes_and_leaves_no_process(next_run):
    code, summary, err, left = next_run
    assert (code, err, left) == (0, "", [])
    assert (summary["documents"], summary["articles"], summary["stories"]) == (5, 5, 4)


def test_a_run_under_prefect_makes_the_bytes_of_a_plain_one(next_run, run_data, seeds_data):
    assert content(run_data) == content(seeds_data)


def test_a_run_is_named_by_what_it_reads_and_when(page):
    assert page["name"].startswith("seeds on 20")


def test_the_task_runs_tell_the_story(prefect_url, page):
    tasks = ask(prefect_url, "task_runs/filter", {"flow_runs": {"id": {"any_": [page["id"]]}}, "sort": "END_TIME_DESC"})
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    names = [task["name"] for task in sorted(tasks, key=lambda task: task["start_time"])]
    assert names[-5:] == ["group", "count copies", "compose", "publish", "report"]


def test_the_closing_table_is_an_artifact_of_the_run(prefect_url, page):
    [artifact] = ask(prefect_url, "artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [page["id"]]}}})
    assert artifact["key"] == "summary"
    assert "| articles | 5 |" in artifact["data"]


def test_the_server_of_the_environment_is_used_and_none_is_started(prefect_url, run_data):
    before = completed(prefect_url)
    run = copydesk("run", SEEDS, "--data", run_data, PREFECT_API_URL=prefect_url)
    try:
        code, out, err = run.end()
        assert (code, err) == (0, ""), out
        assert "nothing changed" in out
    finally:
        run.stop()
    assert len(completed(prefect_url)) == len(before) + 1


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
