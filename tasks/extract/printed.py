"""Finds the dates that a text prints, in words or figures of any language, with the time that stands beside them.

The finding is ours, for a library that searches a text for dates invents them (FINDINGS: 25 to 68 % wrong). A year of
four figures or three numbers in a row mark the places; only there the grammar is tried.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tasks.text import holds_any

REACH = 48
STRETCH = 500  # in which each date is held against all others
# A digit first, in one class: four times as fast to search for as the alternatives in a row.
PLACES = re.compile(r"[0-9](?:[059][0-9][0-9]|\s?[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9][0-9](?![0-9]))")
ASCII = {code: str(int(chr(code))) for first in "٠۰०০๐０" for code in range(ord(first), ord(first) + 10)}
FIGURES = "".join(map(chr, ASCII))

DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
MONTH = r"(?P<m>1[0-2]|0?[1-9])(?!\d)"
# Behind the year a time may be glued to it, or the day on which the page was changed (`1. May 20161. May 2016`).
YEAR = r"(?P<y>(?:19|20|25)\d\d)(?=\D|$|\d{1,2}(?::\d\d|[.\s]{1,2}[^\W\d_]{3}))"
NAME = (
    r"(?P<name>[^\W\d_][^\W\d_.\u0e31-\u0e4e]*(?:[\u0900-\u0eff]+|\.[^\W\d_]\.?)*(?:\s[\u0600-\u06ff]+)?)"
    r"(?:/[^\W\d_]+)?"
)
OF = r"(?:(?:de|of|del|do|da|dne|ta|di|el|den|mwezi wa)\s+|d['’]|ta[’'])?"
FIRST = r"(?P<a>3[01]|[12]\d|0?[1-9])(?!\d)"
SECOND = r"(?P<b>3[01]|[12]\d|0?[1-9])(?!\d)"
SHORT_YEAR = r"(?P<yy>[0-3]\d)(?![\d.:/%-])"
FORMS = [
    ("iso-date", rf"(?<![\d/.-]){YEAR}\s?(?P<s>[-/.])\s?{MONTH}\s?(?P=s)\s?{DAY}(?!\d)"),
    ("cjk-date", rf"{YEAR}\s?[年년]\s?{MONTH}\s?[月월]\s?{DAY}\s?[日일号]?"),
    ("vietnamese-date", rf"(?<!\d){DAY}\s+(?:tháng|thg)\s+{MONTH}(?:,|\s+năm)?\s+{YEAR}"),
    ("day-month-year", rf"(?<![\d.:]){DAY}(?:st|nd|rd|th|er|ère|º|ª|ης|-?го)?[\s.,/–-]{{0,3}}{OF}{NAME}"
     rf"[.’']?[\s.,/–-]{{0,3}}{OF}(?:{YEAR}|['’](?P<yy>\d\d)(?!\d))"),
    ("month-day-year", rf"(?<![^\W\d_]){NAME}\.?\s{{0,2}}{DAY}(?:st|nd|rd|th)?[\s,.]{{1,3}}{YEAR}"),
    ("year-month-day", rf"(?<!\d){YEAR}(?:\.|,| m\.|\. gada| р\.|[ek]?ko)?\s{NAME}(?:ren)?\.?\s{DAY}(?![\d:])"),
    ("latvian-date", rf"(?<!\d){YEAR}\.? gada {DAY}\. {NAME}"),
    ("numeric-date", rf"(?<![\d.:/,-]){FIRST}\s?(?P<s>[.-])\s?{SECOND}\s?(?P=s)\s?(?:{YEAR}|{SHORT_YEAR})"),
    ("slash-date", rf"(?<![\d.:/,-]){FIRST}\s?/\s?{SECOND}\s?/\s?(?:{YEAR}|{SHORT_YEAR})"),
]  # fmt: skip
# Without which no form of the grammar matches: a number of one or two figures.
A_DAY = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9])")
DAY_AND_YEAR = re.compile(r"\d(?:st|nd|rd|th)?[\s,.]{1,3}(?:19|20|25)\d\d")
GRAMMAR = [(rule, re.compile(form)) for rule, form in FORMS]

CLOCK = (
    r"(?P<pre>오전|오후|午前|午後|上午|下午|AM|PM)?\s?(?P<H>[01]?\d|2[0-4])\s?(?:[:.h時时点시]|ч\.?|:\s)\s?(?P<M>[0-5]\d)(?!\d)"
    r"(?:[:.](?P<S>[0-5]\d)(?:[.,]\d+)?)?[분分]?:?(?:\s?(?P<ap>[ap])\.?\s?m\b\.?)?"
)
HOUR = r"(?P<H12>1[0-2]|0?[1-9])\s?(?P<ap12>[ap])\.?m\b\.?"
ZONE = (
    r"(?:\s?\(?(?P<zone>Z\b|(?:GMT|UTC)?\s?[+-]\d\d?(?::?\d\d)?(?!\d)|(?:UTC|GMT|CES?T|MES?Z|EES?T|WES?T|MSK|E[SD]?T|P[SD]T|M[SD]T|C[SD]T|BST"
    r"|JST|KST|HKT|SGT|MYT|WIB|SAST|EAT|WAT|PKT|NZ[SD]T|AE[SD]T|IST)\b)\)?)?"
)
AT = (
    r"(?:[^\W\d_]{2,10}day|at|um|à|às|a las|as|alle|alle ore|ore|kl\.?|klo|o|в|o godz\.|om|saat|ob|u|la|lúc|jam|pukul"
    r"|στις)"
)
BETWEEN = rf"(?:\s?(?:г|р|m|d|roku)\.)?[\s.,;|·•–—/()T-]{{0,5}}(?:{AT}\s+)?"
AFTER = re.compile(rf"{BETWEEN}(?:{CLOCK}|{HOUR}){ZONE}", re.IGNORECASE)
BEFORE = re.compile(
    rf"(?<![\d.,:])(?:{CLOCK}|{HOUR})(?:\s?(?:Uhr|hrs?|IST))?{ZONE}"
    r"[\s,|·•–—-]{0,4}(?:[^\W\d_]{2,12}\.?,?\s)?(?:(?:on|am|ngày)\s)?$",
    re.IGNORECASE,
)
# Names that stand for two zones (BST, CST, IST) are left out: a zone guessed is worse than none.
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "KST": 9, "HKT": 8,
    "SGT": 8, "MYT": 8, "WIB": 7, "SAST": 2,
    "EAT": 3, "WAT": 1, "PKT": 5, "NZST": 12, "NZDT": 13, "AEST": 10, "AEDT": 11,
}  # fmt: skip


class Printed(NamedTuple):
    """A date as a text prints it; `other` is the day it would be if its figures stood month first."""

    start: int
    end: int
    day: date
    other: date | None
    clock: str
    rule: str

    @property
    def value(self) -> str:
        """The date in ISO 8601, with the time and the zone that stand beside it."""
        return self.day.isoformat() + (f"T{self.clock}" if self.clock else "")


def printed_dates(text: str, language: str | None = None) -> Iterator[Printed]:
    """The dates that a text prints, in order, none overlapping another."""
    text = text.translate(ASCII) if holds_any(text, FIGURES) else text
    done = 0
    for start, end in windows(text):
        for found in sorted(dates_in(text, start, end, language)):
            if found.start >= done:
                done = found.end
                yield found


def windows(text: str) -> Iterator[tuple[int, int]]:
    """The stretches in which a date may stand: what lies around each year or row of numbers, within its line."""
    start = end = -1
    for place in PLACES.finditer(text):
        low = max(place.start() - REACH, text.rfind("\n", 0, place.start()) + 1)
        line_end = text.find("\n", place.end())
        high = min(place.end() + REACH, line_end if line_end >= 0 else len(text))
        if end >= 0 and (low > end or place.start() > start + STRETCH):
            yield start, end
            start = low
        start, end = (low if start < 0 else start), high
    if end >= 0:
        yield start, end


def dates_in(text: str, start: int, end: int, language: str | None) -> list[Printed]:
    """The dates in a stretch of a text, the earlier form of the grammar winning where two overlap."""
    found: list[Printed] = []
    for rule, form in GRAMMAR if A_DAY.search(text, start, end) else ():
        if rule == "month-day-year" and not DAY_AND_YEAR.search(text, start, end):
            continue  # the one form that begins with a name, and so is tried at every word
        for match in form.finditer(text, start, end):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found += read(text, match, rule, language)
    return found


def read(text: str, match: re.Match[str], rule: str, language: str | None) -> list[Printed]:
    """The date of a match with its time, or nothing where the figures or the month's name are no date."""
    parts = match.groupdict()
    year = int(parts["y"] or 2000 + int(parts["yy"]))
    year -= 543 if year > 2400 else 0  # the Thai calendar
    first, second = (parts["a"], parts["b"]) if "a" in parts else (parts["d"], parts.get("m"))
    month = int(second) if second else month_of(parts["name"], language)
    day = possible(year, month, int(first))
    other = possible(year, int(first), month) if "a" in parts else None
    if not (day or other):
        return []
    start, end, clock = with_clock(text, match.start(), match.end())
    swapped = other if day and other != day else None
    return [Printed(start, end, day or other or date.min, swapped, clock, rule)]


