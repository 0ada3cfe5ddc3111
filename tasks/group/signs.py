"""Reads of each article what grouping needs, once, so that the corpus-wide part never opens a text."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from tasks.extract import Fact
from tasks.group.names import distinct
from tasks.group.rarity import often, telling
from tasks.group.references import Reference, references
from tasks.group.rows import BackReference, GroupSettings, Sign
from tasks.group.terms import stems
from tasks.group.vector import (
    LEAD,
    NAMES,
    PLACES,
    Reading,
    count_of,
    named,
    names_and_places,
    names_in,
    number_of,
    reading,
    stems_in,
    vectors,
)
from tasks.ingest import Document
from tasks.strip import Span, replay
from tasks.strip.kinds import KEPT
from tasks.text import word_count

MOST_NAMES = 12
CONSIDERED = 4 * MOST_NAMES  # several of them may be one person's
MOST_FIGURES = 20
AT_ONCE = 250  # articles: what is known of a word is asked for once for all of them


class Segment(NamedTuple):
    """A kept segment of a document, and where it starts."""

    start: int
    text: str


def sign(
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]],
    facts: Mapping[str, Sequence[Fact]],
    settings: GroupSettings,
) -> list[Sign]:
    """What grouping needs to know of each document, by what strip kept of it and what extract chose."""
    read = (read_of(doc, spans.get(doc.doc_id, ()), facts.get(doc.doc_id, ())) for doc in documents)
    signs: list[Sign] = []
    while batch := list(islice(read, AT_ONCE)):
        rows = [row for row, _, _ in batch]
        referring = back_references(rows, [kept for _, _, kept in batch])
        found = vectors([article for _, article, _ in batch])
        signs += [
            row._replace(terms=terms, weights=of, references=told)
            for row, (terms, of), told in zip(rows, found, referring, strict=True)
        ]
    return signs


def read_of(doc: Document, spans: Sequence[Span], facts: Iterable[Fact]) -> tuple[Sign, Reading, list[Segment]]:
    """What grouping needs to know of one document but for its terms and references, and what these are made of."""
    known = {fact.field: fact.value for fact in facts if fact.chosen}
    title, language, published = known.get("title"), known.get("language"), known.get("published")
    day = date.fromisoformat(published[:10]) if published else None
    body = replay(doc.text, spans)
    read = reading(title or "", body, language, day)
    row = Sign(
        doc.doc_id,
        published,
        day,
        title,
        known.get("outlet"),
        language,
        word_count(body),
        marking_names(read),
        list(dict.fromkeys(read.figures))[:MOST_FIGURES],
        [],
        [],
        [],
    )
    return row, read, [Segment(span.start, doc.text[span.start : span.end]) for span in spans if span.kind in KEPT]


def marking_names(read: Reading) -> list[str]:
    """The names of an article as printed, most telling first: those that are rare and said often."""
    weight = {name: often(count) * named(name, read.language).rarest for name, count in read.names.items()}
    ranked = sorted((name for name in weight if weight[name] > 0), key=lambda name: (-weight[name], name))
    return distinct(ranked[:CONSIDERED])[:MOST_NAMES]


def back_references(rows: Sequence[Sign], kept: Sequence[Sequence[Segment]]) -> list[list[BackReference]]:
    """The back-references in the kept segments of each article, with the names that stand in their sentences."""
    found: list[list[BackReference]] = [[] for _ in rows]
    spoken: dict[str | None, list[tuple[int, Segment]]] = defaultdict(list)
    for number, segments in enumerate(kept):
        spoken[rows[number].language] += [(number, segment) for segment in segments]
    for language, told in spoken.items():
        texts, days = [segment.text for _, segment in told], [rows[number].day for number, _ in told]
        for reference in references(texts, days, language):
            number, segment = told[reference.text]
            found[number] += in_sentence(segment, reference, language)
    return found


def in_sentence(segment: Segment, reference: Reference, language: str | None) -> list[BackReference]:
    """The back-references of a sentence, one a day that it refers to; none where no name stands in it."""
    sentence = segment.text[reference.start : reference.end]
    start = segment.start + reference.start
    in_names, worded = sentence_terms(sentence, language)
    return [
        BackReference(start, len(sentence), first, last, in_names, worded, sentence)
        for first, last in (reference.days if in_names else ())
    ]


def sentence_terms(sentence: str, language: str | None) -> tuple[list[int], list[int]]:
    """The terms of a sentence's names and places, and those that its words have in a lead."""
    found = count_of(names_in(sentence, language))
    weights = names_and_places(found, language)
    in_names = [number_of(key, kind) for kind, of in zip((NAMES, PLACES), weights, strict=True) for key in of]
    worded = [number_of(stem, LEAD) for stem in telling(stems(sentence), language).keys() - stems_in(found, language)]
    return sorted(in_names), sorted(worded)
