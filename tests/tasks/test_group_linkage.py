"""How pairs become stories."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tasks.group import linkage
from tasks.group.groups import Articles
from tasks.group.linkage import gathered, held_together
from tasks.group.rows import GroupSettings
from tasks.group.window import EDGE

SETTINGS = GroupSettings(window_days=4, likeness=0.4, undated_likeness=0.6)


def stories(days: list[int | None], edges: list[tuple[int, int, float]]) -> list[list[int]]:
    dated = np.array([day or 0 for day in days], np.int64)
    return clusters(gathered(Articles(dated, said, SETTINGS), np.array(edges, EDGE)))


def clusters(named: np.ndarray) -> list[list[int]]:
    """The articles of each story, given the name of each article's."""
    return [np.flatnonzero(named == name).tolist() for name in np.unique(named)]


def said(number: int) -> np.ndarray:
    """Some terms of an article, so that groups of several may be told apart by them."""
    return np.arange(number % 3, 12, 3)


def test_an_article_without_pairs_is_alone() -> None:
    assert stories([1, 1], []) == [[0], [1]]


def test_one_bad_edge_does_not_join_two_stories() -> None:
    one = [(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9)]
    other = [(3, 4, 0.9), (3, 5, 0.9), (4, 5, 0.9)]
    assert stories([1] * 6, [*one, *other, (2, 3, 0.8)]) == [[0, 1, 2], [3, 4, 5]]


def test_two_events_of_one_topic_stay_two_though_they_are_somewhat_alike() -> None:
    one = [(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9)]
    other = [(3, 4, 0.9), (3, 5, 0.9), (4, 5, 0.9)]
    across = [(near, far) for near in range(3) for far in range(3, 6)]
    assert stories([1] * 6, [*one, *other, *((near, far, 0.42) for near, far in across)]) == [[0, 1, 2], [3, 4, 5]]
    assert stories([1] * 6, [*one, *other, *((near, far, 0.5) for near, far in across)]) == [[0, 1, 2, 3, 4, 5]]


def test_a_running_story_is_split_into_chapters_no_longer_than_the_window() -> None:
    days: list[int | None] = list(range(1, 21))
    chain = [(day, later, 0.9) for day in range(20) for later in range(day + 1, min(day + 5, 20))]
    chapters = stories(days, chain)
    assert sum(map(len, chapters)) == 20
    assert all(chapter[-1] - chapter[0] <= 4 for chapter in chapters)


def test_an_undated_article_needs_more() -> None:
    assert stories([1, 1], [(0, 1, 0.5)]) == [[0, 1]]
    assert stories([None, 1], [(0, 1, 0.5)]) == [[0], [1]]
    assert stories([None, 1], [(0, 1, 0.7)]) == [[0, 1]]


def test_articles_without_a_date_need_less_where_the_settings_say_so() -> None:
    alone = SETTINGS.model_copy(update={"undated_likeness": 0.2})
    pair = np.array([(0, 1, 0.3)], EDGE)
    for day, wanted in ((0, [0, 0]), (1, [0, 1])):
        assert gathered(Articles(np.full(2, day), said, alone), pair).tolist() == wanted


def test_several_articles_bear_an_undated_one_out() -> None:
    pairs = [(one, other, 0.9 if one else 0.5) for other in range(1, 4) for one in range(other)]
    assert stories([None, 1, 1], pairs[:3]) == [[0], [1, 2]]
    assert stories([None, 1, 1, 1], pairs) == [[0, 1, 2, 3]]


def test_what_a_chain_of_pairs_holds_together_is_found_in_whatever_order_they_come() -> None:
    chance = random.Random(3)
    chain = [(number, number + 1, 0.9) for number in range(999) if number != 500]
    numbers = chance.sample(range(1000), 1000)
    pairs = np.array([(numbers[one], numbers[other], 0.9) for one, other, _ in chance.sample(chain, len(chain))], EDGE)
    held = held_together(1000, pairs, 0.9)[numbers]
    assert held[:501].tolist() == [min(numbers[:501])] * 501
    assert held[501:].tolist() == [min(numbers[501:])] * 499


PAIRS = st.dictionaries(
    st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.2, 0.45, 0.5, 0.7, 0.85, 0.9]),
)
DAYS = st.lists(st.one_of(st.none(), st.integers(1, 9)), min_size=15, max_size=15)


@examples(deadline=None)
@given(PAIRS, DAYS, st.randoms(use_true_random=False))
def test_stories_part_the_articles_whatever_the_order_of_the_pairs(
    likeness: dict[tuple[int, int], float], days: list[int | None], chance: random.Random
) -> None:
    edges = [(one, other, value) for (one, other), value in likeness.items()]
    found = stories(days, edges)
    assert sorted(number for members in found for number in members) == list(range(15))
    assert stories(days, chance.sample(edges, len(edges))) == found
    for members in found:
        dated = [day for number in members if (day := days[number]) is not None]
        assert not dated or max(dated) - min(dated) <= SETTINGS.window_days


@examples(deadline=None, max_examples=300)
@given(PAIRS, DAYS, st.sampled_from([0.2, 0.5, 0.8]))
def test_what_is_close_is_gathered_first_by_itself_and_the_stories_are_the_same(
    likeness: dict[tuple[int, int], float], days: list[int | None], close: float
) -> None:
    edges = [(one, other, value) for (one, other), value in likeness.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linkage, "CLOSE", 2.0)
        at_once = stories(days, edges)
        patch.setattr(linkage, "CLOSE", close)
        patch.setattr(linkage, "LEAST", 1)
        patch.setattr(linkage, "AT_ONCE", 5)
        assert stories(days, edges) == at_once
