"""Keeps on disk what a back-reference may share with each article, for those of a corpus are too many to hold."""

from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

import numpy as np

from tasks.group.catalogue import SPILL
from tasks.group.vector import KIND_MASK, LEAD, NAMES, PLACES
from tasks.group.window import Article
from tasks.store import Store

REFERRED = np.isin(np.arange(KIND_MASK + 1), (NAMES, PLACES, LEAD))  # the kinds that a mention may share
ROW = np.dtype([("term", np.int64), ("weight", np.float32)])


class Noted:
    """The names, places and words of the lead of each article, by its number, in a file."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.ends = array("q", [0])

    def passing(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles as they come, in the order of their numbers, each noted."""
        for article in articles:
            kept = REFERRED[article.terms.terms & KIND_MASK]
            rows = np.empty(int(kept.sum()), ROW)
            rows["term"], rows["weight"] = article.terms.terms[kept], article.terms.weights[kept]
            self.file.write(rows.tobytes())
            self.ends.append(self.ends[-1] + rows.nbytes)
            yield article

    def of(self, number: int) -> Iterator[tuple[int, float]]:
        """The terms of an article and their weights."""
        start, end = self.ends[number], self.ends[number + 1]
        self.file.seek(start)
        rows = np.frombuffer(self.file.read(end - start), ROW)
        return zip(rows["term"].tolist(), rows["weight"].tolist(), strict=True)


@contextmanager
def noting(store: Store) -> Iterator[Noted]:
    """Notes in a file of the store that is gone afterwards."""
    place = store.root / SPILL
    place.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=place) as file:
        yield Noted(file)
