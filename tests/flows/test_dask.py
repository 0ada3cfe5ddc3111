"""A real Dask scheduler with two real workers makes the bytes that one process makes, even if a worker is killed."""

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest

from flows.each import engine
from flows.run import run
from flows.settings import load
from tasks.errors import UsageError
from tests.conftest import ROOT, SEEDS, clean
from tests.flows import work
from tests.flows.dying import content
from tests.flows.test_calls import copies

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def address():
    """Where a scheduler of two workers listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    with ExitStack() as stack:
        port = address.rpartition(":")[2]
        stack.enter_context(started("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"))
        for _ in range(2):
            stack.enter_context(started("worker", address, "--nthreads", "1", "--no-dashboard"))
        wait_for_workers(address, 2)
        yield address


@contextmanager
def started(*words: str):
    """A Dask process for as long as the context lasts."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with Client(address, timeout=5) as client:
                client.wait_for_workers(count, timeout=100)
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the cluster did not start")


def settings(address: str, **more: str):
    return load(None, {"run.prefect": "off", "run.engine": "dask", "run.address": address, **more})


def test_a_cluster_makes_the_bytes_of_one_process(tmp_path, seeds_data, address):
    run([SEEDS], tmp_path, settings(address))
    assert content((tmp_path / "clean").resolve()) == content((seeds_data / "clean").resolve())


def test_partitions_on_a_cluster_make_the_bytes_of_one_process(tmp_path, address, monkeypatch):
    raw, small = copies(tmp_path / "raw"), {"ingest.part_bytes": "2048"}
    clean(tmp_path / "alone", raw, settings=load(None, {"run.prefect": "off", "run.workers": "1", **small}))
    monkeypatch.setattr("flows.corpus.MANY", 1)
    monkeypatch.setattr("tasks.dedupe.postings.BUCKET_BITS", 4)
    run([raw], tmp_path / "shared", settings(address, **small))
    assert content((tmp_path / "shared" / "clean").resolve()) == content((tmp_path / "alone" / "clean").resolve())


def test_the_work_of_a_killed_worker_is_done_again(tmp_path, address):
    with engine(settings(address).run) as cluster:
        jobs = [(number, tmp_path / "marker") for number in range(4)]
        assert dict(cluster.each(work.die_once, jobs)) == {0: 0, 1: 1, 2: 2, 3: 3}


def test_a_scheduler_that_is_not_named_or_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("flows.cluster.SECONDS_TO_ANSWER", 1)
    with pytest.raises(UsageError, match="give the address"):
        engine(settings("").run)
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        engine(settings("tcp://127.0.0.1:9").run)
