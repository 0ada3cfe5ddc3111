"""Dedupe: finds the copies of a text, cut, wrapped or rewritten, and keeps the best of each.

Owns `relations` of the kinds copy, excerpt and revision, and `fates`: which document each duplicate is kept as.
"""

from typing import Annotated, Literal, NamedTuple

from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import Settings, Stage, table
from tasks.strip import Span

RelationKind = Literal["copy", "excerpt", "revision", "same_story", "mentions"]


@table("relations", sorted_by=("doc_id", "other", "kind"))
class Passage(NamedTuple):
    """A passage that two documents share."""

    start: Annotated[int, "code points from the start of the document's text"]
    other_start: Annotated[int, "code points from the start of the other document's text"]
    length: Annotated[int, "code points in the document's text"]


class Relation(NamedTuple):
    """A pair of documents and what ties them."""

    doc_id: Annotated[str, "the document: the copy, the excerpt, the older revision, the member, the one that mentions"]
    other: Annotated[str, "the document it is tied to: the one kept, or the story's lead"]
    kind: Annotated[RelationKind, "what ties them"]
    score: Annotated[float, "how sure the tie is, 0 to 1"]
    containment: Annotated[float | None, "share of the smaller one's shingles that the other has"]
    jaccard: Annotated[float | None, "shared shingles over all shingles of both"]
    shared: Annotated[list[Passage], "the passages both have"]
    why: Annotated[str, "what spoke for the tie, in words"]


@table("fates")
class Fate(NamedTuple):
    """What became of a document that is a duplicate."""

    doc_id: Annotated[str, "the duplicate"]
    kept_as: Annotated[str, "the document that is published in its place"]


class DedupeSettings(Settings):
    """When two documents are copies."""


STAGE = Stage("dedupe", 1, (Document, Span, Fact), (Relation, Fate), DedupeSettings)
