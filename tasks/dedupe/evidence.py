"""Evidence: what candidates' texts say, to be compared side by side.

Of a text that was ever looked at, its shingles in their order and its figures are kept from run to run, part by part
as the texts lie: a table `evidence` in the store, 4 bytes a word. What its outlet repeats is left out of it only when
it is read, so that a line that becomes boilerplate costs no second look at the texts that hold it.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.boilerplate import Each
from tasks.dedupe.candidates import Dropped
from tasks.dedupe.catalog import Catalog, Place
from tasks.dedupe.rows import EVIDENCE, LEVELS, SKETCH, Seen, Sketch
from tasks.dedupe.shelf import Rows, Shelf, column_of, rows_of
from tasks.dedupe.shingles import STEP, Flags, Hashes, Narrow, Offsets, Segments, Words, mixed, shingles, words
from tasks.dedupe.sketch import kept_at
from tasks.ingest import STAGE as INGEST
from tasks.ingest import Document
from tasks.stage import Settings, schema
from tasks.store import made_from
from tasks.strip import KEPT, Span
from tasks.strip import STAGE as STRIP

VALUE_BITS = np.uint64(32)
LEFT = RIGHT = 2  # words on either side of a figure that say which figure it is
HASHES, COUNTED = ("shingles", "places", "figures"), ("distinct", "places", "figures")
PLACED = ("shingles", "starts", "ends")
IN_ORDER = pa.schema([*schema(Seen), ("starts", pa.binary()), ("ends", pa.binary())])
NOWHERE = -1  # the outlet of a document that no outlet's boilerplate is dropped from


class Evidence(NamedTuple):
    """Of some texts the values that are counted when they are compared, and of some their shingles and where these
    stand, in their order. A shingle that is boilerplate is not among the distinct ones.
    """

    counted: Flags
    placed: Flags
    distinct: Shelf
    places: Shelf
    figures: Shelf
    shingles: Shelf
    starts: Shelf
    ends: Shelf


class Asked(NamedTuple):
    """Documents of a part whose evidence is wanted: their ids and outlets, and whether their texts must be read."""

    place: Place
    ids: pa.StringArray
    houses: Offsets
    placed: bool


class Found(NamedTuple):
    """The evidence of some of a part's documents; if their texts were read, where their shingles stand too."""

    distinct: Rows
    places: Rows
    figures: Rows
    placed: bool
    shingles: Rows
    starts: Rows
    ends: Rows


def empty(documents: int, folder: Path) -> Evidence:
    """Evidence of no document yet, in files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shelves = {name: Shelf(folder / name, documents) for name in (*COUNTED, *PLACED)}
    return Evidence(np.zeros(documents, bool), np.zeros(documents, bool), **shelves)


def gather(
    catalog: Catalog, boilerplate: Hashes, wanted: Offsets, to: Evidence, each: Each, placed: bool = False
) -> None:
    """Adds the evidence of the wanted documents that is not there yet; if `placed`, with where their shingles stand."""
    missing = np.zeros(len(to.counted), bool)
    missing[wanted] = True
    wanted = np.flatnonzero(missing & ~(to.placed if placed else to.counted))
    wanted = wanted[np.argsort(catalog.part[wanted], kind="stable")]
    split = np.split(wanted, np.flatnonzero(np.diff(catalog.part[wanted])) + 1) if len(wanted) else []
    asked = [asked_of(catalog, numbers, placed) for numbers in split]
    work = partial(recalled, asked=asked, boilerplate=boilerplate)
    for numbers, found in zip(split, each(work, range(len(asked))), strict=True):
        add(numbers, found, to)


def asked_of(catalog: Catalog, numbers: Offsets, placed: bool) -> Asked:
    """What is asked of a part, given the numbers of some of its documents.

    Nothing is dropped from outdated ones, which had no part in finding what is boilerplate.
    """
    ids = catalog.rows.column("doc_id").take(numbers).combine_chunks()
    houses = np.where(catalog.outdated[numbers], NOWHERE, catalog.houses.of[numbers])
    return Asked(catalog.places[catalog.part[numbers[0]]], ids, houses, placed)


def add(numbers: Offsets, found: Found, to: Evidence) -> None:
    """Puts what was found of some documents."""
    to.counted[numbers] = True
    to.placed[numbers] |= found.placed
    for name in (*COUNTED, *PLACED) if found.placed else COUNTED:
        getattr(to, name).put(numbers, getattr(found, name))


def recalled(which: int, asked: Sequence[Asked], boilerplate: Hashes) -> Found:
    """The evidence that is asked of a part: as it is kept, or else as the texts show; what is new is kept too.

    Where one text must be read, all are: the part is read whole for it, and most will be asked for their passages.
    """
    place, ids, houses, placed = asked[which]
    origin = made_from(EVIDENCE, Settings(), [place.store.digest(SKETCH, Sketch, place.part)])
    every = kept_in(place, origin)
    unseen = pc.invert(pc.is_in(ids, every.column("doc_id").combine_chunks()))
    read = placed or pc.any(unseen).as_py()
    texts = seen(place, ids) if read else IN_ORDER.empty_table()
    if pc.any(unseen).as_py():
        every = pa.concat_tables([every, texts.filter(unseen).select(every.column_names)]).combine_chunks()
        if not place.theirs:
            place.store.write(EVIDENCE, Seen, place.part, every, origin)
    rows = every.take(pc.index_in(ids, every.column("doc_id").combine_chunks()))
    shingles, places, figures = (rows_of(rows.column(name)) for name in HASHES)
    in_order = (rows_of(texts.column(name)) for name in PLACED)
    return Found(distinct_of(shingles, houses, boilerplate), places, figures, read, *in_order)


def kept_in(place: Place, origin: str) -> pa.Table:
    """What is kept of a part, if it is of the part as it is."""
    names = schema(Seen).names
    fresh = place.store.is_fresh(EVIDENCE, place.part, origin)
    return place.read(EVIDENCE, Seen, names) if fresh else schema(Seen).empty_table()


def seen(place: Place, ids: pa.StringArray) -> pa.Table:
    """Rows of `Seen` of some of a part's documents, read anew, and where their shingles start and end."""
    found = place.read(INGEST, Document, ["doc_id", "text"])
    texts = found.column("text").take(pc.index_in(ids, found.column("doc_id"))).to_pylist()
    batches = words(texts, stored_segments(place, ids))
    rows = (seen_of(batch, ids.slice(batch.first, batch.texts)) for batch in batches)
    return pa.concat_tables(rows)


