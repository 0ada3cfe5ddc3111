"""What `copydesk explain` says of a story, on the five documents."""

import pytest

from flows.explain import explain


@pytest.fixture(scope="module")
def told(seeds_data):
    printed = explain(seeds_data, "003")
    return printed[printed.index("\nstory ") :].splitlines()


def test_a_story_has_a_timeline_with_its_lead_first(told):
    first, second = [line for line in told if line.startswith("  2013-") and ("lead" in line or "coverage" in line)]
    assert "lead" in first
    assert "coverage" in second
    assert first < second


def test_each_article_that_is_not_the_lead_says_why_it_belongs(told):
    assert sum("like the lead" in line and "apart" in line for line in told) >= 1


def test_the_nearest_that_is_not_of_the_story_says_why_not(told):
    place = next(number for number, line in enumerate(told) if "nearest that is not of it" in line)
    assert told[place + 2].strip().startswith("not of it: ")


def test_a_later_article_that_mentions_the_story_shows_the_sentence(told):
    place = next(number for number, line in enumerate(told) if " mentions " in line)
    assert "May 7" in told[place + 1]


def test_a_story_of_one_is_not_told_twice(seeds_data):
    assert "\nstory " not in explain(seeds_data, "001")
