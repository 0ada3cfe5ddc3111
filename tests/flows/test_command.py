"""The command line: one clear message and the right exit code."""

import json
import os
import subprocess
import sys

import pytest

from flows.clean import held
from flows.command import needs_workers
from tests.conftest import ROOT, SEEDS


def copydesk(*words: object, cwd=ROOT) -> subprocess.CompletedProcess[str]:
    """A real run of the program."""
    return subprocess.run(
        [sys.executable, "-m", "flows.command", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_run_ends_with_the_closing_table(tmp_path):
    done = copydesk("run", SEEDS, "--data", tmp_path / "data", "--run.prefect", "off")
    assert done.returncode == 0, done.stderr
    assert "articles    5" in done.stdout and "stories     4" in done.stdout


def test_a_program_gets_json(tmp_path):
    done = copydesk("run", SEEDS, "--data", tmp_path / "data", "--run.prefect", "off", "--json")
    assert json.loads(done.stdout)["articles"] == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "nowhere"), "no such file or folder"),
        (("run", SEEDS, "--ingest.mirror", "maybe"), "ingest.mirror: "),
        (("run", SEEDS, "--ingest.mirrors", "on"), "unrecognized arguments"),
        (("run", SEEDS, "--settings", "nowhere.toml"), "cannot be read"),
        (("run",), "SOURCE"),
        (("path", "artikles"), "did you mean articles?"),
        (("explain", "nobody"), "nothing is published here yet"),
        (("dance",), "invalid choice"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_why(words, told, tmp_path):
    more = () if words[0] == "dance" else ("--data", tmp_path / "data")
    done = copydesk(*words, *more)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_second_publisher_ends_with_1_and_says_why(tmp_path):
    with held(tmp_path / "data"):
        done = copydesk("run", SEEDS, "--data", tmp_path / "data", "--run.prefect", "off")
    assert done.returncode == 1
    assert "another run is publishing into this folder" in done.stderr and "Traceback" not in done.stderr


def test_path_resolves_the_current_snapshot_once(seeds_data):
    done = copydesk("path", "articles", "--data", seeds_data)
    assert done.stdout.strip() == str(seeds_data / "snapshots" / (seeds_data / "clean").readlink().name / "articles")


def test_explain_takes_an_id_or_a_part_of_a_source(seeds_data):
    by_name = copydesk("explain", "004", "--data", seeds_data)
    doc_id = by_name.stdout.split()[1]
    assert copydesk("explain", doc_id, "--data", seeds_data).stdout == by_name.stdout
    assert "2013-05-08T03:26" in by_name.stdout


def test_explain_asks_for_more_where_a_name_fits_many(seeds_data):
    done = copydesk("explain", "seeds/", "--data", seeds_data)
    assert done.returncode == 2 and "5 documents are so named" in done.stderr


def test_a_reader_that_stops_early_gets_no_traceback(seeds_data):
    command = f"{sys.executable} -m flows.command tables | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "# The data dictionary\n" and done.stderr == ""


@pytest.mark.parametrize(
    "words", ["run raw --run.workers 1", "run raw --run.workers=1", "rebuild raw --run.engine dask", "explain 004"]
)
def test_a_command_that_needs_no_processes_of_ours_prepares_none(words, tmp_path):
    assert not needs_workers([*words.split(), "--data", str(tmp_path)])


def test_a_run_over_what_was_cleaned_before_waits_until_it_knows_of_work(tmp_path):
    (tmp_path / "data/store").mkdir(parents=True)
    assert not needs_workers(["run", "raw", "--run.workers", "2", f"--data={tmp_path / 'data'}"])
    assert needs_workers(["run", "raw", "--data", str(tmp_path / "new")])
    assert needs_workers(["rebuild", "raw", "--data", str(tmp_path / "data")])
