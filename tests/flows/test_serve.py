"""`copydesk serve`: server, schedule and UI in one command, on this machine only, and gone when it is stopped."""

import re
import signal
import socket
import urllib.error
import urllib.request

import pytest

from flows.serve import check_free
from flows.server import answers, free_port
from tasks.errors import UsageError
from tests.conftest import SEEDS, write_folder
from tests.flows.outside import PATIENCE, ask, copydesk, within
from tests.flows.test_clean import content, story

PATIENT = ("--run.startup_seconds", PATIENCE)
SOON = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}  # seconds until a run that was asked for begins

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("served") / "data"


@pytest.fixture(scope="module")
def served(data, port):
    """The command, once it answers and its deployments are there."""
    command = copydesk("serve", SEEDS, "--data", data, "--port", port, "--run.workers", 1, *PATIENT, **SOON)
    url = f"http://127.0.0.1:{port}/api"
    try:
        assert within(PATIENCE, lambda: answers(url) and len(ask(url, "deployments/filter")) == 3), command.processes()
        yield command
    finally:
        command.stop()


@pytest.fixture(scope="module")
def url(served, port):
    return f"http://127.0.0.1:{port}/api"


@pytest.fixture(scope="module")
def deployments(url):
    return {row["name"]: row for row in ask(url, "deployments/filter")}


def test_the_schedule_is_set_and_never_doubled(deployments):
    assert deployments["nightly"]["schedules"][0]["schedule"]["cron"] == "0 3 * * *"
    assert deployments["nightly"]["global_concurrency_limit"]["limit"] == 1
    assert deployments["weekly"]["parameters"].get("apply", False) is False
    assert deployments["by-hand"]["schedules"] == []


def test_the_next_nights_are_put_down_by_the_schedule(url, deployments):
    """What the schedule says is one thing; that the server acts on it is another."""
    wanted = {"deployments": {"name": {"any_": ["nightly"]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    due = within(
        PATIENCE / 5, lambda: [run["next_scheduled_start_time"] for run in ask(url, "flow_runs/filter", wanted)]
    )
    assert due and {time[11:16] for time in due} == {"03:00"}


def test_the_ui_is_served(served, port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert b"<html" in page.read().lower()


def test_it_listens_on_this_machine_only(served, port):
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with pytest.raises(OSError), socket.create_connection((address, port), timeout=5):
            pass


def test_a_run_that_is_asked_for_in_the_ui_publishes(url, deployments, data, seeds_data):
    run = ask(url, f"deployments/{deployments['nightly']['id']}/create_flow_run")
    done = within(PATIENCE, lambda: state_of(url, run) in ("COMPLETED", "FAILED", "CRASHED"))
    assert done and state_of(url, run) == "COMPLETED"
    assert content(data) == content(seeds_data)


def state_of(url, run):
    return ask(url, f"flow_runs/{run['id']}", method="GET")["state_type"]


def test_the_page_of_a_run_links_to_its_report(url):
    [told] = [row["data"] for row in ask(url, "artifacts/filter") if row["key"] == "summary"]
    link = re.match(r"\[The report of this run]\((http://127[^)]+)\)", told)
    assert link
    with urllib.request.urlopen(link[1], timeout=30) as page:
        assert page.headers["Content-Security-Policy"] == "sandbox allow-scripts"
        assert b"5 documents became 5 articles" in page.read()


def test_pages_of_the_ui_speak_to_this_machine_only(served, port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert "connect-src 'self' http://127.0.0.1:*" in page.headers["Content-Security-Policy"]


def test_state_and_tables_lie_in_the_folder_given(url, data):
    assert (data / "prefect/prefect.db").exists() and (data / "clean/articles").is_dir()


def test_a_port_in_use_is_told(served, port):
    with pytest.raises(UsageError, match=f"--port {port}: cannot be listened on"):
        check_free(port)


def test_stopped_in_the_middle_of_a_run_it_leaves_nothing_behind(served, url, deployments):
    run = ask(url, f"deployments/{deployments['nightly']['id']}/create_flow_run")
    assert within(PATIENCE, lambda: state_of(url, run) in ("PENDING", "RUNNING"))
    served.process.send_signal(signal.SIGTERM)
    code, _, err = served.end()
    assert code == 0, err
    assert err.endswith("stopped; the next run goes on from here\n")
    assert within(15, lambda: not served.processes()), served.processes()
    with pytest.raises(urllib.error.URLError):
        ask(url, "deployments/filter")


def test_killed_in_the_middle_of_a_run_it_leaves_nothing_behind(data, tmp_path_factory):
    """More to do than the run before, so that it is still at it. That one, stopped, does not keep it from running."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api"
    raw = write_folder(tmp_path_factory.mktemp("raw"), {f"{number}.txt": story(number) for number in range(400)})
    command = copydesk("serve", raw, "--data", data, "--port", port, "--run.workers", 2, *PATIENT, **SOON)
    try:
        assert within(PATIENCE, lambda: answers(url) and str(raw) in str(ask(url, "deployments/filter")))
        [nightly] = [row for row in ask(url, "deployments/filter") if row["name"] == "nightly"]
        run = ask(url, f"deployments/{nightly['id']}/create_flow_run")
        assert within(PATIENCE, lambda: state_of(url, run) in ("RUNNING", "CANCELLED"))
        assert state_of(url, run) == "RUNNING"
        command.process.kill()
        command.process.wait()
        assert within(15, lambda: not command.processes()), command.processes()
    finally:
        command.stop()
