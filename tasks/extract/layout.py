"""How a document lies on the page: its lines, what strip takes them for, their dates, and where the article stands.

The article is the run of lines whose prose weighs most: the maximum-sum subsequence of Pasternack and Roth (2009),
where a line of prose counts its length and any other line costs a little.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tasks.extract.printed import Printed, printed_dates
from tasks.extract.vocabulary import WORD, may_hold, pattern
from tasks.strip import Span

LINE = re.compile(r"[^\n]*\S[^\n]*")
LEAD = re.compile(r"[\s*+•·▪►▸›»>|—–-]*")
SENTENCE_END = re.compile(r"[.!?…։।؟][\"'”’»)\]]*(?:\s|$)|[。！？]")
DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TELLING = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_]{4,}|\d{2,}")
LONG = 300
PROSE = 80
DENSE_PROSE = 40
MOST = 500
COST = 40
NO_PROSE = frozenset({"boilerplate", "caption", "credit", "byline", "dateline", "outlet", "title"})
CALENDAR = 40  # dates in a line; more are a table, and each of them would be weighed against all others


class Line(NamedTuple):
    """A line as it shows, without the bullets and white space at its ends."""

    start: int
    end: int
    text: str
    words: list[str]
    key: str
    kind: str
    prose: bool
    bullet: bool


class Layout(NamedTuple):
    """A document's lines, its article's first and last line (past the end where there is none), and what is in them."""

    text: str
    lines: list[Line]
    first: int
    last: int
    dates: Mapping[int, list[Printed]]
    keys: Counter[str]
    words: frozenset[str]


def lay_out(text: str, spans: Sequence[Span], language: str | None) -> Layout:
    """The lines of a document, the dates that each prints, and where its article stands among them."""
    starts = [span.start for span in spans]
    lines = []
    for match in LINE.finditer(text):
        start = LEAD.match(text, match.start(), match.end()).end()  # type: ignore[union-attr]  # matches nothing at least
        shown = text[start : match.end()].rstrip()
        if not shown:
            continue
        place = bisect_right(starts, start) - 1
        kind = spans[place].kind if place >= 0 else ""
        bullet = bool(text[match.start() : start].strip())
        words = WORD.findall(shown.casefold()) if len(shown) <= LONG else []
        lines.append(Line(start, start + len(shown), shown, words, "".join(words), kind, is_prose(shown, kind), bullet))
    first, last = article(lines)
    told = frozenset(word for line in lines[first : last + 1] if line.prose for word in words_of(line.text))
    keys = Counter(line.key for line in lines if len(line.key) >= 8)
    return Layout(text, lines, first, last, by_line(printed_dates(text, language), lines), keys, told)


def is_prose(shown: str, kind: str) -> bool:
    """Whether a line reads as running text: long, with the end of a sentence in it."""
    length = 2 * len(shown) if kind == "body" else len(shown)
    if kind in NO_PROSE or length < DENSE_PROSE or (length < PROSE and not is_dense(shown)):
        return False
    return bool(SENTENCE_END.search(shown))


def is_dense(text: str) -> bool:
    """Whether a text has letters of a script that puts no spaces between words, or writes a syllable in a letter."""
    return not text.isascii() and bool(DENSE.search(text))


def article(lines: Sequence[Line]) -> tuple[int, int]:
    """The first and the last line of the run whose prose weighs most."""
    best, first, last = 0, len(lines), len(lines)
    run, began = 0, 0
    for place, line in enumerate(lines):
        if run <= 0:
            run, began = 0, place
        run += min(MOST, len(line.text)) if line.prose else -COST
        if run > best:
            best, first, last = run, began, place
    while first < last and not lines[first].prose:
        first += 1
    return first, last


def by_line(dates: Iterable[Printed], lines: Sequence[Line]) -> dict[int, list[Printed]]:
    """The dates by the line that prints them; of a calendar, the first ones."""
    ends = [line.end for line in lines]
    found: dict[int, list[Printed]] = {}
    for printed in dates:
        place = min(bisect_right(ends, printed.start), len(lines) - 1)
        if len(row := found.setdefault(place, [])) < CALENDAR:
            row.append(printed)
    return found


def words_of(text: str) -> set[str]:
    """The words of a text that carry meaning: long ones, numbers, pairs of characters in scripts without spaces."""
    if is_dense(text):
        return set(TELLING.findall(text.casefold()))
    return {word for word in WORD.findall(text.casefold()) if len(word) > 3 or word.isdigit()}


def holds(name: str, line: Line) -> bool:
    """Whether a line holds an entry of a list of words."""
    return may_hold(name, line.words, line.text) and bool(pattern(name).search(line.text))


def squash(text: str) -> str:
    """A text's letters and digits alone, without case or accents, to compare two printings of one line."""
    if text.isascii():
        return "".join(WORD.findall(text.casefold()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def one_line(text: str) -> str:
    """A text with each run of white space as one space."""
    return " ".join(text.split())
