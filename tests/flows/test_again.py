"""What is in quarantine can be tried again after a fix; what is gone is named, and costs nothing."""

import pytest

from flows.again import reopen
from flows.each import plainly
from flows.history import clean_and_record, known_sources
from flows.settings import load
from flows.summary import as_text
from flows.workers import Workers
from tasks import ingest, strip
from tasks.ingest import Document, Quarantine
from tasks.store import Store
from tests.conftest import PLAIN, published, write_folder
from tests.flows.test_crashes import TEXTS

AGAIN = load(None, {"run.prefect": "off", "run.report": "off", "run.workers": "1", "run.quarantined": "on"})
NO_ARTICLE = "Log in\n\nUser\n\nPassword\n\nForgotten?\n"


def run(folder, settings=PLAIN, sources=None):
    with Workers(1) as workers:
        given = [folder / "raw"] if sources is None else sources
        return clean_and_record(given, folder / "data", settings, plainly(workers))[0]


def aside(folder) -> dict[str, str]:
    return {row["source"]: row["reason"] for row in published(folder / "data")["quarantine"]}


@pytest.fixture
def folder(tmp_path):
    """A folder cleaned once: a good text, two files that cannot be read, and one that is no article."""
    files = {"good.txt": TEXTS["old"], "broken.gz": b"\x1f\x8b\x08 broken", "login.txt": NO_ARTICLE, "zeros": bytes(99)}
    write_folder(tmp_path / "raw", files)
    run(tmp_path)
    assert set(aside(tmp_path)) == {"raw/broken.gz", "raw/login.txt", "raw/zeros"}
    return tmp_path


def test_trying_again_what_nobody_mended_changes_nothing_and_says_so(folder):
    before = (folder / "data/clean").resolve()
    again = run(folder, AGAIN)
    assert (again.snapshot, str(again.again)) == (before, "3; 0 came out, 3 stay")
    assert "tried again 3; 0 came out" in as_text(again)
    assert run(folder, AGAIN).snapshot == before


def test_an_input_that_can_be_read_now_comes_out(folder):
    """As after a fix of ours: neither the file nor our version is another than when it was put aside."""
    wanted = published(folder / "data")
    fail_over(Store(folder / "data/store"), "raw/good.txt")
    assert run(folder).quarantined == 4
    again = run(folder, AGAIN)
    assert str(again.again) == "4; 1 came out, 3 stay"
    assert published(folder / "data") == wanted


def fail_over(store: Store, source: str) -> None:
    """Puts a document aside, as a library does that crashes on it."""
    [part] = store.parts(ingest.STAGE, Document)
    origin = store.footer(ingest.STAGE, Document, part).made_from
    read, put_aside = (store.rows(ingest.STAGE, row, part) for row in (Document, Quarantine))
    [failed] = [row for row in read if row.source == source]
    why = ("ingest-failed", "AttributeError: as it was")
    put_aside.append(Quarantine(failed.doc_id, source, failed.bytes, failed.sha256, *why))
    store.write(ingest.STAGE, Document, part, [row for row in read if row != failed], origin)
    store.write(ingest.STAGE, Quarantine, part, put_aside, origin)


def test_what_is_gone_is_named_and_stays(folder):
    (folder / "raw/zeros").unlink()
    (folder / "raw/login.txt").unlink()
    again = run(folder, AGAIN)
    assert again.again.gone == ("raw/zeros",)
    assert "not found, give their folder: raw/zeros" in as_text(again)
    assert set(aside(folder)) == {"raw/broken.gz", "raw/login.txt", "raw/zeros"}


def test_a_document_is_judged_again_though_its_raw_file_is_gone(folder):
    """Put aside by an earlier state of a room, which had another opinion of it."""
    store = Store(folder / "data/store")
    (folder / "raw/login.txt").unlink()
    reopen(store)
    assert not store.parts(strip.STAGE, Quarantine)
    assert run(folder, sources=[]).quarantined == 3


def test_the_folders_of_earlier_runs_are_known(folder):
    assert known_sources(folder / "data") == [str((folder / "raw").resolve())]
    (folder / "raw").rename(folder / "moved")
    assert known_sources(folder / "data") == []
    again = run(folder, AGAIN, known_sources(folder / "data"))
    assert again.again.gone == ("raw/broken.gz", "raw/zeros")
    assert again.documents == 4
