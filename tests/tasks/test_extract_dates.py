"""The grammar of printed dates, what a date's value says, and which of a text's dates is the publishing day."""

import itertools
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract import ExtractSettings, chosen, extract, moment
from tasks.extract.layout import lay_out
from tasks.extract.printed import printed_dates
from tasks.extract.stamps import in_path, stamp
from tasks.ingest import Document, Sidecar

CASES = tomllib.loads(Path("tests/cases/extract/dates.toml").read_text(encoding="utf-8"))
BODY = (
    "The council of the harbour town met on Tuesday and agreed to rebuild the pier that the storm had broken. "
    "Work begins next spring, the mayor said, and will cost about four million crowns.\n\n"
    "Fishermen had asked for the repair since March 2011. They now use a dock across the bay, an hour away by boat.\n"
)
PROSE = BODY.partition("\n")[0]


def read(text: str) -> dict[str, list[str]]:
    document = Document("d", "t/a.txt", "text", "utf-8", len(text), "", text, 0)
    return chosen(extract([document], {}, {}, {}, ExtractSettings()))


@pytest.mark.parametrize(("line", "values"), [*CASES["fix"].items(), *CASES["keep"].items()])
def test_a_printed_date_is_read_as_it_stands(line: str, values: list[str]) -> None:
    assert [one.value for one in printed_dates(line)] == values


