"""Memory: what was found of texts, kept from run to run: of pairs, of ties, and of groups of copies.

It is addressed by content: a pair's key is made of what both texts say and where, and of what was dropped from them as
boilerplate; that of a tie's passages, of what both texts say; a group's, of its pairs and of all that is known of its
documents. So it is never wrong, only missing, and a run with it ends in what a run without it ends in. What a run does
not use is forgotten.

A hundredth more costs a fifth of the whole at 100,000 synthetic articles, a third at 10,000. Half of that is the join,
done anew over all sketches: what is boilerplate hangs on the votes of all documents of an outlet, and an addition moves
the count of a line that half of them print. To keep from run to run which old documents are candidates of each other
would save a third of the join, for as much code again. A quarter is reading: a line that its outlet has now printed
often enough changes nine texts in a thousand, wherever they lie, so what is kept of every part is looked through
(`evidence`), and the texts of some parts are read for a few that were never candidates or are now kept. The rest is
deciding touched groups, of which the largest are touched by almost any addition.
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