def seen_of(found: Words, ids: pa.StringArray) -> pa.Table:
    """The rows of a few texts."""
    sizes = np.bincount(found.docs, minlength=found.texts)
    owners, *figures = figures_in_place(found)
    hashes = [Rows(sizes, narrow(shingles(found)))]
    hashes += [distinct(found.texts, owners, narrow(values)) for values in figures]
    offsets = [Rows(sizes, values) for values in found.offsets()]
    return pa.table([ids, *(column_of(rows) for rows in hashes + offsets)], schema=IN_ORDER)


def narrow(hashes: Hashes) -> Narrow:
    """The bits of hashes that texts are compared by: of a million pairs of 500 words 60 are told a shingle too much."""
    return hashes.astype(np.uint32)


def stored_segments(place: Place, ids: pa.StringArray) -> Segments:
    """The segments of some of a part's documents."""
    found = place.read(STRIP, Span, ["doc_id", "start", "kind"])
    docs = pc.index_in(found.column("doc_id"), ids).combine_chunks()
    found, docs = found.filter(docs.is_valid()), docs.drop_null()
    kept = pc.is_in(found.column("kind"), pa.array(sorted(KEPT)))
    return Segments(docs.to_numpy().astype(np.int64), found.column("start").to_numpy(), kept.to_numpy())


def boilerplate_keys(dropped: Dropped) -> Hashes:
    """The hashes that outlets repeat, each made its outlet's own, ascending."""
    return np.sort(of_house(narrow(dropped.hashes), dropped.houses))


def of_house(hashes: Narrow, houses: NDArray[Any]) -> Hashes:
    """Each hash made its outlet's own."""
    return hashes ^ mixed(houses.astype(np.uint64) + np.uint64(1))


def distinct_of(found: Rows, houses: Offsets, boilerplate: Hashes) -> Rows:
    """The shingles of some texts that their outlets do not repeat, ascending, each once."""
    owners = np.repeat(np.arange(len(found.sizes)), found.sizes)
    values = np.where(is_boilerplate(found.values, owners, houses, boilerplate), np.uint32(0), found.values)
    return distinct(len(houses), owners, values)


def is_boilerplate(hashes: Narrow, owners: Offsets, houses: Offsets, boilerplate: Hashes) -> Flags:
    """For each shingle whether its outlet repeats it: known of those that all sketches keep, others go with them."""
    sampled = np.flatnonzero(kept_at(LEVELS, hashes) & (hashes > 0))
    if not len(sampled) or not len(boilerplate):
        return np.zeros(len(hashes), bool)
    docs, limits = owners[sampled], np.searchsorted(owners, np.arange(len(houses) + 1))
    keys = of_house(hashes[sampled], houses[docs])
    found = boilerplate[np.minimum(np.searchsorted(boilerplate, keys), len(boilerplate) - 1)] == keys
    halves = (sampled[:-1] + sampled[1:] + 1) // 2
    same = docs[:-1] == docs[1:]
    firsts = np.append(limits[docs[:1]], np.where(same, halves, limits[docs[1:]]))
    lasts = np.append(np.where(same, halves, limits[docs[:-1] + 1]), limits[docs[-1:] + 1])
    inside = np.zeros(len(hashes) + 1, np.int64)
    np.add.at(inside, firsts[found], 1)
    np.add.at(inside, lasts[found], -1)
    repeated: Flags = np.cumsum(inside)[:-1] > 0
    return repeated


def distinct(texts: int, owners: Offsets, values: Narrow) -> Rows:
    """The values of each text, ascending, each once, and none that is 0."""
    keys = keyed(owners, values)
    keys.sort()
    once = narrow(keys) > 0
    once[1:] &= keys[1:] != keys[:-1]
    keys = keys[once]
    return Rows(np.bincount((keys >> VALUE_BITS).astype(np.int64), minlength=texts), narrow(keys))


def keyed(owners: Offsets, values: Narrow) -> Hashes:
    """Keys of values, each under its owner's place."""
    return (owners.astype(np.uint64) << VALUE_BITS) | values


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
