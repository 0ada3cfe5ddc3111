"""Weighs the dates that a text prints: which is the publishing day, which an update, which neither.

Each date is described by a few named features (its cue, its line, its place); the weights add up to log odds.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tasks.extract.layout import Layout, Line
from tasks.extract.printed import Printed, printed_dates
from tasks.extract.reading import Reading
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import pattern

WEIGHTS = {
    "bias": -2.2,
    "cue-published": 3.2,
    "cue-modified": 1.6,
    "cue-other": -4.0,
    "dateline": 1.5,
    "boilerplate": -0.5,
    "caption": -2.5,
    "prose": -3.5,
    "alone": 1.6,
    "mostly": 0.8,
    "crowded": -1.2,
    "clock": 1.0,
    "near-title": 2.2,
    "below-title": 1.0,
    "above-title": 0.3,
    "far-above-title": -1.0,
    "inside-article": -1.0,
    "after-article": -1.8,
    "far-after-article": -2.5,
    "top-with-weekday": -2.0,
    "bullet": -1.0,
    "first-below": 0.8,
}
LETTERS = re.compile(r"[^\W\d_]+")
SHORT = 60
NEAR = 8
CUE_REACH = 70


class Dated(NamedTuple):
    """A printed date, the line it stands in, and what speaks for and against it."""

    printed: Printed
    line: int
    features: frozenset[str]

    @property
    def score(self) -> float:
        """How likely it is the publishing day, 0 to 1."""
        return 1 / (1 + math.exp(-sum(WEIGHTS.get(feature, 0.0) for feature in self.features)))


def date_readings(layout: Layout, headline: Headline | None, language: str | None) -> list[Reading]:
    """The candidates for the publishing day and for the last change, of the dates that the text prints."""
    found = with_order(list(dated(layout, headline, language)))
    readings = []
    for one in sorted(found, key=lambda one: -one.score)[:8]:
        value, place = one.printed.value, (one.printed.start, one.printed.end)
        why = ", ".join(sorted(one.features - {"bias"}))
        if "cue-modified" in one.features and one.score >= 0.3:
            readings.append(Reading("modified", value, one.score, one.printed.rule, why, "text", *place))
        readings.append(Reading("published", value, one.score, one.printed.rule, why, "text", *place))
    return readings


def dated(layout: Layout, headline: Headline | None, language: str | None) -> Iterator[Dated]:
    """The dates that the lines print, each with its features."""
    below = headline.line if headline else max(0, layout.first - NEAR)
    seen_below = False
    place = 0
    for printed in printed_dates(layout.text, language):
        while place + 1 < len(layout.lines) and layout.lines[place].end < printed.end:
            place += 1
        features = {"bias", *cue(layout, place, printed), *line_features(layout.lines[place], printed)}
        features |= set(place_features(layout, headline, place, below))
        if place > below and not seen_below and "prose" not in features:
            features.add("first-below")
            seen_below = True
        if "top-with-weekday" in features and features & {"cue-published", "cue-modified"}:
            features.discard("top-with-weekday")
        yield Dated(printed, place, frozenset(features))


def cue(layout: Layout, place: int, printed: Printed) -> Iterator[str]:
    """The word before a date that says what it is, in its line or, where the line begins with it, in the one above."""
    line = layout.lines[place]
    before = layout.text[line.start : printed.start]
    if not LETTERS.search(before) and place and len(layout.lines[place - 1].text) < SHORT:
        above = layout.lines[place - 1].text
        before = "" if any(True for _ in printed_dates(above)) else above + " " + before
    yield from cues_in(before[-CUE_REACH:], last=True) or cues_in(layout.text[printed.end : line.end][:20], last=False)


def cues_in(text: str, last: bool) -> list[str]:
    """The cue that stands nearest to the date, of those in the text before or after it."""
    found = []
    for name in ("published", "modified", "other"):
        places = [match.end() if last else -match.start() for match in pattern(name).finditer(text)]
        if places:
            found.append((max(places), f"cue-{name}"))
    previous = max((printed.end for printed in printed_dates(text)), default=-1) if last else -len(text)
    return [name for at, name in sorted(found)[-1:] if at > previous]


def line_features(line: Line, printed: Printed) -> Iterator[str]:
    """What the line around a date says of it."""
    rest = line.text[: max(0, printed.start - line.start)] + " " + line.text[printed.end - line.start :]
    letters = sum(map(len, LETTERS.findall(rest)))
    if line.kind in ("dateline", "boilerplate", "caption"):
        yield line.kind
    if line.prose:
        yield "prose"
    else:
        yield "alone" if letters <= 14 else "mostly" if letters <= 45 else "crowded"
    if printed.clock:
        yield "clock"
    if line.bullet:
        yield "bullet"


def place_features(layout: Layout, headline: Headline | None, place: int, below: int) -> Iterator[str]:
    """What a date's place says of it, seen from the headline and the article."""
    if place > layout.last:
        yield "far-after-article" if place > layout.last + NEAR else "after-article"
    elif place >= layout.first + 3:
        yield "inside-article"
    elif headline and place > below:
        yield "near-title" if place <= below + NEAR else "below-title"
    elif not headline and place >= below:
        yield "near-title"
    else:
        yield "above-title" if place >= below - 4 else "far-above-title"
        if place <= 6 and weekday_before(layout.lines[place].text):
            yield "top-with-weekday"


def weekday_before(shown: str) -> bool:
    """Whether a line is a day with its weekday and no time, as pages print the day on which they are looked at."""
    return bool(re.match(r"[^\W\d_]{2,}[.,]?\s", shown)) and ":" not in shown and len(shown) < 40


def with_order(found: Sequence[Dated]) -> list[Dated]:
    """The dates, those in figures read month first where another date of the text says that the text does so."""
    month_first = sum(one.printed.rule == "month-day-year" for one in found)
    day_first = sum(one.printed.rule == "day-month-year" for one in found)
    sure = {one.printed.day for one in found if not one.printed.other}
    return [swapped(one, month_first > day_first, sure) for one in found]


def swapped(one: Dated, month_first: bool, sure: set[date]) -> Dated:
    """The date, read month first where that agrees with a sure date or with the habit of the text."""
    printed = one.printed
    if not printed.other or printed.day in sure:
        return one
    if printed.other in sure or (month_first and printed.rule == "slash-date"):
        return one._replace(printed=printed._replace(day=printed.other, other=printed.day))
    return one
