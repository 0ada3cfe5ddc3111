"""Corpus: the stage over all parts: candidates, evidence, clusters, and then for each part its relations and fates."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tasks.dedupe.boilerplate import Each, leaders
from tasks.dedupe.candidates import Pairs, candidates
from tasks.dedupe.catalog import Catalog, catalogued, codes, revisions
from tasks.dedupe.evidence import Common, Evidence, boilerplate_keys, compare, empty, gather
from tasks.dedupe.keep import Known, Tie, kept, tied
from tasks.dedupe.memory import Memory, Numbers, keep, keys, made, remembered, signs
from tasks.dedupe.merge import clusters
from tasks.dedupe.postings import scattered
from tasks.dedupe.relate import Likeness, passages, related
from tasks.dedupe.rows import SKETCH, STAGE, DedupeSettings, Fate, Relation, Sketch
from tasks.dedupe.shingles import Flags, Hashes, Offsets
from tasks.store import Store

FEWEST = 5  # shingles that two documents must share to be copies
PAIR, TIE = 1, 2  # salts of the memory's keys


class Desk(NamedTuple):
    """All that a comparison of two documents needs: where their texts are, and what is known already."""

    catalog: Catalog
    boilerplate: Hashes
    signs: Hashes
    memory: Memory
    evidence: Evidence
    settings: DedupeSettings


class Compared(NamedTuple):
    """Pairs with what they have in common, and their keys in the memory."""

    a: Offsets
    b: Offsets
    keys: Hashes
    common: Common


def dedupe(
    store: Store, settings: DedupeSettings, scratch: Path, each: Each = map
) -> Iterator[tuple[str, list[Relation], list[Fate]]]:
    """For every part in the store its relations and fates: which of its documents are duplicates, and of what.

    `scratch` is a folder for what does not fit into memory; `each` maps a function over the partitions of the search,
    and may be the map of a pool of processes that see the same folder. What was found of pairs of texts is kept in the
    store, so that a later run reads only the texts that it has to compare.
    """
    if not store.parts(SKETCH, Sketch):
        return
    catalog = catalogued(store, Store(Path(settings.against) / "store") if settings.against else None)
    path = store.path(STAGE, Relation, "").parent.parent / "compared.npz"
    postings = scattered(catalog, scratch / "postings")
    counted_as = leaders(postings, catalog.houses, settings.repeats, each)
    pairs, dropped = candidates(postings, catalog.houses, counted_as, settings, scratch / "pairs", each)
    evidence, signed = empty(catalog.size, scratch / "evidence"), signs(catalog.digest, dropped.marks)
    desk = Desk(catalog, boilerplate_keys(dropped), signed, remembered(path), evidence, settings)
    near = compared(desk, pairs)
    ties = judged(desk, near)
    docs, others = np.array([*ties], np.int64), np.array([tie.other for tie in ties.values()], np.int64)
    likeness = compared(desk, Pairs(np.minimum(docs, others), np.maximum(docs, others)))
    tie_keys, shared = passages_of(desk, docs, others)
    yield from told(desk, ties, likeness.common, shared)
    counts = np.concatenate([np.stack(of.common, axis=1).astype(np.int32) for of in (near, likeness)])
    keep(path, made(np.concatenate([near.keys, likeness.keys]), counts, tie_keys, shared))


def compared(desk: Desk, pairs: Pairs) -> Compared:
    """What each pair has in common: as it is remembered, or else as the texts show."""
    pair_keys = keys(desk.signs[pairs.a], desk.signs[pairs.b], PAIR)
    known, counts = desk.memory.counted(pair_keys)
    found = np.zeros((len(pair_keys), len(Common._fields)), np.int64)
    found[known] = counts
    a, b = pairs.a[~known], pairs.b[~known]
    gather(desk.catalog, desk.boilerplate, np.concatenate([a, b]), desk.evidence)
    found[~known] = np.stack(compare(desk.evidence, a, b), axis=1)
    return Compared(pairs.a, pairs.b, pair_keys, Common(*found.T))


def judged(desk: Desk, near: Compared) -> dict[int, Tie]:
    """Each duplicate's tie: to the later state of its source, or to the document that its cluster keeps."""
    common, settings = near.common, desk.settings
    good = (common.containment >= settings.containment) & (common.agreement >= settings.figures)
    good &= common.shingles >= FEWEST
    for field in filter(None, settings.agree.split(",")):
        good &= agreeing(desk.catalog, field, near)
    a, b, strength = near.a[good], near.b[good], common.containment[good]
    sizes, best = np.zeros(desk.catalog.size, np.int64), np.zeros(desk.catalog.size)
    sizes[near.a], sizes[near.b] = common.ours, common.theirs
    np.maximum.at(best, np.concatenate([a, b]), np.concatenate([strength, strength]))
    found = clusters(a, b, strength, settings.links)
    known = described(desk.catalog, [doc for cluster in found for doc in cluster])
    ties = {old: Tie(new, "revision", 1.0) for old, new in revisions(desk.catalog)}
    for cluster in found:
        ties |= tied(cluster, known, sizes, best)
    return ties


