"""Evidence: the candidates' texts read once more, side by side, and what each pair has in common, exactly.

The texts' hashes lie in flat files in the scratch folder and are mapped, not loaded: memory does not grow with them.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.candidates import Dropped
from tasks.dedupe.catalog import Catalog, Place
from tasks.dedupe.postings import spread
from tasks.dedupe.rows import LEVELS
from tasks.dedupe.shingles import STEP, Flags, Hashes, Offsets, Segments, Words, mixed, shingles, words
from tasks.dedupe.sketch import KEPT_BITS, KEPT_MASK, kept_at
from tasks.ingest import STAGE as INGEST
from tasks.ingest import Document
from tasks.strip import KEPT, Span
from tasks.strip import STAGE as STRIP

PAIRS_AT_ONCE, VALUES_AT_ONCE = 2**12, 2**15  # they stay in the processor's cache
TAKES = 16  # reads through one map of a file: each brings in far more pages than it reads
FAR = 0.1  # no setting calls a pair of less containment a copy
SPARE_BITS = np.uint64(16)
LEFT = RIGHT = 2  # words on either side of a figure that say which figure it is


class Shelf:
    """Runs of numbers of any length, one for each document, in one file that is mapped to be read."""

    def __init__(self, path: Path, kind: type, documents: int) -> None:
        self.kind = np.dtype(kind)
        self.begins = np.zeros(documents, np.int64)
        self.sizes = np.zeros(documents, np.int64)
        self.end = 0
        self.taken = 0
        self.file = open(path, "w+b")  # noqa: SIM115  # read through the map as long as the shelf lives

    def put(self, numbers: Offsets, sizes: Offsets, values: NDArray[Any]) -> None:
        """Appends the values of a batch of documents, one document's after another's, so many of each."""
        self.begins[numbers] = self.end + np.cumsum(sizes) - sizes
        self.sizes[numbers] = sizes
        self.end += len(values)
        self.file.write(np.ascontiguousarray(values, self.kind).data)
        self.__dict__.pop("values", None)

    @cached_property
    def values(self) -> NDArray[Any]:
        """All values put so far, mapped."""
        self.file.flush()
        return np.asarray(np.memmap(self.file, self.kind, "r")) if self.end else np.zeros(0, self.kind)

    def places(self, numbers: NDArray[Any]) -> Offsets:
        """Where the values of some documents lie, one document's after another's."""
        return spread(self.begins[numbers], self.sizes[numbers])

    def take(self, places: Offsets) -> NDArray[Any]:
        """The values that lie at these places.

        Now and then the map is made anew: what was read through the old one need not stay in memory.
        """
        found = self.values.take(places)
        self.taken += 1
        if self.taken == TAKES:
            self.taken = 0
            del self.__dict__["values"]
        return found

    def owners(self, numbers: NDArray[Any]) -> Offsets:
        """For each value of some documents the place of its document in `numbers`."""
        return np.repeat(np.arange(len(numbers)), self.sizes[numbers])


class Evidence(NamedTuple):
    """What is known of texts, and of which. A shingle that is boilerplate is 0 in `shingles`."""

    there: Flags
    shingles: Shelf
    starts: Shelf
    ends: Shelf
    distinct: Shelf
    places: Shelf
    figures: Shelf


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


def empty(documents: int, folder: Path) -> Evidence:
    """Evidence of no document yet, in files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"shingles": np.uint64, "starts": np.int32, "ends": np.int32}
    kinds |= dict.fromkeys(("distinct", "places", "figures"), np.uint64)
    return Evidence(
        np.zeros(documents, bool), **{name: Shelf(folder / name, kind, documents) for name, kind in kinds.items()}
    )


