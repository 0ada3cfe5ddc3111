"""Relate: the row of a duplicate, with every passage that it shares with the document it is tied to, and why."""

from typing import NamedTuple

import numpy as np

from tasks.dedupe.evidence import Evidence
from tasks.dedupe.keep import Tie
from tasks.dedupe.memory import Numbers
from tasks.dedupe.rows import Passage, Relation, RelationKind
from tasks.dedupe.shingles import SHINGLE

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


def passages(doc: int, other: int, evidence: Evidence) -> Numbers:
    """The passages that two documents share, longest runs of shingles, in the order of the first: rows of `Passage`."""
    ours, theirs = evidence.shingles.of(doc), evidence.shingles.of(other)
    order = np.argsort(theirs, kind="stable")
    found = np.minimum(np.searchsorted(theirs[order], ours), max(len(order) - 1, 0))
    there = order[found] if len(order) else found
    here = np.flatnonzero((ours > 0) & (theirs[there] == ours)) if len(order) else np.zeros(0, np.int64)
    if not len(here):
        return np.zeros((0, 3), np.int32)
    there = there[here]
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    firsts, lasts = np.append(0, breaks), np.append(breaks, len(here)) - 1
    starts, ends = evidence.starts.of(doc)[here[firsts]], evidence.ends.of(doc)[here[lasts] + SHINGLE - 1]
    return np.stack([starts, evidence.starts.of(other)[there[firsts]], ends - starts], axis=1).astype(np.int32)
