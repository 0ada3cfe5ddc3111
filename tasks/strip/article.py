"""Tells articles from other pages: shops, listings, forums, error and login pages.

A logistic regression over a few figures of the labelled document, among them how its words and its short lines stand
in a lexicon of what such pages say. Learnt on articles against `wcxb_other` (see `labeller.md`).
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.strip.features import looked_up
from tasks.strip.kinds import KEPT, Labelled
from tasks.strip.tokens import Hashes, read
from tasks.text import Piece

PRICE = re.compile(r"[$€£¥₹₽]\s?\d|\d\s?(?:[€£₽]|USD|EUR)\b")
PROSE_LENGTH = 80
# A line of a menu, a button, a heading; the words of longer ones are looked up one by one only.
SHORT = 40
# So many entries at each end of a document's sorted lore say most.
ENDS = 20
SIXTEENTHS = 16
# Where half of a document is kept, it is short news or clean text, whatever the rest looks like.
MOSTLY_KEPT = 0.5


class Judge(NamedTuple):
    """What was learnt: how much more often a word or a short line is in articles than in other pages, and weights."""

    words: NDArray[np.int8]
    lines: NDArray[np.int8]
    weights: NDArray[np.float64]
    """what each figure adds to the log odds"""
    bias: float


@cache
def judge() -> Judge:
    """The judge that comes with copydesk."""
    with np.load(Path(str(files("tasks.strip").joinpath("article.npz")))) as kept:
        return Judge(kept["words"], kept["lines"], kept["weights"], float(kept["bias"]))


def likeness(text: str, spans: Sequence[Labelled]) -> float:
    """How probable it is that a labelled document is an article, 0 to 1; 1 where most of it is kept."""
    if sum(span.end - span.start for span in spans if span.kind in KEPT) >= MOSTLY_KEPT * max(1, len(text)):
        return 1.0
    known = judge()
    found = figures(text, spans) + lore(known, *vocabulary(text, spans))
    odds = known.bias + sum(weight * figure for weight, figure in zip(known.weights.tolist(), found, strict=True))
    return 1 / (1 + math.exp(-max(-60.0, odds)))


def vocabulary(text: str, spans: Sequence[Labelled]) -> tuple[Hashes, Hashes]:
    """The hashes of a document's words and of its short lines, each once."""
    if not spans:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    found = read([text], [[Piece(span.start, span.end) for span in spans]])
    short = np.array([span.end - span.start < SHORT for span in spans])
    return np.unique(found.words), np.unique(found.lines[short & (found.lines > 0)])


def lore(known: Judge, words: Hashes, lines: Hashes) -> tuple[float, ...]:
    """How a document's words and short lines stand in the lexicon."""
    return (*standing(looked_up(known.words, words)), *standing(looked_up(known.lines, lines)))


def standing(entries: NDArray[np.int64]) -> tuple[float, ...]:
    """The mean of some entries, that of the lowest and of the highest, and how many are far from even."""
    if not entries.size:
        return (0.0,) * 5
    ordered = np.sort(entries) / SIXTEENTHS
    return (
        float(ordered.mean()),
        float(ordered[:ENDS].mean()),
        float(ordered[-ENDS:].mean()),
        float((ordered < -1).mean()),
        float((ordered > 1).mean()),
    )


def figures(text: str, spans: Sequence[Labelled]) -> tuple[float, ...]:
    """What a labelled document shows of being an article, a number a sign."""
    sizes = [span.end - span.start for span in spans]
    total = max(1, sum(sizes))
    kept = [(span.score, size) for span, size in zip(spans, sizes, strict=True) if span.kind in KEPT]
    chars, prose = sum(size for _, size in kept), [size for _, size in kept if size >= PROSE_LENGTH]
    sure = sum(
        size * (span.score if span.kind in KEPT else 1 - span.score) for span, size in zip(spans, sizes, strict=True)
    )
    kinds = {span.kind for span in spans}
    return (
        math.log1p(chars),
        chars / total,
        sum(score * size for score, size in kept) / max(1, chars),
        math.log1p(len(prose)),
        sum(prose) / max(1, chars),
        sure / total,
        1000 * len(PRICE.findall(text)) / total,
        math.log1p(len(spans)),
        float("dateline" in kinds),
        float("byline" in kinds),
        float("title" in kinds),
        sum(text.count(mark) for mark in ".。!?") * 100 / total,
    )
