"""Reads of each article what grouping needs, once, so that the corpus-wide part never opens a text."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice

from tasks.extract import Fact
from tasks.group.calendar import calendar_of
from tasks.group.names import distinct
from tasks.group.rarity import often, telling
from tasks.group.references import cues_in, references
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
        found = vectors([article for _, article in batch])
        signs += [row._replace(terms=terms, weights=of) for (row, _), (terms, of) in zip(batch, found, strict=True)]
    return signs


def read_of(doc: Document, spans: Sequence[Span], facts: Iterable[Fact]) -> tuple[Sign, Reading]:
    """What grouping needs to know of one document, but for its terms, and what these are made of."""
    known = {fact.field: fact.value for fact in facts if fact.chosen}
    title, language, published = known.get("title"), known.get("language"), known.get("published")
    day = date.fromisoformat(published[:10]) if published else None
    body = replay(doc.text, spans)
    read = reading(title or "", body, language, day)
    cues = cues_in(body, read.said, calendar_of(language))
    kept = [span for span in spans if span.kind in KEPT] if cues else []
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
        [found for span in kept for found in back_references(doc.text, span, day, language, cues)],
    )
    return row, read


def marking_names(read: Reading) -> list[str]:
    """The names of an article as printed, most telling first: those that are rare and said often."""
    counts = Counter([name.text for name in read.names])
    weight = {name: often(count) * named(name, read.language).rarest for name, count in counts.items()}
    ranked = sorted((name for name in weight if weight[name] > 0), key=lambda name: (-weight[name], name))
    return distinct(ranked[:CONSIDERED])[:MOST_NAMES]


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
        in_names, worded = sentence_terms(sentence, language)
        if in_names:
            found.append(BackReference(span.start + start, end - start, first, last, in_names, worded, sentence))
    return found


def sentence_terms(sentence: str, language: str | None) -> tuple[list[int], list[int]]:
    """The terms of a sentence's names and places, and those that its words have in a lead."""
    found = names_in(sentence, language)
    weights = names_and_places(found, language)
    in_names = [number_of(key, kind) for kind, of in zip((NAMES, PLACES), weights, strict=True) for key in of]
    worded = [number_of(stem, LEAD) for stem in telling(stems(sentence), language).keys() - stems_in(found, language)]
    return sorted(in_names), sorted(worded)
