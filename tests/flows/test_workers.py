"""Workers are ours: they end with us, and one that dies costs no work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.limits import Limits
from flows.workers import Died, Workers, survived
from tasks.errors import CopydeskError
from tests.flows import work


def test_results_come_with_the_place_of_their_job():
    with Workers(2) as workers:
        assert dict(workers.each(work.double, [(1,), (2,), (3,)])) == {0: 2, 1: 4, 2: 6}


def test_one_worker_is_this_process():
    with Workers(1) as workers:
        assert dict(workers.each(os.getpid, [()])) == {0: os.getpid()}


def test_a_killed_worker_is_replaced_and_its_work_done_again(tmp_path):
    with Workers(2) as workers:
        jobs = [(number, tmp_path / "marker") for number in range(4)]
        assert dict(workers.each(work.die_once, jobs)) == {0: 0, 1: 1, 2: 2, 3: 3}


def test_a_job_that_kills_every_worker_is_told_and_costs_no_other_its_result():
    with Workers(2) as workers:
        results = dict(workers.each(work.die_if, [(1,), (2,), (3,)]))
    assert results == {0: 1, 1: Died("die_if"), 2: 3}
    with pytest.raises(CopydeskError, match="1 of 3 jobs killed their worker twice"):
        survived(list(results.values()))


def test_a_worker_that_takes_too_much_memory_meets_an_error():
    with Workers(2, Limits(memory_mb=300)) as workers:
        assert dict(workers.each(work.take_memory, [(1,), (600,)])) == {0: "taken", 1: "MemoryError"}


def test_a_worker_that_takes_too_long_over_one_document_is_killed():
    with Workers(2, Limits(document_seconds=1)) as workers:
        results = dict(workers.each(work.take_time, [((0.6, 0.6, 0.6),), ((0.1, 60),)]))
    assert results == {0: 3, 1: Died("take_time")}


def test_an_error_of_a_step_is_the_callers():
    with Workers(2) as workers, pytest.raises(ValueError, match="told"):
        list(workers.each(work.fail, [("told",)]))


def test_workers_load_no_prefect():
    with Workers(2) as workers:
        [(_, modules)] = workers.each(work.loaded_modules, [()])
    assert not [name for name in modules if name.split(".")[0] in ("prefect", "fastapi", "trafilatura")]


def test_workers_need_not_load_what_their_first_document_takes():
    with Workers(2) as workers:
        assert list(workers.each(work.tables_at_hand, [()])) == [(0, True)]


def test_workers_are_gone_when_their_parent_is_killed(tmp_path):
    place = tmp_path / "pid"
    script = tmp_path / "parent.py"
    script.write_text(
        "from pathlib import Path\nfrom flows.workers import Workers\nfrom tests.flows import work\n"
        f"if __name__ == '__main__':\n    list(Workers(2).each(work.say_who_and_wait, [(Path({str(place)!r}),)]))\n"
    )
    root = str(Path(__file__).parents[2])
    parent = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": root})
    worker = wait_for_pid(place)
    parent.kill()
    parent.wait()
    assert gone_within(worker, 5)


def wait_for_pid(place: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if place.exists() and place.read_text():
            return int(place.read_text())
        time.sleep(0.05)
    raise AssertionError("the worker never said who it is")


def gone_within(pid: int, seconds: float) -> bool:
    """Whether the process ends in time; a zombie that nobody has reaped yet counts as ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False
