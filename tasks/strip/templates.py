"""What an outlet prints on every page: lines that the labeller kept and that four or more of its articles have.

Only lines that were kept are counted, for the others need no second verdict; and the labels of a document are never
made anew for what its outlet turns out to repeat. Copies count once: a document most of whose paragraphs stand in
others of its outlet goes by the name of one of those paragraphs, or the body of a wire story that four papers printed
would pass for boilerplate. All is counted over the whole corpus, so the order in which documents came never shows.

On hosts that the labeller had not seen, lines in two articles added .003 to shingle F1 on pages and .006 on dumps of
`sites`, and nothing on `fundus`, where next to nothing was left to find. Of 1,158 articles of 171 outlets without
furniture (the development set of dedupe, all lines taken for kept) it removed no line; with furniture around them, a
line or more of 912, none of which was theirs.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.stage import schema, table, whole
from tasks.strip.kinds import KEPT, Labelled
from tasks.strip.tokens import MULTIPLIER, Hashes, Ints, Segments, distinct, read
from tasks.text import Piece

Flags = NDArray[np.bool_]

# Shorter lines that repeat are as often a part of the article: `Pros`, `Chemnitz.` (development pages, by host).
NOTE_WORDS = 4
# From so many words on a line is a paragraph: one amid others that do not repeat is background, and stays.
PARAGRAPH_WORDS = 12
COPY_SHARE = 0.5


@table("printings")
class Printing(NamedTuple):
    """The lines of a document that its labels keep, as hashes of their words, each once."""

    doc_id: Annotated[str, "the document"]
    outlet: Annotated[str, "what its outlet goes by before anything is read: its host, its name, its folder"]
    notes: Annotated[list[int], "its lines of four to eleven words"]
    paragraphs: Annotated[list[int], "its longer lines"]


@table("repeats", sorted_by=("doc_id", "line"))
class Repeat(NamedTuple):
    """A line that a document has and its outlet repeats."""

    doc_id: Annotated[str, "the document"]
    line: Annotated[int, "hash of the line's words"]


class Lines(NamedTuple):
    """The lines of some documents, one after the other."""

    keys: Hashes
    """the line's hash, made its outlet's own"""
    lines: Ints
    """the line's hash"""
    documents: Ints
    """the number of the line's document"""
    is_paragraph: Flags

    def only(self, chosen: Flags) -> "Lines":
        """Those lines that are chosen."""
        return Lines(self.keys[chosen], self.lines[chosen], self.documents[chosen], self.is_paragraph[chosen])


def printed(doc_ids: Sequence[str], outlets: Sequence[str], kept: Flags, seen: Segments) -> list[Printing]:
    """What documents of some outlet have printed of what may turn out to be on every page of it.

    `seen` has the documents' spans, and `kept` says which of them are kept.
    """
    size = np.diff(seen.word_start)
    notes = lines_by_document(seen, kept & (size >= NOTE_WORDS) & (size < PARAGRAPH_WORDS))
    paragraphs = lines_by_document(seen, kept & (size >= PARAGRAPH_WORDS))
    found = zip(doc_ids, outlets, notes, paragraphs, strict=True)
    return [Printing(doc_id, outlet, *lines) for doc_id, outlet, *lines in found if outlet]


def lines_by_document(seen: Segments, chosen: Flags) -> list[list[int]]:
    """The hashes of the chosen lines of each document, each once and sorted."""
    rows = np.flatnonzero(chosen)
    ends = np.searchsorted(rows, seen.bounds).tolist()
    found = seen.lines[rows].view(np.int64).tolist()
    return [sorted({*found[start:end]}) for start, end in pairwise(ends)]


def line_hashes(lines: Sequence[str]) -> tuple[list[int], list[int]]:
    """The hash of each line's words, by which equal lines are told, and how many words they are."""
    if not lines:
        return [], []
    found = read(lines, [[Piece(0, len(line))] for line in lines])
    return found.lines.view(np.int64).tolist(), np.diff(found.word_start).tolist()


