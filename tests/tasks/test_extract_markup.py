"""What a page's markup says: meta tags, JSON-LD, time elements, its address."""

from tasks.extract import ExtractSettings, Fact, chosen, extract
from tasks.ingest import Document

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
