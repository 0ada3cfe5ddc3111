"""Sketch: what is kept of each document so that its copies are found without its text.

FracMinHash (Irber et al. 2022): the shingles whose hash ends in three zero bits, an eighth of them. Unlike MinHash it
measures how much of a short text a long one contains. Of a short text an eighth is too little to tell by, so it keeps
those that end in two zeros, in one, or all: its level. Two texts are compared at the level of the longer.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa

from tasks.dedupe.rows import LEVELS, DedupeSettings, Sketch
from tasks.dedupe.shingles import Flags, Hashes, Narrow, Offsets, Segments, Words, shingles, words
from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import schema
from tasks.strip import KEPT, Span

KNOWN = ("mtime_ns", "outlet", "agency", "published", "url")
SHORT = 32  # words, of which all is kept; of twice, four and eight times as many half, a quarter and an eighth
ENDS = (np.uint64(1) << np.arange(LEVELS + 1, dtype=np.uint64)) - np.uint64(1)  # the bits that are zero at each level
KEPT_BITS = np.uint64(48)
KEPT_MASK = np.uint64(2**48 - 1)
NOTHING = (np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))


def sketch(
    documents: Sequence[Document],
    spans: Mapping[str, Sequence[Span]],
    facts: Mapping[str, Sequence[Fact]],
    settings: DedupeSettings,
) -> pa.Table:
    """The sketches of a part's documents, in their order, as a table of `Sketch`."""
    texts = [document.text for document in documents]
    hashes, lengths, digests = sampled(texts, segments([spans.get(document.doc_id, ()) for document in documents]))
    known = [chosen(facts.get(document.doc_id, ())) for document in documents]
    columns: dict[str, Any] = {
        "doc_id": [document.doc_id for document in documents],
        "source": [document.source for document in documents],
        "mtime_ns": [document.mtime_ns for document in documents],
        "outlet": [folded(values.get("outlet") or values.get("outlet_domain")) for values in known],
        "agency": [folded(values.get("agency")) for values in known],
        "published": [values.get("published") for values in known],
        "url": [values.get("url") for values in known],
        "language": [values.get("language") for values in known],
        "known": [],
        "words": lengths,
        "digest": digests.view(np.int64),
        "hashes": hashes,
    }
    columns["known"] = list(map(digest_of, *(columns[name] for name in KNOWN)))
    return pa.table(columns, schema(Sketch))


def segments(spans: Sequence[Sequence[Span]]) -> Segments:
    """The segments of a batch of documents, given each one's spans."""
    flat = [(doc, span.start, span.kind in KEPT) for doc, of in enumerate(spans) for span in of]
    docs, starts, kept = zip(*flat, strict=True) if flat else ((), (), ())
    return Segments(np.array(docs, np.int64), np.array(starts, np.int64), np.array(kept, bool))


def sampled(texts: Sequence[str], segments: Segments) -> tuple[pa.ListArray, Offsets, Hashes]:
    """For each text its sampled shingles, ascending, each once; how many words it has; and its digest."""
    taken = [sample(found) for found in words(texts, segments)]
    hashes, sizes, lengths, digests = (
        (np.concatenate(columns) for columns in zip(*taken, strict=True)) if taken else NOTHING
    )
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    kind = schema(Sketch).field("hashes").type
    return pa.ListArray.from_arrays(offsets, hashes.view(np.int64), type=kind), lengths, digests


def sample(found: Words) -> tuple[Hashes, Offsets, Offsets, Hashes]:
    """The sampled shingles of a few texts one after another; how many each text has, and words; and its digest.

    A text's number fills the top 16 bits of a key and a shingle the other 48, so that one sort does for all.
    """
    every = shingles(found)
    lengths = np.bincount(found.docs, minlength=found.texts)
    ends = np.repeat(ENDS[levels(lengths)], lengths)
    chosen = np.flatnonzero((every & ends == 0) & (every > 0))
    keys = (found.docs[chosen].astype(np.uint64) << KEPT_BITS) | (every[chosen] & KEPT_MASK)
    keys.sort()
    keys = keys[np.diff(keys, prepend=2**64 - 1) != 0]
    sizes = np.bincount((keys >> KEPT_BITS).astype(np.int64), minlength=found.texts)
    return keys & KEPT_MASK, sizes, lengths, digested(every, found, lengths)


def digested(every: Hashes, found: Words, lengths: Offsets) -> Hashes:
    """For each text a hash of all its shingles and their places, given how many words it has."""
    digests = np.zeros(found.texts, np.uint64)
    starts, _ = found.offsets()
    some = np.flatnonzero(lengths)
    if len(some):
        placed = every * (np.uint64(2) * starts.astype(np.uint64) + np.uint64(1))
        digests[some] = np.add.reduceat(placed, (np.cumsum(lengths) - lengths)[some])
    return digests


def levels(lengths: Offsets) -> Offsets:
    """The levels of texts of so many words: how many zeros the hashes end in that each keeps.

    >>> levels(np.array([0, 63, 64, 128, 255, 256, 9999]))
    array([0, 0, 1, 2, 2, 3, 3])
    """
    return np.searchsorted(SHORT << np.arange(1, LEVELS + 1), lengths, side="right").astype(np.int64)


def kept_at(level: int, hashes: Hashes | Narrow) -> Flags:
    """Which hashes texts of a level keep."""
    found: Flags = hashes & ENDS[level] == 0
    return found


def digest_of(*known: object) -> int:
    """A hash of some values, the same in every process."""
    return int.from_bytes(blake2b(repr(known).encode(), digest_size=8).digest(), "little", signed=True)


def chosen(facts: Sequence[Fact]) -> dict[str, str]:
    """The first chosen value of each field."""
    return {fact.field: fact.value for fact in reversed(facts) if fact.chosen}


def folded(value: str | None) -> str | None:
    """The value as it is compared; None where there is none."""
    return (value or "").strip().casefold() or None
