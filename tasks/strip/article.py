"""Tells articles from other pages: shops, listings, forums, error and login pages.

A logistic regression over a few figures of the labelled document, among them how its words and its short lines stand
in a lexicon of what such pages say, and what another regression, over its words alone, makes of it. Learnt on articles
against `wcxb_other` (see `labeller.md`).
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.strip.features import slots
from tasks.strip.kinds import KEPT, Labelled
from tasks.strip.notices import BRIEF, is_notice
from tasks.strip.tokens import CLASS, Hashes, Ints, Segments, read
from tasks.text import Piece

PRICE = re.compile(r"[$€£¥₹₽]\s?\d|\d\s?(?:[€£₽]|USD|EUR)\b")
MONEY = (*"$€£¥₹₽", "USD", "EUR")
QUESTIONS = "?？؟"
LETTERS = [CLASS[name] for name in ("lower", "upper", "letter", "single")]
PROSE_LENGTH = 80
# A line of a menu, a button, a heading; the words of longer ones are looked up one by one only.
SHORT = 40
# So many entries at each end of a document's sorted lore say most.
ENDS = 20
SIXTEENTHS = 16
SIZE = 1 << 15
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
    weights: NDArray[np.float64]
    """what each figure adds to the log odds"""
    bias: float


@cache
def judge() -> Judge:
    """The judge that comes with copydesk."""
    with np.load(Path(str(files("tasks.strip").joinpath("article.npz")))) as kept:
        return Judge(kept["words"], kept["lines"], kept["leanings"], kept["weights"], float(kept["bias"]))


def likeness(text: str, spans: Sequence[Labelled]) -> float:
    """How probable it is that a labelled document is an article, 0 to 1.

    0 for a server's notice; not next to 0 for what else is brief, or clean.
    """
    if not spans or is_notice(text):
        return 0.0
    known, seen = judge(), segments(text, spans)
    found = figures(text, spans, seen) + lore(known, *vocabulary(spans, seen))
    odds = known.bias + sum(weight * figure for weight, figure in zip(known.weights.tolist(), found, strict=True))
    probable = 1 / (1 + math.exp(-max(-60.0, odds)))
    return max(FLOOR, probable) if is_brief_or_clean(text, spans) else probable


def is_brief_or_clean(text: str, spans: Sequence[Labelled]) -> bool:
    """Whether most of a short text is kept, or nearly all of any."""
    kept = sum(span.end - span.start for span in spans if span.kind in KEPT)
    return kept >= (MOSTLY if len(text) < BRIEF else WHOLLY) * len(text)


def segments(text: str, spans: Sequence[Labelled]) -> Segments:
    """The characters and words of a document's spans, of which it has some."""
    return read([text], [[Piece(span.start, span.end) for span in spans]])


def vocabulary(spans: Sequence[Labelled], seen: Segments) -> tuple[Ints, Ints]:
    """The places of a document's words and of its short lines in the lexicon, each once."""
    short = np.array([span.end - span.start < SHORT for span in spans])
    return places(seen.words), places(seen.lines[short & (seen.lines > 0)])


def places(hashes: Hashes) -> Ints:
    """Where some hashes are in a table of the lexicon, each place once."""
    taken = np.zeros(SIZE, np.bool_)
    taken[slots(hashes, SIZE)] = True
    return np.flatnonzero(taken)


def lore(known: Judge, words: Ints, lines: Ints) -> tuple[float, ...]:
    """How a document's words and short lines stand in the lexicon, and what its words weigh together."""
    together = float(known.leanings[words].sum(dtype=np.int64)) / SIXTEENTHS / math.sqrt(max(1, words.size))
    return (*standing(known.words[words]), *standing(known.lines[lines]), together)


def standing(entries: NDArray[np.int8]) -> tuple[float, ...]:
    """The mean of some entries, that of the lowest and of the highest, and how many are far from even."""
    if not entries.size:
        return (0.0,) * 5
    ordered = np.sort(entries).astype(np.int64)
    low, high = np.searchsorted(ordered, -SIXTEENTHS), np.searchsorted(ordered, SIXTEENTHS, "right")
    ends = min(ENDS, ordered.size) * SIXTEENTHS
    return (
        float(ordered.sum()) / (ordered.size * SIXTEENTHS),
        float(ordered[:ENDS].sum()) / ends,
        float(ordered[-ENDS:].sum()) / ends,
        float(low) / ordered.size,
        1 - float(high) / ordered.size,
    )


def figures(text: str, spans: Sequence[Labelled], seen: Segments) -> tuple[float, ...]:
    """What a labelled document shows of being an article, a number a sign."""
    total, kinds = len(text), Counter(span.kind for span in spans)
    body = [at for at, span in enumerate(spans) if span.kind in KEPT]
    kept = [(spans[at].score, spans[at].end - spans[at].start) for at in body]
    chars, prose = sum(size for _, size in kept), [size for _, size in kept if size >= PROSE_LENGTH]
    left = [(1 - span.score, span.end - span.start) for span in spans if span.kind not in KEPT]
    sure = sum(score * size for score, size in kept + left)
    counts, words = seen.counts[body].sum(axis=0), max(1, int(np.diff(seen.word_start)[body].sum()))
    questions = sum(text.count(mark, spans[at].start, spans[at].end) for at in body for mark in QUESTIONS)
    return (
        math.log1p(chars),
        chars / total,
        sum(score * size for score, size in kept) / max(1, chars),
        math.log1p(len(prose)),
        sum(prose) / max(1, chars),
        sure / total,
        1000 * prices(text) / total,
        math.log1p(len(spans)),
        math.log1p(kinds["dateline"]),
        math.log1p(kinds["byline"]),
        float("title" in kinds),
        (body[-1] + 1) / len(spans) if body else 1.0,
        float(counts[LETTERS].sum()) / words,
        100 * float(counts[CLASS["terminal"]]) / words,
        100 * questions / words,
        float(seen.counts[:, CLASS["terminal"]].sum()) * 100 / total,
    )


def prices(text: str) -> int:
    """How many prices a text names."""
    return len(PRICE.findall(text)) if any(sign in text for sign in MONEY) else 0
