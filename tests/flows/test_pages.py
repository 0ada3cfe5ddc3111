"""A page takes the same road as a text: one ledger, with pointers into the markup."""

import json

import pytest

from tests.conftest import clean, published, write_folder

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Lighthouse keepers to return after forty years | The Harbour Times</title>
<meta property="og:site_name" content="The Harbour Times">
<meta property="article:published_time" content="2022-03-09T07:30:00+01:00">
<link rel="canonical" href="https://www.harbourtimes.example/2022/03/09/lighthouse-keepers">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Lighthouse keepers to return after forty years", "datePublished": "2022-03-09T07:30:00+01:00",
 "author": [{"@type": "Person", "name": "Greta Lindqvist"}],
 "publisher": {"@type": "Organization", "name": "The Harbour Times"}}</script>
<style>.x { color: red }</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sea">Sea</a></li><li><a href="/land">Land</a></li></ul></nav>
<main><article><h1>Lighthouse keepers to return after forty years</h1>
<p class="byline">By Greta Lindqvist</p><time datetime="2022-03-09T07:30:00+01:00">9 March 2022, 07:30</time>
<p>Two keepers will move into the lighthouse on Stora Karl in June, forty years after the last one locked its door and
rowed ashore, the coastal agency said on Wednesday.</p>
<p>They will count birds, paint the railings and talk to visitors. More than six hundred people had applied for the
two posts, among them a retired judge and a family of five.</p>
<h2>No lift, no shop</h2>
<p>The tower has 187 steps and no lift. Water comes by boat every second week, and the nearest shop is an hour away
when the sea is calm, which it seldom is before midsummer.</p>
<p>"You have to like each other, and the wind," said Karin Öberg, who kept the light with her husband until 1982 and
will hand over the keys herself.</p>
<figure><img src="a.jpg" alt=""><figcaption>The lighthouse in winter. Photo: Nils Åkesson</figcaption></figure>
<aside><a href="/more">Read also: The ferry that would not sink</a></aside></article></main>
<footer><a href="/about">About us</a> <a href="/privacy">Privacy</a> © 2022 The Harbour Times</footer></body></html>
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    plain = (
        "The mill in Åby will grind flour again from Monday, its new owners said, after the wheel was repaired.\n\n" * 2
    )
    files = {
        "keepers.html": PAGE,
        "windows.htm": PAGE.replace("utf-8", "windows-1252").replace("187", "188").encode("cp1252"),
        "mill.txt": plain,
        "mill.txt.meta.json": json.dumps(
            {"url": "https://example.org/mill", "outlet": "Åby Nytt", "published": "2021-05-06", "authors": ["Bo Ek"]}
        ),
        "list.jsonl": json.dumps({"id": 7, "html": PAGE.replace("187", "189"), "url": "https://example.org/7"}),
    }
    clean(folder / "data", write_folder(folder / "raw", files))
    return published(folder / "data")


def article(tables, source):
    """The article of a source; of copies the one that was kept."""
    [document] = [row for row in tables["documents"] if row["source"] == source]
    kept = document["kept_as"] or document["doc_id"]
    [found] = [row for row in tables["articles"] if row["doc_id"] == kept]
    return found


def test_the_body_of_a_page_is_its_article(tables):
    paragraphs = article(tables, "raw/keepers.html")["text"].split("\n\n")
    assert len(paragraphs) == 5
    assert paragraphs[0].startswith("Two keepers will move") and paragraphs[2] == "No lift, no shop"
    text = " ".join(paragraphs)
    assert not any(word in text for word in ("Home", "Read also", "Photo:", "Privacy", "By Greta"))


def test_the_metadata_of_a_page_points_into_its_markup(tables):
    found = article(tables, "raw/keepers.html")
    assert found["title"] == "Lighthouse keepers to return after forty years"
    assert found["outlet"] == "The Harbour Times"
    assert found["authors"] == ["Greta Lindqvist"]
    assert found["published_at"].isoformat() == "2022-03-09T07:30:00"
    assert found["published_utc"].isoformat() == "2022-03-09T06:30:00+00:00"
    chosen = [row for row in tables["facts"] if row["doc_id"] == found["doc_id"] and row["chosen"]]
    assert all(row["pointer"] or row["start"] is not None for row in chosen if row["field"] != "language")


def test_a_page_in_another_encoding_is_read_and_found_to_be_a_copy(tables):
    [document] = [row for row in tables["documents"] if row["source"] == "raw/windows.htm"]
    assert document["encoding"] == "cp1252" and "Öberg" in document["text"]
    statuses = {row["source"]: row["status"] for row in tables["documents"] if "mill" not in row["source"]}
    assert sorted(statuses.values()) == ["article", "duplicate", "duplicate"]
    passages = [row for row in tables["relations"] if row["kind"] == "copy"]
    texts = {row["doc_id"]: row["text"] for row in tables["documents"]}
    assert passages
    for row in passages:
        for shared in row["shared"]:
            ours = texts[row["doc_id"]][shared["start"] : shared["start"] + shared["length"]]
            assert ours.split()[0] == texts[row["other"]][shared["other_start"] :].split()[0]


def test_what_lies_beside_a_file_becomes_facts_of_origin_sidecar(tables):
    found = article(tables, "raw/mill.txt")
    assert (found["url"], found["outlet"], found["authors"]) == ("https://example.org/mill", "Åby Nytt", ["Bo Ek"])
    assert found["published_on"].isoformat() == "2021-05-06" and found["published_precision"] == "day"
    origins = {
        row["origin"] for row in tables["facts"] if row["doc_id"] == found["doc_id"] and row["field"] == "outlet"
    }
    assert "sidecar" in origins
