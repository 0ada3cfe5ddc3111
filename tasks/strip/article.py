"""Tells articles from other pages: shops, listings, forums, error and login pages.

A logistic regression over a few figures of the labelled document, among them how its words and its short lines stand
in a lexicon of what such pages say, and what another regression, over its words alone, makes of it. Learnt on articles
against `wcxb_other` (see `labeller.md`).
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.strip.features import slots
from tasks.strip.kinds import KEPT, Kind
from tasks.strip.notices import BRIEF, is_notice
from tasks.strip.sieve import column, for_re2
from tasks.strip.tokens import CLASS, Ints, Segments, distinct

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

PRICE = for_re2(r"[$€£¥₹₽]\s?\d|\d\s?(?:[€£₽]|USD|EUR)\b")
LETTERS = [CLASS[name] for name in ("lower", "upper", "letter", "single")]
KINDS = get_args(Kind)
ARE_KEPT = np.array([kind in KEPT for kind in KINDS])
PROSE_LENGTH = 80
# A line of a menu, a button, a heading; the words of longer ones are looked up one by one only.
SHORT = 40
# So many entries at each end of a document's sorted lore say most.
ENDS = 20
SIXTEENTHS = 16
SIZE = 1 << 15
# What an entry of the lexicon can be.
VALUES = np.arange(-128, 128)
# News in brief, and what was clean when it came, have little that speaks for them: of articles cut to a paragraph or
# three up to 9 % were thought less likely than .02, and 1.5 % of whole ones without what stood around them.
MOSTLY, WHOLLY = 0.5, 0.95
FLOOR = 0.05


class Judge(NamedTuple):
    """What was learnt: how much more often a word or a short line is in articles than in other pages, and weights."""

    words: NDArray[np.int8]
    lines: NDArray[np.int8]
    leanings: NDArray[np.int8]
    """what each word weighs when all of a document's are weighed together"""
    weights: Floats
    """what each figure adds to the log odds"""
    bias: float


@cache
def judge() -> Judge:
    """The judge that comes with copydesk."""
    with np.load(Path(str(files("tasks.strip").joinpath("article.npz")))) as kept:
        return Judge(kept["words"], kept["lines"], kept["leanings"], kept["weights"], float(kept["bias"]))


class Spans(NamedTuple):
    """The spans of some labelled documents, one after the other."""

    kind: Ints
    """its number among KINDS"""
    score: Floats
    size: Ints
    """in characters"""
    seen: Segments
    """the characters and words of each"""

    @property
    def documents(self) -> int:
        """How many documents they are of."""
        return self.seen.bounds.size - 1

    @property
    def are_kept(self) -> Flags:
        """Which of them are kept."""
        return ARE_KEPT[self.kind]

    def number(self, chosen: Flags) -> Ints:
        """How many of each document's are chosen."""
        return np.bincount(self.seen.document[chosen], minlength=self.documents)

    def total(self, values: NDArray[Any], chosen: Flags | slice = slice(None)) -> NDArray[Any]:
        """What the chosen ones of each document are worth together."""
        return np.bincount(self.seen.document[chosen], values[chosen], self.documents)


def in_columns(spans: pa.Table, seen: Segments) -> Spans:
    """The spans of some documents as columns, given the characters and words of each."""
    return Spans(
        kind=pc.index_in(spans.column("kind"), pa.array(KINDS)).to_numpy(),
        score=spans.column("score").to_numpy(),
        size=pc.subtract(spans.column("end"), spans.column("start")).to_numpy(),
        seen=seen,
    )


def likenesses(texts: Sequence[str], spans: Spans) -> list[float]:
    """How probable it is that each of some labelled documents is an article, 0 to 1.

    0 for a server's notice; not next to 0 for what else is brief, or clean.
    """
    known, size = judge(), sizes(texts)
    rows = np.concatenate((figures(texts, spans), lore(known, spans.documents, *vocabulary(spans))), axis=1)
    likely = 1 / (1 + np.exp(-np.maximum(known.bias + (rows * known.weights).sum(axis=1), -60)))
    is_brief_or_clean = spans.total(spans.size, spans.are_kept) >= np.where(size < BRIEF, MOSTLY, WHOLLY) * size
    likely[is_brief_or_clean] = np.maximum(FLOOR, likely[is_brief_or_clean])
    likely[[not text or is_notice(text) for text in texts]] = 0
    found: list[float] = likely.tolist()
    return found


