"""The room as a whole: the five seeds, their variants, and what holds for any text."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract import ExtractSettings, Fact, chosen, extract, moment
from tasks.extract.layout import one_line
from tasks.extract.outlets import known_outlets
from tasks.extract.printed import printed_dates
from tasks.ingest import Document, Sidecar
from tasks.strip import StripSettings, strip

SEEDS = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(Path("seeds").glob("*.txt"))}
WANTED = {
    "000": {
        "title": "Russia-Led Security Group Backs Syria Conference Plan",
        "published": "2013-05-27T10:28",
        "outlet": "us-russia",
        "language": "en",
    },
    "001": {
        "title": "CSTO countries to provide necessary assistance to Tajikistan in case of a threat from Afghanistan",
        "published": "2021-09-15",
        "outlet": 'GSV "Russia - Islamic World"',
        "agency": "TASS",
        "language": "en",
    },
    "002": {
        "title": "CSTO: We Support Efforts to Resolve Crisis, Ensure Stability in Syria",
        "outlet": "The Syrian Observer",
        "agency": "Al-Watan",
        "language": "en",
    },
    "003": {
        "title": "Russia, US to push for global Syria conference to bring conflicting sides to table",
        "published": "2013-05-07T19:58",
        "language": "en",
    },
    "004": {
        "title": "Russia, US seek to convene Syria peace conference",
        "published": "2013-05-08T03:26",
        "modified": "2013-05-08T03:26",
        "outlet": "Dhaka Tribune",
        "language": "en",
    },
}


def document(text: str, source: str = "t/a.txt") -> Document:
    return Document(source, source, "text", "utf-8", len(text), "", text, 0)


def facts(text: str, source: str = "t/a.txt", sidecars: tuple[Sidecar, ...] = ()) -> list[Fact]:
    read = document(text, source)
    spans = strip([read], {}, StripSettings())[0]
    return extract([read], {source: spans}, {}, {source: sidecars}, ExtractSettings())


def values(text: str) -> dict[str, str]:
    return {field: found[0] for field, found in chosen(facts(text)).items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_seed_is_read_as_its_page_prints_it(seed: str) -> None:
    assert values(SEEDS[seed]) == WANTED[seed]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_without_labels_is_read_the_same(seed: str) -> None:
    found = chosen(extract([document(SEEDS[seed])], {}, {}, {}, ExtractSettings()))
    assert {field: of[0] for field, of in found.items()} == WANTED[seed]


@pytest.mark.parametrize(
    ("seed", "change", "wanted"),
    [
        ("000", ("27-05-2013, 10:28", "03-11-2016, 22:05"), {"published": "2016-11-03T22:05"}),
        (
            "000",
            ("Backs Syria Conference Plan", "Turns Down a Plan for Sudan"),
            {"title": "Russia-Led Security Group Turns Down a Plan for Sudan"},
        ),
        ("001", ("15 September 2021", "2 de marzo de 2019"), {"published": "2019-03-02"}),
        ("001", ("from TASS", "from Xinhua"), {"agency": "Xinhua"}),
        (
            "001",
            ('GSV "Russia - Islamic World"', "Forum of the Northern Harbours"),
            {"outlet": "Forum of the Northern Harbours"},
        ),
        ("002", ("writes Al-Watan", "writes Al-Mayadin"), {"agency": "Al-Mayadin"}),
        ("002", ("The Syrian Observer", "The Northern Monitor"), {"outlet": "The Northern Monitor"}),
        ("003", ("7 May, 2013 19:58", "28 December, 2015 07:01"), {"published": "2015-12-28T07:01"}),
        (
            "004",
            ("08 May 2013, 03:26 AM", "30 Nov 2019, 11:40 PM"),
            dict.fromkeys(("published", "modified"), "2019-11-30T23:40"),
        ),
        ("004", ("Dhaka Tribune", "Harbour Herald"), {"outlet": "Harbour Herald"}),
    ],
)
def test_a_seed_with_other_names_and_dates_is_read_as_well(
    seed: str, change: tuple[str, str], wanted: dict[str, str]
) -> None:
    assert values(SEEDS[seed].replace(*change)) == WANTED[seed] | wanted


def reads_back(fact: Fact, text: str) -> bool:
    """Whether a fact's stretch of the text gives its value again."""
    shown = text[fact.start : fact.end]
    if fact.field in ("published", "modified"):
        days = {day for one in printed_dates(shown) for day in (one.day, one.other)}
        return moment(fact.value).on in days
    if one_line(shown) == fact.value:
        return True
    known = known_outlets()
    return fact.value in (known.named(shown), known.at(re.sub(r"^(?:https?://)?(?:www\.)?|/.*$", "", shown)))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_fact_of_a_seed_reads_back_from_its_offsets(seed: str) -> None:
    assert all(
        fact.origin != "text" or fact.start is None or reads_back(fact, SEEDS[seed]) for fact in facts(SEEDS[seed])
    )


