"""Strip: labels every stretch of a document, so that what is no article is known, with the rule that says why.

Owns `spans`. A document's spans cover its text once, in order; `replay` makes the article's text of them.

Three steps: `label` says what each document tells by itself; `learn` what its outlet repeats, over all documents;
`settle` takes that and the user's own rules into account. `strip` is the first and the last on a few documents.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import attrgetter
from typing import Annotated, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tasks.ingest import Block, Document, Page, Quarantine, Sidecar
from tasks.page import Layout, lay_out
from tasks.stage import NAMES_A_FILE, Settings, Stage, schema, table, to_rows, to_table, whole
from tasks.strip.article import in_columns, likenesses
from tasks.strip.kinds import KEPT, Kind, Vote
from tasks.strip.labeller import Labeller, page_scores, shipped, text_scores
from tasks.strip.origins import origin_of
from tasks.strip.own_rules import OwnRule, overruled, own_rules
from tasks.strip.reading import Lines, votes
from tasks.strip.rules import OPENING
from tasks.strip.segments import parts, segments
from tasks.strip.templates import Printing, Repeat, printed, printed_on_every_page, repeats
from tasks.strip.tokens import Segments, read
from tasks.strip.verdict import verdict
from tasks.text import Piece, lines
from tasks.toml import readable_by

__all__ = [
    "KEPT",
    "LABEL",
    "LEARN",
    "STAGE",
    "Kind",
    "Likeness",
    "Printing",
    "Repeat",
    "Span",
    "StripSettings",
    "batch_of",
    "label",
    "learn",
    "printings",
    "replay",
    "settle",
    "strip",
]


@table("spans", sorted_by=("doc_id", "start"))
class Span(NamedTuple):
    """A segment of a document; a document's segments cover its text once, in order."""

    doc_id: Annotated[str, "the document"]
    start: Annotated[int, "code points from the start of documents.text"]
    end: Annotated[int, "code points from the start of documents.text, exclusive"]
    kind: Annotated[Kind, "what the segment is; body and heading make the article's text"]
    rule: Annotated[str, "the rule that decided"]
    score: Annotated[float, "how sure the labeller is of the kind, 0 to 1"]


@table("likenesses")
class Likeness(NamedTuple):
    """How like an article a document is by what it tells by itself."""

    doc_id: Annotated[str, "the document"]
    likeness: Annotated[float, "how probable it is an article, 0 to 1"]


class StripSettings(Settings):
    """How boilerplate is told from the article."""

    least_likeness: float = Field(0.01, ge=0, le=1, description="a document less like an article goes to quarantine")
    repeats: int = Field(4, ge=2, description="in so many articles of an outlet a line is boilerplate")
    rules: Annotated[str, readable_by(own_rules)] = Field(
        "",
        description="a TOML file of rules of your own, which decide over copydesk's; empty for none",
        json_schema_extra=NAMES_A_FILE,
    )


# What a document tells by itself hangs on no setting, so it is not made anew when one changes.
LABEL = Stage("label", 8, (Document, Page, Block, Sidecar), (Span, Printing, Likeness, Quarantine), Settings)
LEARN = Stage("learn", 1, (Printing,), (Repeat,), StripSettings)
STAGE = Stage(
    "strip", 6, (Document, Page, Sidecar, Span, Likeness, Repeat, Quarantine), (Span, Quarantine), StripSettings
)


class Labels(NamedTuple):
    """What some documents tell of themselves: the rows of `LABEL`."""

    spans: pa.Table
    printings: list[Printing]
    likenesses: list[Likeness]


class Batch(NamedTuple):
    """Some documents, their spans one's after the other's, and the characters and words of every span."""

    documents: Sequence[Document]
    spans: pa.Table
    seen: Segments


def strip(
    documents: Sequence[Document],
    pages: Mapping[str, str],
    settings: StripSettings,
    sidecars: Mapping[str, Sequence[Sidecar]] | None = None,
    repeated: Mapping[str, frozenset[int]] | None = None,
) -> tuple[list[Span], list[Quarantine]]:
    """The spans of a batch of documents, each one's in order, and a quarantine row for each that is no article.

    `pages` has the markup of those that are HTML, `sidecars` what came beside a document, and `repeated` the lines that
    its outlet repeats, each by `doc_id`. A document's spans do not depend on its batch.
    """
    labels = label(documents, pages)
    likely = dict(labels.likenesses)
    spans, aside = settle(documents, labels.spans, likely, pages, settings, sidecars or {}, repeated or {})
    return to_rows(Span, spans), aside


