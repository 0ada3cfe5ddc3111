"""Reads the writers' names: people, one reading a name; an office, a paper or an agency that signs is none."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from tasks.extract.layout import DENSE, Layout, Line, holds, is_dense, key_of, squash, telling
from tasks.extract.outlets import Outlets
from tasks.extract.reading import Reading, in_text
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import BITS, WORD, lists, members, pattern
from tasks.extract.weighing import log_odds, spoken_for, steps

JOINED = r"\s*+[,;/&·•|、，：]\s*+|\s++(?:and|und|et|y|e|og|och|en|и|та|і|ve|dan|with|mit|avec|con|med"
CONJUNCTION = re.compile(rf"{JOINED})\s+", re.IGNORECASE)
AND = re.compile(rf"{JOINED}|by|von|par|por)\s+", re.IGNORECASE)
GLUED_CUE = re.compile(r"(?:By|Von|Par|Por)(?=[A-ZÀ-Þ][^\W\d_]*\s[A-ZÀ-Þ])")
CUT = re.compile(r"\s[–—-]\s|\s?[(（<\[@0-9]|[;|•·]|\s(?:in|[Ff]or|aus|für|à|at)\s(?=[A-ZÀ-Þ])")
CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
TOKEN = re.compile(r"(?:[^\W\d_]+|[^\W\d_]{1,3}\.)(?:['’.\-‐][^\W\d_]+)*\.?")
# Some small words may stand between a name's others: `Maria de la Cruz`.
TWO_CAPITALS = re.compile(rf"(?<!\w){CAPITAL}\S*\s+(?:\S+\s+){{0,3}}{CAPITAL}")
OPENING = re.compile(r"[(（【\[]?\s*")
AFTER_CUE = re.compile(r"\s*[:：]?\s*")
HAN_NAME = re.compile(r"[\u3400-\u9fff々]{1,4}[\s\u3000]?[\u3400-\u9fff々]{1,3}|[\uac00-\ud7af]{2,4}")
SPACE = re.compile(r"\s+")
PEN_NAME = re.compile(r"[^\W\d_]{3,20}")
LONGEST = 160
MOST_OF_NAME = 90
BELOW_HEADLINE = 14
ABOVE_HEADLINE = 4
AT_END = 6
# A name without a cue must be surer: what stands alone beside a date may be a button or a person told of.
BARE = 0.75
LEAST = 0.1
LINE_LENGTH = steps("line", 25, 45, 80, 120, beyond="long")
AFTER_ARTICLE = steps("after-article", 1, 2, 4)
ABOVE_ARTICLE = steps("above-article", 1, 2, 4, 8)
AFTER_HEADLINE = steps("after-headline", 1, 2, 4, 8)


class Named(NamedTuple):
    """A person's name that may be a writer's, where it stands, and what speaks for and against it."""

    line: int
    start: int
    end: int
    features: list[str]


def author_readings(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Reading]:
    """The writers' names that the text prints, each once, in the order of the text."""
    best: dict[str, Reading] = {}
    for one in named_people(layout, headline, outlets):
        score = 1 / (1 + math.exp(-log_odds("author", one.features)))
        cued = not {"cue-before", "cue-in-line", "cue-above"}.isdisjoint(one.features)
        rule, score = ("byline", score) if cued else ("name-near-headline", BARE * score)
        if score < LEAST:
            continue
        reading = in_text("author", layout.text, (one.start, one.end), score, rule, spoken_for("author", one.features))
        key = squash(reading.value)
        if key not in best or best[key].score < score:
            best[key] = reading
    return sorted(best.values(), key=lambda one: one.start or 0)


def named_people(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Named]:
    """The people's names about the headline and below the article, each with its features."""
    found = [one for place in places(layout, headline) for one in in_line(layout, place, headline, outlets)]
    counts = Counter(layout.text[one.start : one.end] for one in found)
    for one in found:
        one.features.append("alone-of-kind" if len(counts) == 1 else "few-names" if len(counts) <= 3 else "many-names")
        if counts[layout.text[one.start : one.end]] > 1:
            one.features.append("name-again")
    return found


