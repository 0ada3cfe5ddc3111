"""Finds the sentences of an article that refer to a day before it, and says which day that is.

A day is named by month and day ("on May 7", "7 мая"), by its weekday ("on Tuesday") or by the time gone by since ("two
weeks ago"); each is resolved against the article's own day. An undated article refers to days with a year only.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tasks.group.calendar import MOONS, NUMBER_ENDING, WORD, Calendar, Span, calendar_of, number_of
from tasks.strip.sieve import column, having

END = re.compile(r"[.!?…。！？؟]+[\"”’»)]*(?=\s|$)|\n")
DAY = re.compile(rf"(\d(?<![\w.,:/-].)\d?){NUMBER_ENDING}(?![\w:/%]|[.,]\d)")
MONTH_BEFORE = re.compile(r"(?<!\w)([^\W\d_]{3,})\.?\s$")
MONTH_AFTER = re.compile(r"\.?\s(?:de\s|of\s)?([^\W\d_]{3,})")
YEAR_AFTER = re.compile(r"[.,]?\s(?:de\s)?(\d{4})(?!\d)")
FAR_EASTERN = re.compile(r"(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
LONGEST_MONTH = 20
ORDINAL = re.compile(r"(?<!\d)\d{1,2}\.$")
OLDEST = 330  # days: a day without a year is never further back, or it would be another year's


class Reference(NamedTuple):
    """A sentence that refers to earlier days: the number of its text, where in it it stands, and the first and last
    day that each of those days may be."""

    text: int
    start: int
    end: int
    days: list[tuple[date, date]]


def references(texts: Sequence[str], own_days: Sequence[date | None], language: str | None) -> Iterator[Reference]:
    """The sentences of texts, each with the day of its article, that refer to an earlier day."""
    calendar = calendar_of(language)
    for at in having(calendar.cue, column(list(map(str.casefold, texts)))):
        for start, end in sentences(texts[at], calendar):
            if days := earlier_days(texts[at][start:end], own_days[at], language):
                yield Reference(at, start, end, days)


def earlier_days(sentence: str, own_day: date | None, language: str | None) -> list[tuple[date, date]]:
    """The days before its article's own that a sentence names, each once."""
    calendar = calendar_of(language)
    days = [*dates_in(sentence, own_day, calendar), *days_in(sentence, own_day, calendar, language)]
    return [named for named in dict.fromkeys(days) if own_day is None or named[0] < own_day]


def sentences(text: str, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text start and end; the point of an ordinal before a month ends none ("am 7. Mai")."""
    start = 0
    for end in ends(text, calendar):
        said = text[start:end]
        if said.strip():
            yield start + len(said) - len(said.lstrip()), start + len(said.rstrip())
        start = end


def ends(text: str, calendar: Calendar) -> Iterator[int]:
    """Where sentences end: at a full stop or the like that is no ordinal's, at a line's end and at the text's."""
    for match in END.finditer(text):
        end = match.end()
        if text[end - 1] == "." and ORDINAL.search(text, max(0, end - 4), end):
            following = WORD.match(text, end + 1)
            if following and following.group().casefold() in calendar.months:
                continue
        yield end
    yield len(text)


def days_in(
    sentence: str, own_day: date | None, calendar: Calendar, language: str | None
) -> Iterator[tuple[date, date]]:
    """The earlier days that a sentence names by words, each as the first and last day that it may be."""
    if own_day is None:
        return
    folded = sentence.casefold()
    said = set(WORD.findall(folded))
    for word in sorted(said & calendar.weekdays.keys()):
        weekday = calendar.weekdays[word]
        day = own_day - timedelta((own_day.weekday() - weekday) % 7)
        yield day, day
    for span in calendar.spans:
        if span.word[:-1] in folded:  # the last letter of a phrase's word may be one that need not be there ("weeks?")
            yield from days_ago(sentence, span, own_day, language)


def dates_in(sentence: str, own_day: date | None, calendar: Calendar) -> Iterator[tuple[date, date]]:
    """The earlier days that a sentence names by month and day, with or without the year."""
    for month, day, year in named_days(sentence, calendar):
        resolved = resolve(month, day, year, own_day)
        if resolved is not None:
            yield resolved, resolved


def named_days(text: str, calendar: Calendar) -> Iterator[tuple[int, int, int | None]]:
    """Month, day, and year where it is given, of each day that a text names so."""
    for match in DAY.finditer(text):
        start = match.start()
        parted = text[start - 1 : start].isspace()
        before = MONTH_BEFORE.search(text, max(0, start - LONGEST_MONTH), start) if parted else None
        after = MONTH_AFTER.match(text, match.end())
        for month in (before, after):
            number = calendar.months.get(month[1].casefold()) if month else None
            if month and number:
                year = YEAR_AFTER.match(text, max(match.end(), month.end()))
                yield number, int(match[1]), int(year[1]) if year else None
                break
    for match in FAR_EASTERN.finditer(text) if any(moon in text for moon in MOONS) else ():
        yield int(match[2]), int(match[3]), int(match[1]) if match[1] else None


def month_days(text: str, language: str | None) -> list[tuple[int, int]]:
    """Month and day of each day that a text names by them.

    >>> month_days("On May 7, and on 30 June 2012, they met.", "en")
    [(5, 7), (6, 30)]
    """
    return [(month, day) for month, day, _ in named_days(text, calendar_of(language))]


def weekdays_in(said: Iterable[str], language: str | None) -> set[str]:
    """The weekdays (0 is Monday) that are among case-folded words.

    >>> weekdays_in(["they", "met", "on", "tuesday"], "en")
    {'1'}
    """
    weekdays = calendar_of(language).weekdays
    return {str(weekdays[word]) for word in weekdays.keys() & said}


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