def gather(catalog: Catalog, boilerplate: Hashes, wanted: Offsets, to: Evidence) -> None:
    """Adds the evidence of the wanted documents that is not there yet, read part by part."""
    wanted = np.unique(wanted)
    wanted = wanted[~to.there[wanted]]
    to.there[wanted] = True
    parts = catalog.part[wanted]
    for part in np.unique(parts).tolist():
        numbers = wanted[parts == part]
        ids = catalog.rows.column("doc_id").take(numbers).to_pylist()
        houses = catalog.houses.of[numbers].astype(np.int64)
        add_part(catalog.places[part], ids, numbers, houses, boilerplate, to)


def boilerplate_keys(dropped: Dropped) -> Hashes:
    """The hashes that outlets repeat, each made its outlet's own, ascending."""
    return np.sort(of_house(dropped.hashes, dropped.houses))


def of_house(hashes: Hashes, houses: NDArray[Any]) -> Hashes:
    """Each hash made its outlet's own."""
    return hashes ^ mixed(houses.astype(np.uint64) + np.uint64(1))


def add_part(
    place: Place, ids: list[str], numbers: Offsets, houses: Offsets, boilerplate: Hashes, to: Evidence
) -> None:
    """Adds the evidence of some of a part's documents."""
    found = place.read(INGEST, Document, ["doc_id", "text"])
    texts = found.column("text").take(pc.index_in(pa.array(ids, pa.string()), found.column("doc_id"))).to_pylist()
    for found in words(texts, stored_segments(place, ids)):
        here = slice(found.first, found.first + found.texts)
        add_chunk(found, numbers[here], houses[here], boilerplate, to)


def add_chunk(found: Words, numbers: Offsets, houses: Offsets, boilerplate: Hashes, to: Evidence) -> None:
    """Adds the evidence of a few documents."""
    hashes = shingles(found)
    hashes[is_boilerplate(found, hashes, houses, boilerplate)] = 0
    starts, ends = found.offsets()
    sizes = np.bincount(found.docs, minlength=found.texts)
    to.shingles.put(numbers, sizes, hashes)
    to.starts.put(numbers, sizes, starts)
    to.ends.put(numbers, sizes, ends)
    to.distinct.put(numbers, *distinct(found.texts, found.docs, hashes))
    owners, places, figures = figures_in_place(found)
    to.places.put(numbers, *distinct(found.texts, owners, places))
    to.figures.put(numbers, *distinct(found.texts, owners, figures))


def stored_segments(place: Place, ids: list[str]) -> Segments:
    """The segments of some of a part's documents."""
    found = place.read(STRIP, Span, ["doc_id", "start", "kind"])
    docs = pc.index_in(found.column("doc_id"), pa.array(ids, pa.string())).combine_chunks()
    found, docs = found.filter(docs.is_valid()), docs.drop_null()
    kept = pc.is_in(found.column("kind"), pa.array(sorted(KEPT)))
    return Segments(docs.to_numpy().astype(np.int64), found.column("start").to_numpy(), kept.to_numpy())


def is_boilerplate(words: Words, hashes: Hashes, houses: Offsets, boilerplate: Hashes) -> Flags:
    """For each shingle whether its outlet repeats it: known of those that all sketches keep, others go with them."""
    sampled = np.flatnonzero(kept_at(LEVELS, hashes) & (hashes > 0))
    if not len(sampled) or not len(boilerplate):
        return np.zeros(len(hashes), bool)
    keys = of_house(hashes[sampled] & KEPT_MASK, houses[words.docs[sampled]])
    found = boilerplate[np.minimum(np.searchsorted(boilerplate, keys), len(boilerplate) - 1)] == keys
    docs, limits = words.docs[sampled], np.searchsorted(words.docs, np.arange(words.texts + 1))
    halves = (sampled[:-1] + sampled[1:] + 1) // 2
    same = docs[:-1] == docs[1:]
    firsts = np.append(limits[docs[:1]], np.where(same, halves, limits[docs[1:]]))
    lasts = np.append(np.where(same, halves, limits[docs[:-1] + 1]), limits[docs[-1:] + 1])
    inside = np.zeros(len(hashes) + 1, np.int64)
    np.add.at(inside, firsts[found], 1)
    np.add.at(inside, lasts[found], -1)
    repeated: Flags = np.cumsum(inside)[:-1] > 0
    return repeated