def places(layout: Layout, headline: Headline | None) -> list[int]:
    """The lines in which a writer's name may stand."""
    top = headline.line if headline else max(0, layout.first - BELOW_HEADLINE)
    about = range(
        max(0, top - ABOVE_HEADLINE), min(len(layout.lines), max(top + 7, min(layout.first + 3, top + BELOW_HEADLINE)))
    )
    below = range(max(0, layout.last - 1), min(len(layout.lines), layout.last + AT_END))
    return sorted({*about, *below})


def in_line(layout: Layout, place: int, headline: Headline | None, outlets: Outlets) -> Iterator[Named]:
    """The people named in a line, piece by piece between its separators, up to a date."""
    line = layout.lines[place]
    if len(line.text) > LONGEST or line.prose or (headline and place == headline.line) or not may_name(line):
        return
    start, cued = after_cue(line)
    dated = [printed.start for printed in layout.dates.get(place, ()) if printed.start > start]
    end = min([*dated, line.end])
    for number, (low, high) in enumerate(pieces(layout.text, start, end)):
        if not may_be_name(layout.text[low:high]):
            continue
        high = without_office(layout.text, low, high, outlets)
        name = layout.text[low:high]
        if is_person(name, outlets) and (cued or dated or not is_dense(name)):
            yield Named(place, low, high, list(features(layout, line, place, (low, high), cued, number, headline)))


def may_name(line: Line) -> bool:
    """Whether a line has two words near each other that begin with no small letter, or a script without spaces."""
    return bool(TWO_CAPITALS.search(line.text)) or is_dense(line.text)


def after_cue(line: Line) -> tuple[int, bool]:
    """Where a line's names begin, behind the word for a writer, and whether there is one."""
    at = OPENING.match(line.text).end()  # type: ignore[union-attr]  # matches nothing at least
    cue = pattern("by").match(line.text, at) if line.lists & BITS["by"] else None
    glued = GLUED_CUE.match(line.text) if cue is None else None
    if cue is None:
        return line.start + (glued.end() if glued else 0), glued is not None
    return line.start + AFTER_CUE.match(line.text, cue.end()).end(), True  # type: ignore[union-attr]  # as above


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between the separators of a line, each without a role at its end."""
    at = start
    for gap in [*AND.finditer(text, start, end), None]:
        stop = gap.start() if gap else end
        cut = CUT.search(text, at, stop)
        piece = trimmed(text, at, cut.start() if cut else stop)
        if piece:
            yield piece
        at = gap.end() if gap else end


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without separators at its ends and without a role behind the name; None where nothing is left."""
    shown = text[start:end].strip(' \t\u00a0,:.–—-|*"”“)）]】')
    if not shown:
        return None
    start = text.index(shown, start)
    while (last := shown.rsplit(None, 1)) and len(last) == 2 and is_no_surname(last[1], last[0]):
        shown = last[0]
    return start, start + len(shown)


def is_no_surname(word: str, before: str) -> bool:
    """Whether the last word of a stretch is none of the name before it: a role, or a small word (`Anna Berg le`)."""
    return word.casefold().strip(".,") in not_in_names() or (word.islower() and " " in before)


def may_be_name(shown: str) -> bool:
    """Whether a stretch is short enough for a name with an office behind it, and has no small letter first."""
    return len(shown) <= MOST_OF_NAME and (not shown[0].islower() or shown.split(None, 1)[0] in members("particle"))


def without_office(text: str, start: int, end: int, outlets: Outlets) -> int:
    """Where a name ends before the outlet or agency that is glued to it: `Anna Berg The Associated Press`."""
    for gap in islice(SPACE.finditer(text, start, end), 1, None):
        if outlets.named(text[gap.end() : end]) and text.count(" ", start, gap.start()):
            return gap.start()
    return end


def is_person(name: str, outlets: Outlets, told: bool = False) -> bool:
    """Whether a name has the shape of a person's: two to five words with capitals, none of them an organisation's.

    Where the markup told that it is a person, a menu's words are no bar: some people are called `You` or `House`.
    """
    tokens = name.split()
    if DENSE.search(name):
        return bool(HAN_NAME.fullmatch(name)) and not outlets.named(name) and name not in not_in_names()
    if not 2 <= len(tokens) <= 5 or len(name) > 45 or any(not TOKEN.fullmatch(token) for token in tokens):
        return False
    words = [token.casefold().strip(".") for token in tokens]
    plain = [token for token in tokens if not (token[0].islower() and token in members("particle"))]
    if len(plain) < 2 or any(token[0].islower() for token in plain):
        return False
    barred = members("organisation") if told else not_in_names()
    parts = {part for word in words for part in (word, *word.split("-"))}
    return barred.isdisjoint(parts) and not is_office(name, outlets) and len(squash(name)) >= 5


