"""What ties the articles of stories, and why."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from tasks.group.likeness import OF_PAIR, contributions, likeness, weights
from tasks.group.reasons import Quoted, apart, shown, telling
from tasks.group.stories import gather, member_rows, story_rows
from tasks.group.ties import cut
from tasks.group.vector import FIGURES, KINDS, NAMES, TITLE, WORDS

SIGN = ("doc_id", "published", "title", "outlet", "language", "words", "day")
ROWS = [
    ("a", None, "Harbour closed", "Lantern", "en", 90, None),
    ("b", "2021-03-02", None, "Post", "en", 100, date(2021, 3, 2)),
    ("c", "2021-03-02", "Quay shut", None, "da", 40, date(2021, 3, 2)),
    ("d", "2021-03-04", "Storm shuts harbour", "Post", None, 60, date(2021, 3, 4)),
    ("e", None, None, None, None, 5, None),
]
ARTICLES = pa.table({name: list(column) for name, column in zip(SIGN, zip(*ROWS, strict=True), strict=True)})
TWO = np.array([0, 0, 0, 0, 4])
NONE = pa.array([[], []], pa.list_(pa.string()))


def test_the_lead_is_the_earliest_with_a_title_that_is_half_as_long_as_the_longest() -> None:
    stories = gather(TWO, ARTICLES)
    assert stories.articles.tolist() == [1, 2, 3, 0, 4]
    assert stories.leads.tolist() == [3, 4]


def test_a_story_has_what_its_articles_have_each_once() -> None:
    told, alone = story_rows(gather(TWO, ARTICLES), ARTICLES, NONE, np.array([2, 0])).to_pylist()
    assert (told["story_id"], told["lead"], told["headline"]) == ("b", "d", "Storm shuts harbour")
    assert (told["first_on"], told["last_on"], told["articles"]) == (date(2021, 3, 2), date(2021, 3, 4), 4)
    assert (told["outlets"], told["languages"], told["mentions"]) == (["Lantern", "Post"], ["da", "en"], 2)
    assert (alone["first_on"], alone["outlets"], alone["languages"]) == (None, [], [])


def test_one_article_of_a_story_is_the_lead_and_the_others_cover_it() -> None:
    rows = member_rows(gather(TWO, ARTICLES), ARTICLES).to_pylist()
    assert {row["doc_id"] for row in rows if row["story_role"] == "lead"} == {"d", "e"}
    assert {row["story_id"] for row in rows} == {"b", "e"}


def test_stories_are_cut_into_stretches_that_have_each_of_them_once() -> None:
    articles = pa.table({name: list(column) * 2000 for name, column in zip(SIGN, zip(*ROWS, strict=True), strict=True)})
    stories = gather(np.arange(10_000) // 4, articles)
    stretches = [*cut(stories)]
    assert len(stretches) > 1
    assert np.concatenate([some.leads for some in stretches]).tolist() == stories.leads.tolist()
    assert np.concatenate([some.articles for some in stretches]).tolist() == stories.articles.tolist()


def some_pairs() -> np.ndarray:
    pairs = np.random.default_rng(7).random((40, len(weights().measures)), np.float32)
    pairs[:, -len(OF_PAIR) :] = 0
    return pairs


def test_a_pair_is_as_like_whatever_pairs_are_measured_with_it() -> None:
    pairs = some_pairs()
    assert likeness(pairs).tolist() == [likeness(pairs[place : place + 1]).item() for place in range(len(pairs))]
    assert contributions(pairs)[7].tolist() == contributions(pairs[7:8])[0].tolist()


def test_kinds_that_say_little_are_not_told_and_the_most_telling_come_first() -> None:
    speaking = np.zeros((2, len(KINDS)), np.float32)
    speaking[0, [NAMES, WORDS, TITLE]] = 0.2, 0.9, 0.01
    assert list(telling(speaking)) == [[WORDS, NAMES], []]


ONE = Quoted("1", date(2021, 3, 2), "Storm shuts Aarhus harbour", ["Aarhus", "Birgit Thorup"], ["34", "212"])
OTHER = Quoted("2", date(2021, 3, 4), "Harbours shut by storm", ["B. Thorup"], ["212", "9"])


@pytest.mark.parametrize(
    ("kind", "said"), [(NAMES, " Birgit Thorup"), (FIGURES, " 212"), (TITLE, " storm, harbour"), (WORDS, "")]
)
def test_what_two_articles_share_is_quoted_as_printed(kind: int, said: str) -> None:
    assert shown(kind, ONE, OTHER) == said


def test_the_days_between_two_articles_are_told() -> None:
    assert apart(ONE, OTHER) == "2 days apart"
    assert apart(ONE, ONE) == "the same day"
    assert apart(ONE, Quoted("3", None, None, [], [])) == "a date is not known"
