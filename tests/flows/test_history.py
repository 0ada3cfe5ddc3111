"""What a run brought, and whether that is like what earlier runs brought."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from flows import artifacts
from flows.each import plainly
from flows.figures import Figures, Told, figures
from flows.history import Past, clean_and_record, last_runs, record, silence, unusual
from flows.summary import Summary, as_text
from flows.workers import Workers
from tests.conftest import PLAIN, write_folder
from tests.flows.test_clean import story

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
NIGHT = Figures(100, 80, 15, 5, 8, 100_000, 10_000, 70, 5, {"empty": 5}, {"copy": 15}, [], [])


def nights(count: int, of: Figures = NIGHT) -> list[Past]:
    return [Past(NOON + timedelta(days=day), of) for day in range(count)]


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """The figures of two runs into one data folder, which holds the record of both."""
    base = tmp_path_factory.mktemp("history")
    raw = write_folder(base / "raw", {"1.txt": story(1), "2.txt": story(2), "empty.txt": ""})
    with Workers(1) as workers:
        _, first = clean_and_record([raw], base / "data", PLAIN, plainly(workers))
        write_folder(raw, {"4.txt": story(1), "empty2.txt": " "})
        _, second = clean_and_record([raw], base / "data", PLAIN, plainly(workers))
        again, nothing = clean_and_record([raw], base / "data", PLAIN, plainly(workers))
    assert nothing is None and again.run is None
    return base / "data", first, second


def test_the_first_run_brings_all(two_runs):
    _, first, _ = two_runs
    assert (first.documents, first.articles, first.quarantined) == (3, 2, 1)
    assert first.reasons == {"empty": 1}
    assert first.stories_new == 2 and {told.before for told in first.stories} == {0}


def test_a_later_run_brings_what_is_new(two_runs):
    _, _, second = two_runs
    assert (second.documents, second.articles + second.copies, second.quarantined) == (2, 1, 1)
    assert second.reasons == {"empty": 1}


def test_what_was_removed_adds_up(two_runs):
    _, first, _ = two_runs
    assert 0 < first.removed < first.characters
    assert first.removed == sum(rule.characters for rule in first.rules)


def test_a_run_that_publishes_has_a_report_to_look_at(tmp_path):
    raw = write_folder(tmp_path / "raw", {"1.txt": story(1)})
    settings = PLAIN.model_copy(update={"run": PLAIN.run.model_copy(update={"report": True})})
    with Workers(1) as workers:
        told, _ = clean_and_record([raw], tmp_path / "data", settings, plainly(workers))
    assert told.report == tmp_path / "data/runs" / told.run / "report.html" and told.report.exists()
    assert str(told.report) in as_text(told)


def test_runs_that_published_are_on_record_in_their_order(two_runs):
    data, first, second = two_runs
    assert [past.figures for past in last_runs(data)] == [first, second]


def test_a_snapshot_that_is_gone_counts_as_none(two_runs, tmp_path):
    data, _, _ = two_runs
    assert figures(tmp_path / "gone", (data / "clean").resolve()).documents == 5


def test_a_night_like_the_others_is_not_told():
    assert list(unusual(nights(5), NIGHT._replace(documents=120, quarantined=7))) == []


@pytest.mark.parametrize(
    ("tonight", "told"),
    [
        (NIGHT._replace(documents=3), "3 new documents; the last 5 runs had 100 to 100"),
        (NIGHT._replace(documents=1_000), "1,000 new documents"),
        (NIGHT._replace(removed=60_000), "share removed 60.0%; the last 5 runs had 10.0% to 10.0%"),
        (NIGHT._replace(undated=40), "share undated 50.0%"),
        (NIGHT._replace(quarantined=50), "share quarantined 50.0%"),
    ],
)
def test_a_night_unlike_the_others_is_told(tonight, told):
    assert [warning for warning in unusual(nights(5), tonight) if warning.startswith(told)]


def test_few_runs_say_nothing_of_what_is_usual():
    assert list(unusual(nights(4), NIGHT._replace(documents=3))) == []


def test_a_folder_that_brings_nothing_for_longer_than_ever_is_told():
    past = nights(6)
    assert list(silence(past, past[-1].at + timedelta(days=1))) == []
    [told] = silence(past, past[-1].at + timedelta(days=3))
    assert told.startswith("no new documents since 2024-03-06")


def test_a_run_that_publishes_nothing_writes_nothing(tmp_path):
    told, found = record(tmp_path, None, Summary(1, 1, 0, 1, 0, 0, 1.0, tmp_path, False), NOON)
    assert found is None and told.run is None and list(tmp_path.iterdir()) == []


def test_scraped_text_arrives_as_text_on_the_page_of_the_run():
    hostile = [
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "| a | b |",
        "`code`",
        "\u202egnp.exe",
        "# head",
    ]
    found = NIGHT._replace(stories=[Told(headline, 1, 0) for headline in hostile], reasons={"<b>": 1})
    page = artifacts.of_run(Summary(1, 1, 0, 1, 0, 1, 1.0, Path("x"), True), found)
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    inline = {child.type for token in tokens for child in token.children or []}
    assert inline <= {"text", "text_special"}
    assert not {"html_block", "code_block", "fence"} & {token.type for token in tokens}
    assert "\u202e" not in page
    assert sum(token.type == "table_open" for token in tokens) == 3


def test_the_page_of_a_run_tells_the_funnel():
    page = artifacts.of_run(Summary(1, 1, 0, 1, 0, 1, 1.0, Path("x"), True), NIGHT)
    assert "| quarantined | 5 | empty 5 |" in page and "10.0%" in page


def test_the_record_of_a_run_is_json(two_runs):
    data, first, _ = two_runs
    about = json.loads(sorted((data / "runs").glob("*/summary.json"))[0].read_text())
    assert about["figures"]["documents"] == first.documents and about["run"].endswith(about["snapshot"][-16:])
