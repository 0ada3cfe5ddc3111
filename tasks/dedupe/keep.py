"""Keep: which document of a cluster is published, and what ties the others to it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.shingles import Flags, Offsets

FULL = 0.9  # of the fullest document's shingles is as good as full


class Known(NamedTuple):
    """What is known of a document that is a duplicate or has one; `theirs` if it is of the corpus held against."""

    doc_id: str
    theirs: bool
    mtime_ns: int
    outlet: str | None
    agency: str | None
    published: str | None
    url: str | None


class Ties(NamedTuple):
    """Duplicates and the document that each is tied to, by number; whether it is an earlier state of that one's
    address, or else a copy; and its best containment in any copy.
    """

    docs: Offsets
    others: Offsets
    revised: Flags
    strength: NDArray[np.float64]

    def take(self, chosen: Offsets) -> "Ties":
        """The chosen ties."""
        return Ties(self.docs[chosen], self.others[chosen], self.revised[chosen], self.strength[chosen])


def tied(cluster: Sequence[int], known: Mapping[int, Known], sizes: Any) -> list[tuple[int, int, bool]]:
    """Each duplicate of a cluster with the document that is kept, and whether it is an earlier state of it."""
    keeps = best_of(cluster, known, sizes)
    return [(doc, keeps, follows(known[doc], known[keeps])) for doc in cluster if doc != keeps]


def best_of(cluster: Sequence[int], known: Mapping[int, Known], sizes: Any) -> int:
    """The document of a cluster that is kept. In this order it is

    1. the latest state of its address, where the cluster has several;
    2. of the corpus that ours is held against;
    3. full: at least nine tenths of the fullest one's text, boilerplate of its outlet not counted;
    4. from the agency that the cluster credits, if that is an outlet in it;
    5. the earliest published, a dated one before an undated one;
    6. the fullest; and where all that is equal, the one of the smallest doc_id.
    """
    agencies = {known[doc].agency for doc in cluster} - {None}
    newest: dict[str | None, int] = {}
    for doc in cluster:
        newest[known[doc].url] = max(newest.get(known[doc].url, 0), known[doc].mtime_ns)
    latest = [doc for doc in cluster if known[doc].url is None or known[doc].mtime_ns == newest[known[doc].url]]
    enough = FULL * max(sizes[doc] for doc in latest)

    def rank(doc: int) -> tuple[Any, ...]:
        about = known[doc]
        return (
            not about.theirs,
            sizes[doc] < enough,
            about.outlet not in agencies,
            about.published is None,
            about.published or "",
            -sizes[doc],
            about.doc_id,
        )

    return min(latest, key=rank)


def follows(older: Known, newer: Known) -> bool:
    """Whether one document is a later state of the other's address."""
    return older.url is not None and older.url == newer.url and older.mtime_ns < newer.mtime_ns


def kept(ties: Ties, documents: int) -> Offsets:
    """The document that is published in place of each duplicate: the end of its ties."""
    tied_to = np.arange(documents)
    tied_to[ties.docs] = ties.others
    found = ties.others
    while (tied_to[found] != found).any():
        found = tied_to[found]
    return found
