"""Strip: labels every stretch of a document, so that what is no article is known, with the rule that says why.

Owns `spans`. A document's spans cover its text once, in order; `replay` makes the article's text of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, NamedTuple

from tasks.ingest import Document, Page, Quarantine
from tasks.page import lay_out, parse
from tasks.stage import Settings, Stage, table
from tasks.strip.kinds import KEPT, Kind
from tasks.strip.reading import page_votes, votes
from tasks.strip.segments import segments
from tasks.strip.verdict import kept_shares
from tasks.text import lines, shown

__all__ = ["KEPT", "STAGE", "Kind", "Span", "StripSettings", "replay", "strip"]


@table("spans", sorted_by=("doc_id", "start"))
class Span(NamedTuple):
    """A segment of a document; a document's segments cover its text once, in order."""

    doc_id: Annotated[str, "the document"]
    start: Annotated[int, "code points from the start of documents.text"]
    end: Annotated[int, "code points from the start of documents.text, exclusive"]
    kind: Annotated[Kind, "what the segment is; body and heading make the article's text"]
    rule: Annotated[str, "the rule that decided"]
    score: Annotated[float, "how sure the labeller is of the kind, 0 to 1"]


class StripSettings(Settings):
    """How boilerplate is told from the article."""


STAGE = Stage("strip", 1, (Document, Page), (Span, Quarantine), StripSettings)


def strip(
    documents: Sequence[Document], pages: Mapping[str, str], settings: StripSettings
) -> tuple[list[Span], list[Quarantine]]:
    """The spans of a batch of documents, in order, and a quarantine row for each that is no article.

    `pages` has the markup of those that are HTML, by `doc_id`. A document's spans do not depend on its batch.
    """
    return [span for document in documents for span in document_spans(document, pages.get(document.doc_id))], []


def document_spans(document: Document, html: str | None) -> list[Span]:
    """The spans of one document."""
    text = document.text
    tree = parse(html) if html is not None else None
    layout = lay_out(tree) if html is not None else None
    cut = list(lines(text)) if layout else segments(text)
    seen = [text[slice(*shown(text, piece))] for piece in cut]
    if layout and layout.text == text:
        read = page_votes(seen, kept_shares(tree, layout), [block.tag for block in layout.blocks])
    else:
        read = votes(seen)
    return [
        Span(document.doc_id, piece.start, piece.end, vote.kind, vote.rule, vote.score)
        for piece, vote in zip(cut, read, strict=True)
    ]


def replay(text: str, spans: Iterable[Span]) -> str:
    """The article's text: its body and heading segments, paragraphs parted by a blank line.

    Segments of one line are joined by a space, for nothing but what stood between them parted them.
    """
    article: list[str] = []
    end_of_last = 0
    for span in spans:
        piece = text[span.start : span.end].strip()
        if span.kind not in KEPT or not piece:
            continue
        article += [separator(text, end_of_last, span.start)] if article else []
        article.append(piece)
        end_of_last = span.start + len(text[span.start : span.end].rstrip())
    return "".join(article)


def separator(text: str, end: int, start: int) -> str:
    """What parts two kept segments: a blank line, or a space where both stand on one line."""
    return "\n\n" if "\n" in text[end:start] else " "
