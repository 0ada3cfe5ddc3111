"""Words and shingles: hashed by the batch, the same wherever they stand, with offsets into the raw text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.dedupe.compare import counted
from tasks.dedupe.shelf import Rows, Shelf
from tasks.dedupe.shingles import Segments, Words, shingles, words


def whole(texts: list[str]) -> Segments:
    """Each text as one segment that is kept."""
    count = len(texts)
    return Segments(np.arange(count), np.zeros(count, np.int64), np.ones(count, bool))


def read(text: str) -> list[str]:
    """The words of a text as they stand in it."""
    return [word for found in words([text], whole([text])) for word in standing(text, found)]


def standing(text: str, found: Words) -> list[str]:
    return [text[start:end] for start, end in zip(*found.offsets(), strict=True)]


def hashes(text: str) -> list[int]:
    return [value for found in words([text], whole([text])) for value in found.hashes.tolist()]


def test_a_character_is_a_word_where_the_script_writes_no_spaces() -> None:
    assert read("iPhone手机 in 東京") == ["iPhone", "手", "机", "in", "東", "京"]


def test_a_digit_makes_a_figure() -> None:
    (found,) = words(["rose 1.28 percent to ٣"], whole([""]))
    assert found.figures.tolist() == [False, True, True, False, False, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ÉTÉ", "e\u0301te\u0301"), ("re\u00adsign", "resign"), ("ＡＢＣ", "abc"), ("Ёлка", "елка"), ("كِتَاب", "كتاب")],
)
def test_two_spellings_of_a_word_are_one_word(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)


def test_another_word_has_another_hash() -> None:
    assert len({tuple(hashes(word)) for word in ("ab", "ba", "a", "b", "abc", "aab", "각", "가", "日")}) == 9


def test_no_shingle_reaches_from_one_document_into_the_next() -> None:
    texts = ["one two three four five", "six seven eight nine", "ten"]
    (found,) = words(texts, whole(texts))
    assert (shingles(found) > 0).tolist() == [True] + [False] * 9


def test_what_is_not_kept_has_no_words() -> None:
    text = "menu search\nthe body of it\nfooter"
    segments = Segments(np.zeros(3, np.int64), np.array([0, 12, 27]), np.array([False, True, False]))
    (found,) = words([text], segments)
    assert standing(text, found) == ["the", "body", "of", "it"]


@given(st.lists(st.text(max_size=80), max_size=6), st.integers(0, 5))
def test_a_text_has_the_same_words_alone_and_among_others(texts: list[str], place: int) -> None:
    several = [(found.first, found) for found in words(texts, whole(texts))]
    if place >= len(texts):
        return
    ((first, found),) = several
    here = found.docs == place - first
    assert hashes(texts[place]) == found.hashes[here].tolist()
    starts, ends = found.offsets()
    assert all(0 <= start < end <= len(texts[place]) for start, end in zip(starts[here], ends[here], strict=True))


def test_what_pairs_of_texts_share_is_counted_as_sets_count_it(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    held = [np.sort(chance.choice(200, size, replace=False)).astype(np.uint32) + 1 for size in (150, 90, 90, 30, 1, 0)]
    shelf = Shelf(tmp_path / "values", len(held))
    shelf.put(np.arange(len(held)), Rows(np.array([len(values) for values in held]), np.concatenate(held)))
    a, b = (side[::-1] for side in np.triu_indices(len(held), 1))
    shared = [len(set(held[one].tolist()) & set(held[other].tolist())) for one, other in zip(a, b, strict=True)]
    assert counted(shelf, a, b).tolist() == shared
