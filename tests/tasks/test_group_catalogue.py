"""What is read of the signs of a corpus, in the order in which it is wanted."""

from datetime import date
from pathlib import Path

from tasks.group.catalogue import SPILL, back_references, in_order
from tasks.group.rows import SIGN, BackReference, Sign
from tasks.store import Store


def sign(doc_id: str, *days: int) -> Sign:
    said = [
        BackReference(at, 9, date(2021, 5, day), date(2021, 5, day), [], [], f"{day}") for at, day in enumerate(days)
    ]
    return Sign(doc_id, None, date(2021, 5, 9), f"Of {doc_id}", None, "en", 9, [], [], [], [], said)


def stored(folder: Path) -> Store:
    store = Store(folder)
    for part, signs in {"one": [sign("a", 3, 1), sign("c", 1)], "two": [sign("b", 2, 1), sign("d")]}.items():
        store.write(SIGN, Sign, part, signs, "")
    return store


def test_signs_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    found = in_order(stored(tmp_path), ["d", "a", "b"], ["doc_id", "title"])
    assert [row["title"] for row in found] == ["Of d", "Of a", "Of b"]
    assert list(in_order(stored(tmp_path), [], ["doc_id"])) == []


def test_back_references_come_by_the_day_that_they_mean(tmp_path: Path) -> None:
    found = back_references(stored(tmp_path))
    assert [(of, one.sentence) for of, _, one in found] == [("a", "1"), ("b", "1"), ("c", "1"), ("b", "2"), ("a", "3")]
    assert not list((tmp_path / SPILL).iterdir())


def test_a_corpus_without_signs_has_no_back_references(tmp_path: Path) -> None:
    assert list(back_references(Store(tmp_path))) == []
