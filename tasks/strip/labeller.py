"""The learned labeller: how probable each segment is body, by two readings of a plain text, one or two of a page.

The forests and their lexicon are in `labeller.npz`, beside the note on how they were made (`labeller.md`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.page import Layout
from tasks.strip import features, tokens
from tasks.strip.features import Columns, Lexicon, table
from tasks.strip.forest import Forest, probabilities
from tasks.strip.markup import kept_columns, markup_columns
from tasks.strip.rereading import rereading_columns
from tasks.text import Piece

Scores = NDArray[np.float64]
Verdict = Callable[[int, Sequence[float]], Sequence[float]]
FORMS = ("text", "again", "page", "voted")
PARTS = ("names", "feature", "border", "leaf", "bias")
# A page of which more is in doubt is read again: a quarter of them. From .08 to .13 the F1 is flat; from .14 on it is
# .003 less on news pages, and less where all are read again.
DOUBT = 0.13


class Labeller(NamedTuple):
    """What was learnt: the lexicon, and the forests of the first and the second reading of plain text and of pages."""

    lexicon: Lexicon
    text: Forest
    again: Forest
    page: Forest
    voted: Forest
    """for pages in doubt: it knows what trafilatura keeps"""


@cache
def shipped() -> Labeller:
    """The labeller that comes with copydesk."""
    return load(Path(str(files("tasks.strip").joinpath("labeller.npz"))))


def load(path: Path) -> Labeller:
    """A labeller as `benchmarks/train_strip.py` writes it."""
    with np.load(path) as kept:
        lexicon = Lexicon(*(kept[f"lexicon.{name}"] for name in Lexicon._fields))
        return Labeller(lexicon, *(forest({part: kept[f"{form}.{part}"] for part in PARTS}) for form in FORMS))


def forest(kept: Mapping[str, NDArray[Any]]) -> Forest:
    """A forest as it is kept."""
    names = tuple(str(kept["names"]).split())
    return Forest(names, kept["feature"], kept["border"], kept["leaf"].astype(np.float32), float(kept["bias"]))


def text_scores(known: Labeller, read: tokens.Segments) -> list[Scores]:
    """How probable each segment of some plain texts is body."""
    columns = text_columns(read, known.lexicon)
    columns |= rereading_columns(read, columns, scored(known.text, columns), known.lexicon)
    return by_document(read, scored(known.again, columns, hasty=True))


def page_scores(
    known: Labeller, layouts: Sequence[Layout], pieces: Sequence[Sequence[Piece]], verdict: Verdict
) -> list[Scores]:
    """How probable each block of some pages is body.

    Pages that are in doubt are read again in the light of trafilatura's verdict, which costs more than all else:
    `verdict` has, for the page of a number and how much of each of its blocks is likely body, the share of each that it
    keeps.
    """
    read = tokens.read([layout.text for layout in layouts], pieces)
    columns = page_columns(read, layouts, known.lexicon)
    scores = scored(known.page, columns)
    unsure = np.flatnonzero(doubts(read, columns, scores) > DOUBT)
    if unsure.size:
        kept, rows = np.zeros(scores.size, np.int64), np.isin(read.document, unsure)
        likely = by_document(read, columns["length"] * scores)
        kept[rows] = thousandths([share for page in unsure.tolist() for share in verdict(page, likely[page].tolist())])
        columns |= kept_columns(read, layouts, kept)
        scores[rows] = scored(known.voted, {name: columns[name][rows] for name in known.voted.names})
    return by_document(read, scores)


def doubts(read: tokens.Segments, columns: Columns, scores: Scores) -> Scores:
    """How much of each document is on the wrong side, by its scores, against how much of it is body."""
    wrong, body = (
        np.bincount(read.document, columns["length"] * share, read.bounds.size - 1)
        for share in (np.minimum(scores, 1 - scores), scores)
    )
    return wrong / np.maximum(body, 1)


def thousandths(shares: Sequence[float]) -> tokens.Ints:
    """Shares as whole numbers."""
    return np.round(1000 * np.array(shares)).astype(np.int64)


def scored(known: Forest, columns: Columns, hasty: bool = False) -> Scores:
    """How probable a forest takes each segment to be body; in haste, hardly more than on which side of even it is."""
    return probabilities(known, table(columns, known.names), hasty)


def text_columns(read: tokens.Segments, lexicon: Lexicon) -> Columns:
    """What there is to know of the segments of plain text."""
    own = features.own_columns(read, lexicon)
    return own | features.context_columns(read, own)


def page_columns(read: tokens.Segments, layouts: Sequence[Layout], lexicon: Lexicon) -> Columns:
    """What there is to know of a page's blocks."""
    columns = text_columns(read, lexicon)
    return columns | markup_columns(read, layouts, lexicon, features.prose_length(read, columns))


def by_document(read: tokens.Segments, found: Scores) -> list[Scores]:
    """The scores cut up by document."""
    return np.split(found, read.bounds[1:-1])
