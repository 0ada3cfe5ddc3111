"""What holds for any text: nothing is lost, nothing is invented, everything can be traced."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import extract, strip
from tasks.extract import ExtractSettings, chosen, moment
from tasks.extract.layout import UNSEEN
from tasks.extract.outlets import known_outlets
from tasks.ingest import Document
from tasks.strip import KEPT, StripSettings, replay

FRAGMENTS = [
    "Monday, June 24, 2024",
    "Update : 08 May 2013, 03:26 AM",
    "Par Hélène Marchetti",
    "By JOHN SMITH, Reuters",
    "MOSCOW (Reuters) - The ministers met on Tuesday and said that they would meet again before the month was out.",
    "PolitikWirtschaftSportKultur",
    "Share Tweet Email Print",
    "Comments: 0",
    "© 2022 The Daily Thing. All rights reserved.",
    "Photo: A. Nobody/AFP, 3 March 2011",
    "Read also: Another headline that leads away from here",
    "2013年5月7日 19時58分",
    "外相は火曜日に会談し、会議を開くことで合意したと述べた。",
    "وقال الوزير يوم الثلاثاء إن المؤتمر سيعقد قبل نهاية الشهر.",
    "The council voted by 17 to 4 to rebuild the pier, which a storm took in the winter of 2009, for 3.2 million.",
    "A heading of few words",
    "\u202eright to left\u202c",
    "  indented\tand\u00a0spaced  ",
    "1/2/03",
    "<b>markup</b> & [x](javascript:alert(1))",
]
LINES = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=80))
TEXTS = st.lists(LINES, max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n", " "]).map(lambda between: between.join(lines))
)

TABLE = known_outlets()


def document(text: str) -> Document:
    return Document("0123456789abcdef", "raw/a.txt", "text", "utf-8", len(text), "0" * 64, text, 0)


def cleaned(text: str):
    raw = document(text)
    spans, _ = strip.strip([raw], {}, StripSettings())
    return raw, spans, extract.extract([raw], {raw.doc_id: spans}, {}, {}, ExtractSettings())


@given(TEXTS)
@settings(deadline=None, max_examples=150)
def test_segments_cover_any_text_once_and_in_order(text):
    _, spans, _ = cleaned(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(span.start < span.end for span in spans)
    assert all(0 <= span.score <= 1 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", span.rule) for span in spans)


@given(TEXTS)
@settings(deadline=None, max_examples=150)
def test_the_article_is_its_kept_segments_and_nothing_else(text):
    _, spans, _ = cleaned(text)
    kept = [text[span.start : span.end].strip() for span in spans if span.kind in KEPT]
    assert re.sub(r"\s", "", replay(text, spans)) == re.sub(r"\s", "", "".join(kept))


@given(TEXTS)
@settings(deadline=None, max_examples=150)
def test_every_fact_reads_back_and_every_chosen_date_was_written(text):
    _, _, facts = cleaned(text)
    for fact in facts:
        assert fact.value and fact.value == fact.value.strip()
        assert (fact.start is None) == (fact.end is None)
        if fact.start is not None:
            assert 0 <= fact.start < fact.end <= len(text)
            read = text[fact.start : fact.end]
            if fact.field in ("title", "author"):
                assert " ".join(read.translate(UNSEEN).split()) == fact.value
            if fact.field in ("outlet", "agency"):  # may be given by its usual name: AA is Anadolu Agency
                assert " ".join(read.translate(UNSEEN).split()) == fact.value or TABLE.named(read) == fact.value
            if fact.field in ("published", "modified"):
                assert re.search(r"\d", read)
    for name in ("published", "modified"):
        for value in chosen(facts).get(name, []):
            assert moment(value).on.year > 1000
            assert any(fact.start is not None for fact in facts if fact.field == name and fact.value == value)


@given(st.lists(TEXTS, min_size=2, max_size=4))
@settings(deadline=None, max_examples=40)
def test_a_document_does_not_depend_on_its_batch(texts):
    batch = [document(text)._replace(doc_id=f"{number:016x}") for number, text in enumerate(texts)]
    together, _ = strip.strip(batch, {}, StripSettings())
    alone = [span for one in batch for span in strip.strip([one], {}, StripSettings())[0]]
    assert together == alone