def repeats(printings: Mapping[str, pa.Table], least: int) -> Iterator[tuple[str, pa.Table]]:
    """For every part the lines of its documents that their outlets repeat, as a table of `Repeat`.

    `printings` are the parts' tables of `Printing`.
    """
    rows = whole(Printing, printings.values())
    every = lines_of(rows)
    often = frequent(every.keys, least)
    held = every.only(np.asarray(pc.is_in(pa.array(every.keys), pa.array(often))))
    names, numbers = names_of(held, every, rows), np.searchsorted(often, held.keys)
    told = distinct(numbers * names.size + names[held.documents]) // max(1, names.size)
    learnt = held.only((np.bincount(told, minlength=often.size) >= least)[numbers])
    ends = np.cumsum([found.num_rows for found in printings.values()])
    yield from zip(printings, as_repeats(learnt, rows, ends), strict=True)


def lines_of(found: pa.Table) -> Lines:
    """The lines of some documents."""
    outlets = found.column("outlet").combine_chunks().dictionary_encode()
    own = np.array([key_of(outlet) for outlet in outlets.dictionary.to_pylist()], np.uint64)[outlets.indices]
    notes, paragraphs = (flat(found.column(name)) for name in ("notes", "paragraphs"))
    lines, documents = (np.concatenate(columns) for columns in zip(notes, paragraphs, strict=True))
    is_paragraph = np.arange(lines.size) >= notes[0].size
    return Lines(lines.view(np.uint64) * MULTIPLIER ^ own[documents], lines, documents, is_paragraph)


def flat(column: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """The values of a column of lists, and the row of each."""
    whole = column.combine_chunks()
    return pc.list_flatten(whole).to_numpy(), pc.list_parent_indices(whole).to_numpy()


def key_of(outlet: str) -> int:
    """A number for an outlet, the same in every run."""
    return int.from_bytes(hashlib.blake2b(outlet.encode(), digest_size=8).digest())


def frequent(keys: Hashes, least: int) -> Hashes:
    """The keys that are there so many times, sorted."""
    found, counts = np.unique(keys, return_counts=True)
    return found[counts >= least]


def names_of(held: Lines, every: Lines, found: pa.Table) -> Ints:
    """A number for what each document counts as: itself, or the copies of one article that all have most paragraphs."""
    names = np.array([int(doc_id, 16) for doc_id in found.column("doc_id").to_pylist()], np.uint64)
    shared = held.only(held.is_paragraph)
    count = np.bincount(shared.documents, minlength=names.size)
    total = np.bincount(every.documents[every.is_paragraph], minlength=names.size)
    lowest = np.full(names.size, 2**64 - 1, np.uint64)
    np.minimum.at(lowest, shared.documents, shared.keys)
    return np.unique(np.where((count > 0) & (count >= COPY_SHARE * total), lowest, names), return_inverse=True)[1]


def as_repeats(found: Lines, printings: pa.Table, ends: Ints) -> Iterator[pa.Table]:
    """The lines as rows, a table for the documents up to each of these ends."""
    order = np.argsort(found.documents, kind="stable")
    documents = found.documents[order]
    doc_ids = printings.column("doc_id").take(pa.array(documents)).combine_chunks()
    rows = pa.table({"doc_id": doc_ids, "line": found.lines[order]}, schema(Repeat))
    edges = np.append(0, np.searchsorted(documents, ends)).tolist()
    return (rows.slice(start, end - start) for start, end in pairwise(edges))


def printed_on_every_page(text: str, spans: Sequence[Labelled], repeated: frozenset[int]) -> list[bool]:
    """For each span whether it is kept and its outlet repeats it.

    None is where they would be most of what is kept: that is a copy of something, not boilerplate. And none is that is
    a paragraph between others that do not repeat: the background of a story that runs for weeks.
    """
    lines, sizes = line_hashes([text[span.start : span.end] for span in spans])
    kept = [span.kind in KEPT for span in spans]
    hit = [is_kept and line in repeated for is_kept, line in zip(kept, lines, strict=True)]
    own = [is_kept and not is_hit for is_kept, is_hit in zip(kept, hit, strict=True)]
    if total_of(sizes, hit) >= COPY_SHARE * total_of(sizes, kept):
        return [False] * len(spans)
    return [
        is_hit and not (sizes[at] >= PARAGRAPH_WORDS and 0 < at < len(own) - 1 and own[at - 1] and own[at + 1])
        for at, is_hit in enumerate(hit)
    ]


def total_of(sizes: Sequence[int], chosen: Sequence[bool]) -> int:
    """The sum of those sizes that are chosen."""
    return sum(size for size, is_one in zip(sizes, chosen, strict=True) if is_one)