def possible(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(name: str, language: str | None) -> int:
    """The number of a month's name, 0 where it is none; the language decides between two months of one name."""
    plain = name.casefold().replace("ς", "σ").strip(". ")
    readings = months().get(plain.replace(" ", "_")) or months().get(plain.split(" ")[0], {})
    return readings.get(language or "", next(iter(readings.values()), 0))


@cache
def months() -> dict[str, dict[str, int]]:
    """Each month's name, with its number by language."""
    names: dict[str, dict[str, int]] = {}
    table = tomllib.loads(Path(__file__).with_name("months.toml").read_text(encoding="utf-8"))
    for language, of_year in table.items():
        for number, spellings in enumerate(of_year, 1):
            for name in spellings.split():
                names.setdefault(name, {})[language] = number
    return names


def with_clock(text: str, start: int, end: int) -> tuple[int, int, str]:
    """The stretch of a date with the time after or before it, and that time in ISO 8601; empty where none stands."""
    after = AFTER.match(text, end)
    if after and (clock := clock_of(after)):
        return start, after.end(), clock
    line = text.rfind("\n", 0, start) + 1
    before = BEFORE.search(text, max(line, start - REACH), start)
    if before and (clock := clock_of(before)):
        return before.start(), end, clock
    return start, end, ""


def clock_of(match: re.Match[str]) -> str:
    """The time of a match in ISO 8601, or nothing where it is none."""
    parts = match.groupdict()
    hour, half = int(parts["H"] or parts["H12"]), (parts["ap"] or parts["ap12"] or "").lower()
    late = half == "p" or parts["pre"] in ("오후", "午後", "下午", "PM")
    hour = hour % 12 + 12 * late if half or (parts["pre"] and hour <= 12) else hour
    if hour > 23:
        return ""
    seconds = f":{parts['S']}" if parts["S"] else ""
    return f"{hour:02}:{parts['M'] or '00'}{seconds}{offset(parts['zone'] or '')}"


def offset(zone: str) -> str:
    """A zone's offset from UTC in ISO 8601, empty where it is not sure."""
    name = zone.upper().replace(" ", "")
    figures = re.fullmatch(r"(?:GMT|UTC)?([+-])(\d\d?):?(\d\d)?", name)
    if figures:
        return f"{figures[1]}{int(figures[2]):02}:{figures[3] or '00'}" if int(figures[2]) <= 14 else ""
    if name not in ZONES:
        return ""
    return "Z" if ZONES[name] == 0 else f"{'+' if ZONES[name] > 0 else '-'}{abs(ZONES[name]):02}:00"
