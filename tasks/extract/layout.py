"""How a document lies on the page: its lines, what strip takes them for, their dates, and where the article stands.

The article is the run of lines whose prose weighs most: the maximum-sum subsequence of Pasternack and Roth (2009),
where a line of prose counts its length and any other line costs a little.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from tasks.extract.printed import Printed, printed_dates
from tasks.extract.vocabulary import BITS, may_hold, pattern, words_of
from tasks.strip import Span
from tasks.text import folded

LEAD = re.compile(r"[\s*+•·▪►▸›»>|—–-]*")
STOPS = ".!?…։।؟"
SENTENCE_END = re.compile(rf"[{STOPS}][\"'”’»)\]]*(?:\s|$)|[。！？]")
DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
TELLING = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}|[^\W\d_]{4,}|\d{2,}")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
LONG = 300
PROSE = 80
DENSE_PROSE = 40
MOST = 500
OPENING = 4000
COST = 40
NO_PROSE = frozenset({"boilerplate", "caption", "credit", "byline", "dateline", "outlet", "title"})
# A date in the prose below an article's first lines and above its last is one of what it tells of; of those nearer to
# the headline the weighing of lines makes use.
TELLING_DATES = 10
CALENDAR = 40  # dates in a line; more are a table, and each of them would be weighed against all others


class Line(NamedTuple):
    """A line as it shows, without the bullets and white space at its ends; a long one has no key and no lists."""

    start: int
    end: int
    text: str
    words: list[str]
    key: str
    kind: str
    prose: bool
    bullet: bool
    lists: int


class Layout(NamedTuple):
    """A document's lines, its article's first and last line (past the end where there is none), and what is in them.

    `keys` counts the lines that print the same; `words` are those of the article's opening, `lead` of its beginning.
    """

    text: str
    lines: list[Line]
    first: int
    last: int
    dates: Mapping[int, list[Printed]]
    keys: Counter[str]
    words: Set[str]
    lead: Set[str]
    language: str | None


def lay_out(text: str, spans: Sequence[Span], language: str | None) -> Layout:
    """The lines of a document, the dates that each prints, and where its article stands among them."""
    lines = list(shown_lines(text, spans))
    first, last = article(lines)
    # The small words among them do no harm: nobody looks for those.
    told = [pairs_or_words(line) for line in opening(lines[first : last + 1])]
    keys = Counter([line.key for line in lines if len(line.key) >= 8])
    untold = [line for line in lines[first + TELLING_DATES : last] if line.prose]
    dates = by_line(printed_dates(blanked(text, untold), language), lines)
    return Layout(text, lines, first, last, dates, keys, set[str]().union(*told), set(*told[:1]), language)


def shown_lines(text: str, spans: Sequence[Span]) -> Iterator[Line]:
    """The lines that show something, each with the kind of the span that its middle is in: behind a dateline, body."""
    ends, kinds = [*[span.end for span in spans], len(text) + 1], [*[span.kind for span in spans], ""]
    end, place = -1, 0
    for raw, plain in zip(text.split("\n"), folded(text).split("\n"), strict=True):
        low, end = end + 1, end + 1 + len(raw)
        shown = raw.strip()
        if not shown:
            continue
        start = low + raw.index(shown[0])
        bullet = not shown[0].isalnum()
        if bullet:
            lead = LEAD.match(text, start, end).end()  # type: ignore[union-attr]  # matches nothing at least
            shown, start, bullet = text[lead:end].rstrip(), lead, lead > start
        middle = start + len(shown) // 2
        while ends[place] <= middle:
            place += 1
        if shown:
            yield line_of(shown, start, plain, kinds[place], bullet)


def line_of(shown: str, start: int, plain: str, kind: str, bullet: bool) -> Line:
    """A line with its words, which are those of `plain`, and the lists that it may hold an entry of."""
    words = plain.split()
    key, lists = (plain.replace(" ", ""), may_hold(words, shown)) if len(shown) <= LONG else ("", 0)
    return Line(start, start + len(shown), shown, words, key, kind, is_prose(shown, kind), bullet, lists)


def is_prose(shown: str, kind: str) -> bool:
    """Whether a line reads as running text: long, with the end of a sentence in it."""
    length = 2 * len(shown) if kind == "body" else len(shown)
    if kind in NO_PROSE or length < DENSE_PROSE or (length < PROSE and not is_dense(shown)):
        return False
    return shown[-1] in STOPS or bool(SENTENCE_END.search(shown))  # most prose ends so, and needs no search


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


def opening(lines: Iterable[Line]) -> Iterator[Line]:
    """The prose with which an article opens; a headline's words are among its first."""
    length = 0
    for line in lines:
        if line.prose and length < OPENING:
            length += len(line.text)
            yield line


def blanked(text: str, lines: Iterable[Line]) -> str:
    """The text with a space for each character of some of its lines."""
    pieces: list[str] = []
    end = 0
    for line in lines:
        pieces += (text[end : line.start], " " * (line.end - line.start))
        end = line.end
    return "".join([*pieces, text[end:]])


def by_line(dates: Iterable[Printed], lines: Sequence[Line]) -> dict[int, list[Printed]]:
    """The dates by the line that prints them; of a calendar, the first ones."""
    ends = [line.end for line in lines]
    found: dict[int, list[Printed]] = {}
    for printed in dates:
        place = min(bisect_right(ends, printed.start), len(lines) - 1)
        if len(row := found.setdefault(place, [])) < CALENDAR:
            row.append(printed)
    return found


def lines_with(marks: Iterable[str], layout: Layout) -> Mapping[int, Line]:
    """The lines that hold one of a few marks, by their place; most texts hold none of them."""
    printed = [mark for mark in marks if mark in layout.text]
    lines = enumerate(layout.lines if printed else ())
    return {place: line for place, line in lines for mark in printed if mark in line.text}


def telling(text: str) -> set[str]:
    """The words of a text that carry meaning."""
    return meaningful(text, words_of(text))


def telling_in(line: Line) -> set[str]:
    """The words of a line that carry meaning."""
    return meaningful(line.text, line.words)


def meaningful(text: str, words: Iterable[str]) -> set[str]:
    """Of the words of a text the long ones and numbers; pairs of characters in scripts without spaces."""
    if is_dense(text):
        return set(TELLING.findall(text.casefold()))
    return {word for word in words if len(word) > 3 or word.isdigit()}


def pairs_or_words(line: Line) -> Iterable[str]:
    """All words of a line; pairs of characters in scripts without spaces."""
    return telling_in(line) if is_dense(line.text) else line.words


def holds(name: str, line: Line) -> bool:
    """Whether a line holds an entry of a list of words."""
    return bool(line.lists & BITS[name] and pattern(name).search(line.text))


def opens_with(name: str, line: Line) -> bool:
    """Whether a line opens with an entry of a list of words."""
    return bool(line.lists & BITS[name] and pattern(name).match(line.text))


def key_of(text: str) -> str:
    """A text's letters and digits alone, without case: what two lines share that print the same."""
    return "".join(words_of(text))


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """A text's letters and digits alone, without case or accents, to compare two names or headlines."""
    return key_of(unicodedata.normalize("NFKD", text))


def one_line(text: str) -> str:
    """A text with each run of white space as one space, without soft hyphens and marks of no width."""
    return " ".join(text.translate(UNSEEN).split())
