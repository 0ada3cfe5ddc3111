"""The words of a language for months, weekdays and spans of time, from dateparser's tables (CLDR, and its own).

Only the tables are read; nothing is parsed with dateparser, which finds dates where there are none.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from tasks.strip.sieve import SPACE

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOONS = ("月", "월")  # month and day in the far east, whatever the language
NUMBER_ENDING = "(?:st|nd|rd|th|er|º)?"  # of a day
NOTHING = r"[^\x00-\x{10FFFF}]"
DAYS_OF = {"day": 1, "week": 7}
LEAST_MONTH, LEAST_WEEKDAY = 3, 4  # shorter forms (di, so, Mi) are other words as well
WORD = re.compile(r"[^\W\d_]+(?:-feira)?")
FIGURE = re.compile(r"\(\\d\+\+.*?\)")  # of a phrase of dateparser's
LETTERS = re.compile(r"(?<!\\)[^\W\d_]+")
TAUGHT = re.compile(r"^[a-z]{2,3}$")
ONE_TO_FOUR = {  # number words that dateparser has no table for, in the languages with most news
    "en": ("one a an", "two", "three", "four"),
    "de": ("einem einer", "zwei", "drei", "vier"),
    "fr": ("un une", "deux", "trois", "quatre"),
    "es": ("un una", "dos", "tres", "cuatro"),
    "it": ("un una", "due", "tre", "quattro"),
    "pt": ("um uma", "dois duas", "três", "quatro"),
    "nl": ("een", "twee", "drie", "vier"),
    "sv": ("en ett", "två", "tre", "fyra"),
    "ru": ("один одну", "два две", "три", "четыре"),
    "pl": ("jeden", "dwa dwie", "trzy", "cztery"),
    "tr": ("bir", "iki", "üç", "dört"),
}


class Span(NamedTuple):
    """A phrase for a time gone by: `many` days or weeks, or as many as its figure says; `word` is the longest in it.

    `cue` is a pattern of RE2 that is found in a case-folded text wherever the phrase is.
    """

    phrase: re.Pattern[str]
    unit: int
    many: int | None
    word: str
    cue: str


class Calendar(NamedTuple):
    """What a language calls months (1 to 12), weekdays (0 is Monday) and times gone by.

    `names` are those of months and weekdays; `cue` is a pattern of RE2 that is found in a case-folded text wherever a
    day may be named.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    spans: tuple[Span, ...]
    names: frozenset[str]
    cue: str


@lru_cache(maxsize=1000)  # languages, as documents name them
def calendar_of(language: str | None) -> Calendar:
    """The calendar words of a language (BCP 47); English where it is not known, none where no table is."""
    primary = (language or "en").split("-")[0].lower()
    return calendar(primary if TAUGHT.match(primary) else "en")


@cache
def calendar(language: str) -> Calendar:
    """The calendar words of a language of dateparser's; without any where it has no table."""
    try:
        table = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ModuleNotFoundError:
        return Calendar({}, {}, (), frozenset(), cue_of((), ()))
    found = tuple(spans(table, language))
    months = {
        form: number for number, month in enumerate(MONTHS, 1) for form in forms(table.get(month, ()), LEAST_MONTH)
    }
    weekdays = {
        form: number for number, day in enumerate(WEEKDAYS) for form in forms(table.get(day, ()), LEAST_WEEKDAY)
    }
    cue = cue_of([*map(re.escape, weekdays), *(span.cue for span in found)], map(re.escape, months))
    return Calendar(months, weekdays, found, frozenset(months).union(weekdays), cue)


def cue_of(phrases: Iterable[str], months: Iterable[str]) -> str:
    """A pattern of RE2 for what may name a day: some phrases by themselves, some months beside a number.

    `references` says how a month is written beside one.
    """
    by_itself, month = ("|".join(sorted(some)) or NOTHING for some in (phrases, months))
    before = rf"(?:{month})\.?[{SPACE}]\p{{Nd}}"
    after = rf"\p{{Nd}}{NUMBER_ENDING}\.?[{SPACE}](?:(?:de|of)[{SPACE}])?(?:{month})"
    return rf"{by_itself}|{before}|{after}|\p{{Nd}}[{SPACE}]?[{''.join(MOONS)}]"


def forms(called: Iterable[str], least: int) -> set[str]:
    """The forms of a word that are long enough to be no other; with the Cyrillic accusative, which the tables lack.

    >>> sorted(forms(["ср", "среда"], 3))
    ['среда', 'среду']
    """
    kept = {word.casefold().rstrip(".") for word in called if len(word.rstrip(".")) >= least}
    return kept | {word[:-1] + "у" for word in kept if word.endswith("а")}


def spans(table: Mapping[str, Any], language: str) -> list[Span]:
    """The phrases of a language for days and weeks gone by."""
    found = []
    for meaning, phrases in [*table.get("relative-type", {}).items(), *table.get("relative-type-regex", {}).items()]:
        match = re.fullmatch(r"(\d+|\\1) (day|week) ago", meaning)
        if match and match[1] != "0":
            many = int(match[1]) if match[1].isdigit() else None
            found += [span_of(phrase, DAYS_OF[match[2]], many, language) for phrase in phrases]
    return found


def span_of(phrase: str, unit: int, many: int | None, language: str) -> Span:
    """A phrase of dateparser's, whose figure may be a number word.

    >>> span_of(r"vor (\\d++[.,]?\\d*+) wochen", 7, None, "xx")[3:]
    ('wochen', 'vor \\\\S+ wochen')
    """
    spelt = "|".join(" ".join(ONE_TO_FOUR.get(language, ())).split())
    figure = rf"(\d+{'|' + spelt if spelt else ''})"
    pattern = re.compile(rf"(?<!\w){FIGURE.sub(lambda _: figure, phrase)}(?!\w)", re.IGNORECASE)
    cue = FIGURE.sub(lambda _: r"\S+", phrase.casefold())
    return Span(pattern, unit, many, max(LETTERS.findall(cue), key=len, default=""), cue)


def number_of(figure: str, language: str | None) -> int | None:
    """A figure or a number word up to four as a number.

    >>> number_of("3", "en"), number_of("Zwei", "de"), number_of("many", "en")
    (3, 2, None)
    """
    if figure.isdigit():
        return int(figure)
    spelt = ONE_TO_FOUR.get((language or "en").split("-")[0].lower(), ())
    return next((number for number, words in enumerate(spelt, 1) if figure.casefold() in words.split()), None)