def distinct(texts: int, owners: Offsets, values: Hashes) -> tuple[Offsets, Hashes]:
    """How many values each text has, and its values, ascending, each once, and none that is 0.

    48 bits are kept of each, so that one sort does for all.
    """
    keys = owners.astype(np.uint64)
    keys <<= KEPT_BITS
    keys |= values >> SPARE_BITS
    keys.sort()
    kept = keys & KEPT_MASK
    once = kept > 0
    once[1:] &= keys[1:] != keys[:-1]
    keys = keys[once]
    ends = np.searchsorted(keys, np.arange(1, texts + 1, dtype=np.uint64) << KEPT_BITS)
    return np.diff(ends, prepend=0), kept[once]


def figures_in_place(words: Words) -> tuple[Offsets, Hashes, Hashes]:
    """For each figure its document, a hash of the words around it, and a hash of both together.

    `fell 1.2 percent to` and `fell 3.4 percent to` have the place in common and not the figure.
    """
    plain, figures = np.flatnonzero(~words.figures), np.flatnonzero(words.figures)
    before = plain - np.arange(len(plain))  # how many figures stand before each plain word
    here = np.flatnonzero(before[1:] > before[:-1])
    here = here[(here >= LEFT - 1) & (here < len(plain) - RIGHT)]
    here = here[words.docs[plain[here - LEFT + 1]] == words.docs[plain[here + RIGHT]]]
    places = np.zeros(len(here), np.uint64)
    for step in range(1 - LEFT, RIGHT + 1):
        places = places * STEP + words.hashes[plain[here + step]]
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed(words.hashes[figures]))))
    between = sums[before[here + 1]] - sums[before[here]]
    return words.docs[plain[here]], mixed(places), mixed(places * STEP + mixed(between))


def compare(evidence: Evidence, a: Offsets, b: Offsets) -> Common:
    """What each pair has in common; the figures only of pairs that share enough to be copies at any setting."""
    sizes = evidence.distinct.sizes
    none = np.zeros(len(a), np.int64)
    common = Common(counted(evidence.distinct, a, b), sizes[a], sizes[b], none, none.copy())
    near = np.flatnonzero(common.containment >= FAR)
    common.places[near] = counted(evidence.places, a[near], b[near])
    common.figures[near] = counted(evidence.figures, a[near], b[near])
    return common


def counted(shelf: Shelf, a: NDArray[np.int64], b: NDArray[np.int64]) -> Offsets:
    """For each pair how many values both have: those of a fuller document are looked up once for all its pairs."""
    found = np.zeros(len(a), np.int64)
    order = np.argsort(a, kind="stable")
    for few in slices(shelf.sizes[b[order]]):
        here = order[few]
        fuller, which = np.unique(a[here], return_inverse=True)
        known = keyed(shelf.owners(fuller), shelf.take(shelf.places(fuller)))
        asked = keyed(which[shelf.owners(b[here])], shelf.take(shelf.places(b[here])))
        both = np.asarray(pc.is_in(pa.array(asked), pa.array(known)))
        ends = np.cumsum(shelf.sizes[b[here]])
        found[here] = np.diff(np.append(0, np.cumsum(both))[ends], prepend=0)
    return found


def keyed(owners: Offsets, values: Hashes) -> Hashes:
    """Keys of values of 48 bits, each under its owner's place, which fills the 16 above them."""
    return (owners.astype(np.uint64) << KEPT_BITS) | values


def slices(sizes: Offsets) -> Iterator[slice]:
    """Slices of pairs, each of so few pairs and, if it can be, values that they are best worked on at once."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        full = int(np.searchsorted(ends, ends[first] - sizes[first] + VALUES_AT_ONCE, side="right"))
        last = min(max(full, first + 1), first + PAIRS_AT_ONCE)
        yield slice(first, last)
        first = last
