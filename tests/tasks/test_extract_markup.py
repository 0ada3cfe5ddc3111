"""What a page's markup says: meta tags, JSON-LD, time elements, its address."""

from datetime import date

import pytest

from tasks.extract import ExtractSettings, Fact, chosen, extract
from tasks.extract.bylines import BEFORE, BEHIND, near_headline
from tasks.extract.outlets import known_outlets
from tasks.extract.second_voice import place_of
from tasks.extract.tracing import traces
from tasks.ingest import Document
from tasks.page import parse

PAGE = """<html lang="en"><head><title>Pier to be rebuilt | Harbour Herald</title>
<meta property="og:title" content="Pier to be rebuilt after the storm">
<meta property="og:site_name" content="Harbour Herald">
<meta property="article:published_time" content="2013-05-07T08:00:00+02:00">
<link rel="canonical" href="https://www.harbour-herald.example/2013/05/07/pier.html">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",
"headline": "Pier to be rebuilt after the storm",
"datePublished": "2013-05-07T08:00:00+02:00", "dateModified": "2013-05-08T09:00:00+02:00",
"author": [{"@type": "Person", "name": "Anna Berg"}, {"@type": "Organization", "name": "Harbour Herald"}],
"publisher": {"@type": "Organization", "name": "Harbour Herald"}}]}</script></head>
<body><h1>Pier to be rebuilt after the storm</h1>
<time datetime="2013-05-07">7 May 2013</time><p>The council met.</p></body></html>"""


def facts(html: str, text: str = "") -> list[Fact]:
    document = Document("d", "t/a.html", "html", "utf-8", len(html), "", text, 0)
    return extract([document], {}, {"d": html}, {}, ExtractSettings())


def test_a_page_says_it_in_its_markup() -> None:
    found = chosen(facts(PAGE))
    assert found["title"] == ["Pier to be rebuilt after the storm"]
    assert found["published"] == ["2013-05-07T08:00:00+02:00"]
    assert found["modified"] == ["2013-05-08T09:00:00+02:00"]
    assert found["author"] == ["Anna Berg"]
    assert found["outlet"] == ["Harbour Herald"]
    assert found["outlet_domain"] == ["harbour-herald.example"]
    assert found["url"] == ["https://www.harbour-herald.example/2013/05/07/pier.html"]


def test_every_fact_of_markup_says_where_it_stood() -> None:
    assert all(fact.pointer for fact in facts(PAGE) if fact.origin != "text")


def test_broken_markup_gives_no_facts_and_no_error() -> None:
    for html in (
        "",
        "<",
        "<html><script type='application/ld+json'>{\"@type\": </script>",
        "<meta property='article:published_time' content='soon'>",
    ):
        assert facts(html) == []


def head(markup: str) -> dict[str, list[str]]:
    return chosen(facts(f"<html><head>{markup}</head><body><p>The council met.</p></body></html>"))


def test_an_office_or_an_address_in_the_author_s_tag_is_no_writer() -> None:
    for author in ("Harbour Herald", "https://www.example.org/anna", "a.berg@herald.example", "105092", "admin"):
        markup = f'<meta property="og:site_name" content="Harbour Herald"><meta name="author" content="{author}">'
        assert "author" not in head(markup), author


def test_writers_in_one_tag_are_taken_one_by_one() -> None:
    found = head('<meta name="author" content="By Felix Schröder und Jörg Soldwisch, dpa">')
    assert found["author"] == ["Felix Schröder", "Jörg Soldwisch"]


def test_a_headline_in_markup_loses_the_name_of_its_site() -> None:
    found = head(
        '<meta property="og:site_name" content="Harbour Herald">'
        '<meta property="og:title" content="Pier - once lost - to be rebuilt | Harbour Herald">'
    )
    assert found["title"] == ["Pier - once lost - to be rebuilt"]


def test_an_address_names_the_outlet_and_the_day() -> None:
    found = head('<link rel="canonical" href="https://www.derstandard.at/2013/05/07/mole">')
    assert found["outlet"] == ["Der Standard"]
    assert found["outlet_domain"] == ["derstandard.at"]
    assert found["published"] == ["2013-05-07"]


def page(body: str, markup: str = "") -> dict[str, list[str]]:
    shown = f"<h1>Pier to be rebuilt after the storm</h1>{body}<p>The council met.</p>"
    return chosen(facts(f"<html><head>{markup}</head><body>{shown}</body></html>"))


