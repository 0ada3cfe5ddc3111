"""Keep: which document of a cluster is published, and what ties the others to it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tasks.dedupe.rows import RelationKind

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


class Tie(NamedTuple):
    """A duplicate's tie to another document, by number; `kind` is copy or revision, `strength` its best containment."""

    other: int
    kind: RelationKind
    strength: float


def tied(cluster: Sequence[int], known: Mapping[int, Known], sizes: Any, best: Any) -> dict[int, Tie]:
    """Each duplicate of a cluster tied to the document that is kept."""
    keeps = best_of(cluster, known, sizes)
    return {
        doc: Tie(keeps, "revision" if follows(known[doc], known[keeps]) else "copy", float(best[doc]))
        for doc in cluster
        if doc != keeps
    }


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


def kept(doc: int, ties: Mapping[int, Tie]) -> int:
    """The document that is published in place of another: the end of its ties."""
    while doc in ties:
        doc = ties[doc].other
    return doc
