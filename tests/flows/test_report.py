"""The report shows what was published, whole or a fair part of it, and whatever a text holds arrives as text."""

import base64
import hashlib
import re
from datetime import date, timedelta
from itertools import pairwise

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.command import main
from flows.report import write
from flows.report.cards import segmented
from flows.report.choosing import choose
from flows.report.overview import calendar
from flows.report.passages import aligned
from flows.report.shelf import opened
from flows.summary import shown
from flows.tables import snapshot
from tasks.errors import UsageError
from tests.flows.made import add, empty, newsroom, publish, put_aside, tell

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "[press here](javascript:alert(1))",
    "| a | b |\n|---|---|",
    "</div></details></main><style>*{display:none}</style>",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &#60;i&#62;",
    "right\u202eto left\u2066 and a bell \x07 and \x00 nothing \x1b[2J",
)


def page(path):
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def classed(tree, name):
    return tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


@pytest.fixture(scope="module")
def seeds_page(seeds_data):
    return page(write(seeds_data, "first"))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("large"), newsroom(600))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """News of one hostile document and one hostile input, whatever a column may hold being hostile."""
    news, bad = empty(), "".join(HOSTILE)
    pieces = [(bad, "title", bad), *[(text, "body", bad) for text in HOSTILE]]
    values = {"outlet": bad, "url": "javascript:alert(1)", "author": bad, "published": "2024-01-01"}
    tell(news, [add(news, f"{bad}.txt", pieces, values)], bad)
    put_aside(news, bad, bad)
    return write(publish(tmp_path_factory.mktemp("hostile"), news), "first")


def test_the_seeds_are_shown_each_as_it_came(seeds_page, seeds_data):
    shelf = opened(snapshot(seeds_data))
    texts = {row["doc_id"]: row["text"] for row in shelf.ask("select doc_id, text from documents")}
    shelf.close()
    found = {card.get("id").removeprefix("d-"): card for card in classed(seeds_page, "doc")}
    assert found.keys() == texts.keys()
    for doc_id, text in texts.items():
        [typescript] = found[doc_id].xpath(".//*[@class='typescript']")
        assert typescript.text_content() == shown(text)


def test_the_published_side_is_the_articles_text(seeds_page, seeds_data):
    shelf = opened(snapshot(seeds_data))
    texts = {row["doc_id"]: row["text"] for row in shelf.ask("select doc_id, text from articles")}
    shelf.close()
    for card in classed(seeds_page, "doc"):
        paragraphs = card.xpath(".//*[@class='print']/*[self::p[not(@class)] or self::h6]")
        assert "\n\n".join(found.text_content() for found in paragraphs) == texts[card.get("id").removeprefix("d-")]


def test_the_story_of_two_seeds_is_a_timeline_with_its_later_mention(seeds_page):
    story, *others = classed(seeds_page, "story")
    assert len(others) == 3
    assert [entry.get("class") for entry in story.xpath(".//li")] == ["lead", "coverage", "mention"]
    assert [found.text for found in story.xpath(".//time")][:2] == ["7 May 2013, 19:58", "8 May 2013, 03:26"]


def test_every_segment_says_its_rule_on_hover_and_on_focus(seeds_page):
    segments = [found for found in classed(seeds_page, "seg") if found.xpath("ancestor::*[@class='typescript']")]
    assert len(segments) > 50
    assert all(found.get("tabindex") == "0" and found.get("data-tip").count("·") == 2 for found in segments)


def test_a_fact_is_underlined_where_it_was_read(seeds_page):
    dates = [
        found.text_content() for found in classed(seeds_page, "chosen") if "published =" in found.get("data-tip", "")
    ]
    assert "27-05-2013, 10:28" in dates


