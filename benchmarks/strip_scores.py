"""How an extract is scored against the reference: pages, lines, snippets, and articles against other pages.

Shingle F1 as in scrapinghub/article-extraction-benchmark: four-word shingles, case and all, the harmonic mean of the
mean precision and the mean recall over pages. Word F1 as in WCXB: the mean over pages of the F1 of the bags of words.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Any, NamedTuple

WORD = re.compile(r"\w+")
TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+")
LOW = 0.8

Pair = tuple[float | None, float | None]


class PageScore(NamedTuple):
    """One page: precision and recall of its shingles, F1 of its tokens and of its words."""

    shingles: Pair
    token_f1: float
    word_f1: float


class Lines(NamedTuple):
    """How many lines of a dump are boilerplate and kept, boilerplate, content and lost, content."""

    boilerplate_kept: int
    boilerplate: int
    content_lost: int
    content: int


def page_score(gold: str, found: str) -> PageScore:
    return PageScore(
        pair(shingles(gold), shingles(found)),
        f1(*pair(Counter(tokens(gold)), Counter(tokens(found)))),
        f1(*pair(Counter(WORD.findall(gold.casefold())), Counter(WORD.findall(found.casefold())))),
    )


def shingle_means(scores: Sequence[PageScore]) -> tuple[float, float]:
    """Mean precision and recall over pages; where nothing is found there is no precision."""
    found = [score.shingles[0] for score in scores if score.shingles[0] is not None]
    return fmean(found or [0.0]), fmean([score.shingles[1] or 0.0 for score in scores] or [0.0])


def pair(gold: Counter[Any], found: Counter[Any]) -> Pair:
    hit = (gold & found).total()
    return hit / found.total() if found else None, hit / gold.total() if gold else None


def f1(precision: float | None, recall: float | None) -> float:
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def shingles(text: str) -> Counter[Any]:
    found = WORD.findall(text)
    return Counter(tuple(found[at : at + 4]) for at in range(max(1, len(found) - 3)) if found)


def tokens(text: str) -> list[str]:
    return TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def line_score(dump: str, labels: str, found: str) -> Lines:
    """The lines of a dump that are kept though boilerplate, or lost though content."""
    kept = kept_lines(dump, found)
    rows = list(zip(labels, kept, strict=True))
    return Lines(
        sum(label == "B" and is_kept for label, is_kept in rows),
        labels.count("B"),
        sum(label == "K" and not is_kept for label, is_kept in rows),
        labels.count("K"),
    )


def kept_lines(dump: str, found: str) -> list[bool]:
    """For each line of a dump whether the extract has it: as a line of its own, or its tokens in a row."""
    lines = Counter(tuple(tokens(line)) for line in found.split("\n"))
    whole, stream = frozenset(lines), f" {' '.join(tokens(found))} "
    kept = []
    for line in dump.split("\n"):
        own = tuple(tokens(line))
        is_line = bool(own) and lines[own] > 0
        if is_line:
            lines[own] -= 1
        kept.append(is_line or (len(own) >= 4 and own not in whole and f" {' '.join(own)} " in stream))
    return kept


def total(scores: Sequence[Lines]) -> Lines:
    return Lines(*map(sum, zip(*scores, strict=True))) if scores else Lines(0, 0, 0, 0)


def snippet_f1(golds: Sequence[dict[str, Any]], texts: Sequence[str]) -> tuple[float, float, float]:
    """F1, precision and recall of the snippets that must and must not be in the texts, pooled."""
    wanted = unwanted = hit = 0
    for gold, text in zip(golds, texts, strict=True):
        flat = " ".join(text.split())
        hit += sum(" ".join(snippet.split()) in flat for snippet in gold["with"])
        unwanted += sum(" ".join(snippet.split()) in flat for snippet in gold["without"])
        wanted += len(gold["with"])
    precision, recall = hit / max(1, hit + unwanted), hit / max(1, wanted)
    return f1(precision, recall), precision, recall


def auc(articles: Sequence[float], others: Sequence[float]) -> float:
    """How often an article is more like one than another page is; a draw counts half."""
    ordered = sorted(others)
    below = sum((bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 for one in articles)
    return below / max(1, len(articles) * len(others))