@pytest.mark.parametrize(
    ("body", "writers"),
    [
        ('<a rel="author" href="/staff/berg">Anna Berg</a>', ["Anna Berg"]),
        ('<span itemprop="author"><span itemprop="name">Anna Berg</span></span>', ["Anna Berg"]),
        (
            '<div class="article-byline"><span>Anna Berg</span> <span>Tom Wilder</span></div>',
            ["Anna Berg", "Tom Wilder"],
        ),
        ('<p class="postAuthor">Von Anna von der Heide und Tom Wilder</p>', ["Anna von der Heide", "Tom Wilder"]),
        ('<p class="byline">ByAnna Berg</p>', ["Anna Berg"]),
        ('<p class="author">Online-Redakteurin Anna Berg</p>', ["Anna Berg"]),
        ('<a class="url fn" rel="author" href="/author/anna">Anna</a>', ["Anna"]),
        ('<a rel="author" href="/author/admin">admin</a>', []),
        ('<p class="author">Redaktion</p>', []),
        ('<div class="comments"><p class="comment-author">Tom Wilder</p></div>', []),
        ('<aside><p class="author">Tom Wilder</p></aside>', []),
    ],
)
def test_a_marked_byline_names_the_writers(body: str, writers: list[str]) -> None:
    assert page(body).get("author", []) == writers


def test_the_elements_about_a_headline_are_those_that_the_page_has_there_in_its_order() -> None:
    rows = "".join(f"<div><p>{number}<i>a<b>b</b></i></p><br></div>" for number in range(90))
    tree = parse(f"<html><head><title>t</title></head><body>{rows}<section><h1>H<em>e</em></h1></section>{rows}</body>")
    every = list(tree.iter())
    place = next(place for place, tag in enumerate(every) if tag.tag == "h1")
    assert near_headline(tree) == every[place - BEFORE : place + 1 + BEHIND]
    short = parse("<h1>H</h1><p>a</p>")
    assert near_headline(short) == list(short.iter())


def test_a_writer_may_be_referred_to_by_its_id() -> None:
    graph = (
        '{"@graph": [{"@type": "NewsArticle", "headline": "Pier", "author": {"@id": "#anna"}},'
        '{"@type": "Person", "@id": "#anna", "name": "Anna Berg"}]}'
    )
    assert page("", f'<script type="application/ld+json">{graph}</script>')["author"] == ["Anna Berg"]


def test_a_labelled_pair_of_tags_names_the_writer() -> None:
    markup = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Anna Berg">'
    assert page("", markup)["author"] == ["Anna Berg"]


def test_a_headline_has_no_soft_hyphens_and_no_entities() -> None:
    assert head('<meta property="og:title" content="Hafen&shy;mole &amp;quot;bald&amp;quot; wieder da">')["title"] == [
        'Hafenmole "bald" wieder da'
    ]


def test_a_stamp_near_midnight_is_dated_by_the_day_that_the_page_prints() -> None:
    markup = '<meta property="article:published_time" content="2013-05-07T22:04:00Z">'
    found = page('<time datetime="2013-05-08T00:04:00+02:00">8 May 2013, 00:04</time>', markup)
    assert found["published"] == ["2013-05-08T00:04:00+02:00"]


def test_a_day_that_only_htmldate_finds_stands_in_the_page() -> None:
    html = '<html><body><div class="meta">7. Mai 2013</div><p>The council met.</p></body></html>'
    fact = next(fact for fact in facts(html) if fact.rule == "htmldate")
    assert fact.value == "2013-05-07" and fact.pointer is not None
    start, end = fact.pointer.removeprefix("html[").removesuffix("]").split(":")
    assert html[int(start) : int(end)] == "7. Mai 2013"


def test_a_day_with_another_month_is_not_the_one_that_htmldate_found() -> None:
    assert place_of(date(2017, 10, 6), "<p>6. September 2017</p>") is None
    assert place_of(date(2017, 10, 6), "<p>6. September 2017</p><i>6. Oktober 2017</i>") == (27, 42)


def test_a_page_that_htmldate_fails_on_is_read_without_it() -> None:
    found = chosen(facts("<html><head><title>Pier</title></head><body><p>a</p><script>b</script>&#1;c</body></html>"))
    assert found["title"] == ["Pier"]
    assert "published" not in found


def test_every_chosen_fact_of_a_page_traces_to_its_place() -> None:
    html = PAGE.replace("<time", '<a rel="author" href="/berg">Anna Berg</a><time')
    text = "Pier to be rebuilt after the storm\n\n7 May 2013\nThe council met."
    assert all(traces(fact, text, parse(html), html, known_outlets()) for fact in facts(html, text))


def test_a_value_in_entities_or_under_a_name_with_a_space_traces_too() -> None:
    html = (
        '<meta itemprop=" headline" content="Hafenmole bald wieder da"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "datePublished": "2013-05-07", "headline": "Hafenmole&#x20;bald wieder da"}</script>'
    )
    found = [fact for fact in facts(html) if fact.field == "title"]
    assert len(found) == 2
    assert all(traces(fact, "", parse(html), html, known_outlets()) for fact in found)


def test_a_date_in_another_script_s_figures_is_read() -> None:
    html = '<meta property="article:published_time" content="২০২০-০৮-২৯T১০:৪৬:০৬+০১:০০">'
    assert chosen(facts(html))["published"] == ["2020-08-29T10:46:06+01:00"]
