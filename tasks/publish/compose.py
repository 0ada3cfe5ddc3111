"""A part's published tables, put together from what the other rooms wrote on its documents."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.dedupe import Fate
from tasks.extract import Fact, FieldName, moment
from tasks.group import Member
from tasks.ingest import Document, Quarantine
from tasks.publish.rows import Article, PublishedDocument, Tally
from tasks.stage import schema
from tasks.strip import Span, joined
from tasks.text import word_count

# What was written on the documents of a part: the table of a row class, as far as a published one is composed of it.
Written = Callable[[type], pa.Table]

AS_READ = ("url", "title", "outlet", "outlet_domain", "agency", "language")
# The columns of an article that hang on other documents.
AMONG_OTHERS = ("story_id", "story_role", "copies")


def documents(written: Written) -> pa.Table:
    """The documents of a part with what became of them, and those that could not be read."""
    read, aside = written(Document), written(Quarantine)
    is_aside = pc.is_in(read.column("doc_id"), aside.column("doc_id"))
    kept_as = pc.if_else(is_aside, pa.scalar(None, pa.string()), told(written(Fate), "kept_as", read.column("doc_id")))
    status = pc.if_else(is_aside, "quarantined", pc.if_else(pc.is_valid(kept_as), "duplicate", "article"))
    filed = read.append_column("status", status).append_column("kept_as", kept_as)
    unread = without(aside, read.column("doc_id"))
    unread = unread.append_column("status", pa.repeat("quarantined", unread.num_rows))
    return pa.concat_tables([filed, unread], promote_options="default").select(schema(PublishedDocument).names)


def articles(written: Written) -> pa.Table:
    """The articles of a part: its documents that have a place in a story.

    Of those that it had before, if their texts and facts are the same, only that place is made anew.
    """
    members, before = written(Member), written(Article).drop_columns(AMONG_OTHERS)
    new = without(members, before.column("doc_id")).column("doc_id")
    drafts = [before.filter(pc.is_in(before.column("doc_id"), members.column("doc_id")))]
    drafts += [drafted(new, written(Document), written(Span), written(Fact))] if len(new) else []
    found = pa.concat_tables(drafts)
    ids = found.column("doc_id")
    places = (
        told(members, "story_id", ids),
        told(members, "story_role", ids),
        told(written(Tally), "copies", ids).fill_null(0),
    )
    for name, values in zip(AMONG_OTHERS, places, strict=True):
        found = found.append_column(name, values)
    return found.select(schema(Article).names)


def drafted(ids: pa.ChunkedArray, documents: pa.Table, spans: pa.Table, facts: pa.Table) -> pa.Table:
    """The articles of some documents as far as they hang on no others, given the spans kept and the facts chosen."""
    documents = documents.filter(pc.is_in(documents.column("doc_id"), ids))
    ids, texts = documents.column("doc_id"), replayed(documents, spans)
    columns = {
        "doc_id": ids,
        "source": documents.column("source"),
        "text": texts,
        "words": [word_count(text) for text in texts],
        **known(facts, ids),
    }
    return pa.table(columns, pa.schema([field for field in schema(Article) if field.name not in AMONG_OTHERS]))


def without(rows: pa.Table, ids: pa.ChunkedArray) -> pa.Table:
    """The rows of other documents than these."""
    return rows.filter(pc.invert(pc.is_in(rows.column("doc_id"), ids)))


def told(of: pa.Table, column: str, ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """What the first row of each of these documents says in a column; null where there is no row of it."""
    return of.column(column).take(pc.index_in(ids, of.column("doc_id")))


def replayed(documents: pa.Table, spans: pa.Table) -> list[str]:
    """The article's text of each document, given the spans that are kept."""
    kept, edges = by_document(spans.select(["doc_id", "start", "end"]), documents.column("doc_id"))
    pieces = list(zip(kept.column("start").to_pylist(), kept.column("end").to_pylist(), strict=True))
    texts = zip(documents.column("text").to_pylist(), pairwise(edges), strict=True)
    return [joined(text, pieces[first:last]) for text, (first, last) in texts]


def known(facts: pa.Table, ids: pa.ChunkedArray) -> dict[str, Any]:
    """The columns of what is known of each document, given the facts that were chosen."""
    of = {field: facts.filter(pc.equal(facts.column("field"), field)) for field in get_args(FieldName)}
    authors, edges = by_document(of["author"].select(["doc_id", "value"]), ids)
    return {
        **{field: told(of[field], "value", ids) for field in AS_READ},
        "authors": pa.ListArray.from_arrays(
            edges, authors.column("value").combine_chunks(), type=schema(Article).field("authors").type
        ),
        "language_score": told(of["language"], "score", ids),
        **dated("published", told(of["published"], "value", ids), ("on", "at", "utc", "precision")),
        **dated("modified", told(of["modified"], "value", ids), ("on", "at")),
    }


def by_document(rows: pa.Table, ids: pa.ChunkedArray) -> tuple[pa.Table, list[int]]:
    """The rows of some documents, one document's after the other's, and where each one's begin and end."""
    of = pc.index_in(rows.column("doc_id"), ids)
    numbers = of.drop_null().to_numpy()
    edges = np.cumsum(np.bincount(numbers, minlength=len(ids)))
    return rows.filter(of.is_valid()).take(np.argsort(numbers, kind="stable")), [0, *edges.tolist()]


def dated(field: str, values: pa.ChunkedArray, wanted: tuple[str, ...]) -> dict[str, list[Any]]:
    """The columns of a date."""
    found = [moment(value) if value else None for value in values.to_pylist()]
    return {f"{field}_{name}": [one and getattr(one, name) for one in found] for name in wanted}
