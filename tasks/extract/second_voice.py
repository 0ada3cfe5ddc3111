"""Asks htmldate for the day of a page whose own evidence is absent or weak, and looks where the page has it.

htmldate (Barbaresi 2020) is right on 97 % of news pages and slow on some: it is asked without its extensive search,
which guesses, and never of a very long page. On pages without a date in their markup it was right on 20 of 41, wrong
on 5. It does not say where it read: a day that is nowhere in the page is dropped.
"""

import re
from collections.abc import Sequence
from datetime import date
from importlib import import_module

from tasks.extract.reading import Reading

DOUBT = 0.7
LONGEST = 1_000_000
SCORE = 0.62
# The library's own latest day is today, which would make the answer hang on the day of the run.
LATEST = "2079-12-31"


def second_voice(html: str, readings: Sequence[Reading]) -> list[Reading]:
    """What htmldate says where no reading of the publishing day is sure; nothing for a very long page."""
    sure = max((one.score for one in readings if one.field == "published"), default=0.0)
    if sure >= DOUBT or len(html) > LONGEST:
        return []
    day = import_module("htmldate").find_date(html, original_date=True, extensive_search=False, max_date=LATEST)
    where = place_of(date.fromisoformat(day), html) if day else None
    if day is None or where is None:
        return []
    why = "htmldate says so; nothing else is sure"
    return [Reading("published", day, SCORE, "htmldate", why, "markup", pointer=f"html[{where[0]}:{where[1]}]")]


def place_of(day: date, html: str) -> tuple[int, int] | None:
    """Where a page's markup has a day, in figures or with a month's name; None where it has not."""
    year, month, date_of = rf"(?:{day.year}|(?<!\d){day.year % 100:02})", f"0?{day.month}", f"0?{day.day}"
    name = r"[^\W\d_]{3,12}\.?"
    gap = r"[\s.,/_-]{0,3}(?:de\s)?"
    forms = (
        rf"{day.year}\W?{month}\W?{date_of}(?!\d)|(?<!\d){date_of}[\s./_-]{{1,2}}{month}[\s./_-]{{1,2}}{year}(?!\d)"
        rf"|(?<!\d){month}/{date_of}/{year}(?!\d)|(?<!\d){date_of}(?:st|nd|rd|th)?{gap}{name}{gap}{day.year}"
        rf"|{name}\s{date_of}(?:st|nd|rd|th)?,?\s{day.year}"
    )
    found = re.search(forms, html)
    return found.span() if found else None
