"""The learned labeller: how probable each segment is body, by one forest for plain text and one for pages.

The forests and their lexicon are in `labeller.npz`, beside the note on how they were made (`labeller.md`).
"""

from collections.abc import Mapping, Sequence
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
from tasks.strip.markup import markup_columns
from tasks.strip.rereading import rereading_columns
from tasks.text import Piece

Scores = NDArray[np.float64]
FORMS = ("text", "again", "page")
PARTS = ("names", "feature", "border", "leaf", "bias")


class Labeller(NamedTuple):
    """What was learnt: the lexicon, the forests of the first and second reading of plain text, and that for pages."""

    lexicon: Lexicon
    text: Forest
    again: Forest
    page: Forest


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


def text_scores(known: Labeller, texts: Sequence[str], pieces: Sequence[Sequence[Piece]]) -> list[Scores]:
    """How probable each segment of some plain texts is body."""
    read = tokens.read(texts, pieces)
    columns = text_columns(read, known.lexicon)
    columns |= rereading_columns(read, columns, scored(known.text, columns), known.lexicon)
    return by_document(read, scored(known.again, columns))


def page_scores(
    known: Labeller,
    layouts: Sequence[Layout],
    pieces: Sequence[Sequence[Piece]],
    kept: Sequence[Sequence[float]],
) -> list[Scores]:
    """How probable each block of some pages is body; `kept` has trafilatura's verdict on each."""
    read = tokens.read([layout.text for layout in layouts], pieces)
    columns = page_columns(read, layouts, kept, known.lexicon)
    return by_document(read, scored(known.page, columns))


def scored(known: Forest, columns: Columns) -> Scores:
    """How probable a forest takes each segment to be body."""
    return probabilities(known, table(columns, known.names))


def text_columns(read: tokens.Segments, lexicon: Lexicon) -> Columns:
    """What there is to know of the segments of plain text."""
    own = features.own_columns(read, lexicon)
    return own | features.context_columns(read, own)


def page_columns(
    read: tokens.Segments, layouts: Sequence[Layout], kept: Sequence[Sequence[float]], lexicon: Lexicon
) -> Columns:
    """What there is to know of a page's blocks."""
    columns = text_columns(read, lexicon)
    return columns | markup_columns(read, layouts, kept, lexicon, features.prose_length(read, columns))


def by_document(read: tokens.Segments, found: Scores) -> list[Scores]:
    """The scores cut up by document."""
    return np.split(found, read.bounds[1:-1])
