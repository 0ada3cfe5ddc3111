"""Extract: reads title, dates, outlet, agency, authors, language and URL, each with the place where it was read.

Owns `facts`: a row a candidate, of which the chosen ones are the article's metadata.
"""

from collections.abc import Iterable, Mapping, Sequence

from tasks.extract.document import facts_of
from tasks.extract.moments import Moment, Precision, moment
from tasks.extract.rows import ExtractSettings, Fact, FieldName, Origin
from tasks.ingest import Document, Page, Quarantine, Sidecar
from tasks.stage import Stage
from tasks.strip import Span

__all__ = [
    "STAGE",
    "ExtractSettings",
    "Fact",
    "FieldName",
    "Moment",
    "Origin",
    "Precision",
    "chosen",
    "extract",
    "moment",
]

STAGE = Stage("extract", 6, (Document, Page, Sidecar, Span), (Fact, Quarantine), ExtractSettings)


def extract(
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]],
    pages: Mapping[str, str],
    sidecars: Mapping[str, Sequence[Sidecar]],
    settings: ExtractSettings,
) -> list[Fact]:
    """The facts of each document, from its text, segments, markup and sidecar, each looked up by its doc_id."""
    return [
        fact
        for document in documents
        for fact in facts_of(
            document,
            spans.get(document.doc_id, ()),
            pages.get(document.doc_id),
            sidecars.get(document.doc_id, ()),
            settings,
        )
    ]


def chosen(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """The chosen values by field, in order: the writers one by one, of every other field at most one."""
    values: dict[str, list[str]] = {}
    for fact in facts:
        if fact.chosen:
            values.setdefault(fact.field, []).append(fact.value)
    return values
