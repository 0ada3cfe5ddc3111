"""A document that kills whoever works on it is found and put aside; the others of its part are published."""

import pickle
from functools import partial

import pytest

from flows import parts
from flows.clean import clean
from flows.each import in_order
from flows.workers import Workers
from tasks import ingest
from tasks.errors import CopydeskError
from tasks.ingest import Document
from tests.conftest import PLAIN, published, write_folder
from tests.flows import work
from tests.flows.test_crashes import TEXTS


def under_attack(workers: Workers, word: str, title, step, jobs, here=False):
    """Runs the steps where the documents that hold a word kill the worker that takes them up."""
    if step not in (parts.clean, parts.survives):
        return [step(*job) for job in jobs]
    return in_order(workers, title, work.deadly, [attacked(word, step, *job) for job in jobs], here)


def attacked(word: str, step, store, part, settings, rooms, ids=frozenset()):
    documents = store.path(ingest.STAGE, Document, part)
    packed = pickle.dumps((step, (store, part, settings, rooms, ids)))
    return (
        (documents, word, ids, frozenset(), packed) if step is parts.survives else (documents, word, None, ids, packed)
    )


def test_the_one_document_goes_to_quarantine_and_the_others_are_published(tmp_path):
    raw = write_folder(tmp_path / "raw", {"good.txt": TEXTS["old"], "bad.txt": "Poison\n\n" + TEXTS["new"]})
    with Workers(2) as workers:
        summary = clean([raw], tmp_path / "data", PLAIN, partial(under_attack, workers, "Poison"))
    assert (summary.documents, summary.quarantined) == (2, 1)
    [row] = published(tmp_path / "data")["quarantine"]
    assert (row["source"], row["reason"]) == ("raw/bad.txt", "worker-died")
    with Workers(2) as workers:
        again = clean([raw], tmp_path / "data", PLAIN, partial(under_attack, workers, "Poison"))
    assert again.snapshot == summary.snapshot


def test_a_part_that_dies_though_none_of_its_documents_does_is_told(tmp_path):
    raw = write_folder(tmp_path / "raw", {"a.txt": TEXTS["old"], "b.txt": TEXTS["new"]})
    with Workers(2) as workers, pytest.raises(CopydeskError, match="killed their worker twice; is memory short"):
        clean([raw], tmp_path / "data", PLAIN, partial(under_attack, workers, "both"))