def is_office(name: str, outlets: Outlets) -> bool:
    """Whether a name is an outlet's or agency's, or begins with one's capitals: `MDR SACHSEN`."""
    first = name.split()[0]
    return bool(outlets.named(name) or (len(first) > 1 and first.isupper() and outlets.named(first)))


def is_pen_name(name: str, outlets: Outlets) -> bool:
    """Whether a name is of one word, as people without a surname sign."""
    plain = name.casefold()
    return bool(PEN_NAME.fullmatch(name)) and plain not in not_in_names() and not outlets.named(name)


def without_role(name: str) -> str:
    """A name without the role in front of it (`Online-Redakteur Tom Wilder`) and without small words behind it."""
    tokens = name.split()
    while len(tokens) > 2 and tokens[-1].islower():
        tokens.pop()
    leading = set(tokens[0].casefold().split("-")) if len(tokens) > 2 else set()
    return " ".join(tokens[1:] if leading & (members("role") | members("organisation")) else tokens)


@cache
def not_in_names() -> frozenset[str]:
    """The words that no person's name holds."""
    entries = [entry for name in ("published", "modified", "credit", "based_on") for entry in lists()[name]]
    cues = {word for entry in entries for word in WORD.findall(entry) if len(word) > 3 or word == entry}
    return (members("organisation") | members("no_name") | members("role") | cues) - members("particle")


def features(
    layout: Layout, line: Line, place: int, stretch: tuple[int, int], cued: bool, number: int, headline: Headline | None
) -> Iterator[str]:
    """What speaks for a name as the writer's, and against it."""
    name = layout.text[slice(*stretch)]
    yield "name"
    yield f"kind-{line.kind or 'none'}"
    if cued:
        yield "cue-before"
    elif holds("by", line):
        yield "cue-in-line"
    elif place and is_cue(layout.lines[place - 1]):
        yield "cue-above"
    yield f"piece-{min(number, 3)}"
    if stretch == (line.start, line.end):
        yield "whole-line"
    yield LINE_LENGTH(len(line.text))
    yield f"words-{len(name.split())}"
    yield from (f"word-{word}" for word in sorted({word.casefold() for word in WORD.findall(name) if len(word) > 1}))
    if name.isupper():
        yield "capitals"
    if line.bullet:
        yield "bullet"
    if holds("role", line):
        yield "role-in-line"
    if holds("credit", line):
        yield "credit-in-line"
    yield from surroundings(layout, place, name, headline)


def is_cue(line: Line) -> bool:
    """Whether a line is nothing but the word for a writer."""
    cue = pattern("by").match(line.text) if line.lists & BITS["by"] else None
    return bool(cue and not line.text[cue.end() :].strip(" :：-"))


def surroundings(layout: Layout, place: int, name: str, headline: Headline | None) -> Iterator[str]:
    """Where a name stands, and where else it is printed."""
    if place in layout.dates:
        yield "date-in-line"
    near = [
        there for there in (1, -1, 2, -2, 3) if place + there in layout.dates and not layout.lines[place + there].prose
    ]
    yield f"date-{'below' if near[0] > 0 else 'above'}-{abs(near[0])}" if near else "no-date-near"
    if place > layout.last:
        yield AFTER_ARTICLE(place - layout.last)
    elif place >= layout.first:
        yield "in-article"
    else:
        yield ABOVE_ARTICLE(layout.first - place)
    if headline:
        below = place - headline.line
        yield "above-headline" if below < 0 else AFTER_HEADLINE(below)
        if telling(name) & telling(layout.text[headline.start : headline.end]):
            yield "name-in-headline"
    yield f"name-in-article-{min(2, len(telling(name) & layout.words))}"
    again = layout.keys[key_of(name)]
    if again:
        yield "own-line-once" if again == 1 else "own-line-often"
