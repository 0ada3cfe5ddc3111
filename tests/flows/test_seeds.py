"""The five seeds come out as they should: which lines stay, their metadata, their stories."""

import json
from datetime import datetime

import pytest

from tests.conftest import ROOT, SEEDS, published

GOLD = {row["file"]: row for row in json.loads((ROOT / "tests/gold/seeds.json").read_text())}
KINDS = {
    "title": {"title"},
    "byline": {"byline"},
    "dateline": {"dateline"},
    "caption": {"caption"},
    "credit": {"credit", "outlet"},
}


@pytest.fixture(scope="module")
def tables(seeds_data):
    return published(seeds_data)


@pytest.fixture(scope="module")
def articles(tables):
    return {row["source"].removeprefix("seeds/"): row for row in tables["articles"]}


@pytest.fixture(params=sorted(GOLD))
def file(request):
    return request.param


def lines_of_spans(tables, article):
    """The 1-based line on which each span that shows something begins, and its kind."""
    text = next(row["text"] for row in tables["documents"] if row["doc_id"] == article["doc_id"])
    for span in tables["spans"]:
        piece = text[span["start"] : span["end"]]
        if span["doc_id"] == article["doc_id"] and piece.strip():
            blank = len(piece) - len(piece.lstrip())
            yield text.count("\n", 0, span["start"] + blank) + 1, span["kind"]


def test_the_right_lines_are_kept(tables, articles, file):
    kept = {line for line, kind in lines_of_spans(tables, articles[file]) if kind in ("body", "heading")}
    assert sorted(kept) == GOLD[file]["kept_lines"]


def test_removed_lines_have_the_right_kind(tables, articles, file):
    kinds = dict(lines_of_spans(tables, articles[file]))
    for line, kind in GOLD[file]["removed_lines"]:
        assert kinds[line] in KINDS.get(kind, {"boilerplate", "outlet", "credit"}), (line, kind)


def test_the_article_is_its_kept_lines(articles, file):
    lines = (SEEDS / file).read_text(encoding="utf-8").split("\n")
    assert articles[file]["text"].split("\n\n") == [lines[number - 1].strip() for number in GOLD[file]["kept_lines"]]


def test_the_metadata_is_right(articles, file):
    found, gold = articles[file], GOLD[file]
    assert found["title"] == gold["title"]
    assert found["authors"] == gold["authors"]
    assert found["agency"] == gold["agency"]
    assert found["language"] == gold["language"]
    assert found["outlet"] == gold["outlet"] or (gold["outlet_optional"] and found["outlet"] is None)


def test_the_dates_are_right(articles, file):
    found, gold = articles[file], GOLD[file]
    assert found["published_precision"] == gold["published_precision"]
    assert when(found, "published") == gold["published"]
    assert when(found, "modified") == gold["modified"]


def when(row, name):
    moment: datetime | None = row[f"{name}_at"]
    if moment:
        return moment.strftime("%Y-%m-%dT%H:%M")
    return row[f"{name}_on"].isoformat() if row[f"{name}_on"] else None


def test_articles_on_one_event_are_one_story(articles):
    stories = {}
    for file, row in articles.items():
        stories.setdefault(row["story_id"], set()).add(GOLD[file]["story"])
    assert all(len(told) == 1 for told in stories.values())
    assert len(stories) == len({row["story"] for row in GOLD.values()})


def test_a_later_article_mentions_the_story_and_is_no_member(tables, articles):
    files = {row["doc_id"]: file for file, row in articles.items()}
    found = {
        (files[row["doc_id"]], GOLD[files[row["other"]]]["story"])
        for row in tables["relations"]
        if row["kind"] == "mentions"
    }
    assert found == {(file, story) for file, row in GOLD.items() for story in row["mentions_story"]}


def test_no_seed_is_a_copy(tables):
    assert {row["status"] for row in tables["documents"]} == {"article"}
    assert not [row for row in tables["relations"] if row["kind"] in ("copy", "excerpt", "revision")]
