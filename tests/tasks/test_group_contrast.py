"""Two events of one topic, by what their reports say."""

import numpy as np

from tasks.group.groups import Articles
from tasks.group.linkage import gathered
from tasks.group.rows import GroupSettings
from tasks.group.window import EDGE
from tests.tasks.test_group_linkage import clusters

EVERY_PAIR = [(one, other) for other in range(8) for one in range(other)]
ALIKE = np.array([(one, other, 0.9 if (one < 4) == (other < 4) else 0.8) for one, other in EVERY_PAIR], EDGE)
TOPIC = {1, 2}
ONE, OTHER = {10, 11, 12}, {20, 21, 22}


def stories(said: list[set[int]]) -> list[list[int]]:
    terms = [np.array([*of_one], np.int64) for of_one in said]
    return clusters(gathered(Articles(np.ones(8, np.int64), terms.__getitem__, GroupSettings()), ALIKE))


def test_reports_that_share_no_more_than_a_topic_are_two_events_however_alike_pair_by_pair() -> None:
    assert stories([TOPIC | ONE] * 4 + [TOPIC | OTHER] * 4) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_reports_of_which_the_later_add_something_are_one_event() -> None:
    assert stories([TOPIC | ONE] * 4 + [TOPIC | ONE | OTHER] * 4) == [list(range(8))]