@given(
    st.dates(date(1950, 1, 1), date(2079, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"])
)
def test_any_day_is_read_again_from_its_printing(day: date, form: str) -> None:
    text = f"Here {day.strftime(form)} stands"
    assert [one.day for one in printed_dates(text)] == [day]


@given(st.text(max_size=300))
def test_a_date_lies_within_the_text_and_no_two_overlap(text: str) -> None:
    found = list(printed_dates(text))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_a_month_of_two_languages_is_read_by_the_language_of_the_text() -> None:
    assert next(printed_dates("5. listopada 2021", "pl")).day == date(2021, 11, 5)
    assert next(printed_dates("5. listopada 2021", "hr")).day == date(2021, 10, 5)


def test_a_moment_says_no_more_than_is_printed() -> None:
    assert moment("2013-05-27") == (date(2013, 5, 27), None, None, "day")
    assert moment("2013-05-27T10:28") == (date(2013, 5, 27), datetime(2013, 5, 27, 10, 28), None, "minute")
    at = moment("2013-05-27T00:28:05+04:00")
    assert at.precision == "second"
    assert at.on == date(2013, 5, 27)
    assert at.utc == datetime(2013, 5, 26, 20, 28, 5, tzinfo=UTC)


def test_a_stamp_keeps_the_zone_it_states() -> None:
    assert stamp("2013-05-27T10:28:00+0400") == "2013-05-27T10:28:00+04:00"
    assert stamp("2013-05-27 10:28:00.000Z") == "2013-05-27T10:28:00Z"
    assert stamp("20130527") == "2013-05-27"
    assert stamp("Mon, 27 May 2013 10:28:00 GMT") == "2013-05-27T10:28:00Z"
    assert stamp("২০১৩-০৫-২৭T১০:২৮:০০+০৬:০০") == "2013-05-27T10:28:00+06:00"
    assert stamp("2013-02-30") is None


def test_a_path_prints_a_day_only_between_separators() -> None:
    assert in_path("/news/2013/05/27/pier.html") == ("2013-05-27", "2013/05/27")
    assert in_path("/000_01aeae3a30fb23d9.txt") is None
    assert in_path("/20130527-pier.txt") == ("2013-05-27", "20130527")


def test_a_crawl_date_is_not_the_publishing_date() -> None:
    assert read(f"Monday, June 24, 2024\n\n\nHarbour Tribune\n\nPier to be rebuilt\n\n{BODY}").get("published") is None


def test_the_date_under_the_headline_beats_the_day_of_the_visit() -> None:
    top = "Monday, June 24, 2024\n\n\nHarbour Tribune\n\nPier to be rebuilt after the storm\n\n"
    text = f"{top}Update : 08 May 2013, 03:26 AM\n\n{BODY}"
    assert read(text)["published"] == read(text)["modified"] == ["2013-05-08T03:26"]


def test_published_and_modified_are_kept_apart() -> None:
    found = read(
        f"Pier to be rebuilt after the storm\n\nPublished: 7 May 2013 10:00 | Updated: 8 May 2013 11:30\n\n{BODY}"
    )
    assert found["published"] == ["2013-05-07T10:00"]
    assert found["modified"] == ["2013-05-08T11:30"]


def test_a_date_in_running_text_is_no_publishing_date() -> None:
    assert "published" not in read(
        f"Pier to be rebuilt after the storm\n\n{BODY}\nThe pier stood since 4 May 1911 there.\n"
    )


def test_a_date_that_the_article_tells_of_far_from_its_ends_is_not_looked_at() -> None:
    told = "The old pier was opened on 4 May 1911, the town's archive says, by a king whom nobody had asked to come."
    layout = lay_out("\n\n".join([*[PROSE] * 10, told, "4 May 2013", *[PROSE] * 3, "Updated 5 May 2013"]), (), "en")
    assert [printed.day for found in layout.dates.values() for printed in found] == [date(2013, 5, 4), date(2013, 5, 5)]


def test_a_photograph_s_date_is_no_publishing_date() -> None:
    assert "published" not in read(f"Pier to be rebuilt after the storm\n\nPhoto: the pier, 4 May 2011\n\n{BODY}")


@pytest.mark.parametrize(
    "line",
    [
        "Fishermen carry their nets across the pier on May 04, 2011 in Harbour Town, above the old dock",
        "Storm week from 3 to 9 May 2011",
        "The mayor and his guests at the opening (Harbour Town, 4.5.2011)",
    ],
)
def test_the_day_of_an_event_is_no_publishing_date(line: str) -> None:
    assert "published" not in read(f"Pier to be rebuilt after the storm\n\n{line}\n\n{BODY}")


def test_figures_with_slashes_are_read_day_first_where_the_language_does_so() -> None:
    body = (
        "Le conseil de la ville portuaire a décidé mardi de reconstruire la jetée que la tempête avait détruite. "
        "Les travaux commencent au printemps, a dit la maire, et coûteront quatre millions.\n\n"
        "Les pêcheurs le demandaient depuis le 10 janvier 2013. Ils vont aujourd'hui à un quai de l'autre rive.\n"
    )
    assert read(f"La jetée sera reconstruite\n\nPublié le 02/11/13 à 16h33\n\n{body}")["published"] == [
        "2013-11-02T16:33"
    ]


def test_a_date_with_full_stops_is_read_day_first_always() -> None:
    text = f"Pier to be rebuilt after the storm\n\n04.02.2022, 10:00 Uhr\n\n{BODY}\nRead more\n\nApril 3, 2022\n"
    assert read(text)["published"] == ["2022-02-04T10:00"]


def test_figures_are_read_month_first_where_the_text_does_so() -> None:
    text = f"Pier to be rebuilt after the storm\n\nPosted: 05/07/2013 10:00 AM\n\n{BODY}\nRead more\n\nJune 3, 2013\n"
    assert read(text)["published"] == ["2013-05-07T10:00"]


CRAWLED = (Sidecar("d", "crawled", "2013-05-09T08:30:00Z", "crawled"),)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2 hours ago", "2013-05-09"),
        ("vor 9 Stunden", "2013-05-08"),
        ("il y a 2 jours", "2013-05-07"),
        ("an hour ago", "2013-05-09"),
        ("вчера в 12:40", "2013-05-08"),
        ("3日前", "2013-05-06"),
        ("7 May, 10:30", "2013-05-07"),
        ("December 24", "2012-12-24"),
    ],
)
def test_a_day_counted_from_the_visit_is_one_where_the_crawl_is_known(line: str, day: str) -> None:
    text = f"Pier to be rebuilt after the storm\n\n{line}\n\n{BODY}"
    assert "published" not in read(text)
    document = Document("d", "t/a.txt", "text", "utf-8", len(text), "", text, 0)
    assert chosen(extract([document], {}, {}, {"d": CRAWLED}, ExtractSettings()))["published"] == [day]
    told = ExtractSettings(crawled="2013-05-09T08:30")
    assert chosen(extract([document], {}, {}, {}, told))["published"] == [day]


def test_a_printed_date_beats_one_that_is_counted() -> None:
    text = f"Pier to be rebuilt after the storm\n\nPublished: 4 May 2013\n\n2 days ago\n\n{BODY}"
    document = Document("d", "t/a.txt", "text", "utf-8", len(text), "", text, 0)
    assert chosen(extract([document], {}, {}, {"d": CRAWLED}, ExtractSettings()))["published"] == ["2013-05-04"]


def test_a_line_of_nothing_but_dates_takes_no_longer_than_its_length():
    """Each date was held against every other: 4,000 in a line took thirteen seconds."""
    found = list(printed_dates("1/2/03 " * 4_000))
    assert len(found) == 4_000
    assert len({(one.start, one.end) for one in found}) == 4_000
