"""The rows, settings and stages of dedupe."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import Settings, Stage, table
from tasks.strip import Span

RelationKind = Literal["copy", "excerpt", "revision", "same_story", "mentions"]
AGREE = r"^((outlet|agency|published|url|language)(,(outlet|agency|published|url|language))*)?$"
LEVELS = 3  # one shingle in 2**LEVELS of a long text is kept in the sketch


class Passage(NamedTuple):
    """A passage that two documents share."""

    start: Annotated[int, "code points from the start of the document's text"]
    other_start: Annotated[int, "code points from the start of the other document's text"]
    length: Annotated[int, "code points in the document's text"]


@table("relations", sorted_by=("doc_id", "other", "kind"))
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
    kept_as: Annotated[str, "the document that is published in its place, or one of the corpus in dedupe.against"]


@table("sketches")
class Sketch(NamedTuple):
    """What copies of a document are looked for by: a fixed fraction of its shingles, kept by value."""

    doc_id: Annotated[str, "the document"]
    source: Annotated[str, "as in documents.source"]
    mtime_ns: Annotated[int, "as in documents.mtime_ns"]
    outlet: Annotated[str | None, "the chosen outlet, or its domain, case-folded"]
    agency: Annotated[str | None, "the chosen agency, case-folded"]
    published: Annotated[str | None, "the chosen date of publishing, ISO 8601"]
    url: Annotated[str | None, "the chosen address"]
    language: Annotated[str | None, "the chosen language"]
    known: Annotated[int, "hash of what is known of it, `mtime_ns` to `url`"]
    words: Annotated[int, "words of the article's text"]
    digest: Annotated[int, "hash of those words and of where they stand; 0 where there are fewer than five"]
    hashes: Annotated[
        list[int], "an eighth of its shingles or, of a short text, up to all: 48 bits of each one's hash, ascending"
    ]


@table("evidence")
class Seen(NamedTuple):
    """What was seen of a text that was once looked at as a candidate: 4 bytes a hash, for lists take thrice as long."""

    doc_id: Annotated[str, "the document"]
    shingles: Annotated[bytes, "hashes of its shingles in their order, 0 where fewer than four words follow"]
    places: Annotated[bytes, "hashes of the words around its figures, ascending, each once"]
    figures: Annotated[bytes, "hashes of its figures and the words around them, ascending, each once"]


class DedupeSettings(Settings):
    """When two documents are copies."""

    containment: float = Field(0.4, ge=0.1, le=1, description="share of the shorter text that the other must have")
    figures: float = Field(0.5, ge=0, le=1, description="share of the figures in like places that must agree")
    links: float = Field(0.6, gt=0, le=1, description="share of the pairs across two clusters that must be copies")
    repeats: int = Field(4, ge=2, description="in so many articles of an outlet a shingle is boilerplate")
    agree: str = Field(
        "",
        pattern=AGREE,
        description="fields in which copies must agree where both have them, parted by commas: "
        "outlet, agency, published, url, language; empty for none",
    )
    against: str = Field(
        "", description="the data folder of an earlier corpus, whose articles are kept rather than ours; empty for none"
    )


SKETCH = Stage("sketch", 4, (Document, Span, Fact), (Sketch,), DedupeSettings)
EVIDENCE = Stage("evidence", 1, (Document, Span, Sketch), (Seen,), Settings)
STAGE = Stage("dedupe", 6, (Document, Span, Fact, Sketch), (Relation, Fate), DedupeSettings)
