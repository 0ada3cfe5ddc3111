"""Corpus: the stage over all parts: candidates, evidence, clusters, and then for each part its relations and fates."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tasks.dedupe.boilerplate import Each, leaders
from tasks.dedupe.candidates import Pairs, candidates
from tasks.dedupe.catalog import Catalog, catalogued
from tasks.dedupe.compare import Common, compare
from tasks.dedupe.evidence import Evidence, boilerplate_keys, empty, gather
from tasks.dedupe.keep import Ties, kept
from tasks.dedupe.memory import Kept, Memory, joined, keep, keys, made, remembered, signs
from tasks.dedupe.postings import scattered
from tasks.dedupe.relate import passages, related
from tasks.dedupe.rows import SKETCH, STAGE, DedupeSettings, Fate, Relation, Sketch
from tasks.dedupe.settle import Compared, settled
from tasks.dedupe.shelf import Rows
from tasks.dedupe.shingles import Hashes
from tasks.stage import schema
from tasks.store import Store

Told = tuple[str, pa.Table, pa.Table]


class Desk(NamedTuple):
    """All that a comparison of two documents needs: where their texts are, what is known already, and who does it."""

    catalog: Catalog
    boilerplate: Hashes
    signs: Hashes
    memory: Memory
    evidence: Evidence
    each: Each


def dedupe(store: Store, settings: DedupeSettings, scratch: Path, each: Each = map) -> Iterator[Told]:
    """For every part in the store the tables of its relations and fates: which documents are duplicates, and of what.

    `scratch` is a folder for what does not fit into memory; `each` maps a function over the numbers of partitions, and
    may be the map of a pool of processes that see the same folders. What was found of texts is kept in the store, so
    that a later run reads only texts that were no candidates before.
    """
    if not store.parts(SKETCH, Sketch):
        return
    catalog = catalogued(store, settings)
    path = store.path(STAGE, Relation, "").parent.parent / "compared.npz"
    postings = scattered(catalog, scratch / "postings")
    counted_as = leaders(postings, catalog.houses, settings.repeats, each)
    pairs, dropped = candidates(postings, catalog.houses, counted_as, settings, scratch / "pairs", each)
    evidence, signed = empty(catalog.size, scratch / "evidence"), signs(catalog.digest, dropped.marks)
    desk = Desk(catalog, boilerplate_keys(dropped), signed, remembered(path), evidence, each)
    near = compared(desk, pairs, desk.memory.pairs)
    ties, groups = settled(catalog, signed, near, settings, desk.memory.groups, each)
    likeness = likened(desk, ties, near)
    shared = passages_of(desk, ties)
    yield from told(catalog, ties, likeness.common, shared.rows)
    keep(path, Memory(pairs_of(near, likeness), made(*shared), groups))


def compared(desk: Desk, pairs: Pairs, *memories: Kept) -> Compared:
    """What each pair has in common: as it is remembered, or else as the texts show."""
    pair_keys = keys(desk.signs[pairs.a], desk.signs[pairs.b])
    found = np.zeros((len(pair_keys), len(Common._fields)), np.int64)
    missing = np.ones(len(pair_keys), bool)
    for memory in memories:
        known, rows = memory.known(pair_keys)
        found[known] = rows.values
        missing &= ~known
    a, b = pairs.a[missing], pairs.b[missing]
    gather(desk.catalog, desk.boilerplate, np.concatenate([a, b]), desk.evidence, desk.each)
    found[missing] = np.stack(compare(desk.evidence, a, b, desk.each), axis=1)
    return Compared(pairs.a, pairs.b, pair_keys, Common(*found.T))


def likened(desk: Desk, ties: Ties, near: Compared) -> Compared:
    """What each duplicate and the document that it is tied to have in common; most of these pairs were candidates."""
    pairs = Pairs(np.minimum(ties.docs, ties.others), np.maximum(ties.docs, ties.others))
    return compared(desk, pairs, desk.memory.pairs, pairs_of(near))


def pairs_of(*several: Compared) -> Kept:
    """What is to be remembered of pairs."""
    counts = np.concatenate([np.stack(of.common, axis=1).astype(np.int32) for of in several])
    return made(np.concatenate([of.keys for of in several]), Rows(np.ones(len(counts), np.int64), counts))


def passages_of(desk: Desk, ties: Ties) -> Kept:
    """The keys of ties, in their order, and the passages of each: as they are remembered, or else as the texts show."""
    tie_keys = keys(desk.catalog.digest[ties.docs], desk.catalog.digest[ties.others])
    known, rows = desk.memory.ties.known(tie_keys)
    docs, others = ties.docs[~known], ties.others[~known]
    gather(desk.catalog, desk.boilerplate, np.concatenate([docs, others]), desk.evidence, desk.each, placed=True)
    return Kept(tie_keys, joined(known, rows, passages(docs, others, desk.evidence, desk.each)))


def told(catalog: Catalog, ties: Ties, common: Common, shared: Rows) -> Iterator[Told]:
    """For every part its relations and fates, by doc_id."""
    order = np.lexsort((catalog.ids[ties.docs], catalog.part[ties.docs]))
    ties, shared = ties.take(order), shared.take(order)
    names = catalog.rows.column("doc_id")
    relations = related(names, ties, Common(*(counts[order] for counts in common)), shared)
    fates = pa.table([names.take(ties.docs), names.take(kept(ties, catalog.size))], schema=schema(Fate))
    ends = np.searchsorted(catalog.part[ties.docs], np.arange(catalog.own), side="right")
    for place, first, last in zip(catalog.places, np.append(0, ends), ends, strict=False):
        yield place.part, relations.slice(first, last - first), fates.slice(first, last - first)
