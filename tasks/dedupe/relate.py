"""Relate: the row of a duplicate, with every passage that it shares with the document it is tied to, and why."""

from typing import NamedTuple

import numpy as np

from tasks.dedupe.evidence import PAIRS_AT_ONCE, SPARE_BITS, Evidence
from tasks.dedupe.keep import Tie
from tasks.dedupe.memory import Numbers
from tasks.dedupe.rows import Passage, Relation, RelationKind
from tasks.dedupe.shingles import SHINGLE, Hashes, Offsets
from tasks.dedupe.sketch import KEPT_BITS, KEPT_MASK

INSIDE, TWICE = 0.8, 2  # an excerpt is so much inside the other, which is so many times as long


class Likeness(NamedTuple):
    """What a duplicate and the document it is tied to have in common; `ours` and `theirs` are the shingles of each."""

    shingles: float
    containment: float
    jaccard: float
    agreement: float
    ours: int
    theirs: int


def related(doc_id: str, other: str, tie: Tie, likeness: Likeness, shared: Numbers) -> Relation:
    """The relation of a duplicate to the document it is tied to."""
    kind = kind_of(tie, likeness)
    passages = [Passage(*place) for place in shared.tolist()]
    containment, jaccard = round(likeness.containment, 4), round(likeness.jaccard, 4)
    return Relation(
        doc_id, other, kind, round(tie.strength, 4), containment, jaccard, passages, why(kind, tie, likeness)
    )


def kind_of(tie: Tie, likeness: Likeness) -> RelationKind:
    """What ties a duplicate: an excerpt stands inside a text that is much longer."""
    inside = likeness.containment >= INSIDE and TWICE * likeness.ours <= likeness.theirs
    return "excerpt" if inside and tie.kind == "copy" else tie.kind


def why(kind: RelationKind, tie: Tie, likeness: Likeness) -> str:
    """What spoke for the tie, in words."""
    shorter = "its" if likeness.ours <= likeness.theirs else "the other's"
    shares = f"{likeness.shingles:.0f} of {shorter} {min(likeness.ours, likeness.theirs)} shingles are in both"
    if kind == "revision":
        return f"an earlier state of the same source or address; {shares}"
    through = ""
    if tie.strength > likeness.containment:
        through = f"; another copy has {tie.strength:.0%} in common with it"
    return f"{shares}, and {likeness.agreement:.0%} of the figures in like places agree{through}"


def passages(docs: Offsets, others: Offsets, evidence: Evidence) -> list[Numbers]:
    """The passages that each pair of documents shares, in the order of the first: rows of `Passage`.

    A passage is a run of shingles that follow each other in both. A shingle that the other has several times is taken
    for its first.
    """
    parts = range(0, len(docs), PAIRS_AT_ONCE)
    slices = (slice(first, first + PAIRS_AT_ONCE) for first in parts)
    return [rows for some in slices for rows in passages_of_some(docs[some], others[some], evidence)]


def passages_of_some(docs: Offsets, others: Offsets, evidence: Evidence) -> list[Numbers]:
    """The passages that each of a few pairs shares."""
    owners, ours = evidence.shingles.owners(docs), evidence.shingles.places(docs)
    peers, theirs = evidence.shingles.owners(others), evidence.shingles.places(others)
    keys = keyed(peers, evidence.shingles.values[theirs])
    order = np.argsort(keys, kind="stable")
    wanted = keyed(owners, evidence.shingles.values[ours])
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(order) - 1, 0))
    there = order[at] if len(order) else at
    here = np.flatnonzero((wanted & KEPT_MASK > 0) & (keys[there] == wanted)) if len(order) else at[:0]
    there = there[here]
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    firsts, lasts = (np.append(0, breaks), np.append(breaks, len(here)) - 1) if len(here) else (breaks, breaks)
    starts = evidence.starts.values[ours[here[firsts]]]
    ends = evidence.ends.values[ours[here[lasts] + SHINGLE - 1]]
    rows = np.stack([starts, evidence.starts.values[theirs[there[firsts]]], ends - starts], axis=1)
    counts = np.bincount(owners[here[firsts]], minlength=len(docs))
    return np.split(rows.astype(np.int32), np.cumsum(counts)[:-1])


def keyed(owners: Offsets, shingles: Hashes) -> Hashes:
    """Keys of shingles: 48 bits of each under its pair's place; those bits are 0 where there is no shingle."""
    return (owners.astype(np.uint64) << KEPT_BITS) | (shingles >> SPARE_BITS)
