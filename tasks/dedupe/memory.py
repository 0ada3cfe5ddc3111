"""Memory: what was found of texts, kept from run to run: of pairs, of ties, and of groups of copies.

It is addressed by content: a pair's key is made of what both texts say and where, and of what was dropped from them as
boilerplate; a group's of its pairs and of all that is known of its documents. So it is never wrong, only missing, and
a run with it ends in what a run without it ends in. What a run does not use is forgotten.

A hundredth more costs a third of the whole (37 % at a million synthetic articles). Two fifths of that are the join,
done anew over all sketches: what is boilerplate hangs on all documents of an outlet, and nearly every addition moves
the count of a line that half of them print. As much is the reading of texts: in nearly every part a few copies lose a
line that their outlet has now printed often enough, and for these the part is read whole. Row groups small enough to
be read one by one would take two thirds more room. The rest is what is settled of touched groups.
"""

from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from tasks.dedupe.rows import STAGE
from tasks.dedupe.shelf import Rows
from tasks.dedupe.shingles import STEP, Flags, Hashes, mixed
from tasks.store import write_whole


class Kept(NamedTuple):
    """Keys, ascending, each with a stretch of rows."""

    keys: Hashes
    rows: Rows

    def known(self, wanted: Hashes) -> tuple[Flags, Rows]:
        """Which of the wanted keys are there, and the rows of those."""
        if not len(self.keys):
            return np.zeros(len(wanted), bool), self.rows
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = self.keys[at] == wanted
        return known, self.rows.take(at[known])


class Memory(NamedTuple):
    """What pairs have in common, the passages of ties, and whom the documents of a group are tied to."""

    pairs: Kept
    ties: Kept
    groups: Kept


NO_KEYS, NO_SIZES = np.zeros(0, np.uint64), np.zeros(0, np.int64)
NOTHING = Memory(*(Kept(NO_KEYS, Rows(NO_SIZES, np.zeros((0, width), np.int32))) for width in (5, 3, 2)))


def made(keys: Hashes, rows: Rows) -> Kept:
    """The rows of keys that come in any order and more than once."""
    once, first = np.unique(keys, return_index=True)
    return Kept(once, rows.take(first))


def joined(known: Flags, rows: Rows, others: Rows) -> Rows:
    """The stretches of the known ones and of the others, in their places."""
    order = np.empty(len(known), np.int64)
    order[np.append(np.flatnonzero(known), np.flatnonzero(~known))] = np.arange(len(known))
    both = Rows(np.concatenate([rows.sizes, others.sizes]), np.concatenate([rows.values, others.values]))
    return both.take(order)


def signs(digests: Hashes, marks: Hashes) -> Hashes:
    """For each document a hash of all that a comparison with it depends on."""
    return mixed(digests + mixed(marks + STEP))


def keys(one: Hashes, other: Hashes) -> Hashes:
    """The keys of pairs of signs."""
    return mixed(one * STEP + mixed(other))


def remembered(path: Path) -> Memory:
    """What was kept; nothing where there is no readable file of this version, for it can all be found again."""
    try:
        with np.load(path) as kept:
            if kept["version"] != STAGE.version:
                return NOTHING
            fields = ([kept[f"{name}_{part}"] for part in ("keys", "sizes", "values")] for name in Memory._fields)
            return Memory(*(Kept(found, Rows(sizes, values)) for found, sizes, values in fields))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return NOTHING


def keep(path: Path, memory: Memory) -> None:
    """Writes a memory; raises StoreError where it cannot be written."""
    fields: dict[str, Any] = {"version": STAGE.version}
    for name, kept in zip(memory._fields, memory, strict=True):
        fields |= {f"{name}_keys": kept.keys, f"{name}_sizes": kept.rows.sizes, f"{name}_values": kept.rows.values}
    write_whole(path, lambda file: np.savez(file, **fields))
