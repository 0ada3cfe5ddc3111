"""Memory: what pairs of texts were found to have in common, kept from run to run.

It is addressed by content: a pair's key is made of what both texts say and where, and of what was dropped from them as
boilerplate. So it is never wrong, only missing, and a run with it ends in what a run without it ends in. What a run
does not use is forgotten.
"""

import os
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.shingles import STEP, Flags, Hashes, Offsets, mixed

Numbers = NDArray[np.int32]


class Memory(NamedTuple):
    """Keys of pairs, ascending, with what was counted of each; and keys of ties with the passages of each."""

    pairs: Hashes
    counts: Numbers
    ties: Hashes
    ends: Offsets
    passages: Numbers

    def counted(self, keys: Hashes) -> tuple[Flags, Numbers]:
        """Which of the pairs are known, and what was counted of those."""
        known, at = looked_up(self.pairs, keys)
        return known, self.counts[at[known]]

    def shared(self, keys: Hashes) -> list[Numbers | None]:
        """The passages of each tie; None where it is not known."""
        known, at = looked_up(self.ties, keys)
        starts = np.append(0, self.ends[:-1])
        places = zip(known.tolist(), at.tolist(), strict=True)
        return [self.passages[starts[place] : self.ends[place]] if there else None for there, place in places]


NOTHING = Memory(
    np.zeros(0, np.uint64),
    np.zeros((0, 5), np.int32),
    np.zeros(0, np.uint64),
    np.zeros(0, np.int64),
    np.zeros((0, 3), np.int32),
)


def looked_up(known: Hashes, wanted: Hashes) -> tuple[Flags, Offsets]:
    """Which of the wanted keys are among the known ones, which ascend, and where."""
    if not len(known):
        return np.zeros(len(wanted), bool), np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return known[at] == wanted, at


def signs(digests: Hashes, marks: Hashes) -> Hashes:
    """For each document a hash of all that a comparison with it depends on."""
    return mixed(digests + mixed(marks + STEP))


def keys(one: Hashes, other: Hashes, salt: int) -> Hashes:
    """The keys of pairs of signs; `salt` stands for what else the comparison depends on."""
    return mixed(one * STEP + mixed(other ^ np.uint64(salt)))


def remembered(path: Path) -> Memory:
    """What was kept; nothing where there is no readable file, for it can all be found again."""
    try:
        with np.load(path) as kept:
            return Memory(*(kept[name] for name in Memory._fields))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return NOTHING


def made(pairs: Hashes, counts: Numbers, ties: Hashes, passages: list[Numbers]) -> Memory:
    """A memory of these pairs and ties."""
    pairs, first = np.unique(pairs, return_index=True)
    tied, at = np.unique(ties, return_index=True)
    chosen = [passages[place] for place in at.tolist()]
    ends = np.cumsum([len(rows) for rows in chosen], dtype=np.int64)
    return Memory(pairs, counts[first], tied, ends, np.concatenate([NOTHING.passages, *chosen]))


def keep(path: Path, memory: Memory) -> None:
    """Writes a memory beside its place and renames it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(beside, "wb") as file:
        np.savez(file, **memory._asdict())
    beside.replace(path)
