"""Progress is for a terminal: somebody who watches sees bars, a log file sees nothing."""

import json
import os
import pty
import subprocess
import sys

import pytest

from flows.each import plainly
from flows.history import clean_and_record
from flows.settings import load
from flows.workers import Workers
from tasks.errors import UsageError
from tests.conftest import ROOT, SEEDS, clean

OFF = {"run.prefect": "off", "run.report": "off", "run.workers": "1"}


def test_a_terminal_sees_a_bar_a_stage_and_its_cursor_again(tmp_path):
    ours, theirs = pty.openpty()
    words = ["-m", "flows.command", "run", SEEDS, "--data", tmp_path, "--run.prefect", "off", "--run.workers", "1"]
    command = [sys.executable, *map(str, words)]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, text=True)
    os.close(theirs)
    seen = all_of(ours)
    out, _ = run.communicate(timeout=200)
    assert run.returncode == 0 and "published a new snapshot" in out
    for stage in (b"ingest", b"strip and extract", b"dedupe", b"group", b"compose", b"publish"):
        assert stage in seen
    assert b"1/1" in seen and seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")


def test_the_journal_has_a_line_of_json_as_a_step_begins_and_ends(tmp_path, capfd):
    journal = tmp_path / "logs/run.jsonl"
    for _ in range(2):
        clean(tmp_path / "data", SEEDS, settings=load(None, {**OFF, "run.log": str(journal)}))
    told = [json.loads(line) for line in journal.read_text().splitlines()]
    steps = [line["step"] for line in told if "seconds" in line and "step" in line]
    assert steps[:3] == ["ingest", "label", "learn what outlets repeat"] and steps.count("ingest") == 1
    what = "5 articles of 5 documents in 4 stories"
    said = [line["said"] for line in told if "snapshot" in line]
    assert said == [f"published a new snapshot: {what}", f"nothing changed: {what}"]
    assert all(line["at"] and line["level"] == "info" for line in told)
    assert capfd.readouterr() == ("", "")


def test_the_journal_tells_why_a_run_failed(tmp_path, capfd):
    with pytest.raises(UsageError):
        clean_and_record(
            [tmp_path / "gone"], tmp_path / "data", load(None, {**OFF, "run.log": "-"}), plainly(Workers(1))
        )
    [line] = capfd.readouterr().err.splitlines()
    assert json.loads(line)["failed"] == "UsageError" and "gone" in json.loads(line)["said"]


def all_of(terminal: int) -> bytes:
    """What is written to a terminal until the other end is closed."""
    seen = b""
    while True:
        try:
            seen += os.read(terminal, 65_536)
        except OSError:
            os.close(terminal)
            return seen