LINES = st.sampled_from(
    [
        "Published: 7 May 2013 10:00",
        "By Anna Berg and Tom Wilder",
        "Pier to be rebuilt after the storm",
        "© 2013 Harbour Herald Ltd.",
        "The council of the harbour town met on Tuesday and agreed to rebuild the pier that the storm had broken.",
        "Von Karl Weiß",
        "",
        "OSLO, 12 March 2014 (Reuters) - The minister of fisheries said on Wednesday that quotas would rise again.",
        "* Home",
        "Harbour Herald",
        "Source: AFP",
        "12/11/10",
        "Photo: City of Oslo",
        "www.reuters.com/world",
        "A | B | Harbour Herald",
        "2013年5月7日",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=14).map("\n".join))
def test_every_fact_of_any_text_reads_back_from_its_offsets(text: str) -> None:
    for fact in extract([document(text)], {}, {}, {}, ExtractSettings()):
        assert fact.value and 0 <= fact.score <= 1 and fact.why
        assert fact.start is None or reads_back(fact, text)


def test_facts_do_not_hang_on_the_batch() -> None:
    documents = [document(text, name) for name, text in SEEDS.items()]
    together = extract(documents, {}, {}, {}, ExtractSettings())
    alone = [fact for one in reversed(documents) for fact in extract([one], {}, {}, {}, ExtractSettings())]
    assert sorted(together, key=repr) == sorted(alone, key=repr)


def test_what_the_sidecar_says_is_believed_first() -> None:
    told = (
        Sidecar("t/a.txt", "published", "2013-05-09T08:00:00Z", "published"),
        Sidecar("t/a.txt", "authors", "Anna Berg", "authors[0]"),
        Sidecar("t/a.txt", "authors", "Tom Wilder", "authors[1]"),
        Sidecar("t/a.txt", "url", "https://www.example.org/2013/05/09/a.html", "url"),
    )
    found = chosen(facts(SEEDS["004"], sidecars=told))
    assert found["published"] == ["2013-05-09T08:00:00Z"]
    assert found["author"] == ["Anna Berg", "Tom Wilder"]
    assert found["outlet_domain"] == ["example.org"]


def test_a_file_s_name_dates_a_text_that_prints_no_date() -> None:
    text = SEEDS["002"]
    dated = [fact for fact in facts(text, "t/2019-11-02_csto.txt") if fact.field == "published" and fact.chosen]
    assert [(fact.value, fact.origin, fact.pointer) for fact in dated] == [("2019-11-02", "path", "2019-11-02")]


def test_an_empty_text_has_no_facts() -> None:
    assert facts("") == facts("\n \n") == []


def test_every_choice_says_why() -> None:
    read = facts(SEEDS["004"])
    crawled = next(fact for fact in read if fact.value == "2024-06-24")
    assert not crawled.chosen
    assert "2013-05-08T03:26 is surer" in crawled.why
    assert json.dumps([fact._asdict() for fact in read])
