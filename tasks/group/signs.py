"""Reads of each article what grouping needs, once, so that the corpus-wide part never opens a text."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tasks.extract import Fact
from tasks.group.names import Name, names, parts_of
from tasks.group.rarity import is_common, rarity
from tasks.group.references import references
from tasks.group.rows import BackReference, GroupSettings, Sign
from tasks.group.terms import figures
from tasks.group.vector import NAMES, name_weights, number_of, often, vector
from tasks.ingest import Document
from tasks.strip import Span, replay
from tasks.strip.kinds import KEPT
from tasks.text import words

MOST_NAMES = 12
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
    terms, weights = vector(title or "", body, language, day)
    return Sign(
        doc.doc_id,
        published,
        day,
        title,
        known.get("outlet"),
        language,
        len(words(body)),
        marking_names(body, language),
        list(dict.fromkeys(figures(body)))[:MOST_FIGURES],
        terms,
        weights,
        [found for span in spans if span.kind in KEPT for found in back_references(doc.text, span, day, language)],
    )


def marking_names(body: str, language: str | None) -> list[str]:
    """The names of a text as printed, most telling first: those that are rare and said often."""
    counts = Counter(name.text for name in found_names(body, language))
    weight = {name: often(count) * rarest(name, language) for name, count in counts.items()}
    return sorted((name for name in weight if weight[name] > 0), key=lambda name: (-weight[name], name))[:MOST_NAMES]


def found_names(text: str, language: str | None) -> list[Name]:
    """The names of a text in a language."""
    return names(text, lambda word: is_common(word, language))


def rarest(name: str, language: str | None) -> float:
    """The rarity of a name's rarest word."""
    return max((rarity(part.casefold()[:6], language) for part, _ in parts_of(name)), default=0.0)


def back_references(text: str, span: Span, day: date | None, language: str | None) -> list[BackReference]:
    """The back-references of a kept segment, with the names that stand in their sentences."""
    piece = text[span.start : span.end]
    found = []
    for start, end, first, last in references(piece, day, language):
        sentence = piece[start:end]
        keys = name_weights(found_names(sentence, language), language)
        terms = sorted(number_of(key, NAMES) for key in keys)
        if terms:
            found.append(BackReference(span.start + start, end - start, first, last, terms, sentence))
    return found