def label(
    documents: Sequence[Document],
    pages: Mapping[str, str],
    blocks: Mapping[str, Sequence[Block]] | None = None,
    sidecars: Mapping[str, Sequence[Sidecar]] | None = None,
) -> Labels:
    """What each document tells by itself: its spans, what of it its outlet may repeat, how like an article it is.

    A page without `blocks` is laid out anew.
    """
    texts = [one for one in documents if one.doc_id not in pages]
    marked = [one for one in documents if one.doc_id in pages]
    batches = [text_labels(texts, shipped())] if texts else []
    batches += [page_labels(marked, pages, blocks or {}, shipped())] if marked else []
    return Labels(
        whole(Span, (batch.spans for batch in batches)),
        [row for batch in batches for row in printings(batch, pages, sidecars or {})],
        [row for batch in batches for row in judged(batch)],
    )


def printings(batch: Batch, pages: Mapping[str, str], sidecars: Mapping[str, Sequence[Sidecar]]) -> list[Printing]:
    """What the labels keep of each document, to be compared with what they keep of others of its outlet."""
    origins = (origin_of(one, sidecars.get(one.doc_id, ()), pages.get(one.doc_id)) for one in batch.documents)
    kept = in_columns(batch.spans, batch.seen).are_kept
    return printed([one.doc_id for one in batch.documents], [origin.name for origin in origins], kept, batch.seen)


def judged(batch: Batch) -> list[Likeness]:
    """How like an article each of some documents is."""
    found = likenesses([one.text for one in batch.documents], in_columns(batch.spans, batch.seen))
    return [Likeness(one.doc_id, likeness) for one, likeness in zip(batch.documents, found, strict=True)]


def batch_of(documents: Sequence[Document], cuts: Sequence[Sequence[Span]]) -> Batch:
    """Some documents and the spans of each, whose characters and words are read for it."""
    pieces = [[Piece(span.start, span.end) for span in cut] for cut in cuts]
    spans = to_table(Span, chain.from_iterable(cuts))
    return Batch(documents, spans, read([one.text for one in documents], pieces))


def learn(printings: Mapping[str, pa.Table], settings: StripSettings) -> Iterator[tuple[str, pa.Table]]:
    """For every part the lines of its documents that their outlets repeat, given the printings of all parts."""
    yield from repeats(printings, settings.repeats)


def settle(
    documents: Sequence[Document],
    labels: pa.Table,
    likely: Mapping[str, float],
    pages: Mapping[str, str],
    settings: StripSettings,
    sidecars: Mapping[str, Sequence[Sidecar]],
    repeated: Mapping[str, frozenset[int]],
) -> tuple[pa.Table, list[Quarantine]]:
    """The spans of some documents given those of their labels, and a quarantine row for each that is no article.

    `likely` has how like an article each is by its labels; one of which these do not stand is judged anew.
    """
    own = own_rules(settings.rules)
    due = documents if own else [one for one in documents if one.doc_id in repeated]
    known = cut_by_document(due, labels)
    made = [without_repeats(one.text, cut, repeated.get(one.doc_id)) for one, cut in zip(due, known, strict=True)]
    if own:
        ruled = zip(due, made, strict=True)
        made = [by_own_rules(one, cut, own, sidecars.get(one.doc_id, ()), pages) for one, cut in ruled]
    changed = {one.doc_id: (one, new) for one, old, new in zip(due, known, made, strict=True) if new != old}
    anew = judged(batch_of([one for one, _ in changed.values()], [cut for _, cut in changed.values()]))
    found = {**likely, **dict(anew)}
    aside = [
        no_article(one, found[one.doc_id], settings) for one in documents if found[one.doc_id] < settings.least_likeness
    ]
    same = spans_of((one for one in documents if one.doc_id not in changed), labels)
    return pa.concat_tables([same, to_table(Span, [span for _, cut in changed.values() for span in cut])]), aside


def cut_by_document(documents: Sequence[Document], spans: pa.Table) -> list[list[Span]]:
    """The spans of each of these documents."""
    rows = groupby(to_rows(Span, spans_of(documents, spans)), key=attrgetter("doc_id"))
    found = {doc_id: [*cut] for doc_id, cut in rows}
    return [found.get(one.doc_id, []) for one in documents]


def spans_of(documents: Iterable[Document], spans: pa.Table) -> pa.Table:
    """Of some spans those of these documents."""
    return spans.filter(pc.is_in(spans.column("doc_id"), pa.array([one.doc_id for one in documents], pa.string())))


def no_article(document: Document, found: float, settings: StripSettings) -> Quarantine:
    """The row that puts a document aside which is less like an article than the settings want."""
    detail = f"likeness to an article {found:.3f}, wanted {settings.least_likeness}; strip.least_likeness 0 keeps it"
    return Quarantine(document.doc_id, document.source, document.bytes, document.sha256, "no-article", detail)


def text_labels(documents: Sequence[Document], known: Labeller) -> Batch:
    """Plain texts with their spans."""
    texts = [document.text for document in documents]
    pieces = [segments(text) for text in texts]
    found = read(texts, pieces)
    shown = [seen(text, cut) for text, cut in zip(texts, pieces, strict=True)]
    scores = text_scores(known, found)
    said = votes([Lines(lines, score) for lines, score in zip(shown, scores, strict=True)])
    return Batch(documents, spans(documents, said, found), found)


