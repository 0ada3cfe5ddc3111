"""Relate: the row of a duplicate, with every passage that it shares with the document it is tied to, and why."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tasks.dedupe.evidence import Evidence, compare
from tasks.dedupe.keep import Known, Tie
from tasks.dedupe.rows import Passage, Relation, RelationKind
from tasks.dedupe.shingles import SHINGLE

INSIDE, TWICE = 0.8, 2  # an excerpt is so much inside the other, which is so many times as long


class Likeness(NamedTuple):
    """What a pair has in common, as in `Common`."""

    shingles: int
    containment: float
    jaccard: float
    figures: float


def relations(
    docs: Sequence[int], ties: Mapping[int, Tie], known: Mapping[int, Known], evidence: Evidence
) -> list[Relation]:
    """The relations of some duplicates to the documents they are tied to."""
    others = [ties[doc].other for doc in docs]
    common = compare(evidence, np.array(docs, np.int64), np.array(others, np.int64))
    each = (Likeness(*values) for values in zip(*(column.tolist() for column in common), strict=True))
    return [related(doc, ties[doc], of, known, evidence) for doc, of in zip(docs, each, strict=True)]


def related(doc: int, tie: Tie, common: Likeness, known: Mapping[int, Known], evidence: Evidence) -> Relation:
    """The relation of a duplicate to the document it is tied to."""
    kind = kind_of(doc, tie, common, evidence)
    return Relation(
        known[doc].doc_id,
        known[tie.other].doc_id,
        kind,
        round(tie.strength, 4),
        round(common.containment, 4),
        round(common.jaccard, 4),
        passages(doc, tie.other, evidence),
        why(kind, doc, tie, common, evidence),
    )


def kind_of(doc: int, tie: Tie, common: Likeness, evidence: Evidence) -> RelationKind:
    """What ties a duplicate: an excerpt stands inside a text that is much longer."""
    sizes = evidence.distinct.sizes
    inside = common.containment >= INSIDE and TWICE * sizes[doc] <= sizes[tie.other]
    return "excerpt" if inside and tie.kind == "copy" else tie.kind


def passages(doc: int, other: int, evidence: Evidence) -> list[Passage]:
    """The passages that two documents share, longest runs of shingles, in the order of the first."""
    ours, theirs = evidence.shingles.of(doc), evidence.shingles.of(other)
    order = np.argsort(theirs, kind="stable")
    found = np.searchsorted(theirs[order], ours)
    there = order[np.minimum(found, len(order) - 1)] if len(order) else found
    here = np.flatnonzero((ours > 0) & (theirs[there] == ours)) if len(order) else np.zeros(0, np.int64)
    there = there[here]
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    firsts, lasts = np.append(0, breaks), np.append(breaks, len(here)) - 1
    if not len(here):
        return []
    starts, ends = evidence.starts.of(doc)[here[firsts]], evidence.ends.of(doc)[here[lasts] + SHINGLE - 1]
    others = evidence.starts.of(other)[there[firsts]]
    lengths = (ends - starts).tolist()
    return [Passage(*place) for place in zip(starts.tolist(), others.tolist(), lengths, strict=True)]


def why(kind: RelationKind, doc: int, tie: Tie, common: Likeness, evidence: Evidence) -> str:
    """What spoke for the tie, in words."""
    sizes = evidence.distinct.sizes
    shorter = "its" if sizes[doc] <= sizes[tie.other] else "the other's"
    shares = f"{common.shingles} of {shorter} {min(sizes[doc], sizes[tie.other])} shingles are in both"
    if kind == "revision":
        return f"an earlier state of the same source or address; {shares}"
    through = "" if tie.strength <= common.containment else f"; another copy has {tie.strength:.0%} in common with it"
    return f"{shares}, and {common.figures:.0%} of the figures in like places agree{through}"
