"""One document in the margin: every line with its kind and rule, every fact, what it is tied to, and its story."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.dataset as ds

from flows.story import story
from flows.summary import cut, shown
from flows.tables import snapshot
from tasks.errors import UsageError

WIDTH = 96


def explain(data: Path, doc: str) -> str:
    """The document as text for a terminal: named by its id, its source, or a part of its source.

    Raises UsageError where no document, or more than one, is so named.
    """
    tables = snapshot(data)
    document = find(tables, doc)
    doc_id = document["doc_id"]
    parts = [
        head(document, rows(tables, "articles", doc_id), rows(tables, "quarantine", doc_id)),
        facts(rows(tables, "facts", doc_id)),
        margin(document["text"] or "", rows(tables, "spans", doc_id)),
        relations(rows(tables, "relations", doc_id), rows(tables, "relations", doc_id, "other"), tables),
        story(data, tables, doc_id),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def rows(tables: Path, table: str, key: str, column: str = "doc_id") -> list[dict[str, Any]]:
    """The rows of a table with a key."""
    found: list[dict[str, Any]] = ds.dataset(tables / table).to_table(filter=ds.field(column) == key).to_pylist()
    return found


def find(tables: Path, doc: str) -> dict[str, Any]:
    """The document of that name."""
    documents = ds.dataset(tables / "documents")
    names = documents.to_table(columns=["doc_id", "source"])
    match = pc.or_(pc.equal(names["doc_id"], doc), pc.match_substring(names["source"], doc))
    found = names.filter(match).to_pylist()
    exact = [row for row in found if doc in (row["doc_id"], row["source"])] or found
    if not exact:
        raise UsageError(f"{doc}: no document has this id or source; `documents` in {tables} lists them")
    if len(exact) > 1:
        raise UsageError(f"{doc}: {len(exact)} documents are so named, such as {exact[0]['source']}; say more of it")
    return rows(tables, "documents", exact[0]["doc_id"])[0]


def head(document: dict[str, Any], article: list[dict[str, Any]], aside: list[dict[str, Any]]) -> Iterator[str]:
    """What the document is and what became of it."""
    yield f"document  {document['doc_id']}  {shown(document['source'])}"
    form, encoding = document["form"] or "nothing", document["encoding"] or "no encoding"
    yield f"read as   {form}, {encoding}, {document['bytes']:,} bytes"
    if document["status"] == "article":
        [found] = article
        yield f"became    an article of {found['words']:,} words, {found['story_role']} of story {found['story_id']}"
    elif document["status"] == "duplicate":
        yield f"became    a duplicate, kept as {document['kept_as']}"
    for row in aside:
        yield f"became    quarantined: {row['reason']} ({shown(row['detail'])})"


def facts(found: list[dict[str, Any]]) -> Iterator[str]:
    """Every candidate value, the chosen ones marked, each with where it was read."""
    yield from ("", "facts") if found else ()
    for fact in sorted(found, key=lambda row: (row["field"], not row["chosen"], -row["score"], row["value"])):
        mark = "*" if fact["chosen"] else " "
        place = (
            f"{fact['start']}-{fact['end']}"
            if fact["start"] is not None
            else f"{fact['origin']} {fact['pointer'] or ''}"
        )
        read = f"[{cut(place, 40)}; {fact['rule']}]"
        yield f"{mark} {fact['field']:<14}{cut(fact['value'], 60)}  {read} {shown(fact['why'])}"


def margin(text: str, spans: list[dict[str, Any]]) -> Iterator[str]:
    """Every segment, with its kind and rule beside it."""
    yield from ("", "segments") if spans else ()
    for span in sorted(spans, key=lambda row: row["start"]):
        mark = "+" if span["kind"] in ("body", "heading") else "-"
        segment = " ".join(text[span["start"] : span["end"]].split())
        yield f"{mark} {span['kind']:<12}{span['rule']:<20}| {cut(segment, WIDTH)}".rstrip()


def relations(own: list[dict[str, Any]], others: list[dict[str, Any]], tables: Path) -> Iterator[str]:
    """What the document is tied to, from either side."""
    yield from ("", "relations") if own or others else ()
    for row in sorted(own, key=lambda row: (row["kind"], row["other"])):
        yield f"  {row['kind']} of {named(tables, row['other'])}: {shown(row['why'])}"
    for row in sorted(others, key=lambda row: (row["kind"], row["doc_id"])):
        yield f"  {row['kind']} by {named(tables, row['doc_id'])}: {shown(row['why'])}"


def named(tables: Path, doc_id: str) -> str:
    """A document's id and source."""
    found = ds.dataset(tables / "documents").to_table(["source"], filter=ds.field("doc_id") == doc_id).to_pylist()
    return f"{doc_id} ({shown(found[0]['source'])})" if found else doc_id
