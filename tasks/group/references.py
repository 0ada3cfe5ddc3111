"""Finds the sentences of an article that refer to a day before it, and says which day that is.

A day is named by month and day ("on May 7", "7 мая"), by its weekday ("on Tuesday") or by the time gone by since ("two
weeks ago"); each is resolved against the article's own day. An undated article refers to days with a year only.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from tasks.group.calendar import Calendar, Span, calendar_of, number_of

SENTENCE = re.compile(r"[^\n]+?(?:[.!?…。！？؟]+[\"”’»)]*(?=\s|$)|(?=\n)|$)")
DAY_MONTH = re.compile(
    r"(?<![\w.,:])(\d{1,2})(?:st|nd|rd|th|er|º)?\.?\s(?:de\s)?([^\W\d_]{3,})\.?(?:\s(?:de\s)?(\d{4}))?"
)
MONTH_DAY = re.compile(r"(?<!\w)([^\W\d_]{3,})\.?\s(\d{1,2})(?:st|nd|rd|th)?(?![\d:.,]\d|\d)(?:,?\s(\d{4})(?!\d))?")
WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")
OLDEST = 330  # days: a day without a year is never further back, or it would be another year's


class Reference(NamedTuple):
    """A sentence that refers to an earlier day, and between which days that day lies."""

    start: int
    end: int
    first_day: date
    last_day: date


def references(text: str, own_day: date | None, language: str | None) -> list[Reference]:
    """The sentences of a text that refer to an earlier day; a sentence that names several days is there for each."""
    calendar = calendar_of(language)
    found = []
    for start, end in sentences(text, calendar):
        for first, last in dict.fromkeys(days_in(text[start:end], own_day, calendar, language)):
            if own_day is None or first < own_day:
                found.append(Reference(start, end, first, last))
    return found


def sentences(text: str, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text start and end; the point of an ordinal before a month ends none ("am 7. Mai")."""
    start = 0
    for match in SENTENCE.finditer(text):
        following = WORD.match(text, match.end() + 1)
        if ORDINAL.search(match.group()) and following and following.group().casefold() in calendar.months:
            continue
        start += len(text[start : match.end()]) - len(text[start : match.end()].lstrip())
        yield start, match.end()
        start = match.end()


def days_in(
    sentence: str, own_day: date | None, calendar: Calendar, language: str | None
) -> Iterator[tuple[date, date]]:
    """The earlier days that a sentence names, each as the first and last day that it may be."""
    for day in dates_in(sentence, own_day, calendar):
        yield day, day
    if own_day is None:
        return
    for word in WORD.findall(sentence):
        weekday = calendar.weekdays.get(word.casefold())
        if weekday is not None:
            day = own_day - timedelta((own_day.weekday() - weekday) % 7)
            yield day, day
    for span in calendar.spans:
        yield from days_ago(sentence, span, own_day, language)


def dates_in(sentence: str, own_day: date | None, calendar: Calendar) -> Iterator[date]:
    """The days that a sentence names by month and day, with or without the year."""
    for month, day, year in named_days(sentence, calendar):
        resolved = resolve(month, day, year, own_day)
        if resolved is not None:
            yield resolved


def named_days(text: str, calendar: Calendar) -> Iterator[tuple[int, int, int | None]]:
    """Month, day, and year where it is given, of each day that a text names so."""
    named = [(match[2], match[1], match[3]) for match in DAY_MONTH.finditer(text)]
    named += [(match[1], match[2], match[3]) for match in MONTH_DAY.finditer(text)]
    for month, day, year in named:
        number = calendar.months.get(month.casefold())
        if number is not None:
            yield number, int(day), int(year) if year else None


def month_days(text: str, language: str | None) -> list[tuple[int, int]]:
    """Month and day of each day that a text names by them.

    >>> month_days("On May 7, and on 30 June 2012, they met.", "en")
    [(6, 30), (5, 7)]
    """
    return [(month, day) for month, day, _ in named_days(text, calendar_of(language))]


def weekdays_in(text: str, own_day: date | None, language: str | None) -> set[str]:
    """The weekdays (0 is Monday) that a text names, or on which the days fall that it names by month and day."""
    calendar = calendar_of(language)
    named = (calendar.weekdays.get(word.casefold()) for word in WORD.findall(text))
    dated = (day.weekday() for day in dates_in(text, own_day, calendar))
    return {str(weekday) for weekday in (*named, *dated) if weekday is not None}


def resolve(month: int, day: int, year: int | None, own_day: date | None) -> date | None:
    """The day that is meant: the last one before the article where no year is given; None where there is none.

    >>> resolve(5, 7, None, date(2013, 5, 27)), resolve(12, 30, None, date(2014, 1, 2)), resolve(6, 31, None, date.max)
    (datetime.date(2013, 5, 7), datetime.date(2013, 12, 30), None)
    """
    years = [year] if year else [own_day.year, own_day.year - 1] if own_day else []
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or (own_day and timedelta(0) <= own_day - found <= timedelta(OLDEST)):
            return found
    return None


def days_ago(sentence: str, span: Span, own_day: date, language: str | None) -> Iterator[tuple[date, date]]:
    """The days that a phrase for a time gone by may mean; one counted in weeks may be two days off."""
    for match in span.phrase.finditer(sentence):
        many = span.many or number_of(match[1], language)
        if many is not None and many * span.unit < OLDEST:
            slack = timedelta(0 if span.unit == 1 else 2)
            day = own_day - timedelta(many * span.unit)
            yield day - slack, day + slack
