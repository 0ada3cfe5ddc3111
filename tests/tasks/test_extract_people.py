"""Writers, offices that sign, agencies, titles: what is a name and whose."""

import pytest

from tasks.extract import ExtractSettings, chosen, extract
from tasks.extract.imprint import MOST_NAMES
from tasks.ingest import Document
from tasks.strip import StripSettings, strip

BODY = (
    "The council of the harbour town met on Tuesday and agreed to rebuild the pier that the storm had broken. "
    "Work begins next spring, the mayor said, and will cost about four million crowns.\n\n"
    "Fishermen had asked for the repair for years. They now use a dock across the bay, an hour away by boat.\n"
)
TITLE = "Pier to be rebuilt after the storm"


def read(text: str) -> dict[str, list[str]]:
    document = Document("d", "t/a.txt", "text", "utf-8", len(text), "", text, 0)
    spans = strip([document], {}, StripSettings())[0]
    return chosen(extract([document], {"d": spans}, {}, {}, ExtractSettings()))


@pytest.mark.parametrize(
    ("byline", "writers"),
    [
        ("By Anna Berg", ["Anna Berg"]),
        ("By Jon King , News Reporter", ["Jon King"]),
        ("Von Simone Jülicher und Rainer Grünberg", ["Simone Jülicher", "Rainer Grünberg"]),
        ("Por María José de la Cruz", ["María José de la Cruz"]),
        ("Von Anna Sleegers, Frankfurt", ["Anna Sleegers"]),
        ("By Anna Berg | Harbour News", ["Anna Berg"]),
        ("Par Denis Loctier et Anne-Marie L'Hôte", ["Denis Loctier", "Anne-Marie L'Hôte"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("By Reuters Staff", []),
        ("Author: us-russia", []),
        ("Von der Redaktion", []),
        ("By the end of the year", []),
    ],
)
def test_a_byline_names_people_and_no_office(byline: str, writers: list[str]) -> None:
    assert read(f"{TITLE}\n\n{byline}\n7 May 2013\n\n{BODY}").get("author", []) == writers


def test_a_name_alone_beside_the_date_is_the_writer_s() -> None:
    assert read(f"{TITLE}\n\nTanyel Mustafa\nPublished: 22:04, 22 Apr 2024\n\n{BODY}")["author"] == ["Tanyel Mustafa"]


def test_a_menu_s_words_are_no_writer() -> None:
    assert "author" not in read(f"{TITLE}\n\nRead More\n7 May 2013\nClimate Change\n\n{BODY}")


def test_a_page_s_title_loses_the_name_of_its_site() -> None:
    found = read(f"{TITLE} | Harbour Herald\n\n* Home\n* Sport\n\n{TITLE}\n\n7 May 2013\n\n{BODY}")
    assert found["title"] == [TITLE]
    assert found["outlet"] == ["Harbour Herald"]


def test_what_goes_on_behind_a_dash_is_the_headline_too() -> None:
    assert read(f"{TITLE} - and not only that\n\n7 May 2013\n\n{BODY}")["title"] == [f"{TITLE} - and not only that"]


@pytest.mark.parametrize(
    ("last", "outlet"),
    [
        ("© 2024 Harbour Herald Ltd. All rights reserved.", "Harbour Herald"),
        ("Copyright Northern Post 2001-2024", "Northern Post"),
        ("This article was translated and edited by The Bay Monitor. It has not been verified.", "The Bay Monitor"),
    ],
)
def test_the_last_lines_name_the_outlet(last: str, outlet: str) -> None:
    assert read(f"{TITLE}\n\n7 May 2013\n\n{BODY}\n\n{last}\n")["outlet"] == [outlet]


@pytest.mark.parametrize(
    "last",
    [
        "© Bild: Karin Holm / photocase.example",
        "Proudly powered by WordPress. Theme by Template Works",
        "Copyright",
        "© 2024 all rights reserved",
        "Verwandte Artikel\nFoto: Karin Holm",
        "Autor:innen",
    ],
)
def test_a_photographer_a_theme_and_a_button_are_no_outlet(last: str) -> None:
    assert "outlet" not in read(f"{TITLE}\n\n7 May 2013\n\n{BODY}\n\n{last}\n")


def test_of_thousands_of_copyright_lines_the_first_are_weighed() -> None:
    lines = "\n".join(f"© 2024 Harbour {chr(65 + place % 26)}{place} Herald" for place in range(3000))
    document = Document("d", "t/a.txt", "text", "utf-8", len(lines), "", lines, 0)
    facts = extract([document], {}, {}, {}, ExtractSettings())
    assert sum(fact.field == "outlet" for fact in facts) <= MOST_NAMES


def test_of_two_names_the_one_that_the_addresses_have_is_the_outlet() -> None:
    margin = "\n".join(f"* Button {word}" for word in "Home Sport Weather Culture Boats Tides Letters Shop".split())
    last = "Photo © Karin Holm\n\n© 2024 Harbour Herald\n\nletters@harbourherald.example\n\nHarbour Herald on the air"
    assert read(f"{margin}\n\n{TITLE}\n\n7 May 2013\n\n{BODY}\n\n{last}\n")["outlet"] == ["Harbour Herald"]


@pytest.mark.parametrize(
    ("body", "agency"),
    [
        (f"OSLO, May 7 (Reuters) - {BODY}", "Reuters"),
        (f"{BODY}\n/TASS/", "TASS"),
        (f"{BODY}\nBased on materials from TASS", "TASS"),
        (BODY.replace("for years.", "for years, a fisherman told Reuters last week."), None),
    ],
)
def test_an_agency_is_the_source_and_not_who_was_told(body: str, agency: str | None) -> None:
    assert read(f"{TITLE}\n\n7 May 2013\n\n{body}").get("agency", [None]) == [agency]
