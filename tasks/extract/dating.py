"""Weighs the dates that a text prints: which is the publishing day, which an update, which neither."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from tasks.extract.layout import Layout, Line, holds, lines_with
from tasks.extract.printed import Printed
from tasks.extract.reading import Reading
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import matches, words_of
from tasks.extract.weighing import log_odds, shares, spoken_for, steps

LETTERS = re.compile(r"[^\W\d_]+")
WEEKDAY = re.compile(r"[^\W\d_]{2,}[.,]?\s")
COPYRIGHT_YEAR = re.compile(r"(?:©|\(c\)|[Cc]opyright).{0,40}?((?:19|20)\d\d)(?:\s?[-–]\s?((?:19|20)\d\d))?")
RANGE = re.compile(r"\d\.?\s?(?:[–—-]|[^\W\d_]{1,5})$")
CUE_REACH = 70
UPDATE_REACH = 12
CUES = ("published", "modified", "other")
TELLING = ("cue-published", "cue-modified")
# Where figures with slashes may stand month first; in other languages one in thirteen did.
MONTH_FIRST = ("en", None)
AT_TOP = 6
LETTERS_BESIDE = {side: steps(f"letters-{side}", 0, 8, 24, 64, beyond="many") for side in ("before", "after")}
AFTER_ARTICLE = steps("after-article", 1, 3, 6, 12)
ABOVE_ARTICLE = steps("above-article", 1, 2, 4, 7, 12, 20)
ABOVE_HEADLINE = steps("above-headline", 1, 3, 6, 12)
AFTER_HEADLINE = steps("after-headline", 0, 1, 2, 4, 7, 12, 20)
OLDER = steps("older-than-newest", 0, 1, 7, 60, 400)
DATES_AROUND = steps("dates-around", 0, 1, 2, 4, beyond="many")

# Beside what is learned: the training sets hold few crawl days, photographs' dates and old years.
BRAKES = {
    "in-sentence": -3.0,  # the publishing day in 95 of 1,191 such places, and printed nowhere else in 8
    "day-of-visit": -3.0,  # 004: the page prints its crawl date above the masthead
    "photograph": -2.0,
    "out-of-time": -3.0,
}


class Dated(NamedTuple):
    """A printed date, the line it stands in, and what speaks for and against it."""

    printed: Printed
    line: int
    features: list[str]

    @property
    def odds(self) -> float:
        """The log odds that it is the publishing day."""
        return log_odds("published", self.features) + sum(BRAKES.get(name, 0.0) for name in self.features)


def date_readings(layout: Layout, headline: Headline | None) -> list[Reading]:
    """The candidates for the publishing day and for the last change, of the dates that the text prints."""
    found = dated(layout, headline)
    likely = shares([one.odds for one in found])
    days: Counter[date] = Counter()
    for one, share in zip(found, likely, strict=True):
        days[one.printed.day] += share  # type: ignore[assignment]  # shares of one day add up
    readings = []
    for one, share in sorted(zip(found, likely, strict=True), key=lambda pair: -pair[1])[:8]:
        value, place = one.printed.value, (one.printed.start, one.printed.end)
        why = spoken_for("published", one.features, BRAKES)
        sure = min(1.0, days[one.printed.day] - 0.02 * (share < max(likely)))
        readings.append(Reading("published", value, max(0.0, sure), one.printed.rule, why, "text", *place))
    return readings + list(modified_readings(layout, found))


def modified_readings(layout: Layout, found: Sequence[Dated]) -> Iterator[Reading]:
    """The candidates for the last change: dates behind the word for it, about the article."""
    for one in found:
        if not {"cue-modified", "cue-modified-above", "cue-modified-after"} & set(one.features):
            continue
        about = layout.first - UPDATE_REACH <= one.line <= layout.first + 2 or 0 < one.line - layout.last <= 3
        score = (0.8 if about else 0.3) - (0.3 if "prose" in one.features else 0.0)
        printed = one.printed
        why = "behind the word for a change, " + ("about the article" if about else "far from the article")
        yield Reading("modified", printed.value, score, printed.rule, why, "text", printed.start, printed.end)


def dated(layout: Layout, headline: Headline | None) -> list[Dated]:
    """The dates that the lines print, each with its features."""
    flat = [(place, printed) for place, found in layout.dates.items() for printed in found]
    flat = with_order(flat) if layout.language in MONTH_FIRST else flat
    printed_days = Counter(printed.day for _, printed in flat)
    newest = max((day for day in printed_days), default=date.min)
    years = owned_years(layout)
    found, seen_below = [], 0
    for place, printed in flat:
        cue = cue_of(layout, place, printed)
        features = ["date", cue, *line_features(layout.lines[place], printed)]
        features += place_features(layout, headline, place)
        features += others_features(layout, place, printed, printed_days, newest, years)
        if not cue.startswith(TELLING):
            features += untold_features(layout, place, printed)
        if headline and place >= headline.line and not layout.lines[place].prose and place <= layout.last:
            features.append(f"below-headline-{min(seen_below, 3)}")
            seen_below += 1
        found.append(Dated(printed, place, features))
    return found


def cue_of(layout: Layout, place: int, printed: Printed) -> str:
    """The word before a date that says what it is, in its line or, where the line begins with it, in the one above."""
    line = layout.lines[place]
    earlier = [one.end for one in layout.dates[place] if one.end <= printed.start]
    before = layout.text[max([line.start, printed.start - CUE_REACH, *earlier]) : printed.start]
    if found := nearest_cue(before, last=True):
        return found
    later = [one.start for one in layout.dates[place] if one.start >= printed.end]
    if found := nearest_cue(layout.text[printed.end : min([line.end, printed.end + 20, *later])], last=False):
        return f"{found}-after"
    if place and not LETTERS.search(before) and place - 1 not in layout.dates:
        above = layout.lines[place - 1].text
        found = nearest_cue(above, last=True) if len(above) < CUE_REACH else None
        return f"{found}-above" if found else "no-cue"
    return "no-cue"


def untold_features(layout: Layout, place: int, printed: Printed) -> Iterator[str]:
    """What speaks against a date that no cue tells of: it stands in a sentence, or by another article below."""
    before = layout.text[layout.lines[place].start : printed.start]
    if not printed.clock and sum(len(word) > 2 and word.islower() for word in before.split()) > 3:
        yield "in-sentence"
    if place > layout.last:
        yield "untold-after-article"


def nearest_cue(text: str, last: bool) -> str | None:
    """The cue nearest to the date, of those in the text before or after it."""
    words = words_of(text)
    found = [
        (match.end() if last else -match.start(), f"cue-{name}")
        for name in CUES
        for match in matches(name, text, words)
    ]
    return max(found)[1] if found else None


def line_features(line: Line, printed: Printed) -> Iterator[str]:
    """What the line around a date says of it."""
    before, after = line.text[: max(0, printed.start - line.start)], line.text[printed.end - line.start :]
    yield f"kind-{line.kind or 'none'}"
    for side, beside in (("before", before), ("after", after)):
        letters = sum(map(len, LETTERS.findall(beside)))
        yield LETTERS_BESIDE[side](letters)
    if line.prose:
        yield "prose"
    yield f"form-{printed.rule}" + (
        "-short" if printed.day.year % 100 < 32 and f"{printed.day.year}" not in line.text else ""
    )
    yield "clock" if printed.clock else "no-clock"
    if line.bullet:
        yield "bullet"
    if holds("credit", line):
        yield "photograph"
    if WEEKDAY.match(line.text) and len(line.text) < 40 and not printed.clock:
        yield "word-before-day"
    if before.rstrip().endswith((",", "•", "|", "·", "—", "–", "-")):
        yield "after-separator"
    if RANGE.search(before.rstrip()):
        yield "ends-range"


def place_features(layout: Layout, headline: Headline | None, place: int) -> Iterator[str]:
    """Where a date stands, seen from the top, the headline and the article."""
    above = layout.first - place
    if place > layout.last:
        yield AFTER_ARTICLE(place - layout.last)
    elif above <= 0:
        yield "opens-article" if above == 0 else "early-in-article" if above >= -3 else "inside-article"
    else:
        yield ABOVE_ARTICLE(above)
    if above > 1 and is_far_above(headline, place) and is_visit(layout, place):
        yield "day-of-visit"
    if headline is None:
        yield "no-headline"
        return
    below = place - headline.line
    if below < 0:
        yield ABOVE_HEADLINE(-below)
        if place <= AT_TOP:
            yield "top-of-page"
    else:
        yield AFTER_HEADLINE(below)


def is_far_above(headline: Headline | None, place: int) -> bool:
    """Whether a line stands at the top of the page or far above the headline: blogs print their day right above it."""
    return headline is None or place < headline.line - (0 if place <= AT_TOP else 2)


def is_visit(layout: Layout, place: int) -> bool:
    """Whether a line is a day with its weekday and nothing else, as pages print the day on which they are looked at."""
    line, printed = layout.lines[place], layout.dates[place][0]
    rest = line.text[: max(0, printed.start - line.start)] + line.text[printed.end - line.start :]
    return not printed.clock and bool(WEEKDAY.match(line.text)) and len(LETTERS.findall(rest)) == 1


def others_features(
    layout: Layout, place: int, printed: Printed, days: Counter[date], newest: date, years: set[int]
) -> Iterator[str]:
    """What the other dates of the text say of one: the same day, later days, a list of dates around it."""
    if days[printed.day] > 1:
        yield "same-day-again"
    yield OLDER((newest - printed.day).days)
    near = sum(len(layout.dates.get(there, ())) for there in range(place - 6, place + 7)) - 1
    yield DATES_AROUND(near)
    if years:
        yield "year-of-copyright" if printed.day.year in years else "not-year-of-copyright"
    if printed.day.year < 1980:
        yield "out-of-time"


def owned_years(layout: Layout) -> set[int]:
    """The last years that copyright lines print."""
    found = (COPYRIGHT_YEAR.search(line.text) for _, line in lines_with(("©", "opyright"), layout))
    return {int(match[2] or match[1]) for match in found if match}


def with_order(flat: Sequence[tuple[int, Printed]]) -> list[tuple[int, Printed]]:
    """The dates, those in figures read month first where the other dates of the text say so."""
    rules = Counter(printed.rule for _, printed in flat)
    month_first = rules["month-day-year"] > rules["day-month-year"]
    sure = [printed.day for _, printed in flat if not printed.other]
    return [(place, swapped(printed, month_first, sure)) for place, printed in flat]


def swapped(printed: Printed, month_first: bool, sure: Sequence[date]) -> Printed:
    """The date, read month first where that lies nearer to a sure date or is the text's habit; slashes only."""
    if not printed.other or printed.rule != "slash-date":
        return printed
    near = [min((abs(day - other).days for other in sure), default=0) for day in (printed.day, printed.other)]
    wins = near[1] < near[0] if near[0] != near[1] else month_first
    return printed._replace(day=printed.other, other=printed.day) if wins else printed
