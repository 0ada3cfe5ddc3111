"""Reads the headline: of all lines above the article, the one that a page's headline most looks like."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from tasks.extract.layout import (
    DENSE,
    LONG,
    Layout,
    Line,
    holds,
    is_dense,
    key_of,
    opens_with,
    squash,
    telling,
    telling_in,
)
from tasks.extract.reading import Reading, in_text
from tasks.extract.vocabulary import members
from tasks.extract.weighing import log_odds, shares, spoken_for, steps

SUFFIX = re.compile(r"\s++[|·•»›–—:-]++\s+|\s*+[|｜]\s*+")
SEPARATOR = re.compile("[|·•»›–—:｜-]")
# The last crumb of a numbered path is the headline: `1. Home 2. Sport 3. Pier to be rebuilt`.
CRUMB = re.compile(r"\d{1,2}\.\s+(?=\S)")
AT_TOP = 4
WITHIN = 3
SHORTEST = 6
MENU_WORDS = 3
MOST = 6
LEAST = 0.02
ABOVE = 60
DATE_LINE = 80
OFFICE_WORDS = 3
ABOVE_ARTICLE = steps("above-article", 1, 2, 4, 7, 12, 20, 40)
DATE_BELOW = steps("date-below", 1, 2, 4, 8)
UNDER_LENGTH = steps("under-length", 12, 30, 60, 100, 200, beyond="long")
LENGTH = steps("length", 12, 20, 30, 45, 70, 100, 140, 200, beyond="long")
SHARED_WORDS = steps("shared-words", *range(6), beyond="6")
LEAD_WORDS = steps("lead-words", *range(4), beyond="4")
WORDS = steps("words", 1, 2, 3, 5, beyond="many")
ARTICLE_WORDS = steps("article-words", 0, 25, 50, 75, 100)
MENU_SHARE = steps("menu-words", 0, 20, 40, 70, 100)
ENDINGS = {
    mark: f"ends-{name}" for name, marks in (("stop", ".。"), ("question", "?？"), ("colon", ":：")) for mark in marks
}


class Headline(NamedTuple):
    """Where the headline stands: its line, and the stretch of the text that is it."""

    line: int
    start: int
    end: int


class Candidate(NamedTuple):
    """A stretch that may be the headline, and the features that speak for or against it."""

    line: int
    start: int
    end: int
    features: list[str]


def title_readings(layout: Layout) -> tuple[list[Reading], Headline | None]:
    """The candidates for the headline and the best of them."""
    found = candidates(layout)
    scored = sorted(zip(shares([log_odds("title", one.features) for one in found]), found, strict=True), reverse=True)
    readings = list(islice(best_of(layout, scored[:MOST]), 3))
    if not readings:
        return [], None
    best = scored[0][1]
    return readings, Headline(best.line, best.start, best.end)


def best_of(layout: Layout, scored: Sequence[tuple[float, Candidate]]) -> Iterator[Reading]:
    """The likely candidates, each as sure as all lines that print the same."""
    printed = [squash(layout.text[one.start : one.end]) for _, one in scored]
    together: Counter[str] = Counter()
    for key, (share, _) in zip(printed, scored, strict=True):
        together[key] += share  # type: ignore[assignment]  # shares of one headline add up
    for key, (share, one) in zip(printed, scored, strict=True):
        if share >= LEAST:
            score = max(share, together[key] - 0.01 * (share < scored[0][0]))
            why = spoken_for("title", one.features)
            yield in_text("title", layout.text, (one.start, one.end), score, "headline-line", why)


def candidates(layout: Layout) -> list[Candidate]:
    """The stretches that may be the headline: lines down to the article, page titles without their site."""
    tops = {key for line in layout.lines[:AT_TOP] for key in heads(line)}
    below = min(len(layout.lines), layout.first + WITHIN)
    above = max(0, layout.first - ABOVE)
    bylines = {place for place in range(above, min(len(layout.lines), below + 3)) if is_byline(layout.lines[place])}
    found, overlaps = [], []
    for place in [*range(min(AT_TOP, above)), *range(above, below)]:
        line = layout.lines[place]
        if may_be_headline(line, place):
            start, end = headline_stretch(layout, place)
            whole = (start, end) == (line.start, line.end)
            words = telling_in(line) if whole else telling(layout.text[start:end])
            both = len(words & layout.words)
            told = [
                *("line", f"kind-{line.kind or 'none'}"),
                *position(layout, place, bylines),
                *line_above(layout, place),
                *shape(line.text if whole else layout.text[start:end]),
                *repeats(layout, place, end, tops, bylines),
                *contents(line, words, both, len(words & layout.lead)),
            ]
            found.append(Candidate(place, start, end, told))
            overlaps.append(both * both / len(words) if words else 0.0)
    most = max(overlaps, default=0.0)
    for one, overlap in zip(found, overlaps, strict=True):
        if most and overlap == most:
            one.features.append("most-words-of-article")
    return found


def may_be_headline(line: Line, place: int) -> bool:
    """Whether a line has a headline's length, and is none of a menu's words."""
    if not SHORTEST <= len(line.text) <= LONG or len(line.key) < SHORTEST // 2:
        return False
    most = MENU_WORDS if line.bullet else 1
    return place < AT_TOP or len(line.words) > most or len(line.text) >= 16 * most or is_dense(line.text)


def position(layout: Layout, place: int, bylines: set[int]) -> Iterator[str]:
    """Where a line stands, seen from the top, from the article and from the dates."""
    distance = layout.first - place
    if distance <= 0:
        yield "first-of-article" if distance == 0 else "in-article"
    else:
        yield ABOVE_ARTICLE(distance)
    if place < AT_TOP:
        yield f"top-{place}"
    if layout.dates:
        yield from date_beside(layout.dates, place)
    if place + 1 in bylines or place + 2 in bylines or place + 3 in bylines:
        yield "byline-below"
    after = layout.lines[place + 1] if place + 1 < len(layout.lines) else None
    if after and after.prose:
        yield "prose-below"
    if after and len(after.text) > 60 and not after.prose:
        yield "long-line-below"


def date_beside(dates: Container[int], place: int) -> Iterator[str]:
    """How far below a line the next date stands, and whether one stands right above."""
    for below in range(1, 9):
        if place + below in dates:
            yield DATE_BELOW(below)
            break
    if place - 1 in dates or place - 2 in dates:
        yield "date-above"


def line_above(layout: Layout, place: int) -> Iterator[str]:
    """What stands right above a line: over a headline a kicker, a date or a menu, over a standfirst the headline."""
    if not place:
        return
    above = layout.lines[place - 1]
    dated = place - 1 in layout.dates and len(above.text) < DATE_LINE and not above.prose
    yield f"under-{'date' if dated else above.kind or 'none'}"
    yield UNDER_LENGTH(len(above.text))
    if above.prose:
        yield "under-prose"


def shape(shown: str) -> Iterator[str]:
    """How a line looks: its length, its ending, its beginning."""
    words = shown.count(" ") + 1
    dense = not shown.isascii() and 3 * len(DENSE.findall(shown)) > len(shown)
    length = len(shown) * (2.5 if dense else 1)
    yield LENGTH(length)
    if not dense:
        yield WORDS(words)
    yield ENDINGS.get(shown[-1], "ends-letter")
    if not shown[0].isupper() and shown[0].islower():
        yield "starts-small"
    if shown[0].isdigit():
        yield "starts-with-figure"
    if ": " in shown or "：" in shown:
        yield "colon-within"
    if "|" in shown or "›" in shown:
        yield "bar-within"
    if "://" in shown or "@" in shown:
        yield "address-within"


def repeats(layout: Layout, place: int, end: int, tops: Set[str], bylines: Set[int]) -> Iterator[str]:
    """Whether a line opens as a byline does, and whether the page's title or other lines print the same."""
    key = layout.lines[place].key
    if place in bylines:
        yield "byline"
    if place < AT_TOP:
        yield "cut-from-page-title" if end < layout.lines[place].end else "whole-top-line"
    elif key in tops:
        yield "repeats-page-title" if len(key) >= 12 else "repeats-top-line"
    elif len(key) >= 12 and any(key in top and 2 * len(key) > len(top) for top in tops):
        yield "in-page-title"
    again = layout.keys[key]
    if again > 1:
        yield "printed-twice" if again == 2 else "printed-often"


