"""Compare: what pairs of texts have in common, counted exactly."""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.boilerplate import Each
from tasks.dedupe.evidence import Evidence, keyed
from tasks.dedupe.shelf import Shelf
from tasks.dedupe.shingles import Offsets

PAIRS_AT_ONCE, VALUES_AT_ONCE = 2**12, 2**15  # they stay in the processor's cache
FAR = 0.1  # no setting calls a pair of less containment a copy


class Common(NamedTuple):
    """What pairs have in common, counted: shingles, those of each one, figures in like places, and equal ones."""

    shingles: Offsets
    ours: Offsets
    theirs: Offsets
    places: Offsets
    figures: Offsets

    @property
    def containment(self) -> NDArray[np.float64]:
        """The share of the shorter one's shingles that the other has."""
        found: NDArray[np.float64] = self.shingles / np.maximum(np.minimum(self.ours, self.theirs), 1)
        return found

    @property
    def jaccard(self) -> NDArray[np.float64]:
        """The shared shingles over all shingles of both."""
        found: NDArray[np.float64] = self.shingles / np.maximum(self.ours + self.theirs - self.shingles, 1)
        return found

    @property
    def agreement(self) -> NDArray[np.float64]:
        """The share of figures in like places that are equal; of hardly any all are."""
        found: NDArray[np.float64] = np.minimum(self.figures / np.maximum(self.places, 1), 1)
        return np.where(self.places > 1, found, 1)


def compare(evidence: Evidence, a: Offsets, b: Offsets, each: Each) -> Common:
    """What each pair has in common."""
    order = np.argsort(a, kind="stable")  # what one text is compared with, it is compared with at once
    work = partial(compared, evidence=evidence, a=a[order], b=b[order])
    counts = [np.zeros((0, len(Common._fields)), np.int64), *each(work, range(-(-len(a) // PAIRS_AT_ONCE)))]
    found = np.empty((len(a), len(Common._fields)), np.int64)
    found[order] = np.concatenate(counts)
    return Common(*found.T)


def compared(number: int, evidence: Evidence, a: Offsets, b: Offsets) -> Offsets:
    """A row of counts for each pair of a slice; of figures only where enough is shared for copies at any setting."""
    here = slice(number * PAIRS_AT_ONCE, (number + 1) * PAIRS_AT_ONCE)
    a, b = a[here], b[here]
    sizes, none = evidence.distinct.sizes, np.zeros(len(a), np.int64)
    common = Common(counted(evidence.distinct, a, b), sizes[a], sizes[b], none, none.copy())
    near = np.flatnonzero(common.containment >= FAR)
    common.places[near] = counted(evidence.places, a[near], b[near])
    common.figures[near] = counted(evidence.figures, a[near], b[near])
    return np.stack(common, axis=1)


def counted(shelf: Shelf, a: Offsets, b: Offsets) -> Offsets:
    """For each pair how many values both have: those of a fuller document are looked up once for all its pairs."""
    found = np.zeros(len(a), np.int64)
    for here in slices(shelf.sizes[b]):
        fuller, which = np.unique(a[here], return_inverse=True)
        known = keyed(shelf.owners(fuller), shelf.take(shelf.places(fuller)))
        asked = keyed(which[shelf.owners(b[here])], shelf.take(shelf.places(b[here])))
        both = np.asarray(pc.is_in(pa.array(asked), pa.array(known)))
        ends = np.cumsum(shelf.sizes[b[here]])
        found[here] = np.diff(np.append(0, np.cumsum(both))[ends], prepend=0)
    return found


def slices(sizes: Offsets) -> Iterator[slice]:
    """Slices of pairs, each of so few pairs and, if it can be, values that they are best worked on at once."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        full = int(np.searchsorted(ends, ends[first] - sizes[first] + VALUES_AT_ONCE, side="right"))
        last = min(max(full, first + 1), first + PAIRS_AT_ONCE)
        yield slice(first, last)
        first = last
