"""What kills whoever reads it is put aside, be it a record or a member of an archive; all else comes through."""

import io
import json
import pickle
import zipfile
from functools import partial

import pytest

from flows import parts
from flows.clean import clean
from flows.each import in_order
from flows.workers import Workers
from tasks.errors import CopydeskError
from tests.conftest import PLAIN, published, write_folder
from tests.flows import work
from tests.flows.test_crashes import TEXTS


def attacked(workers: Workers, word: str, title, step, jobs, here=False):
    """Runs the steps; whoever reads or unpacks what holds the word is killed."""
    if step not in (parts.read, parts.survives_step):
        return [step(*job) for job in jobs]
    return in_order(workers, title, work.deadly_reading, [(word, pickle.dumps((step, job))) for job in jobs], here)


def run(folder, word):
    with Workers(2) as workers:
        return clean([folder / "raw"], folder / "data", PLAIN, partial(attacked, workers, word))


@pytest.fixture
def raw(tmp_path):
    """A text, records of which one is poison, and an archive of which the second member is."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in ("first.txt", "Poison.txt", "last.txt"):
            archive.writestr(name, f"{TEXTS['old']} It is told in {name}.")
    lines = [{"id": "a", "text": TEXTS["new"]}, {"text": "Poison."}]
    files = {
        "a.txt": TEXTS["old"],
        "b.jsonl": "\n".join(map(json.dumps, [*lines, {"id": "z", "text": TEXTS["old"]}])),
        "c.zip": whole.getvalue(),
        "d.txt": TEXTS["new"],
    }
    return write_folder(tmp_path / "raw", files)


def test_records_and_members_that_kill_their_reader_cost_no_other_document(tmp_path, raw):
    summary = run(tmp_path, "Poison")
    tables = published(tmp_path / "data")
    aside = {row["source"]: row["reason"] for row in tables["quarantine"]}
    assert aside == dict.fromkeys(("raw/b.jsonl#2", "raw/c.zip"), "worker-died")
    read = {row["source"] for row in tables["documents"] if row["status"] != "quarantined"}
    assert read == {"raw/a.txt", "raw/b.jsonl#a", "raw/b.jsonl#z", "raw/c.zip!first.txt", "raw/d.txt"}
    assert not list((tmp_path / "data/store").glob(".*"))
    assert run(tmp_path, "Poison").snapshot == summary.snapshot


def test_a_death_that_no_single_document_brings_is_told(tmp_path):
    raw = write_folder(tmp_path / "raw", {"a.txt": "Poison."})

    def only_together(workers, title, step, jobs, here=False):
        word = "Poison" if step is parts.read else "nothing has this"
        return attacked(workers, word, title, step, jobs, here)

    with Workers(2) as workers, pytest.raises(CopydeskError, match="killed their worker twice; is memory short"):
        clean([raw], tmp_path / "data", PLAIN, partial(only_together, workers))
