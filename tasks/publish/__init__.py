"""Publish: puts the tables that readers see together, checks them, and opens the door to them.

Owns `articles`, the published form of the other tables, and the snapshots.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks import dedupe, extract, group, ingest, strip
from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.group import Member, Story
from tasks.ingest import Document, Quarantine
from tasks.publish.compose import Composed, Written, compose
from tasks.publish.rows import STAGE, TABLES, TALLY, Article, PublishedDocument, PublishSettings, Tally
from tasks.publish.snapshot import Snapshot, clear_old, current, publish_snapshot
from tasks.stage import Stage
from tasks.store import Store
from tasks.strip import Span

__all__ = [
    "OWNERS",
    "STAGE",
    "TABLES",
    "TALLY",
    "Article",
    "PublishSettings",
    "PublishedDocument",
    "Snapshot",
    "Tally",
    "clear_old",
    "current",
    "inputs",
    "publish",
    "publish_snapshot",
    "tally",
]

# The rooms whose tables are published: spans and facts as strip and extract wrote them.
OWNERS = (strip.STAGE, extract.STAGE, STAGE)

# Which rooms' tables a part is composed of, in the order of `Written`.
SOURCES: tuple[tuple[tuple[Stage, ...], type], ...] = (
    ((ingest.STAGE,), Document),
    ((ingest.STAGE, strip.STAGE, extract.STAGE), Quarantine),
    ((strip.STAGE,), Span),
    ((extract.STAGE,), Fact),
    ((dedupe.STAGE,), Fate),
    ((dedupe.STAGE, group.STAGE), Relation),
    ((group.STAGE,), Story),
    ((group.STAGE,), Member),
    ((TALLY,), Tally),
)


def inputs(store: Store, part: str) -> list[str]:
    """The digests of all that a part is composed of."""
    return [store.digest(stage, row, part) for stages, row in SOURCES for stage in stages]


def publish(store: Store, part: str) -> Composed:
    """The published rows of a part."""
    return compose(part, Written(*(rows_of(store, stages, row, part) for stages, row in SOURCES)))


def rows_of(store: Store, stages: Sequence[Stage], row: type, part: str) -> list[Any]:
    """The rows of a class that the stages wrote on a part."""
    return list(chain.from_iterable(store.rows(stage, row, part) for stage in stages))


def tally(store: Store) -> Iterator[tuple[str, list[Tally]]]:
    """For every part, how many documents are folded into each of its own."""
    parts = store.parts(ingest.STAGE, Document)
    folded = [store.read(dedupe.STAGE, Fate, part, ["kept_as"]).column("kept_as") for part in parts]
    counts = pc.value_counts(pa.chunked_array(chain.from_iterable(column.chunks for column in folded), pa.string()))
    for part in parts:
        ids = store.read(ingest.STAGE, Document, part, ["doc_id"]).column("doc_id")
        held = counts.filter(pc.is_in(counts.field("values"), value_set=ids.combine_chunks()))
        yield part, [Tally(row["values"], row["counts"]) for row in held.to_pylist()]
