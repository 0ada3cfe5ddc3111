"""Relate: the row of a duplicate, with every passage that it shares with the document it is tied to, and why."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.dedupe.boilerplate import Each
from tasks.dedupe.compare import PAIRS_AT_ONCE, Common, slices
from tasks.dedupe.evidence import Evidence, keyed, narrow
from tasks.dedupe.keep import Ties
from tasks.dedupe.memory import NOTHING
from tasks.dedupe.rows import Relation
from tasks.dedupe.shelf import Rows
from tasks.dedupe.shingles import SHINGLE, Hashes, Offsets
from tasks.stage import schema

INSIDE, TWICE = 0.8, 2  # an excerpt is so much inside the other, which is so many times as long


def related(names: pa.ChunkedArray, ties: Ties, common: Common, shared: Rows) -> pa.Table:
    """The relations of duplicates to the documents that they are tied to, given what each pair has in common."""
    fuller = ties.docs < ties.others
    ours, theirs = np.where(fuller, (common.ours, common.theirs), (common.theirs, common.ours))
    kinds = kinds_of(ties, common, ours, theirs)
    columns = [
        names.take(ties.docs),
        names.take(ties.others),
        kinds.tolist(),
        np.round(ties.strength, 4),
        np.round(common.containment, 4),
        np.round(common.jaccard, 4),
        listed(shared),
        reasons(kinds, ties, common, ours <= theirs),
    ]
    return pa.table(columns, schema=schema(Relation))


def kinds_of(ties: Ties, common: Common, ours: Offsets, theirs: Offsets) -> NDArray[np.str_]:
    """What ties each duplicate: an excerpt stands inside a text that is much longer."""
    inside = (common.containment >= INSIDE) & (TWICE * ours <= theirs)
    return np.where(ties.revised, "revision", np.where(inside, "excerpt", "copy"))


def reasons(kinds: NDArray[np.str_], ties: Ties, common: Common, shorter: NDArray[np.bool_]) -> list[str]:
    """What spoke for each tie, in words."""
    fewer = np.minimum(common.ours, common.theirs)
    columns = (kinds, shorter, common.shingles, fewer, common.containment, common.agreement, ties.strength)
    return [why(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def why(
    kind: str, shorter: bool, shared: int, fewer: int, containment: float, agreement: float, strength: float
) -> str:
    """What spoke for a tie, in words."""
    whose = "its" if shorter else "the other's"
    shares = f"{shared} of {whose} {fewer} shingles are in both"
    if kind == "revision":
        return f"an earlier state of the same source or address; {shares}"
    through = f"; another copy has {strength:.0%} in common with it" if strength > containment else ""
    return f"{shares}, and {agreement:.0%} of the figures in like places agree{through}"


def listed(shared: Rows) -> pa.ListArray:
    """The passages of each tie as Parquet has them."""
    kind = schema(Relation).field("shared").type
    columns = [pa.array(column, pa.int64()) for column in shared.values.T.astype(np.int64)]
    offsets = np.append(0, np.cumsum(shared.sizes)).astype(np.int32)
    rows = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(offsets, rows, type=kind)


def passages(docs: Offsets, others: Offsets, evidence: Evidence, each: Each) -> Rows:
    """The passages that each pair of documents shares, in the order of the first: rows of `Passage`.

    A passage is a run of shingles that follow each other in both. A shingle that the other has several times is taken
    for its first.
    """
    work = partial(passages_of_slice, docs=docs, others=others, evidence=evidence)
    return joined(each(work, range(-(-len(docs) // PAIRS_AT_ONCE))))


def joined(found: Iterable[Rows]) -> Rows:
    """Stretches of passages, one lot after another."""
    return Rows(*(np.concatenate(column) for column in zip(*[NOTHING.ties.rows, *found], strict=True)))


def passages_of_slice(number: int, docs: Offsets, others: Offsets, evidence: Evidence) -> Rows:
    """The passages that each pair of a slice shares."""
    here = slice(number * PAIRS_AT_ONCE, (number + 1) * PAIRS_AT_ONCE)
    docs, others = docs[here], others[here]
    some = slices(evidence.shingles.sizes[docs] + evidence.shingles.sizes[others])
    return joined(passages_of_some(docs[few], others[few], evidence) for few in some)


def passages_of_some(docs: Offsets, others: Offsets, evidence: Evidence) -> Rows:
    """The passages that each of a few pairs shares."""
    owners, ours = evidence.shingles.owners(docs), evidence.shingles.places(docs)
    peers, theirs = evidence.shingles.owners(others), evidence.shingles.places(others)
    here, there = met(
        keyed(owners, evidence.shingles.take(ours)),
        keyed(peers, evidence.shingles.take(theirs)),
    )
    breaks = np.flatnonzero((np.diff(here) != 1) | (np.diff(there) != 1)) + 1
    firsts, lasts = (np.append(0, breaks), np.append(breaks, len(here)) - 1) if len(here) else (breaks, breaks)
    starts = evidence.starts.take(ours[here[firsts]])
    ends = evidence.ends.take(ours[here[lasts] + SHINGLE - 1])
    rows = np.stack([starts, evidence.starts.take(theirs[there[firsts]]), ends - starts], axis=1)
    return Rows(np.bincount(owners[here[firsts]], minlength=len(docs)), rows.astype(np.int32))


def met(wanted: Hashes, keys: Hashes) -> tuple[Offsets, Offsets]:
    """The places of the wanted keys that are among some keys, and for each the first place there.

    What is under a pair's place is 0 where there is no shingle.
    """
    firsts = pc.index_in(pa.array(wanted), pa.array(keys)).fill_null(-1).to_numpy()
    here = np.flatnonzero((firsts >= 0) & (narrow(wanted) > 0))
    return here, firsts[here]
