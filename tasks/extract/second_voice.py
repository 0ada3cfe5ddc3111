"""Asks htmldate for the day of a page whose own evidence is absent or weak, and looks where the page has it.

htmldate (Barbaresi 2020) is right on 97 % of news pages and slow on some: it is asked without its extensive search,
which guesses, and never of a very long page. On pages without a date in their markup it was right on 20 of 41, wrong
on 5. It does not say where it read: a day that is nowhere in the page is dropped.
"""

import re
from collections.abc import Sequence
from datetime import date
from importlib import import_module

import lxml.html

from tasks.extract.printed import printed_dates
from tasks.extract.reading import Reading

DOUBT = 0.7
LONGEST = 1_000_000
SCORE = 0.62
REACH = 40  # characters between a day and its year, at most
NAME = r"\b[^\W\d_]{3,12}+\.?"
# The library's own latest day is today, which would make the answer hang on the day of the run.
LATEST = "2079-12-31"


def second_voice(tree: lxml.html.HtmlElement, html: str, readings: Sequence[Reading]) -> list[Reading]:
    """What htmldate says of a page where no reading of the publishing day is sure; nothing for a very long page."""
    sure = max((one.score for one in readings if one.field == "published"), default=0.0)
    if sure >= DOUBT or len(html) > LONGEST:
        return []
    day = said_by_htmldate(tree)
    where = place_of(date.fromisoformat(day), html) if day else None
    if day is None or where is None:
        return []
    why = "htmldate says so; nothing else is sure"
    return [Reading("published", day, SCORE, "htmldate", why, "markup", pointer=f"html[{where[0]}:{where[1]}]")]


def said_by_htmldate(tree: lxml.html.HtmlElement) -> str | None:
    """A day in ISO 8601, or None; None too for a page that lxml reads and then refuses, for its control characters."""
    try:
        found = import_module("htmldate").find_date(tree, original_date=True, extensive_search=False, max_date=LATEST)
    except ValueError:
        return None
    return str(found) if found else None


def place_of(day: date, html: str) -> tuple[int, int] | None:
    """Where a page's markup has a day, in figures or with its month's name; None where it has not."""
    month, of_month, short = f"0?{day.month}", f"0?{day.day}", f"{day.year % 100:02}"
    gap = r"[\s.,/_-]{0,3}(?:de\s)?"
    forms = re.compile(
        rf"{day.year}\W?{month}\W?{of_month}(?!\d)|(?<!\d){of_month}[\s./_-]{{1,2}}{month}[\s./_-]{{1,2}}{day.year}"
        rf"|(?<!\d){month}/{of_month}/{day.year}(?!\d)|(?<!\d){of_month}[./-]{month}[./-]{short}(?!\d)"
        rf"|(?<!\d){of_month}(?:st|nd|rd|th)?{gap}{NAME}{gap}{day.year}|{NAME}\s{of_month}(?:st|nd|rd|th)?,?\s{day.year}"
    )
    for year in re.finditer(rf"{day.year}|[./-]{short}(?!\d)", html):
        for found in forms.finditer(html, max(0, year.start() - REACH), year.end() + REACH):
            if has_day(found.group(), day):
                return found.span()
    return None


def has_day(shown: str, day: date) -> bool:
    """Whether a stretch is a day: in figures alone, or with a month that is the day's."""
    if not re.search(r"[^\W\d_]{3}", shown):
        return True
    return any(day in (one.day, one.other) for one in printed_dates(shown))