def sizes(texts: Sequence[str]) -> Ints:
    """The characters of each text."""
    return np.array([len(text) for text in texts], np.int64)


def vocabulary(spans: Spans) -> tuple[Ints, Ints]:
    """The places of each document's words and of its short lines in the lexicon, each once.

    As SIZE times the document's number and the place.
    """
    seen, short = spans.seen, (spans.size < SHORT) & (spans.seen.lines > 0)
    words = seen.document[seen.word_segment] * SIZE + slots(seen.words, SIZE)
    return distinct(words), distinct(seen.document[short] * SIZE + slots(seen.lines[short], SIZE))


def lore(known: Judge, documents: int, words: Ints, lines: Ints) -> Floats:
    """How each document's words and short lines stand in the lexicon, and what its words weigh together."""
    (of_word, word), (of_line, line) = np.divmod(words, SIZE), np.divmod(lines, SIZE)
    weight = np.bincount(of_word, known.leanings[word], documents) / SIXTEENTHS
    together = weight / np.sqrt(np.maximum(1, np.bincount(of_word, minlength=documents)))
    found = (standing(known.words[word], of_word, documents), standing(known.lines[line], of_line, documents))
    return np.column_stack((*found, together))


def standing(entries: NDArray[np.int8], document: Ints, documents: int) -> Floats:
    """The mean of each document's entries, that of the lowest and of the highest, and how many are far from even."""
    number = VALUES.size * document + entries - VALUES[0]
    counts = np.bincount(number, minlength=VALUES.size * documents).reshape(documents, VALUES.size)
    size = np.maximum(1, counts.sum(axis=1))
    ends = np.minimum(ENDS, size) * SIXTEENTHS
    return np.column_stack(
        (
            counts @ VALUES / (size * SIXTEENTHS),
            first(counts) @ VALUES / ends,
            first(counts[:, ::-1]) @ VALUES[::-1] / ends,
            counts[:, VALUES < -SIXTEENTHS].sum(axis=1) / size,
            counts[:, VALUES > SIXTEENTHS].sum(axis=1) / size,
        )
    )


def first(counts: Ints) -> Ints:
    """Of counts in a row the first ENDS that are counted."""
    found: Ints = np.diff(np.minimum(counts.cumsum(axis=1), ENDS), prepend=0)
    return found


def figures(texts: Sequence[str], spans: Spans) -> Floats:
    """What each labelled document shows of being an article, a row of numbers."""
    kept, counts = spans.are_kept, spans.seen.counts
    total, number = np.maximum(1, sizes(texts)), np.maximum(1, np.diff(spans.seen.bounds))
    chars, prose = spans.total(spans.size, kept), kept & (spans.size >= PROSE_LENGTH)
    some, words = np.maximum(1, chars), np.maximum(1, spans.total(np.diff(spans.seen.word_start), kept))
    sure = np.where(kept, spans.score, 1 - spans.score) * spans.size
    dates, bylines, titles = (spans.number(spans.kind == KINDS.index(kind)) for kind in ("dateline", "byline", "title"))
    ends = counts[:, CLASS["terminal"]]
    return np.column_stack(
        (
            np.log1p(chars),
            chars / total,
            spans.total(spans.score * spans.size, kept) / some,
            np.log1p(spans.number(prose)),
            spans.total(spans.size, prose) / some,
            spans.total(sure) / total,
            1000 * pc.count_substring_regex(column(texts), PRICE).to_numpy() / total,
            np.log1p(number),
            np.log1p(dates),
            np.log1p(bylines),
            titles > 0,
            last_kept(spans) / number,
            spans.total(counts[:, LETTERS].sum(axis=1), kept) / words,
            100 * spans.total(ends, kept) / words,
            100 * spans.total(spans.seen.questions, kept) / words,
            100 * spans.total(ends) / total,
        )
    )


def last_kept(spans: Spans) -> Ints:
    """How many spans each document has up to the last that is kept; all of them where none is."""
    bounds, found = spans.seen.bounds, np.diff(spans.seen.bounds)
    kept = np.flatnonzero(spans.are_kept)
    document = spans.seen.document[kept]
    found[document] = kept + 1 - bounds[document]
    return found
