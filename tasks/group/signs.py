"""Reads of each article what grouping needs, once, so that the corpus-wide part never opens a text."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from tasks.extract import Fact
from tasks.group.calendar import calendar_of
from tasks.group.names import distinct, parts_of
from tasks.group.rarity import rarity
from tasks.group.references import cues_in, references
from tasks.group.rows import BackReference, GroupSettings, Sign
from tasks.group.terms import stems
from tasks.group.vector import (
    LEAD,
    NAMES,
    PLACES,
    Reading,
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
    cues = cues_in(body, calendar_of(language))
    kept = [span for span in spans if span.kind in KEPT] if cues else []
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
        [found for span in kept for found in back_references(doc.text, span, day, language, cues)],
    )


def marking_names(read: Reading) -> list[str]:
    """The names of an article as printed, most telling first: those that are rare and said often."""
    calendar = calendar_of(read.language)
    counts = Counter(name.text for name in read.names)
    weight = {
        name: often(count) * rarest(name, read.language)
        for name, count in counts.items()
        if not calendar.has(name.split()[0].casefold())
    }
    ranked = sorted((name for name in weight if weight[name] > 0), key=lambda name: (-weight[name], name))
    return distinct(ranked[:CONSIDERED])[:MOST_NAMES]


def rarest(name: str, language: str | None) -> float:
    """The rarity of a name's rarest word."""
    return max((rarity(part.casefold()[:6], language) for part, _ in parts_of(name)), default=0.0)


def back_references(
    text: str, span: Span, day: date | None, language: str | None, cues: Collection[str]
) -> list[BackReference]:
    """The back-references of a kept segment, with the names that stand in their sentences.

    `cues` are those of the whole article.
    """
    piece = text[span.start : span.end]
    found = []
    for start, end, first, last in references(piece, day, language, cues):
        sentence = piece[start:end]
        named, worded = sentence_terms(sentence, language)
        if named:
            found.append(BackReference(span.start + start, end - start, first, last, named, worded, sentence))
    return found


def sentence_terms(sentence: str, language: str | None) -> tuple[list[int], list[int]]:
    """The terms of a sentence's names and places, and those that its words have in a lead."""
    found = names_in(sentence, language)
    weights = names_and_places(found, language)
    named = [number_of(key, kind) for kind, of in zip((NAMES, PLACES), weights, strict=True) for key in of]
    worded = [number_of(stem, LEAD) for stem in without(telling(stems(sentence), language), found)]
    return sorted(named), sorted(worded)
