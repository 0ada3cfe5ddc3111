"""Sketch: what is kept of each document so that its copies are found without its text.

FracMinHash (Irber et al. 2022): the shingles whose hash lies in the lowest eighth. Unlike MinHash it measures how much
of a short text a long one contains, and the sketch of a part of a text is a part of the text's sketch.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tasks.dedupe.rows import SCALE, DedupeSettings, Sketch
from tasks.dedupe.shingles import Flags, Offsets, Words, digests, shingles, words
from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import schema
from tasks.strip import KEPT, Span

LIMIT = np.uint64(2**64 // SCALE)


class Segments(NamedTuple):
    """The segments of a batch of texts in order: the text's number, where each starts, and whether it is kept."""

    docs: Offsets
    starts: Offsets
    kept: Flags


def sketch(
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]],
    facts: Mapping[str, Sequence[Fact]],
    settings: DedupeSettings,
) -> pa.Table:
    """The sketches of a part's documents, in their order, as a table of `Sketch`."""
    texts = [document.text for document in documents]
    found = article_words(texts, segments([spans.get(document.doc_id, ()) for document in documents]))
    known = [chosen(facts.get(document.doc_id, ())) for document in documents]
    columns = {
        "doc_id": [document.doc_id for document in documents],
        "source": [document.source for document in documents],
        "mtime_ns": [document.mtime_ns for document in documents],
        "outlet": [folded(values.get("outlet") or values.get("outlet_domain")) for values in known],
        "agency": [folded(values.get("agency")) for values in known],
        "published": [values.get("published") for values in known],
        "url": [values.get("url") for values in known],
        "words": np.bincount(found.docs, minlength=len(texts)),
        "digest": digests(found, len(texts)).view(np.int64),
        "hashes": sampled(found, len(texts)),
    }
    return pa.table(columns, schema(Sketch))


def segments(spans: Sequence[Sequence[Span]]) -> Segments:
    """The segments of a batch of documents, given each one's spans."""
    flat = [(doc, span.start, span.kind in KEPT) for doc, of in enumerate(spans) for span in of]
    docs, starts, kept = zip(*flat, strict=True) if flat else ((), (), ())
    return Segments(np.array(docs, np.int64), np.array(starts, np.int64), np.array(kept, bool))


def article_words(texts: Sequence[str], segments: Segments) -> Words:
    """The words of the texts that stand in kept segments; none of a text that has no segments."""
    found = words(texts)
    bases = np.cumsum([0, *(len(text) + 1 for text in texts)])
    starts = np.concatenate([bases[:-1], bases[segments.docs] + segments.starts])
    kept = np.concatenate([np.zeros(len(texts), bool), segments.kept])
    order = np.argsort(starts, kind="stable")
    at = np.searchsorted(starts[order], bases[found.docs] + found.starts, "right") - 1
    return found.where(kept[order][at])


def sampled(found: Words, docs: int) -> pa.ListArray:
    """For each document its shingles below LIMIT, ascending, each once."""
    every = shingles(found)
    chosen = (every > 0) & (every < LIMIT)
    owners, kept = found.docs[chosen], every[chosen]
    order = np.lexsort((kept, owners))
    owners, kept = owners[order], kept[order]
    first = np.ones(len(kept), bool)
    first[1:] = (kept[1:] != kept[:-1]) | (owners[1:] != owners[:-1])
    counts = np.bincount(owners[first], minlength=docs)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    kind = schema(Sketch).field("hashes").type
    return pa.ListArray.from_arrays(offsets, kept[first].view(np.int64), type=kind)


def chosen(facts: Sequence[Fact]) -> dict[str, str]:
    """The first chosen value of each field."""
    return {fact.field: fact.value for fact in reversed(facts) if fact.chosen}


def folded(value: str | None) -> str | None:
    """The value as it is compared; None where there is none."""
    return (value or "").strip().casefold() or None
