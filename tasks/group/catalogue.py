"""Reads the signs of the whole corpus without ever holding more of them than a batch."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from tempfile import TemporaryFile
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks import dedupe
from tasks.dedupe import Fate
from tasks.group.rows import SIGN, BackReference, Sign
from tasks.store import Store

SPILL = ".spill"  # in the store; whoever asks for stories removes it
# What orders a back-reference, and where it lies.
ORDER = np.dtype([("day", np.int32), ("doc_id", "S16"), ("start", np.int32), ("place", np.int64)])


class Entry(NamedTuple):
    """What is held of every article of the corpus."""

    doc_id: str
    part: str
    published: str | None
    day: date | None
    title: str | None
    outlet: str | None
    language: str | None
    words: int

    @property
    def ordinal(self) -> int | None:
        """The day as a number; None where there is none."""
        return self.day.toordinal() if self.day else None


def hidden(store: Store) -> set[str]:
    """The documents that dedupe keeps as another one."""
    found: set[str] = set()
    for part in store.parts(dedupe.STAGE, Fate):
        found.update(store.read(dedupe.STAGE, Fate, part, ["doc_id"]).column("doc_id").to_pylist())
    return found


def catalogue(store: Store) -> list[Entry]:
    """An entry for every article: those without a date first, then by day, then by doc_id."""
    left_out = hidden(store)
    columns = [name for name in Entry._fields if name != "part"]
    found = []
    for part in store.parts(SIGN, Sign):
        known = store.read(SIGN, Sign, part, columns).to_pylist()
        found += [Entry(part=part, **row) for row in known if row["doc_id"] not in left_out]
    return sorted(found, key=lambda entry: (entry.day or date.min, entry.doc_id))


@contextmanager
def spilled(store: Store) -> Iterator[BinaryIO]:
    """A file for what cannot all be held, which is gone afterwards."""
    folder = store.root / SPILL
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as file:
        yield file


def put(file: BinaryIO, record: object) -> int:
    """Puts a record away; returns where it lies."""
    place = file.tell()
    pickle.dump(record, file)
    return place


def taken(file: BinaryIO, places: Iterable[int]) -> Iterator[Any]:
    """The records that lie there."""
    for place in places:
        file.seek(place)
        yield pickle.load(file)


def in_order(store: Store, doc_ids: Sequence[str], only: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The wanted columns of these documents' signs, doc_id among them, in the order in which they are named."""
    numbers = {doc_id: number for number, doc_id in enumerate(doc_ids)}
    places = np.zeros(len(doc_ids), np.int64)
    with spilled(store) as file:
        for part in store.parts(SIGN, Sign) if doc_ids else ():
            found = store.read(SIGN, Sign, part, only)
            found = found.filter(pc.is_in(found.column("doc_id"), pa.array(doc_ids, pa.string())))
            for row in found.to_pylist():
                places[numbers[row["doc_id"]]] = put(file, row)
        yield from taken(file, places.tolist())


def back_references(store: Store) -> Iterator[tuple[str, date | None, BackReference]]:
    """Every back-reference with its article's doc_id and day, by the first day that it may mean."""
    rows = [np.zeros(0, ORDER)]
    with spilled(store) as file:
        for part in store.parts(SIGN, Sign):
            found = store.read(SIGN, Sign, part, ["doc_id", "day", "references"])
            rows.append(
                np.array([*placed(file, zip(*(column.to_pylist() for column in found.columns), strict=True))], ORDER)
            )
        every = np.concatenate(rows)
        yield from taken(file, every["place"][np.argsort(every, order=("day", "doc_id", "start"))].tolist())


def placed(file: BinaryIO, signs: Iterable[tuple[str, date | None, list[dict[str, Any]]]]) -> Iterator[tuple[Any, ...]]:
    """Puts the back-references of some signs away; what orders each, and where it lies."""
    for doc_id, day, references in signs:
        for told in references:
            one = BackReference(**told)
            yield one.first_day.toordinal(), doc_id, one.start, put(file, (doc_id, day, one))
