"""Whatever ends a run, the next one goes on: to the same bytes, with no process left, and damage mended."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import corpus
from flows.command import main
from flows.maintain import maintain
from tasks import dedupe, ingest
from tasks.dedupe import Fate
from tasks.ingest import Document, Input
from tasks.publish import STAGE as PUBLISH
from tasks.publish import Article
from tasks.store import Store
from tasks.strip import STAGE as STRIP
from tasks.strip import Span
from tests.conftest import PLAIN, ROOT, SEEDS, clean, published, write_folder
from tests.flows.dying import content

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
COMMAND = [sys.executable, "-m", "flows.command", "run", "--run.prefect", "off"]


def test_a_run_that_is_killed_at_any_change_to_the_disk_ends_in_the_same_bytes(tmp_path):
    """Two folders in turn: the second time there is a snapshot to leave."""
    first, second = (write_folder(tmp_path / name, {f"{name}.txt": text}) for name, text in TEXTS.items())
    program = [sys.executable, "-m", "tests.flows.dying", tmp_path, first, second]
    told = subprocess.run(program, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=200)
    assert (told.stdout.splitlines()[:-1], told.returncode) == ([], 0), told.stdout + told.stderr
    assert int(told.stdout.split()[-2]) >= 10


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_with_workers_that_is_killed_leaves_no_process_and_goes_on(tmp_path, seeds_data, seed):
    command = [*COMMAND, str(SEEDS), "--data", str(tmp_path / "data"), "--run.workers", "2"]
    process = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, start_new_session=True)
    time.sleep(random.Random(seed).uniform(2, 8))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert ended_within(process.pid, 30)
    clean(tmp_path / "data", SEEDS)
    assert content((tmp_path / "data/clean").resolve()) == content((seeds_data / "clean").resolve())


def ended_within(session: int, seconds: float) -> bool:
    """Whether every process of a session ends in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not [pid for pid in Path("/proc").glob("[0-9]*") if in_session(pid, session)]:
            return True
        time.sleep(0.1)
    return False


def in_session(process: Path, session: int) -> bool:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[3] == str(session) and fields[0] != "Z"


DAMAGED = [
    (ingest.STAGE, Document),
    (ingest.STAGE, Input),
    (STRIP, Span),
    (dedupe.STAGE, Fate),
    (PUBLISH, Article),
]


@pytest.mark.parametrize("cut", [True, False], ids=["cut short", "one bit flipped"])
def test_a_damaged_part_is_noticed_told_and_made_anew(tmp_path, seeds_data, capsys, cut):
    data = tmp_path / "data"
    clean(data, SEEDS)
    store = Store(data / "store")
    for stage, row in DAMAGED:
        [path] = store.paths(stage, row)
        raw = path.read_bytes()
        path.write_bytes(raw[:-30] if cut else flipped(raw))
    # What nothing reads is not looked at: with other settings and nothing composed, all but the articles is read.
    for row in PUBLISH.writes if not cut else PUBLISH.writes[1:]:
        store.path(PUBLISH, row, path.stem).unlink()
    assert clean(data, SEEDS, settings=elsewhere(0.999)).documents == 5
    assert "damaged" in capsys.readouterr().err
    clean(data, SEEDS)
    assert content((data / "clean").resolve()) == content((seeds_data / "clean").resolve())


def flipped(raw: bytes) -> bytes:
    """The bytes of a Parquet file with one bit of its first page flipped."""
    return raw[:60] + bytes([raw[60] ^ 4]) + raw[61:]


def elsewhere(containment: float):
    """Settings that make dedupe's tables be made anew."""
    return PLAIN.model_copy(update={"dedupe": PLAIN.dedupe.model_copy(update={"containment": containment})})


