"""Publish: puts the tables that readers see together, checks them, and opens the door to them.

Owns `articles`, the published form of the other tables, and the snapshots.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

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
from tasks.stage import Stage, table_name, to_rows
from tasks.store import Store
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
    "inputs",
    "pointer",
    "publish",
    "publish_snapshot",
    "send",
    "tally",
]

# The rooms whose tables are published: spans, facts and stories as strip, extract and group wrote them.
OWNERS = (strip.STAGE, extract.STAGE, group.STAGE, STAGE)

# Which rooms wrote what an article is made of, by the fields of `Written`.
SOURCES: Mapping[str, tuple[tuple[Stage, ...], type]] = {
    "documents": ((ingest.STAGE,), Document),
    "quarantine": ((ingest.STAGE, strip.STAGE, extract.STAGE), Quarantine),
    "spans": ((strip.STAGE,), Span),
    "facts": ((extract.STAGE,), Fact),
    "fates": ((dedupe.STAGE,), Fate),
    "relations": ((dedupe.STAGE, group.STAGE), Relation),
    "members": ((group.STAGE,), Member),
    "tallies": ((TALLY,), Tally),
}


class Recipe(NamedTuple):
    """What a published table is composed of, and how. One that needs less is made anew less often."""

    needs: tuple[str, ...]
    composed: Callable[[str, Written], Sequence[Any]]


RECIPES: Mapping[type, Recipe] = {
    Article: Recipe(("documents", "quarantine", "spans", "facts", "fates", "members", "tallies"), articles),
    Relation: Recipe(("relations",), lambda _, written: written.relations),
    PublishedDocument: Recipe(("documents", "quarantine", "fates"), documents),
    Quarantine: Recipe(("quarantine",), lambda _, written: written.quarantine),
}


def books(store: Store) -> None:
    """Raises ContractError where a document that was read is not accounted for in the tables to be published."""
    published = {table_name(row): store.paths(STAGE, row) for row in (Article, PublishedDocument, Quarantine)}
    if published["documents"]:
        read, unread = (store.paths(ingest.STAGE, row) for row in (Document, Quarantine))
        account({**published, "read": read, "unread": unread})


def inputs(store: Store, part: str, row: type) -> list[str]:
    """The digests of all that a part of a published table is composed of."""
    needed = (SOURCES[name] for name in RECIPES[row].needs)
    return [store.digest(stage, source, part) for stages, source in needed for stage in stages]


def publish(store: Store, part: str, wanted: Iterable[type]) -> Iterator[tuple[type, Sequence[Any]]]:
    """The published tables of a part that are wanted, each with its rows; what several are composed of is read once."""

    @cache
    def written(name: str) -> list[Any]:
        return rows_of(store, *SOURCES[name], part)

    for row in wanted:
        needs, composed = RECIPES[row]
        yield row, composed(part, Written(**{name: written(name) for name in needs}))


def rows_of(store: Store, stages: Sequence[Stage], row: type, part: str) -> list[Any]:
    """The rows of a class that the stages wrote on a part, as far as an article is made of them."""
    tables = (needed(row, store.read(stage, row, part)) for stage in stages)
    return list(chain.from_iterable(to_rows(row, found) for found in tables))


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
