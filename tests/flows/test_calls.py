"""Partitions are worked on by whatever does the jobs, and the tables are those of one process."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from flows.calls import over, pack, unpack
from flows.each import plainly
from flows.settings import load
from flows.workers import Workers
from tests.conftest import clean, write_folder
from tests.flows import work
from tests.flows.dying import content
from tests.flows.made import WORDS


@pytest.fixture
def in_partitions(monkeypatch):
    """Partitions are handed out of the smallest corpus."""
    monkeypatch.setattr("flows.corpus.MANY", 1)
    monkeypatch.setattr("tasks.dedupe.postings.BUCKET_BITS", 4)


def copies(folder: Path) -> Path:
    """Stories as several papers print them: whole, cut, and with words of their own."""
    told = {}
    for story in range(4):
        body = [
            " ".join(WORDS[(31 * story + 7 * at * at + at * story) % 8000] for at in range(s, s + 40))
            for s in range(0, 240, 40)
        ]
        for paper in range(3):
            printed = body[: 6 - 2 * paper] + [" ".join(WORDS[100 * paper : 100 * paper + 30])] * (paper > 0)
            told[f"{paper}/{story}.txt"] = "\n\n".join(f"{text.capitalize()}." for text in printed)
    return write_folder(folder, told)


def test_results_come_in_the_order_of_the_numbers_and_leave_nothing_behind(tmp_path):
    with Workers(2) as workers:
        mapped = over(plainly(workers), "times", tmp_path / "calls")
        found = list(mapped(partial(work.times, values=np.arange(3)), range(20)))
    assert [values.tolist() for values in found] == [[0, number, 2 * number] for number in range(20)]
    assert not (tmp_path / "calls").exists()


def test_what_is_large_is_mapped_as_it_lies_in_memory(tmp_path):
    values, empty = np.arange(10**5), np.zeros(0)
    pack(tmp_path / "packed", {"values": values, "again": [values[::2], empty], "word": "é"})
    found = unpack(tmp_path / "packed")
    assert (found["values"] == values).all() and (found["again"][0] == values[::2]).all() and found["word"] == "é"
    assert not found["values"].flags.owndata and not found["values"].flags.writeable


def test_partitions_on_two_workers_make_the_bytes_of_one_process(tmp_path, in_partitions, monkeypatch):
    raw = copies(tmp_path / "raw")
    small = {"run.prefect": "off", "ingest.part_bytes": "2048"}
    clean(tmp_path / "shared", raw, settings=load(None, small | {"run.workers": "2"}))
    monkeypatch.setattr("flows.corpus.MANY", 10**9)
    summary = clean(tmp_path / "alone", raw, settings=load(None, small | {"run.workers": "1"}))
    assert summary.copies == 8
    assert content((tmp_path / "shared" / "clean").resolve()) == content((tmp_path / "alone" / "clean").resolve())
