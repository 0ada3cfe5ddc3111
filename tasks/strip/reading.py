"""Reads a document's segments in the light of each other: what is kept, what the removed ones are, where its title is.

Works on what the segments show, one string each, and on how probable the labeller takes each to be body; answers with
one vote each. A rule that knows a line decides over the labeller; the labeller decides over the rest.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cache
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.strip import wording
from tasks.strip.kinds import KEPT, Vote
from tasks.strip.rules import line_votes
from tasks.text import words

PROSE_WORDS = 8
LONG_WORDS = 25
# A line of this length that ends as a sentence has words enough; they need not be counted.
LONG_LINE = 120
TITLE_WORDS = range(3, 41)
TITLE_LENGTH = 300
# More words than these make no better title.
ENOUGH_WORDS = 12
# Two copies of a title may differ by so many signs.
SPACING = 12
HEADING_LENGTH = 150
# A title stands within so many lines of the first prose; menus stand above it.
TITLE_REACH = 15
# Below the article, its credits and its date stand within so many lines.
REACH_BELOW = 5
# A segment of a lower score is not of the article.
UNLIKELY = 0.1
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# A document of which this share is prose was cleaned already: there only certain furniture goes.
CLEAN_SHARE = 0.85
# Few lines around an article are no menus of a whole site: there less prose is enough.
FEW_LINES = 30
FEW_LINES_SHARE = 0.5
# On a third of the pages, the F1 of the partial dumps is up to .005 above what less does for their prose (.1).
LENIENT = 0.3
QUOTED = re.compile(r"[\"“«„「].+[\"”»“」]$")


class Lines(NamedTuple):
    """The segments of a document, in order."""

    shown: Sequence[str]
    """what each shows"""
    scores: NDArray[np.float64]
    """how probable the labeller takes each to be body"""
    tags: Sequence[str] = ()
    """the tag of each, where the document is a page"""


def votes(documents: Sequence[Lines]) -> list[list[Vote]]:
    """What each segment of some documents is."""
    near = [near_article(document.scores) for document in documents]
    each = zip(documents, near, strict=True)
    lines = list(dict.fromkeys(line for one, is_near in each for line in compress(one.shown, is_near)))
    known = line_votes(lines)
    prose = {line for line in lines if line not in known and is_prose(line)}
    return [read(document, is_near, known, prose) for document, is_near in zip(documents, near, strict=True)]


def read(document: Lines, near: Sequence[bool], known: Mapping[str, Vote], prosaic: Set[str]) -> list[Vote]:
    """What each segment of a document is, given which may be of the article, what the rules say, and what is prose."""
    shown, scores, tags = document.shown, np.round(document.scores, 3).tolist(), document.tags
    found = [known.get(line) if is_near else None for line, is_near in zip(shown, near, strict=True)]
    prose = [is_near and line in prosaic for line, is_near in zip(shown, near, strict=True)]
    read = [vote or score_vote(score) for vote, score in zip(found, scores, strict=True)]
    if not tags and is_clean(shown, prose):
        article = range(prose.index(True), len(prose) - prose[::-1].index(True))
        read = [vote or place_vote(at, article, shown[at], scores[at]) for at, vote in enumerate(found)]
    read = with_headings(shown, read, tags)
    first = next((at for at, vote in enumerate(read) if vote.kind == "body" and prose[at]), None)
    return read if first is None else with_head(shown, found, read, first, tags)


def near_article(scores: NDArray[np.float64]) -> list[bool]:
    """Which segments could be of the article or stand beside it; what the others are needs no rule to say."""
    likely, at = np.append(0, np.cumsum(scores >= UNLIKELY)), np.arange(scores.size)
    found = likely[np.minimum(at + 1 + TITLE_REACH, at.size)] > likely[np.maximum(at - REACH_BELOW, 0)]
    near: list[bool] = found.tolist()
    return near


def is_prose(line: str) -> bool:
    """Whether a line reads as a sentence or more: it ends as one, or is long and has sentences in it."""
    if wording.END.search(line[-12:]):
        return len(line) >= LONG_LINE or prose_size(line) >= PROSE_WORDS
    if len(line) < LONG_WORDS * 2 - 1:  # so many words cannot be in it
        return False
    return ("," in line or wording.SENTENCE.search(line) is not None) and prose_size(line) >= LONG_WORDS


def prose_size(line: str) -> float:
    """The words of a line; where a character is a word, two count as one."""
    found = words(line)
    if line.isascii():
        return len(found)
    single = sum(len(word) == 1 and ord(word) > 0xDFF for word in found)
    return len(found) - single / 2


def is_clean(shown: Sequence[str], prose: Sequence[bool]) -> bool:
    """Whether nearly all of a text is prose, as where a scraper took the article only."""
    total = sum(map(len, shown))
    wanted = FEW_LINES_SHARE if len(shown) <= FEW_LINES else CLEAN_SHARE
    return sum(len(line) for line, is_one in zip(shown, prose, strict=True) if is_one) >= wanted * total > 0


@cache
def score_vote(score: float) -> Vote:
    """The labeller's vote on a line that no rule knows; of scores to the thousandth there are not many."""
    if score < 0.5:
        return Vote("boilerplate", "reads-as-furniture", 1 - score)
    return Vote("body", "reads-as-article", score)


