"""Reads of each article what grouping needs, once, so that the corpus-wide part never opens a text."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tasks.extract import Fact
from tasks.group.calendar import calendar_of
from tasks.group.names import distinct
from tasks.group.references import cues_in, has_any, references
from tasks.group.rows import BackReference, GroupSettings, Sign
from tasks.group.terms import stems
from tasks.group.vector import (
    LEAD,
    NAMES,
    PLACES,
    Reading,
    named,
    names_and_places,
    names_in,
    number_of,
    often,
    reading,
    telling,
    vector,
    without,
)
from tasks.ingest import Document
from tasks.strip import Span, replay
from tasks.strip.kinds import KEPT
from tasks.text import word_count

MOST_NAMES = 12
CONSIDERED = 4 * MOST_NAMES  # several of them may be one person's
MOST_FIGURES = 20


def sign(
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]],
    facts: Mapping[str, Sequence[Fact]],
    settings: GroupSettings,
) -> list[Sign]:
    """What grouping needs to know of each document, by what strip kept of it and what extract chose."""
    return [sign_of(doc, spans.get(doc.doc_id, ()), facts.get(doc.doc_id, ())) for doc in documents]


def sign_of(doc: Document, spans: Sequence[Span], facts: Iterable[Fact]) -> Sign:
    """What grouping needs to know of one document."""
    known = {fact.field: fact.value for fact in facts if fact.chosen}
    title, language, published = known.get("title"), known.get("language"), known.get("published")
    day = date.fromisoformat(published[:10]) if published else None
    body = replay(doc.text, spans)
    read = reading(title or "", body, language, day)
    terms, weights = vector(read)
    cues = cues_in(body, read.said, calendar_of(language))
    kept = (span for span in spans if cues and span.kind in KEPT)
    referring = [span for span in kept if has_any(doc.text[span.start : span.end], cues)]
    return Sign(
        doc.doc_id,
        published,
        day,
        title,
        known.get("outlet"),
        language,
        word_count(body),
        marking_names(read),
        list(dict.fromkeys(read.figures))[:MOST_FIGURES],
        terms,
        weights,
        [found for span in referring for found in back_references(doc.text, span, day, language)],
    )


def marking_names(read: Reading) -> list[str]:
    """The names of an article as printed, most telling first: those that are rare and said often."""
    counts = Counter([name.text for name in read.names])
    weight = {name: often(count) * named(name, read.language).rarest for name, count in counts.items()}
    ranked = sorted((name for name in weight if weight[name] > 0), key=lambda name: (-weight[name], name))
    return distinct(ranked[:CONSIDERED])[:MOST_NAMES]


def back_references(text: str, span: Span, day: date | None, language: str | None) -> list[BackReference]:
    """The back-references of a kept segment, with the names that stand in their sentences."""
    piece = text[span.start : span.end]
    found = []
    for start, end, first, last in references(piece, day, language):
        sentence = piece[start:end]
        in_names, worded = sentence_terms(sentence, language)
        if in_names:
            found.append(BackReference(span.start + start, end - start, first, last, in_names, worded, sentence))
    return found


def sentence_terms(sentence: str, language: str | None) -> tuple[list[int], list[int]]:
    """The terms of a sentence's names and places, and those that its words have in a lead."""
    found = names_in(sentence, language)
    weights = names_and_places(found, language)
    in_names = [number_of(key, kind) for kind, of in zip((NAMES, PLACES), weights, strict=True) for key in of]
    worded = [number_of(stem, LEAD) for stem in without(telling(stems(sentence), language), found, language)]
    return sorted(in_names), sorted(worded)
