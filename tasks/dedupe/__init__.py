"""Dedupe: finds the copies of a text, cut, wrapped or rewritten, and keeps the best of each.

Owns `relations` of the kinds copy, excerpt and revision, `fates`: which document each duplicate is kept as, and
`sketches`, by which copies are looked for. In order: `shingles` (a batch of texts, hashed), `sketch` (what is kept of
each), `postings`, `boilerplate` and `candidates` (the join), `evidence` (candidates' texts, side by side), `settle`
(clusters and whom they are kept as), `memory` (what an earlier run found of them), `relate` (the rows), `corpus` (the
stage).
"""

from tasks.dedupe.catalog import outside
from tasks.dedupe.corpus import dedupe
from tasks.dedupe.rows import (
    EVIDENCE,
    SKETCH,
    STAGE,
    DedupeSettings,
    Fate,
    Passage,
    Relation,
    RelationKind,
    Sketch,
)
from tasks.dedupe.sketch import sketch

__all__ = [
    "EVIDENCE",
    "SKETCH",
    "STAGE",
    "DedupeSettings",
    "Fate",
    "Passage",
    "Relation",
    "RelationKind",
    "Sketch",
    "dedupe",
    "outside",
    "sketch",
]