def place_vote(at: int, article: range, line: str, score: float) -> Vote:
    """The vote on a line of a clean text that no rule knows: prose stays, what is short goes by where it stands.

    `article` reaches from the first prose to the last. Only where the labeller is sure of furniture does anything in
    it go.
    """
    if at in article:
        return Vote("body", "clean-text", max(score, 0.5)) if score >= LENIENT else score_vote(score)
    if at < article.start:
        return Vote("boilerplate", "above-the-article", 0.7)
    if QUOTED.search(line):
        return Vote("credit", "closing-source", 0.6)
    return Vote("boilerplate", "below-the-article", 0.7)


def with_headings(shown: Sequence[str], read: Sequence[Vote], tags: Sequence[str]) -> list[Vote]:
    """The votes with the headings told from the body: by their tag, or short lines with body below them."""
    headed = list(read)
    for at, (vote, below) in enumerate(pairwise(read)):
        if vote.kind != "body" or below.kind not in KEPT:
            continue
        if tags[at] in HEADING_TAGS if tags else looks_like_heading(shown[at]):
            headed[at] = Vote("heading", "heading-tag" if tags else "short-line-before-prose", vote.score)
    return headed


def looks_like_heading(line: str) -> bool:
    """Whether a line is short and ends as no sentence does."""
    return len(line) <= HEADING_LENGTH and not line.endswith((".", ",", ";", ":", "!", "»", "”", '"', "。", "…"))


def with_head(
    shown: Sequence[str], found: Sequence[Vote | None], read: list[Vote], first: int, tags: Sequence[str]
) -> list[Vote]:
    """The votes with the title, its copies and the page's own date told from what else stands above the article."""
    titles = title_places(shown, found, first, tags)
    title = Vote("title", "repeated-title" if len(titles) > 1 else "headline", 0.9)
    return page_dates([title if at in titles else vote for at, vote in enumerate(read)], first)


def title_places(shown: Sequence[str], found: Sequence[Vote | None], first: int, tags: Sequence[str]) -> set[int]:
    """Where the title stands, and its copies: the page's first heading, or what looks most like one above the prose."""
    above = [at for at in range(max(0, first - TITLE_REACH), first) if found[at] is None]
    copied = Counter(shown)
    best = first_heading(shown, tags)
    if best is None:
        best = likest_title(shown, [at for at in above if copied[shown[at]] > 1])
    if best is None:
        best = likest_title(shown, above)
    if best is None:
        return set()
    wanted = words(shown[best])
    alike = range(len(shown[best]) - SPACING, len(shown[best]) + SPACING)
    return {at for at, line in enumerate(shown) if at == best or (len(line) in alike and says(line, wanted))}


def first_heading(shown: Sequence[str], tags: Sequence[str]) -> int | None:
    """Where the first heading of a page is that has the length of a title."""
    return next((at for at, tag in enumerate(tags) if tag == "h1" and len(words(shown[at])) in TITLE_WORDS), None)


def likest_title(shown: Sequence[str], places: Sequence[int]) -> int | None:
    """Of some places in order the last where a line has words enough for a title; else where it has most of them."""
    best, most = None, TITLE_WORDS[0] - 1
    for at in reversed(places):
        size = len(words(shown[at])) if len(shown[at]) < TITLE_LENGTH else 0
        if size in TITLE_WORDS and size > most:
            best, most = at, size
        if most >= ENOUGH_WORDS:
            break
    return best


def says(line: str, wanted: Sequence[str]) -> bool:
    """Whether a line has these words and no other; most lines lack the first already."""
    return (not line.isascii() or wanted[0] in line.lower()) and words(line) == wanted


def page_dates(read: list[Vote], first: int) -> list[Vote]:
    """The votes with a date above the title set aside, where the article has one of its own below the title.

    004: the page prints its crawl date above the masthead.
    """
    title = next((at for at, vote in enumerate(read) if vote.kind == "title"), None)
    if title is None:
        return read
    dated = [at for at, vote in enumerate(read[: first + 1]) if vote.rule == "date-line"]
    if not any(at > title for at in dated):
        return read
    aside = Vote("boilerplate", "page-date", 0.9)
    return [aside if at in dated and at < title else vote for at, vote in enumerate(read)]