def test_tables_half_made_for_other_settings_are_not_taken_for_those_of_the_old(tmp_path):
    """Killed in the middle of dedupe with one setting, then run with the setting of before."""
    clean(tmp_path, SEEDS)
    before = content((tmp_path / "clean").resolve())
    store = Store(tmp_path / "store")

    def stops_halfway(store, settings):
        [part] = store.parts(ingest.STAGE, Input)
        ids = store.read(ingest.STAGE, Document, part, ["doc_id"]).column("doc_id").to_pylist()
        yield part, [], [Fate(ids[0], ids[1])]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus.make(corpus.DEDUPE._replace(work=stops_halfway), store, elsewhere(0.9))
    clean(tmp_path, SEEDS)
    assert content((tmp_path / "clean").resolve()) == before


def test_a_part_that_was_begun_and_whose_files_then_changed_is_not_published(tmp_path):
    """Killed between the first and the last table of a new part, then run over other bytes."""
    raw = write_folder(tmp_path / "raw", {"a.txt": TEXTS["old"]})
    clean(tmp_path / "data", raw)
    store = Store(tmp_path / "data/store")
    [part] = store.parts(ingest.STAGE, Input)
    store.path(ingest.STAGE, Input, part).unlink()
    write_folder(raw, {"a.txt": TEXTS["new"]})
    assert clean(tmp_path / "data", raw).documents == 1
    assert [row["text"] for row in published(tmp_path / "data")["documents"]] == [TEXTS["new"]]


def test_a_damaged_snapshot_is_healed_where_its_rows_did_not_change(tmp_path, seeds_data, capsys):
    clean(tmp_path, SEEDS)
    [path] = Store(tmp_path / "store").paths(STRIP, Span)
    path.write_bytes(path.read_bytes()[:-30])
    clean(tmp_path, SEEDS)
    assert content((tmp_path / "clean").resolve()) == content((seeds_data / "clean").resolve())


def test_a_clock_that_is_set_back_by_years_costs_nothing(tmp_path):
    """All that is there is then from the future, and a file that changes is older than its own former state."""
    raw, data = write_folder(tmp_path / "raw", {"a.txt": TEXTS["old"]}), tmp_path / "data"
    clean(data, raw)
    later = time.time() + 10 * 365 * 86_400
    for path in (raw / "a.txt", *data.rglob("*")):
        os.utime(path, (later, later), follow_symlinks=False)
    clean(data, write_folder(raw, {"a.txt": TEXTS["new"]}))
    tables = published(data)
    assert {row["text"]: row["status"] for row in tables["documents"]} == {
        TEXTS["old"]: "duplicate",
        TEXTS["new"]: "article",
    }
    assert maintain(data, PLAIN, time.time(), False)[1] == []
    assert published(data) == tables


def test_a_folder_that_cannot_be_written_is_told_in_a_message(tmp_path, capsys):
    assert main(["run", str(SEEDS), "--data", "/proc/nowhere", "--run.prefect", "off"]) == 1
    assert "/proc/nowhere: cannot be written" in capsys.readouterr().err


def test_a_full_disk_ends_the_run_with_a_message_and_publishes_nothing_half(tmp_path):
    command = [*COMMAND, str(SEEDS), "--data", str(tmp_path / "data"), "--run.workers", "1"]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, resource.RLIM_INFINITY))

    told = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, preexec_fn=no_room)
    assert told.returncode == 1
    assert "cannot be written" in told.stderr and "make room" in told.stderr and "Traceback" not in told.stderr
    assert not (tmp_path / "data/clean").exists()
    clean(tmp_path / "data", SEEDS)
    assert (tmp_path / "data/clean").exists()


TEXTS = {
    "old": "Bridge closed after flood\n\n3 March 2019\n\nThe bridge at Elm Street was closed on Sunday after the river "
    "rose by two metres, the council said. Nobody was hurt, and buses take another road until Friday.\n",
    "new": "Bridge opens again\n\n8 March 2019\n\nThe bridge at Elm Street was opened again on Friday, the council "
    "said, once divers had looked at its four piers. The river had fallen by a metre and a half since Sunday.\n",
}