def contents(line: Line, words: Set[str], of_article: int, of_lead: int) -> Iterator[str]:
    """What a line is made of: the article's words, a menu's words, a byline, a date, a credit."""
    yield ARTICLE_WORDS(100 * (of_article / len(words)) if words else 0)
    yield SHARED_WORDS(of_article)
    yield LEAD_WORDS(of_lead)
    first, of_menus = line.words[:20], members("no_name")
    menu = 0 if of_menus.isdisjoint(first) else sum(map(of_menus.__contains__, first)) / len(first)
    yield MENU_SHARE(100 * menu)
    if 1 < len(line.words) <= OFFICE_WORDS and line.words[-1] in members("organisation"):
        yield "office"
    if line.bullet:
        yield "bullet"
    if line.prose:
        yield "prose"
    if line.lists and holds("credit", line):
        yield "credit"
    if line.lists and len(line.text) < 200 and holds("published", line):
        yield "date-word"


def is_byline(line: Line) -> bool:
    """Whether a short line opens with the word for a writer."""
    return line.lists > 0 and len(line.text) < 80 and opens_with("by", line)


def heads(line: Line) -> Iterator[str]:
    """The keys of a line and of its beginnings up to each separator: a page title without its site."""
    if line.key:
        yield line.key
    for cut in cuts(line.text[:LONG]):
        key = key_of(line.text[: cut.start()])
        if len(key) >= 8:
            yield key


@lru_cache(maxsize=16)  # four questions ask for those of the topmost lines
def cuts(shown: str) -> tuple[re.Match[str], ...]:
    """The separators that may part a headline from its site; most lines have no such character."""
    return tuple(SUFFIX.finditer(shown)) if SEPARATOR.search(shown) else ()


def headline_stretch(layout: Layout, place: int) -> tuple[int, int]:
    """The stretch of a line that may be the headline: of a page's title, what another line repeats, or no site."""
    line = layout.lines[place]
    if place >= AT_TOP:
        step = CRUMB.match(line.text) if place not in layout.dates else None
        return line.start + (step.end() if step else 0), line.end
    for cut in reversed(cuts(line.text[:LONG])):
        key = key_of(line.text[: cut.start()])
        if len(key) >= 8 and key in layout.keys:
            return line.start, line.start + cut.start()
    return line.start, without_site(line)


def without_site(line: Line) -> int:
    """Where a page's title ends, before its last parts, as far as they read as a site's or a section's name."""
    end = len(line.text)
    for cut in reversed(cuts(line.text)):
        tail = line.text[cut.end() : end].strip()
        runs_on = tail[:1].islower() and " " in tail
        if len(tail) > 30 or tail.count(" ") > 3 or cut.start() < 15 or runs_on:
            break
        end = cut.start()
    return line.start + end
