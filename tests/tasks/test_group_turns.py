"""What is compared with what, and what of it a later run need not compare again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tasks.group.likeness import terms_of
from tasks.group.rows import GroupSettings
from tasks.group.turns import edges, turns
from tasks.group.vector import KIND_BITS, KINDS
from tasks.group.window import Article, Window

SETTINGS = GroupSettings(window_days=2)
Days = list[int | None]


def compared(days: Days) -> set[tuple[int, int]]:
    found = set()
    for turn in turns(days, SETTINGS.window_days):
        for number in turn.articles:
            before = range(turn.articles.start, number) if turn.among else ()
            found |= {(other, number) for other in [*turn.others, *before]}
    return found


@examples(deadline=None)
@given(st.lists(st.none(), max_size=4), st.lists(st.integers(1, 12), max_size=12))
def test_each_article_is_compared_with_all_in_reach_and_with_the_undated(undated: Days, dated: list[int]) -> None:
    days: Days = [*undated, *sorted(dated)]
    wanted = {
        (one, other)
        for other, day in enumerate(days)
        for one, before in enumerate(days[:other])
        if before is None or (day is not None and day - before <= SETTINGS.window_days)
    }
    assert compared(days) == wanted


def article(number: int, day: int | None, event: int) -> Article:
    terms = sorted((event * 100 + word) << KIND_BITS | kind for word in range(9) for kind in range(len(KINDS)))
    weights = np.full(len(terms), 5.0, np.float32)
    return Article(number, day, "en", terms_of(np.array(terms, np.int64), weights))


class Read:
    """Articles of given days and events, with note of which were asked for."""

    def __init__(self, told: list[tuple[int | None, int]]) -> None:
        self.told = told
        self.numbers: set[int] = set()

    def __call__(self, number: int) -> Article:
        self.numbers.add(number)
        return article(number, *self.told[number])

    @property
    def days(self) -> Days:
        return [day for day, _ in self.told]

    @property
    def signatures(self) -> np.ndarray:
        return np.array([event * 1000 + (day or 0) for day, event in self.told], np.uint64)


TOLD: list[tuple[int | None, int]] = [(None, 7), (1, 3), (1, 3), (2, 3), (9, 5), (9, 5), (20, 7)]


@pytest.mark.parametrize(
    ("told", "wanted"),
    [(TOLD, {(1, 2), (1, 3), (2, 3), (4, 5), (0, 6)}), (TOLD[1:6], {(0, 1), (0, 2), (1, 2), (3, 4)}), ([], set())],
)
def test_what_an_earlier_run_found_is_not_looked_for_again(
    told: list[tuple[int | None, int]], wanted: set[tuple[int, int]]
) -> None:
    first, again = Read(told), Read(told)
    pairs, found = edges(first.days, first, first.signatures, {}, SETTINGS)
    assert {(one, other) for one, other, _ in pairs.tolist()} == wanted
    assert edges(again.days, again, again.signatures, found, SETTINGS)[0].tolist() == pairs.tolist()
    assert again.numbers == set()


def test_an_addition_is_compared_with_the_days_in_reach_and_the_undated_only() -> None:
    first, more = Read(TOLD), Read([*TOLD[:6], (10, 5), TOLD[6]])
    _, found = edges(first.days, first, first.signatures, {}, SETTINGS)
    pairs, _ = edges(more.days, more, more.signatures, found, SETTINGS)
    assert pairs.tolist() == edges(more.days, Read(more.told), more.signatures, {}, SETTINGS)[0].tolist()
    assert more.numbers == {0, 4, 5, 6}


def test_a_window_holds_what_it_is_told_to_and_nothing_else() -> None:
    window, read = Window(), Read(TOLD)
    window.hold(range(1, 4), read)
    window.hold(range(3, 6), read)
    assert window.candidates([article(9, 1, 3), article(9, 9, 5)], 10) == [[3], [4, 5]]
    assert read.numbers == {1, 2, 3, 4, 5}


def test_the_undated_find_each_other_in_however_many_turns_and_however_few_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = Read([(None, event) for event in (3, 7, 3, 7, 3, 5, 3)] + TOLD[1:])
    whole, _ = edges(read.days, read, read.signatures, {}, SETTINGS)
    monkeypatch.setattr("tasks.group.turns.UNDATED", 2)
    monkeypatch.setattr("tasks.group.turns.HELD", 1)
    parted, found = edges(read.days, read, read.signatures, {}, SETTINGS)
    assert parted.tolist() == whole.tolist()
    assert {(0, 2), (0, 6), (4, 6), (1, 3), (0, 7)} <= {(one, other) for one, other, _ in parted.tolist()}
    assert len(found) == len({*turns(read.days, SETTINGS.window_days)})
