"""The rules are general: the seeds under other names and days come out alike, and so do texts in other languages."""

import json

import pytest

from tests.conftest import ROOT, SEEDS, clean, published, write_folder
from tests.flows.test_seeds import GOLD, lines_of_spans, when

# 7 May was a Tuesday in 2019 as in 2013, 15 September a Wednesday in 2010 as in 2021: the weekdays stay right.
OTHERS = {
    "2013": "2019",
    "2021": "2010",
    "Lavrov": "Okonjo",
    "Kerry": "Halvorsen",
    "Sergei": "Tunde",
    "Sergey": "Tunde",
    "John": "Erik",
    "Syria": "Yemen",
    "Moscow": "Vienna",
    "Assad": "Saleh",
    "Zas": "Brandt",
    "CSTO": "SADC",
    "Dhaka Tribune": "Lagos Courier",
    "Plan": "Road Map",
    "assistance": "support",
    "Resolve Crisis": "End Conflict",
    "global": "worldwide",
    "seek to": "try to",
}


def under_other_names(text: str) -> str:
    for name, other in OTHERS.items():
        text = text.replace(name, other)
    return text


@pytest.fixture(scope="module")
def variants(tmp_path_factory):
    folder = tmp_path_factory.mktemp("variants")
    texts = {path.name: under_other_names(path.read_text(encoding="utf-8")) for path in SEEDS.iterdir()}
    clean(folder / "data", write_folder(folder / "raw", texts))
    return published(folder / "data")


@pytest.mark.parametrize("file", sorted(GOLD))
def test_seeds_under_other_names_and_days_come_out_alike(variants, file):
    [article] = [row for row in variants["articles"] if row["source"].endswith(file)]
    gold = GOLD[file]
    kept = {line for line, kind in lines_of_spans(variants, article) if kind in ("body", "heading")}
    assert sorted(kept) == gold["kept_lines"]
    assert article["title"] == under_other_names(gold["title"])
    assert when(article, "published") == under_other_names(gold["published"] or "") or gold["published"] is None
    assert (article["published_on"] is None) == (gold["published"] is None)
    assert article["outlet"] in {under_other_names(gold["outlet"]), None if gold["outlet_optional"] else ""}
    assert article["authors"] == []


def test_their_stories_are_those_of_the_seeds(variants):
    files = {row["doc_id"]: row["source"].split("/")[1] for row in variants["articles"]}
    stories = {}
    for row in variants["articles"]:
        stories.setdefault(row["story_id"], set()).add(GOLD[files[row["doc_id"]]]["story"])
    assert sorted(map(sorted, stories.values())) == sorted([story] for story in {row["story"] for row in GOLD.values()})
    mentions = [files[row["doc_id"]][:3] for row in variants["relations"] if row["kind"] == "mentions"]
    assert mentions == ["000"]


CASES = ROOT / "tests/cases/raw"
OTHER_LANGUAGES = json.loads((CASES / "gold.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def other_languages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("languages")
    texts = {name: (CASES / name).read_bytes() for name in OTHER_LANGUAGES}
    clean(folder / "data", write_folder(folder / "raw", texts))
    return published(folder / "data")


@pytest.mark.parametrize("file", sorted(OTHER_LANGUAGES))
def test_texts_in_other_languages_and_layouts_come_out_right(other_languages, file):
    [article] = [row for row in other_languages["articles"] if row["source"] == f"raw/{file}"]
    gold = OTHER_LANGUAGES[file]
    lines = sorted({line for line, kind in lines_of_spans(other_languages, article) if kind in ("body", "heading")})
    found = {name: article[name] for name in ("title", "outlet", "agency", "authors", "language")}
    assert {**found, "kept": lines, "published": when(article, "published")} == gold
