"""Publish: puts the tables that readers see together, checks them, and opens the door to them.

Owns `articles`, the published form of the other tables, and the snapshots.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tasks import dedupe, extract, group, ingest, strip
from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.group import Member
from tasks.ingest import Document, Quarantine
from tasks.publish.account import account
from tasks.publish.compose import Written, articles, documents
from tasks.publish.remote import destination, pointer, send
from tasks.publish.rows import STAGE, TABLES, TALLY, Article, PublishedDocument, PublishSettings, Tally
from tasks.publish.snapshot import Snapshot, clear_old, current, publish_snapshot
from tasks.stage import Stage, schema, table_name
from tasks.store import Store, made_from
from tasks.strip import Span

__all__ = [
    "OWNERS",
    "RECIPES",
    "STAGE",
    "TABLES",
    "TALLY",
    "Article",
    "PublishSettings",
    "PublishedDocument",
    "Snapshot",
    "Tally",
    "books",
    "clear_old",
    "current",
    "destination",
    "origin",
    "pointer",
    "publish",
    "publish_snapshot",
    "send",
    "tally",
]

# The rooms whose tables are published: spans, facts and stories as strip, extract and group wrote them.
OWNERS = (strip.STAGE, extract.STAGE, group.STAGE, STAGE)

# Which rooms wrote what a table is composed of.
SOURCES: Mapping[type, tuple[Stage, ...]] = {
    Document: (ingest.STAGE,),
    Quarantine: (ingest.STAGE, strip.STAGE, extract.STAGE),
    Span: (strip.STAGE,),
    Fact: (extract.STAGE,),
    Fate: (dedupe.STAGE,),
    Relation: (dedupe.STAGE, group.STAGE),
    Member: (group.STAGE,),
    Tally: (TALLY,),
}

# Of these an article needs a few columns only; the words of a fact take as long to read as all else of it.
COLUMNS = {Span: ("doc_id", "start", "end", "kind"), Fact: ("doc_id", "field", "value", "score", "chosen")}


class Recipe(NamedTuple):
    """What a published table is composed of, and how. One that needs less is made anew less often."""

    needs: tuple[type, ...]
    composed: Callable[[Written], pa.Table]
    own: tuple[type, ...] = ()
    """what decides the rows of it that hang on no other documents: while that is the same, they are taken over"""


RECIPES: Mapping[type, Recipe] = {
    Article: Recipe((Member, Tally), articles, own=(Document, Span, Fact)),
    Relation: Recipe((Relation,), lambda written: written(Relation)),
    PublishedDocument: Recipe((Document, Quarantine, Fate), documents),
    Quarantine: Recipe((Quarantine,), lambda written: written(Quarantine)),
}


def books(store: Store) -> None:
    """Raises ContractError where a document that was read is not accounted for in the tables to be published."""
    published = {table_name(row): store.paths(STAGE, row) for row in (Article, PublishedDocument, Quarantine)}
    if published["documents"]:
        read, unread = (store.paths(ingest.STAGE, row) for row in (Document, Quarantine))
        account({**published, "read": read, "unread": unread})


def origin(store: Store, part: str, row: type, settings: PublishSettings) -> str:
    """What a part of a published table would be made from now: first what decides its own rows, then all else."""
    needs, _, own = RECIPES[row]
    return "-".join(made_from(STAGE, settings, digests(store, part, rows)) for rows in (own, needs))


def digests(store: Store, part: str, rows: Iterable[type]) -> list[str]:
    """The digests of what rooms wrote on a part."""
    return [store.digest(stage, row, part) for row in rows for stage in SOURCES[row]]


def publish(store: Store, part: str, origins: Mapping[type, str]) -> Iterator[tuple[type, pa.Table]]:
    """The tables of a part that are to be made, given what each is made from; what several need is read once."""

    @cache
    def written(row: type) -> pa.Table:
        if row in SOURCES:
            only = COLUMNS.get(row)
            return pa.concat_tables([needed(row, store.read(stage, row, part, only)) for stage in SOURCES[row]])
        return before(store, part, row, origins[row])

    for row in origins:
        yield row, RECIPES[row].composed(written).cast(schema(row))  # without what the files it was read from say


def before(store: Store, part: str, row: type, origin: str) -> pa.Table:
    """A part of a published table as it is, if its own rows would be the same now; else none of it."""
    found = store.footer(STAGE, row, part)
    is_same = found is not None and found.made_from.partition("-")[0] == origin.partition("-")[0]
    return store.read(STAGE, row, part) if is_same else schema(row).empty_table()


def needed(row: type, found: pa.Table) -> pa.Table:
    """The spans that are kept and the facts that were chosen: a third of what there is; all rows of another class."""
    if row is Span:
        return found.filter(pc.is_in(found.column("kind"), pa.array(sorted(strip.KEPT))))
    if row is Fact:
        return found.filter(found.column("chosen"))
    return found


def tally(store: Store) -> Iterator[tuple[str, list[Tally]]]:
    """For every part, how many documents are folded into each of its own."""
    parts = store.parts(ingest.STAGE, Document)
    folded = [store.read(dedupe.STAGE, Fate, part, ["kept_as"]).column("kept_as") for part in parts]
    counts = pc.value_counts(pa.chunked_array(chain.from_iterable(column.chunks for column in folded), pa.string()))
    for part in parts:
        ids = store.read(ingest.STAGE, Document, part, ["doc_id"]).column("doc_id")
        held = counts.filter(pc.is_in(counts.field("values"), value_set=ids.combine_chunks()))
        yield part, [Tally(row["values"], row["counts"]) for row in held.to_pylist()]
