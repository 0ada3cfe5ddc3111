"""The deployments of prefect.yaml on a real server, with a real worker, set up as its header says."""

import os
import shutil
import signal

import pytest

from tests.conftest import ROOT, SEEDS
from tests.flows.outside import PATIENCE, Command, ask, within
from tests.flows.test_clean import content

SOON = {"PREFECT_WORKER_QUERY_SECONDS": "1"}  # until a run that was asked for begins
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that someone works in: prefect.yaml and raw documents."""
    folder = tmp_path_factory.mktemp("deployed")
    shutil.copyfile(ROOT / "prefect.yaml", folder / "prefect.yaml")
    shutil.copytree(SEEDS, folder / "seeds")
    return folder


@pytest.fixture(scope="module")
def prefect(folder, prefect_url):
    """Starts a Prefect command in that folder."""

    def start(*words, cwd=folder):
        home = str(folder / "prefect")
        return Command(
            "-m", "prefect", *words, cwd=cwd, PREFECT_API_URL=prefect_url, PREFECT_HOME=home, PWD=str(cwd), **SOON
        )

    return start


@pytest.fixture(scope="module")
def deployed(prefect, prefect_url):
    """The deployments by name, once the header's first two commands have been given."""
    for words in ("work-pool create copydesk --type process", "deploy --all --no-prompt"):
        command = prefect(*words.split())
        try:
            code, out, err = command.end()
        finally:
            command.stop()
        assert code == 0, out + err
    return {row["name"]: row for row in ask(prefect_url, "deployments/filter")}


@pytest.fixture(scope="module")
def worker(prefect, deployed, tmp_path_factory):
    """A worker, started in another folder than the one in which it is deployed."""
    worker = prefect("worker", "start", "--pool", "copydesk", cwd=tmp_path_factory.mktemp("elsewhere"))
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def runs(prefect_url, deployed, worker):
    """Two runs asked for at once, with a setting as the form sends it, once the worker is through with them."""
    body = {"parameters": {"settings": {"run": {"workers": 1}, "ingest": {"mirror": True}}}}
    asked = [ask(prefect_url, f"deployments/{deployed['nightly']['id']}/create_flow_run", body) for _ in range(2)]
    return [ended(prefect_url, run) for run in asked]


def ended(url, run):
    """The run, once it has ended."""

    def state():
        found = ask(url, f"flow_runs/{run['id']}", method="GET")
        return found if found["state_type"] in FINAL else None

    return within(PATIENCE, state)


def test_the_schedule_and_its_limit_are_deployed(deployed):
    nightly = deployed["nightly"]
    assert nightly["schedules"][0]["schedule"]["cron"] == "0 3 * * *" and nightly["schedules"][0]["active"]
    assert nightly["global_concurrency_limit"]["limit"] == 1
    assert nightly["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"


def test_the_form_describes_the_settings(deployed):
    schema = deployed["nightly"]["parameter_openapi_schema"]
    assert {"sources", "data", "settings"} <= schema["properties"].keys()
    assert "a larger document goes to quarantine" in str(schema)


def test_of_two_runs_at_once_one_publishes_and_the_other_is_cancelled(runs, folder, seeds_data):
    assert sorted(run["state_type"] for run in runs) == ["CANCELLED", "COMPLETED"], runs
    assert content(folder / "data") == content(seeds_data)


def test_a_run_that_is_killed_is_marked_and_the_next_one_goes_on(runs, worker, prefect_url, deployed):
    """While the worker lives. Were it not marked, it would hold the one place, and the next would be cancelled."""
    create = f"deployments/{deployed['nightly']['id']}/create_flow_run"
    killed = ask(prefect_url, create)
    assert within(
        PATIENCE, lambda: ask(prefect_url, f"flow_runs/{killed['id']}", method="GET")["state_type"] == "RUNNING"
    )
    for pid in worker.processes("prefect.engine"):
        os.kill(pid, signal.SIGKILL)
    assert ended(prefect_url, killed)["state_type"] == "CRASHED"
    assert ended(prefect_url, ask(prefect_url, create))["state_type"] == "COMPLETED"


def test_the_watch_for_dead_runs_is_set_up_by_a_command(prefect, prefect_url, deployed):
    command = prefect("automation", "create", "--from-file", ROOT / "docs/zombies.yaml")
    try:
        code, out, err = command.end()
    finally:
        command.stop()
    assert code == 0, out + err
    [watch] = ask(prefect_url, "automations/filter")
    assert watch["enabled"] and watch["actions"][0]["state"] == "CRASHED"
