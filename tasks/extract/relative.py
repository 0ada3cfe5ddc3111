"""Reads the dates that a page counts from the day of the visit: `2 hours ago`, `вчера`, `7 May`.

They say nothing by themselves; only where the crawl time is known, by the sidecar or a setting, are they dates.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tasks.extract.layout import Layout, Line
from tasks.extract.printed import FIRST, NAME, OF, month_of, possible
from tasks.extract.reading import Reading
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import any_of

LONGEST = 90
ABOVE, BELOW = 3, 6
DAY_FIRST = rf"(?<![\d.:]){FIRST}(?:st|nd|rd|th|\.)?\s+{OF}{NAME}"
MONTH_FIRST = rf"(?<!\w){NAME}\.?\s{FIRST}"
WITHOUT_YEAR = (re.compile(DAY_FIRST), re.compile(MONTH_FIRST))
SCORES = {"counted-back": 0.75, "named-day": 0.65, "day-without-year": 0.6}


def relative_readings(
    layout: Layout, headline: Headline | None, crawled: datetime, language: str | None
) -> Iterator[Reading]:
    """The publishing days that the lines about the headline count from the crawl; none in a line with a whole date."""
    top = headline.line if headline else layout.first
    for place in range(max(0, top - ABOVE), min(len(layout.lines), max(top, min(layout.first, top + BELOW)) + BELOW)):
        line = layout.lines[place]
        if len(line.text) <= LONGEST and not line.prose and place not in layout.dates and place != top:
            yield from told(line, crawled, language)


def told(line: Line, crawled: datetime, language: str | None) -> Iterator[Reading]:
    """The first day that a line counts from the crawl."""
    for rule, found in (("counted-back", counted_back), ("named-day", named_day), ("day-without-year", this_year)):
        for match, at in found(line.text, crawled, language):
            where = (line.start + match.start(), line.start + match.end())
            why = f"counted from the crawl on {crawled.date()}"
            yield Reading("published", at.date().isoformat(), SCORES[rule], rule, why, "text", *where)
            return


def counted_back(text: str, crawled: datetime, _: str | None) -> Iterator[tuple[re.Match[str], datetime]]:
    """The times that lie so many units before the crawl."""
    for match in backward().finditer(text):
        number, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
        count = int(number) if number.isdigit() else 1
        seconds = next(size for size, form in units() if form.fullmatch(unit))
        if count * seconds <= 60 * 86400:
            yield match, crawled - timedelta(seconds=count * seconds)


def named_day(text: str, crawled: datetime, _: str | None) -> Iterator[tuple[re.Match[str], datetime]]:
    """The day of the crawl or the one before it, where a line opens with its name."""
    for name, days in (("yesterday", 1), ("today", 0)):
        match = words(name).match(text)
        if match:
            yield match, crawled - timedelta(days=days)


def this_year(text: str, crawled: datetime, language: str | None) -> Iterator[tuple[re.Match[str], datetime]]:
    """The last day before the crawl that has the day and the month that a line prints without a year."""
    for match in (match for form in WITHOUT_YEAR for match in form.finditer(text)):
        month = month_of(match["name"], language)
        days = [possible(year, month, int(match["a"])) for year in (crawled.year, crawled.year - 1)]
        day = next((day for day in days if day and day <= crawled.date()), None)
        if day:
            yield match, datetime(day.year, day.month, day.day)


@cache
def table() -> dict[str, Any]:
    """The words by which time is counted."""
    return tomllib.loads(Path(__file__).with_name("relative.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> re.Pattern[str]:
    """A pattern for any word of a list, at its word's borders."""
    return re.compile(any_of(table()[name]), re.IGNORECASE)


@cache
def units() -> list[tuple[int, re.Pattern[str]]]:
    """The seconds of each unit with its names."""
    return [(int(size), re.compile(any_of(names), re.IGNORECASE)) for size, names in table()["seconds"].items()]


@cache
def backward() -> re.Pattern[str]:
    """A pattern for a number of units with the word that counts them back, before or behind them."""
    number = rf"\d{{1,2}}|{any_of(table()['one'])}"
    unit = any_of([name for names in table()["seconds"].values() for name in names])
    before, after = any_of(table()["before"]), any_of(table()["after"])
    return re.compile(
        rf"(?:{before})\s+(?P<n>{number})\s?(?P<unit>{unit})|(?<!\w)(?P<n2>{number})\s?(?P<unit2>{unit})\.?\s?(?:{after})",
        re.IGNORECASE,
    )
