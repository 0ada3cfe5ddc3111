"""Reads the headline: the line that the page repeats, or that stands where a headline stands above the article."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from tasks.extract.layout import Layout, Line, squash
from tasks.extract.printed import printed_dates
from tasks.extract.reading import Reading, in_text

SUFFIX = re.compile(r"\s+[|·•»›–—:-]+\s+|\s*[|｜]\s*")
ABOVE = 40
AT_TOP = 4
LABELLED = {
    "title": 0.35,
    "heading": 0.05,
    "boilerplate": -0.25,
    "byline": -0.5,
    "dateline": -0.5,
    "outlet": -0.4,
    "credit": -0.5,
    "caption": -0.4,
}


class Headline(NamedTuple):
    """Where the headline stands: its line, and the stretch of the text that is it."""

    line: int
    start: int
    end: int


def heads(line: Line) -> Iterator[tuple[int, int]]:
    """The stretches from a line's start to each of its separators, the longest first: a page title without its site."""
    yield line.start, line.end
    for cut in reversed(list(SUFFIX.finditer(line.text))):
        if cut.start() > 0:
            yield line.start, line.start + cut.start()


def title_readings(layout: Layout) -> tuple[list[Reading], Headline | None]:
    """The candidates for the headline and the best of them."""
    repeated = Counter(key for line in layout.lines if 12 <= len(line.text) <= 300 if (key := squash(line.text)))
    tops = page_titles(layout)
    scored = [
        (score_of(layout, place, repeated, tops), place)
        for place in range(max(0, layout.first - ABOVE), min(len(layout.lines), layout.first + 3))
    ]
    scored += [(score_of(layout, place, repeated, tops), place) for place in range(min(AT_TOP, layout.first - ABOVE))]
    scored.sort(key=lambda pair: (-pair[0], -pair[1]))
    if not scored or scored[0][0] < 0.3:
        return [], None
    readings = [title_reading(layout, place, score) for score, place in scored[:4] if score >= 0.3]
    start, end = readings[0].start or 0, readings[0].end or 0
    return readings, Headline(scored[0][1], start, end)


def page_titles(layout: Layout) -> dict[str, int]:
    """The squashed beginnings of the lines at the very top, where a dump puts the page's title, with their line."""
    found: dict[str, int] = {}
    for place, line in enumerate(layout.lines[:AT_TOP]):
        for start, end in heads(line):
            key = squash(layout.text[start:end])
            if len(key) >= 8:
                found.setdefault(key, place)
    return found


def score_of(layout: Layout, place: int, repeated: Counter[str], tops: dict[str, int]) -> float:
    """How much a line looks like the headline, 0 to 1."""
    line = layout.lines[place]
    shown, key = line.text, squash(line.text)
    score = 0.35 + LABELLED.get(line.kind, 0.0)
    score += 0.4 if tops.get(key, place) != place else 0.0
    score += 0.2 if repeated[key] > 1 else 0.0
    score += shape(shown)
    score -= 0.25 if line.bullet else 0.0
    score -= 0.3 if line.prose else 0.0
    score -= 0.012 * abs(layout.first - place)
    score += 0.12 if dated_below(layout, place) else 0.0
    score -= 0.5 if is_dated(shown) else 0.0
    return max(0.0, min(1.0, score))


def shape(shown: str) -> float:
    """What a line's length and ending say for a headline, or against it."""
    words = shown.count(" ") + 1
    dense = sum(character >= "\u3040" for character in shown) > len(shown) / 3
    length = len(shown) * (2.5 if dense else 1)
    against = 0.3 if length < 18 else 0.1 if length < 28 else 0.15 if length > 160 else 0.0
    against += 0.0 if dense or words >= 3 else 0.2
    against += 0.12 if shown.endswith((".", "。", ":", "…")) and not shown.endswith("...") else 0.0
    return -against


@cache
def is_dated(shown: str) -> bool:
    """Whether a short line prints a date."""
    return len(shown) < 200 and any(True for _ in printed_dates(shown))


def dated_below(layout: Layout, place: int) -> bool:
    """Whether a date is printed in the few lines below."""
    return any(is_dated(line.text) for line in layout.lines[place + 1 : place + 5])


def title_reading(layout: Layout, place: int, score: float) -> Reading:
    """The headline of a line, without the name of the site behind it."""
    line = layout.lines[place]
    start, end = headline_stretch(layout, place)
    rule = "title-line" if line.kind == "title" else "headline-above-article"
    why = "a headline's shape and place" if end == line.end else "a headline's place, the site's name cut off"
    return in_text("title", layout.text, (start, end), score, rule, why)


def headline_stretch(layout: Layout, place: int) -> tuple[int, int]:
    """The stretch of a line that is the headline: the part that another line repeats, or all of it."""
    line = layout.lines[place]
    if place >= AT_TOP:
        return line.start, line.end
    others = {squash(other.text) for other in layout.lines[place + 1 :]}
    for start, end in heads(line):
        if squash(layout.text[start:end]) in others:
            return start, end
    return without_site(layout, line)


def without_site(layout: Layout, line: Line) -> tuple[int, int]:
    """A page title's stretch before its last separators, as far as what follows them reads as a site or a section."""
    end = line.end
    for start, cut in list(heads(line))[1:]:
        tail = layout.text[cut:end].strip(" |·•»›–—:-｜")
        if len(tail) > 30 or tail.count(" ") > 3 or cut - start < 15:
            break
        end = cut
    return line.start, end


def names_of_site(titles: Sequence[str], headline: str) -> list[str]:
    """What page titles print behind the headline: the names of site and section."""
    tails = []
    for title in titles:
        if headline and title.startswith(headline) and len(title) > len(headline):
            tails += [part for part in SUFFIX.split(title[len(headline) :]) if part.strip()]
    return tails
