"""No document is lost: before the door swings, all that came in is an article, a duplicate or in quarantine."""

import pytest

from tasks import ingest, publish
from tasks.dedupe import STAGE as DEDUPE
from tasks.dedupe import Fate
from tasks.errors import ContractError
from tasks.ingest import Document
from tasks.publish import Article, PublishedDocument
from tasks.store import Store
from tests.conftest import clean, published, write_folder
from tests.flows.test_crashes import TEXTS

FEWER = TEXTS["new"][:-60]


@pytest.fixture
def folder(tmp_path):
    """Two articles, a copy of the one, a file that cannot be read."""
    files = {"a.txt": TEXTS["old"], "b.txt": TEXTS["new"], "copy.txt": FEWER, "zeros": bytes(99)}
    raw = write_folder(tmp_path / "raw", files)
    assert clean(tmp_path / "data", raw).copies == 1
    write_folder(
        raw, {"more.txt": "A third bridge\n\n1 April 2020\n\nThe council said that it would be built of oak.\n"}
    )
    return tmp_path


@pytest.mark.parametrize(
    ("stage", "row", "told"),
    [
        (ingest.STAGE, Document, "came 4, documents 5"),
        (publish.STAGE, Article, "told as articles 3, articles 2"),
        (publish.STAGE, PublishedDocument, "came 5, documents 4"),
    ],
)
def test_a_table_that_has_lost_a_row_is_not_published(folder, stage, row, told):
    before = (folder / "data/clean").resolve()
    store = Store(folder / "data/store")
    clean(folder / "data", folder / "raw")
    for part in store.parts(stage, row):
        rows = store.rows(stage, row, part)
        if rows[0].source == "raw/a.txt" or len(rows) > 1:
            store.write(stage, row, part, rows[1:], store.footer(stage, row, part).made_from)
            break
    with pytest.raises(ContractError, match=told):
        publish.books(store)
    assert before.exists()


def test_a_run_whose_books_do_not_close_leaves_the_tables_as_they_were(folder):
    store = Store(folder / "data/store")
    before = (folder / "data/clean").resolve()
    [part] = store.parts(publish.STAGE, Article)
    origin = store.footer(publish.STAGE, Article, part).made_from
    store.write(publish.STAGE, Article, part, store.rows(publish.STAGE, Article, part)[1:], origin)
    with pytest.raises(ContractError, match="articles 2; nothing was published"):
        clean(folder / "data", folder / "raw")
    assert (folder / "data/clean").resolve() == before


def test_an_article_in_the_place_of_another_is_noticed(folder):
    store = Store(folder / "data/store")
    [part] = store.parts(publish.STAGE, Article)
    [copy] = [row for row in store.rows(publish.STAGE, PublishedDocument, part) if row.kept_as]
    first, *others = store.rows(publish.STAGE, Article, part)
    store.write(publish.STAGE, Article, part, [first._replace(doc_id=copy.doc_id), *others], "x")
    with pytest.raises(ContractError, match="articles 2, articles told as such 1"):
        publish.books(store)


def test_a_duplicate_is_kept_as_an_article(folder):
    tables = published(folder / "data")
    articles = {row["doc_id"] for row in tables["articles"]}
    assert {row["kept_as"] for row in tables["documents"] if row["status"] == "duplicate"} <= articles
    store = Store(folder / "data/store")
    [part] = store.parts(DEDUPE, Fate)
    rows = store.rows(publish.STAGE, PublishedDocument, part)
    [copy] = [row for row in rows if row.kept_as]
    wrong = [row._replace(kept_as=copy.doc_id) if row is copy else row for row in rows]
    store.write(publish.STAGE, PublishedDocument, part, wrong, "x")
    with pytest.raises(ContractError, match="kept as no article 1"):
        publish.books(store)


@pytest.mark.parametrize("later", [FEWER, bytes(99), "", TEXTS["old"], "Log in\n\nUser\n\nPassword\n"])
def test_the_books_close_whatever_a_file_is_changed_to(folder, later):
    write_folder(folder / "raw", {"b.txt": later})
    summary = clean(folder / "data", folder / "raw")
    assert summary.documents == summary.articles + summary.copies + summary.quarantined == 6
