"""Settle: which pairs are copies, and which document each duplicate is tied to.

Pairs that are copies hang together in groups. Whatever is decided of a group depends on the group alone, so what an
earlier run decided of it holds as long as it is what it was.
"""

from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tasks.dedupe.boilerplate import Each
from tasks.dedupe.catalog import Catalog, codes, revisions
from tasks.dedupe.compare import PAIRS_AT_ONCE, Common
from tasks.dedupe.keep import Known, Ties, tied
from tasks.dedupe.memory import Kept, made
from tasks.dedupe.merge import clusters, components
from tasks.dedupe.postings import runs
from tasks.dedupe.rows import DedupeSettings
from tasks.dedupe.shelf import Rows
from tasks.dedupe.shingles import Flags, Hashes, Offsets, mixed

FEWEST = 5  # shingles that two documents must share to be copies
LINKS = 10**6  # the share of links is part of a group's key, in millionths


class Compared(NamedTuple):
    """Pairs with what they have in common, and their keys in the memory."""

    a: Offsets
    b: Offsets
    keys: Hashes
    common: Common

    def take(self, chosen: Flags) -> "Compared":
        """The chosen pairs."""
        common = Common(*(counts[chosen] for counts in self.common))
        return Compared(self.a[chosen], self.b[chosen], self.keys[chosen], common)


class Groups(NamedTuple):
    """Documents that hang together: the groups one after another, where each begins, its size and its key."""

    docs: Offsets
    begins: Offsets
    sizes: Offsets
    keys: Hashes


def settled(
    catalog: Catalog, signs: Hashes, near: Compared, settings: DedupeSettings, memory: Kept, each: Each
) -> tuple[Ties, Kept]:
    """Each duplicate tied to the later state of its source, or to what its cluster keeps; and the groups."""
    near = near.take(copies(catalog, near, settings))
    groups, of_pair = grouped(catalog, signs, near, settings)
    known, rows = memory.known(groups.keys)
    begins, of_known = np.repeat(groups.begins, groups.sizes), np.repeat(known, groups.sizes)
    others, revised = np.arange(len(groups.docs)), np.zeros(len(groups.docs), bool)
    others[of_known] = begins[of_known] + rows.values[:, 0]
    revised[of_known] = rows.values[:, 1] > 0
    place = np.zeros(catalog.size, np.int64)
    place[groups.docs] = np.arange(len(groups.docs))
    fresh = near.take(~known[of_pair])
    partitions = 1 + len(fresh.a) // PAIRS_AT_ONCE
    which = of_pair[~known[of_pair]] % partitions
    work = partial(decided, catalog=catalog, near=fresh, which=which, links=settings.links)
    duplicates, keeps, older = np.concatenate(list(each(work, range(partitions)))).T
    others[place[duplicates]], revised[place[duplicates]] = place[keeps], older > 0
    decisions = Rows(groups.sizes, np.stack([others - begins, revised], axis=1).astype(np.int32))
    return ties_of(catalog, near, groups, others, revised), made(groups.keys, decisions)


def copies(catalog: Catalog, near: Compared, settings: DedupeSettings) -> Flags:
    """Which pairs are copies."""
    common = near.common
    good: Flags = (common.containment >= settings.containment) & (common.agreement >= settings.figures)
    good &= common.shingles >= FEWEST
    for field in filter(None, settings.agree.split(",")):
        good &= agreeing(catalog, field, near)
    return good


def agreeing(catalog: Catalog, field: str, near: Compared) -> Flags:
    """Which pairs have the same value of a field, or lack it on either side."""
    values = catalog.rows.column(field)
    known, of = values.is_valid().to_numpy(), codes(values)
    found: Flags = (of[near.a] == of[near.b]) | ~known[near.a] | ~known[near.b]
    return found


def grouped(catalog: Catalog, signs: Hashes, near: Compared, settings: DedupeSettings) -> tuple[Groups, Offsets]:
    """The groups in which copies hang together, and the group of each pair."""
    heads = components(near.a, near.b, catalog.size)
    paired = np.zeros(catalog.size, bool)
    paired[near.a] = paired[near.b] = True
    docs = np.flatnonzero(paired)
    docs = docs[np.argsort(heads[docs], kind="stable")]
    begins, sizes = runs(heads[docs])
    group = np.zeros(catalog.size, np.int64)
    group[docs[begins]] = np.arange(len(begins))  # a group's first document is its head
    of_pair = group[heads[near.a]]
    sums = np.full(len(begins), round(settings.links * LINKS), np.uint64)
    np.add.at(sums, of_pair, mixed(near.keys))
    np.add.at(sums, np.repeat(np.arange(len(begins)), sizes), mixed(catalog.signs[docs] ^ signs[docs]))
    return Groups(docs, begins, sizes, mixed(sums)), of_pair


def decided(partition: int, catalog: Catalog, near: Compared, which: Offsets, links: float) -> Offsets:
    """Of the groups in a partition each duplicate, the document kept, and whether it is an older state of that one.

    Given the partition in which each pair lies.
    """
    near = near.take(which == partition)
    found = clusters(near.a, near.b, near.common.containment, links)
    known = described(catalog, [doc for cluster in found for doc in cluster])
    sizes = dict(zip(near.a.tolist(), near.common.ours.tolist(), strict=True))
    sizes |= zip(near.b.tolist(), near.common.theirs.tolist(), strict=True)
    return np.array([tie for cluster in found for tie in tied(cluster, known, sizes)], np.int64).reshape(-1, 3)


def described(catalog: Catalog, numbers: list[int]) -> dict[int, Known]:
    """What is known of some documents, by number."""
    rows = catalog.rows.take(pa.array(numbers, pa.int64()))
    theirs = catalog.part[numbers] >= catalog.own
    columns = [theirs.tolist() if name == "theirs" else rows.column(name).to_pylist() for name in Known._fields]
    return {number: Known(*values) for number, *values in zip(numbers, *columns, strict=True)}


def ties_of(catalog: Catalog, near: Compared, groups: Groups, others: Offsets, revised: Flags) -> Ties:
    """The ties of all groups, and of all that is outdated to what it was replaced by."""
    best = np.zeros(catalog.size)
    np.maximum.at(best, near.a, near.common.containment)
    np.maximum.at(best, near.b, near.common.containment)
    tied = np.flatnonzero(others != np.arange(len(others)))
    docs, keeps = groups.docs[tied], groups.docs[others[tied]]
    older, newer = revisions(catalog)
    return Ties(
        np.concatenate([docs, older]),
        np.concatenate([keeps, newer]),
        np.concatenate([revised[tied], np.ones(len(older), bool)]),
        np.concatenate([best[docs], np.ones(len(older))]),
    )
