"""What is held of the signs of a corpus."""

from datetime import date
from pathlib import Path

from tasks import dedupe
from tasks.dedupe import Fate
from tasks.group.catalogue import back_references, catalogue
from tasks.group.rows import SIGN, BackReference, Sign
from tasks.store import Store


def sign(doc_id: str, day: int | None, *days: int) -> Sign:
    said = [BackReference(at, 9, date(2021, 5, of), date(2021, 5, of), [], [], f"{of}") for at, of in enumerate(days)]
    return Sign(doc_id, None, date(2021, 5, day) if day else None, None, None, "en", 9, [], [], [], [], said)


def stored(folder: Path) -> Store:
    store = Store(folder)
    parts = {"one": [sign("a", 9, 3, 1), sign("c", None, 1)], "two": [sign("b", 7, 2, 1), sign("d", 7)], "three": []}
    for part, signs in parts.items():
        store.write(SIGN, Sign, part, signs, "")
    return store


def test_articles_come_undated_first_then_by_day(tmp_path: Path) -> None:
    assert catalogue(stored(tmp_path)).column("doc_id").to_pylist() == ["c", "b", "d", "a"]


def test_an_article_is_found_again_in_its_part(tmp_path: Path) -> None:
    store = stored(tmp_path)
    parts = [store.read(SIGN, Sign, part).column("doc_id").to_pylist() for part in store.parts(SIGN, Sign)]
    for row in catalogue(store).to_pylist():
        assert parts[row["part"]][row["place"]] == row["doc_id"]


def test_what_dedupe_keeps_as_another_is_no_article(tmp_path: Path) -> None:
    store = stored(tmp_path)
    store.write(dedupe.STAGE, Fate, "one", [Fate("a", "b")], "")
    assert catalogue(store).column("doc_id").to_pylist() == ["c", "b", "d"]


def test_back_references_come_by_the_day_that_they_mean(tmp_path: Path) -> None:
    articles = catalogue(stored(tmp_path))
    of = articles.column("doc_id").to_pylist()
    found = [(of[row["number"]], row["sentence"]) for some in back_references(articles) for row in some.to_pylist()]
    assert found == [("c", "1"), ("b", "1"), ("a", "1"), ("b", "2"), ("a", "3")]


def test_a_corpus_without_signs_has_no_back_references(tmp_path: Path) -> None:
    assert list(back_references(catalogue(Store(tmp_path)))) == []
