"""What is compared with what, and what of it a later run need not compare again."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tasks.group.likeness import terms_of
from tasks.group.looks import Watch, all_seen, all_touched, looks
from tasks.group.memory import Known, nothing
from tasks.group.pairs import pairs
from tasks.group.rows import GroupSettings
from tasks.group.vector import KIND_BITS, KINDS
from tasks.group.window import Article, Edges

SETTINGS = GroupSettings(window_days=2)
UNDATED = 0
Told = tuple[int, int, int]  # day, event, and which of its reports


@examples(deadline=None)
@given(st.integers(0, 4), st.lists(st.integers(1, 12), max_size=12))
def test_each_article_looks_at_all_in_reach_and_at_the_undated(undated: int, dated: list[int]) -> None:
    days = [UNDATED] * undated + sorted(dated)
    found = looks(np.array(days, np.int64), SETTINGS.window_days)
    looked = [
        (other, number)
        for number, start, stop in zip(*(column.tolist() for column in found), strict=True)
        for other in range(start, stop)
    ]
    assert len(looked) == len(set(looked))
    assert set(looked) == {
        (one, other)
        for other, day in enumerate(days)
        for one, before in enumerate(days[:other])
        if before == UNDATED or day - before <= SETTINGS.window_days
    }


class Corpus:
    """Articles of given days and events, with note of which were asked for."""

    def __init__(self, told: list[Told]) -> None:
        self.told = sorted(told)
        self.numbers: set[int] = set()
        self.days = np.array([day for day, _, _ in self.told], np.int64)
        self.signatures = np.array([day * 10_000 + event * 100 + which for day, event, which in self.told], np.uint64)

    def __call__(self, number: int) -> Article:
        self.numbers.add(number)
        day, event, which = self.told[number]
        return article(number, day, event, which)

    def pairs(self, known: Known, settings: GroupSettings = SETTINGS) -> Known:
        return pairs(self.days, self, self.signatures, known, settings)


def article(number: int, day: int, event: int, which: int = 0) -> Article:
    """One of an event's reports, which differ a little in what they weigh, and say two things that all articles do."""
    said = [(event * 100 + word) << KIND_BITS | kind for word in range(9) for kind in range(len(KINDS))]
    terms = np.array(sorted([*said, *(word << KIND_BITS for word in range(2))]), np.int64)
    weights = np.full(len(terms), 5.0, np.float32) + which / 8 * (np.arange(len(terms)) % 3)
    return Article(number, day or None, "en", terms_of(terms, weights.astype(np.float32)))


def tied(edges: Edges) -> set[tuple[int, int]]:
    return {(one, other) for one, other, _ in edges.tolist()}


TOLD = [(UNDATED, 7, 0), (1, 3, 0), (1, 3, 1), (2, 3, 0), (9, 5, 0), (9, 5, 1), (20, 7, 0)]


@pytest.mark.parametrize(
    ("told", "wanted"),
    [(TOLD, {(1, 2), (1, 3), (2, 3), (4, 5), (0, 6)}), (TOLD[1:6], {(0, 1), (0, 2), (1, 2), (3, 4)}), ([], set())],
)
def test_what_an_earlier_run_found_is_not_looked_for_again(told: list[Told], wanted: set[tuple[int, int]]) -> None:
    first, again = Corpus(told), Corpus(told)
    found = first.pairs(nothing(SETTINGS))
    assert tied(found.edges) == wanted
    assert sorted(again.pairs(found).edges.tolist()) == sorted(found.edges.tolist())
    assert again.numbers == set()


def test_what_was_found_in_another_way_is_looked_for_anew() -> None:
    found = Corpus(TOLD).pairs(nothing(SETTINGS))
    other = GroupSettings(window_days=0)
    assert tied(Corpus(TOLD).pairs(found, other).edges) == {(1, 2), (4, 5), (0, 6)}


told = st.tuples(st.sampled_from([UNDATED, 1, 2, 9]), st.integers(1, 2), st.integers(0, 4))
fates = st.sampled_from(["stays", "stays", "comes", "goes"])


@pytest.mark.parametrize(("crowded", "most"), [(3000, 60), (4, 2), (2, 60), (3000, 1)])
@examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(told, fates, min_size=2, max_size=24))
def test_articles_that_come_and_go_leave_what_one_run_finds(
    monkeypatch: pytest.MonkeyPatch, crowded: int, most: int, fate: dict[Told, str]
) -> None:
    monkeypatch.setattr("tasks.group.window.CROWDED", crowded)
    settings = GroupSettings(window_days=2, candidates=most)
    before, now = ([one for one in fate if fate[one] != gone] for gone in ("comes", "goes"))
    whole = Corpus(now).pairs(nothing(settings), settings)
    grown = Corpus(now).pairs(Corpus(before).pairs(nothing(settings), settings), settings)
    assert sorted(grown.edges.tolist()) == sorted(whole.edges.tolist())
    assert grown.postings.tolist() == whole.postings.tolist()
    assert grown.bars.tolist() == whole.bars.tolist()


def test_only_looks_are_taken_again_that_an_addition_is_among_the_likeliest_of() -> None:
    more = Corpus([*TOLD, (10, 5, 2)])
    found = more.pairs(nothing(SETTINGS))
    every = Watch(looks(more.days, SETTINGS.window_days), found.postings, more)
    [added] = [number for number, told in enumerate(more.told) if told == (10, 5, 2)]
    changed = np.arange(len(more.told)) == added
    bars = np.zeros(len(every.looks.articles))
    assert not all_touched(every, changed, bars, map).any()
    later = np.arange(len(more.told)) == added - 1
    assert np.flatnonzero(all_touched(every, later, bars, map)).tolist() == [added]
    assert not all_touched(every, later, np.full_like(bars, 1e9), map).any()


def test_looks_see_the_same_in_however_many_bunches_and_however_few_articles_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corpus = Corpus([(UNDATED, event, which) for which, event in enumerate((3, 7, 3, 7, 3, 5, 3))] + TOLD)
    whole = corpus.pairs(nothing(SETTINGS))
    for name, few in (("BUNCH", 1), ("BUNCHES", 100), ("HELD", 1), ("AT_ONCE", 2)):
        monkeypatch.setattr(f"tasks.group.looks.{name}", few)
    parted = corpus.pairs(nothing(SETTINGS))
    assert sorted(parted.edges.tolist()) == sorted(whole.edges.tolist())
    watch = Watch(looks(corpus.days, SETTINGS.window_days), whole.postings, corpus)
    assert all_seen(watch, SETTINGS.candidates, map).bars.tolist() == whole.bars.tolist()