def test_the_page_allows_its_own_style_and_script_and_nothing_else(seeds_data):
    text = write(seeds_data, "first").read_text(encoding="utf-8")
    [policy] = page(write(seeds_data, "first")).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    for name in ("style", "script"):
        [inline] = re.findall(f"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


def test_the_page_has_no_address_to_load_from(seeds_page):
    assert not seeds_page.xpath("//*[@src or @srcset or @background or @ping] | //link | //iframe | //object")
    assert all(link.startswith("#") for link in seeds_page.xpath("//@href"))


def test_hostile_text_has_no_element_and_no_attribute_of_its_own(hostile):
    tree = page(hostile)
    assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == 1
    assert not tree.xpath("//img")
    assert not [
        name for found in tree.iter() if isinstance(found.tag, str) for name in found.attrib if name[:2] == "on"
    ]
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    [typescript] = classed(tree, "typescript")
    assert "<script>alert(1)</script>" in typescript.text_content()


def test_hostile_text_turns_no_writing_direction_in_text_or_attribute(hostile):
    text = hostile.read_text(encoding="utf-8")
    assert "&lt;U+202E&gt;" in text
    assert not set(text) & set("\x00\x07\x1b\u202e\u2066\r")


def test_a_line_of_a_megabyte_is_cut_and_the_page_says_so(tmp_path):
    news = empty()
    tell(news, [add(news, "long.txt", [("x" * 1_000_000, "body", "prose")])])
    path = write(publish(tmp_path, news), "first")
    assert path.stat().st_size < 200_000
    assert "980,000 more characters are not shown" in path.read_text(encoding="utf-8")


def test_a_name_of_a_megabyte_is_cut_wherever_it_stands(tmp_path):
    news, long = empty(), "x" * 1_000_000
    values = {"outlet": long, "author": long, "url": long, "published": "2024-01-01"}
    tell(news, [add(news, "long.txt", [(long, "title", "headline"), ("Body.", "body", "prose")], values)], long)
    put_aside(news, long, "no-article")
    assert write(publish(tmp_path, news), "first").stat().st_size < 200_000


def test_a_large_corpus_is_shown_in_part_and_the_page_says_of_how_many(large):
    path = write(large, "first")
    tree = page(path)
    assert len(classed(tree, "doc")) == 200
    assert "200 of 600 documents" in tree.xpath("//*[@class='deck']")[0].text_content()
    assert path.stat().st_size < 5_000_000


def test_of_a_large_corpus_every_outcome_reason_rule_and_tie_is_shown(large):
    shelf = opened(snapshot(large))
    ids = choose(shelf, None, most=60).shown
    missing = {
        column: set(shelf.ids(f"select distinct {column} from {table}"))
        - set(shelf.ids(f"select distinct {column} from {table} where doc_id in (select unnest($ids))", ids=ids))
        for table, column in (
            ("documents", "status"),
            ("quarantine", "reason"),
            ("spans", "rule"),
            ("relations", "kind"),
        )
    }
    shelf.close()
    assert len(ids) == len(set(ids)) == 60
    assert not any(missing.values())


def test_the_same_snapshot_gives_the_same_bytes(large):
    assert write(large, "first").read_bytes() == write(large, "first").read_bytes()


def test_one_document_is_shown_with_all_that_it_is_tied_to(large):
    shelf = opened(snapshot(large))
    [copy] = shelf.ask("select doc_id, kept_as from documents where status = 'duplicate' order by doc_id limit 1")
    source = shelf.ids("select source from documents where doc_id = $doc", doc=copy["doc_id"])[0]
    shelf.close()
    path = write(large, "first", source.removeprefix("news/"))
    found = [card.get("id").removeprefix("d-") for card in classed(page(path), "doc")]
    assert path.name == f"report-{copy['doc_id']}.html"
    assert found[0] == copy["doc_id"] and copy["kept_as"] in found
    assert len(classed(page(path), "pair")) == 1


def test_a_story_is_shown_with_its_articles(large):
    shelf = opened(snapshot(large))
    [story] = shelf.ids("select story_id from stories where articles = 3 order by story_id limit 1")
    members = set(shelf.ids("select doc_id from articles where story_id = $story", story=story))
    shelf.close()
    found = {card.get("id").removeprefix("d-") for card in classed(page(write(large, "first", story)), "doc")}
    assert members <= found


def test_a_story_is_shown_with_the_later_articles_that_mention_it(seeds_data):
    found = page(write(seeds_data, "first", "004_7e5826d50b5d01d0"))
    assert [entry.xpath("count(.//a)") for entry in classed(found, "mention")] == [1]
    assert len(classed(found, "doc")) == 3


@pytest.mark.parametrize(("only", "says"), [("nowhere.txt", "no document or story"), (".txt", "more than one")])
def test_what_is_not_there_or_not_the_only_one_is_said(large, only, says):
    with pytest.raises(UsageError, match=says):
        write(large, "first", only)


def test_before_the_first_run_the_command_says_what_to_do(tmp_path, capsys):
    assert main(["report", "--data", str(tmp_path)]) == 2
    assert "copydesk run" in capsys.readouterr().err


def test_the_command_prints_where_the_page_lies(seeds_data, capsys):
    assert main(["report", "--data", str(seeds_data)]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")


def test_a_snapshot_of_nothing_has_a_page(tmp_path):
    assert "0 documents became 0 articles" in write(publish(tmp_path, empty()), "first").read_text(encoding="utf-8")


def test_boilerplate_of_one_rule_in_a_row_is_one_segment():
    spans = [
        {"start": place, "end": place + 2, "kind": kind, "rule": "r", "score": 0.5 + place / 10}
        for place, kind in ((0, "boilerplate"), (2, "boilerplate"), (4, "body"), (6, "body"))
    ]
    assert [(found.kind, found.score) for found in segmented("a\nb\nc\nd\n", spans, [])] == [
        ("boilerplate", 0.5),
        ("body", 0.9),
        ("body", 1.1),
    ]


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_segments_and_runs_read_as_the_text_does(data):
    text = data.draw(st.text(max_size=40))
    cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=4))})
    spans = [{"start": one, "end": other, "kind": "body", "rule": "r", "score": 1.0} for one, other in pairwise(cuts)]
    places = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
    facts = [{"start": start, "end": end} for start, end in data.draw(st.lists(places, max_size=4))]
    found = segmented(text, spans, facts)
    assert "".join(s.before + "".join(run.text for run in s.runs) + s.after for s in found) == text


def test_aligned_passages_stand_beside_each_other_and_the_rest_between_them():
    left, right = "Intro. Shared one. Mine. Shared two.", "Shared one. Shared two. Outro."
    shared = [{"start": 7, "other_start": 0, "length": 11}, {"start": 25, "other_start": 12, "length": 11}]
    rows = [tuple(row) for row in aligned(left, right, shared)]
    assert rows == [
        (False, "Intro.", ""),
        (True, "Shared one.", "Shared one."),
        (False, "Mine.", ""),
        (True, "Shared two.", "Shared two."),
        (False, "", "Outro."),
    ]


@pytest.mark.parametrize(("days", "unit"), [(20, "day"), (120, "week"), (900, "month"), (9000, "year")])
def test_the_calendar_takes_the_shortest_period_that_fits(days, unit):
    printed = [{"outlet": "A", "day": date(2000, 1, 1) + timedelta(days=day), "articles": 1} for day in range(days)]
    found = calendar(printed)
    assert found.unit == unit
    assert sum(found.totals) == days
