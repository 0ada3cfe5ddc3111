"""What is piped in is cleaned once, under a name that its bytes decide, and not lost where the run is."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.command import main
from flows.received import DASH, received
from tests.conftest import PLAIN, ROOT, clean, published, write_folder
from tests.flows.test_crashes import TEXTS

PAGE = f"<!doctype html><html><body><article><h1>Bridge closed</h1><p>{TEXTS['old']}</p></article></body></html>"
RECORDS = [{"id": "a", "text": TEXTS["old"]}, {"id": "b", "text": TEXTS["new"]}]
LINES = "".join(f"{json.dumps(record)}\n" for record in RECORDS)


def pipe(data: Path, raw: str, *others: Path):
    with received([DASH, *others], data, io.BytesIO(raw.encode())) as sources:
        return clean(data, *sources)


@pytest.mark.parametrize(
    ("raw", "forms", "ids"),
    [
        (TEXTS["old"], {"text"}, {""}),
        (PAGE, {"html"}, {""}),
        (LINES, {"text"}, {"a", "b"}),
        (json.dumps(RECORDS), {"text"}, {"a", "b"}),
        (json.dumps(RECORDS, indent=1), {"text"}, {"a", "b"}),
    ],
    ids=["text", "page", "lines", "list", "printed list"],
)
def test_what_is_piped_in_is_told_by_its_content(tmp_path, raw, forms, ids):
    pipe(tmp_path, raw)
    documents = published(tmp_path)["documents"]
    assert {row["form"] for row in documents} == forms
    assert {row["source"].partition("#")[2] for row in documents} == ids
    assert all(row["source"].startswith("stdin/") for row in documents)


def test_the_same_bytes_are_the_same_document_and_others_no_newer_state_of_it(tmp_path):
    first = pipe(tmp_path, TEXTS["old"])
    assert pipe(tmp_path, TEXTS["old"]).snapshot == first.snapshot
    assert pipe(tmp_path, TEXTS["new"]).articles == 2
    assert not published(tmp_path)["relations"]
    assert not list((tmp_path / "stdin").iterdir())


def test_what_was_piped_into_a_run_that_failed_is_read_by_the_next(tmp_path, capsys):
    raw = write_folder(tmp_path / "raw", {"a.txt": TEXTS["new"]})
    with pytest.raises(KeyboardInterrupt), received([DASH], tmp_path, io.BytesIO(TEXTS["old"].encode())):
        raise KeyboardInterrupt
    with received([raw], tmp_path, io.BytesIO()) as sources:
        assert clean(tmp_path, *sources).documents == 2
    assert "1 inputs were piped into a run that did not end" in capsys.readouterr().err


def test_a_file_that_was_just_piped_in_need_not_settle(tmp_path):
    settings = PLAIN.model_copy(update={"run": PLAIN.run.model_copy(update={"settle_seconds": 3600})})
    with received([DASH], tmp_path, io.BytesIO(TEXTS["old"].encode())) as sources:
        assert clean(tmp_path, *sources, settings=settings).documents == 1


def test_a_pipe_into_the_command_is_read(tmp_path):
    command = [sys.executable, "-m", "flows.command", "run", "-", "--data", str(tmp_path / "data"), "--json"]
    command += ["--run.prefect", "off", "--run.workers", "1", "--run.report", "off"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, input=LINES, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == 2


@pytest.mark.parametrize("command", [["run"], ["serve", "-"], ["rebuild", "-"]])
def test_a_command_without_a_source_it_can_read_says_what_to_give(command, tmp_path, capsys):
    assert main([*command, "--data", str(tmp_path / "data")]) == 2
    assert "give" in capsys.readouterr().err