def agreeing(catalog: Catalog, field: str, near: Compared) -> Flags:
    """Which pairs have the same value of a field, or lack it on either side."""
    values = catalog.rows.column(field)
    known, of = values.is_valid().to_numpy(), codes(values)
    found: Flags = (of[near.a] == of[near.b]) | ~known[near.a] | ~known[near.b]
    return found


def passages_of(desk: Desk, docs: Offsets, others: Offsets) -> tuple[Hashes, list[Numbers]]:
    """The keys of ties in the memory, and the passages of each: as they are remembered, or else as the texts show."""
    tie_keys = keys(desk.signs[docs], desk.signs[others], TIE)
    shared = desk.memory.shared(tie_keys)
    lacking = np.array([place for place, rows in enumerate(shared) if rows is None], np.int64)
    gather(desk.catalog, desk.boilerplate, np.concatenate([docs[lacking], others[lacking]]), desk.evidence)
    read = iter(passages(docs[lacking], others[lacking], desk.evidence))
    return tie_keys, [next(read) if rows is None else rows for rows in shared]


def described(catalog: Catalog, numbers: list[int]) -> dict[int, Known]:
    """What is known of some documents, by number."""
    rows = catalog.rows.take(pa.array(numbers, pa.int64()))
    theirs = catalog.part[numbers] >= catalog.own
    columns = [theirs.tolist() if name == "theirs" else rows.column(name).to_pylist() for name in Known._fields]
    return {number: Known(*values) for number, *values in zip(numbers, *columns, strict=True)}


def told(
    desk: Desk, ties: Mapping[int, Tie], common: Common, shared: list[Numbers]
) -> Iterator[tuple[str, list[Relation], list[Fate]]]:
    """For every part its relations and fates, by doc_id."""
    ids = desk.catalog.rows.column("doc_id").to_numpy()
    in_common = np.stack([common.shingles, common.containment, common.jaccard, common.agreement], axis=1).tolist()
    of: dict[int, list[tuple[str, int, int]]] = {}
    for at, doc in enumerate(ties):
        of.setdefault(int(desk.catalog.part[doc]), []).append((ids[doc], doc, at))
    for number, place in enumerate(desk.catalog.places[: desk.catalog.own]):
        rows, fates = [], []
        for doc_id, doc, at in sorted(of.get(number, [])):
            tie, ours, theirs = ties[doc], int(common.ours[at]), int(common.theirs[at])
            ours, theirs = (ours, theirs) if doc < tie.other else (theirs, ours)
            likeness = Likeness._make([*in_common[at], ours, theirs])
            rows.append(related(doc_id, ids[tie.other], tie, likeness, shared[at]))
            fates.append(Fate(doc_id, ids[kept(doc, ties)]))
        yield place.part, rows, fates
