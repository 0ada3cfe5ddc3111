"""Strip: labels every stretch of a document, so that what is no article is known, with the rule that says why.

Owns `spans`. A document's spans cover its text once, in order; `replay` makes the article's text of them.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, NamedTuple

from tasks.ingest import Document, Page, Quarantine
from tasks.stage import Settings, Stage, table

Kind = Literal["body", "heading", "title", "byline", "dateline", "outlet", "credit", "caption", "boilerplate"]
KEPT = frozenset({"body", "heading"})


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