def page_labels(
    documents: Sequence[Document], pages: Mapping[str, str], blocks: Mapping[str, Sequence[Block]], known: Labeller
) -> Batch:
    """Pages with their spans, given the markup of each and its blocks."""
    layouts = [laid_out(document, pages, blocks) for document in documents]
    pieces = [list(lines(layout.text)) for layout in layouts]

    def asked(number: int, likely: Sequence[float]) -> list[float]:
        return verdict(pages[documents[number].doc_id], layouts[number], likely)

    scores = page_scores(known, layouts, pieces, asked)
    shown = [
        Lines(seen(layout.text, cut), score, tags(layout))
        for layout, cut, score in zip(layouts, pieces, scores, strict=True)
    ]
    cuts = [opened(*one) for one in zip(documents, pieces, votes(shown), strict=True)]
    found = read([document.text for document in documents], [cut for cut, _ in cuts])
    return Batch(documents, spans(documents, [said for _, said in cuts], found), found)


def laid_out(document: Document, pages: Mapping[str, str], blocks: Mapping[str, Sequence[Block]]) -> Layout:
    """A page's text and its blocks, as ingest made them, or anew where it did not."""
    known = blocks.get(document.doc_id)
    return Layout(document.text, tuple(known)) if known else lay_out(pages[document.doc_id])


def without_repeats(text: str, cut: Sequence[Span], repeated: frozenset[int] | None) -> Sequence[Span]:
    """The spans with those removed that the outlet prints on every page."""
    if not repeated:
        return cut
    return [
        span._replace(kind="boilerplate", rule="outlet-repeats", score=0.95) if is_one else span
        for span, is_one in zip(cut, printed_on_every_page(text, cut, repeated), strict=True)
    ]


def by_own_rules(
    document: Document,
    cut: Sequence[Span],
    rules: Sequence[OwnRule],
    sidecars: Sequence[Sidecar],
    pages: Mapping[str, str],
) -> list[Span]:
    """The spans with those decided anew that a rule of the user's knows."""
    origin = origin_of(document, sidecars, pages.get(document.doc_id))
    shown = [document.text[span.start : span.end].strip() for span in cut]
    said = overruled(shown, [rule for rule in rules if rule.is_for(origin)])
    return [span._replace(**vote._asdict()) if vote else span for span, vote in zip(cut, said, strict=True)]


def seen(text: str, pieces: Sequence[Piece]) -> list[str]:
    """What each piece shows."""
    return [text[start:end].strip() for start, end in pieces]


def tags(layout: Layout) -> list[str]:
    """The tag of each block."""
    return [block.tag for block in layout.blocks]


def spans(documents: Sequence[Document], said: Iterable[Sequence[Vote]], seen: Segments) -> pa.Table:
    """The spans of some documents: their segments put together with the votes on them."""
    kinds, rules, scores = zip(*chain.from_iterable(said), strict=True) if seen.document.size else ((), (), ())
    edges = np.append(0, np.cumsum(seen.counts.sum(axis=1)))
    begin = edges[seen.bounds[seen.document]]
    columns = {
        "doc_id": pa.array([document.doc_id for document in documents]).take(pa.array(seen.document)),
        "start": edges[:-1] - begin,
        "end": edges[1:] - begin,
        "kind": kinds,
        "rule": rules,
        "score": np.round(scores, 3),
    }
    return pa.table(columns, schema(Span))


def opened(document: Document, pieces: Sequence[Piece], read: Sequence[Vote]) -> tuple[list[Piece], list[Vote]]:
    """The blocks of a page and the votes on them, a paragraph that begins with place and agency cut after them."""
    cut = [
        (parts(document.text, piece) if vote.kind == "body" else [piece], vote)
        for piece, vote in zip(pieces, read, strict=True)
    ]
    return (
        [part for found, _ in cut for part in found],
        [vote if part is found[-1] else OPENING for found, vote in cut for part in found],
    )


def replay(text: str, spans: Iterable[Span]) -> str:
    """The article's text: its body and heading segments, paragraphs parted by a blank line.

    Segments of one line are joined by a space, for nothing but what stood between them parted them.
    """
    article: list[str] = []
    end_of_last = 0
    for span in spans:
        if span.kind in KEPT and (shown := text[span.start : span.end].rstrip()):
            if article:
                article.append(separator(text, end_of_last, span.start))
            article.append(shown.lstrip())
            end_of_last = span.start + len(shown)
    return "".join(article)


def separator(text: str, end: int, start: int) -> str:
    """What parts two kept segments: a blank line, or a space where both stand on one line."""
    return "\n\n" if "\n" in text[end:start] else " "
