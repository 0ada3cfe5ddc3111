"""Corpus: the stage over all parts: candidates, evidence, clusters, and then for each part its relations and fates."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tasks.dedupe.evidence import Evidence, compare, gather
from tasks.dedupe.index import Pairs, candidates, drop_boilerplate, opened
from tasks.dedupe.keep import Known, Tie, kept, tied
from tasks.dedupe.merge import clusters
from tasks.dedupe.relate import relations
from tasks.dedupe.rows import SKETCH, DedupeSettings, Fate, Relation, Sketch
from tasks.store import Store

FEWEST = 5  # shingles that two documents must share to be copies

REVISIONS = """
select older.n as old, arg_min(newer.n, newer.doc_id) as new
from docs as older join docs as newer using (source)
where older.outdated and not newer.outdated group by older.n order by old
"""
KNOWN = """
select n, doc_id, part, mtime_ns, outlet, agency, published, url from docs where n in (select n from wanted) order by n
"""


def dedupe(store: Store, settings: DedupeSettings, scratch: Path) -> Iterator[tuple[str, list[Relation], list[Fate]]]:
    """For every part in the store its relations and fates: which of its documents are duplicates, and of what.

    `scratch` is a folder for what does not fit into memory.
    """
    parts = store.parts(SKETCH, Sketch)
    if not parts:
        return
    with opened(store.paths(SKETCH, Sketch), settings, scratch) as base:
        drop_boilerplate(base)
        pairs = candidates(base)
        revisions = base.execute(REVISIONS).fetchall()
        met = np.unique(np.concatenate([pairs.a, pairs.b, np.array(revisions, np.int32).ravel()]))
        evidence = gather(store, base, met, scratch)
        ties, known = judged(base, pairs, revisions, evidence, settings)
    yield from told(parts, ties, known, evidence)


def judged(
    base: Any, pairs: Pairs, revisions: list[tuple[int, int]], evidence: Evidence, settings: DedupeSettings
) -> tuple[dict[int, Tie], dict[int, Known]]:
    """Each duplicate's tie, and what is known of the documents that are tied."""
    common = compare(evidence, pairs.a, pairs.b, settings.containment)
    good = (common.containment >= settings.containment) & (common.figures >= settings.figures)
    good &= common.shingles >= FEWEST
    a, b, strength = pairs.a[good], pairs.b[good], common.containment[good]
    found = clusters(a, b, strength, settings.links)
    known = described(base, [doc for cluster in found for doc in cluster] + [doc for pair in revisions for doc in pair])
    best: dict[int, float] = {}
    for doc, of in zip(np.concatenate([a, b]).tolist(), np.concatenate([strength] * 2).tolist(), strict=True):
        best[doc] = max(best.get(doc, 0.0), of)
    ties = {old: Tie(new, "revision", 1.0) for old, new in revisions}
    for cluster in found:
        ties |= tied(cluster, known, evidence.distinct.sizes, best)
    return ties, known


def described(base: Any, numbers: list[int]) -> dict[int, Known]:
    """What is known of some documents, by number."""
    import pyarrow as pa

    base.register("wanted", pa.table({"n": pa.array(sorted(set(numbers)), pa.int32())}))
    return {number: Known(*values) for number, *values in base.execute(KNOWN).fetchall()}


def told(
    parts: list[str], ties: Mapping[int, Tie], known: Mapping[int, Known], evidence: Evidence
) -> Iterator[tuple[str, list[Relation], list[Fate]]]:
    """For every part its relations and fates, by doc_id."""
    of: dict[str, list[int]] = {}
    for doc in sorted(ties, key=lambda doc: known[doc].doc_id):
        of.setdefault(known[doc].part, []).append(doc)
    for part in parts:
        docs = of.get(part, [])
        yield (
            part,
            relations(docs, ties, known, evidence),
            [Fate(known[doc].doc_id, known[kept(doc, ties)].doc_id) for doc in docs],
        )
