"""Dedupe: finds the copies of a text, cut, wrapped or rewritten, and keeps the best of each.

Owns `relations` of the kinds copy, excerpt and revision, `fates`: which document each duplicate is kept as, `sketches`,
by which copies are looked for, and `evidence`, by which they are compared. In order: `shingles` (a batch of texts,
hashed), `sketch` (what is kept of each), `catalog` (who is who), `postings`, `boilerplate` and `candidates` (the join),
`evidence` (what candidates' texts say) and `compare` (side by side), `settle` (clusters and whom they are kept as),
`memory` (what an earlier run found of them), `relate` (the rows), `corpus` (the stage). A `shelf` holds what does not
fit into memory.
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
