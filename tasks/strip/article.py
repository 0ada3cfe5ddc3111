"""Tells articles from other pages: shops, listings, forums, error and login pages.

A logistic regression over a few figures of the labelled document. Its weights were fitted on the development pages,
articles of wcxb, fundus and sites against `wcxb_other` (see `labeller.md`).
"""

import math
import re
from collections.abc import Sequence
from typing import Protocol

from tasks.strip.kinds import KEPT

PRICE = re.compile(r"[$€£¥₹₽]\s?\d|\d\s?(?:[€£₽]|USD|EUR)\b")
PROSE_LENGTH = 80
# What each figure adds to the log odds, and where they start.
WEIGHTS = (0.0236, 1.2421, 14.914, 0.3535, 3.574, -0.9412, -0.3061, -0.5158, 1.4823, 2.1338, 0.1777, -0.9974)
BIAS = -15.0202
# Where half of a document is kept, it is short news or clean text, whatever the rest looks like.
MOSTLY_KEPT = 0.5


class Labelled(Protocol):
    """What is needed of a span."""

    @property
    def start(self) -> int:
        """Where it starts."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def score(self) -> float:
        """How sure that is."""


def likeness(text: str, spans: Sequence[Labelled]) -> float:
    """How probable it is that a labelled document is an article, 0 to 1; 1 where most of it is kept."""
    if sum(span.end - span.start for span in spans if span.kind in KEPT) >= MOSTLY_KEPT * max(1, len(text)):
        return 1.0
    found = figures(text, spans)
    return 1 / (1 + math.exp(-BIAS - sum(weight * figure for weight, figure in zip(WEIGHTS, found, strict=True))))


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
