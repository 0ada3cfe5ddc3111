"""Reads the writers' names: people, one reading a name; an office, a paper or an agency that signs is none."""

import re
from collections.abc import Iterator

from tasks.extract.layout import Layout, squash
from tasks.extract.outlets import Outlets
from tasks.extract.printed import PLACES, printed_dates
from tasks.extract.reading import Reading, in_text
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import lists, pattern

AND = re.compile(
    r"\s*(?:[,;/&·•|]|\s(?:and|und|et|y|e|og|och|en|i|и|и|ve|dan|with|mit|avec|con|med|und)\s)\s*", re.IGNORECASE
)
CUT = re.compile(r"\s[|•·–—]\s|\s-\s|\s\(|[;|•·]|\s(?:in|for|aus|für|à|en|for)\s(?=[A-ZÀ-Þ])")
TOKEN = re.compile(r"[^\W\d_]+(?:['’.\-‐][^\W\d_]+)*\.?")
LONGEST = 110
BELOW = 10


def author_readings(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Reading]:
    """The writers' names that the text prints, in its order, each once."""
    signed = list(signed_lines(layout, headline))
    readings = [one for place, start in signed for one in names_in(layout, place, start, "byline", 0.85, outlets)]
    if not readings:
        readings = [one for place in bare_places(layout, headline) for one in bare_name(layout, place, outlets)]
    return list({squash(one.value): one for one in reversed(readings)}.values())[::-1]


def signed_lines(layout: Layout, headline: Headline | None) -> Iterator[tuple[int, int]]:
    """The lines near the headline or the article's end that open with the word for a writer, and the name's start."""
    low = headline.line - 3 if headline else max(0, layout.first - BELOW)
    for place in range(max(0, low), min(len(layout.lines), layout.last + 4)):
        line = layout.lines[place]
        if len(line.text) > LONGEST or line.prose or (place > layout.first + 2 and place < layout.last):
            continue
        cue = pattern("by").match(line.text)
        if cue and (after := re.compile(r"\s*[:：]?\s*").match(line.text, cue.end())) and after.end() < len(line.text):
            yield place, line.start + after.end()
        elif cue and cue.end() >= len(line.text.rstrip(": ")) and place + 1 < len(layout.lines):
            yield place + 1, layout.lines[place + 1].start


def names_in(layout: Layout, place: int, start: int, rule: str, score: float, outlets: Outlets) -> Iterator[Reading]:
    """The people named from a place in a line on, up to a role, a date or a separator."""
    line = layout.lines[place]
    shown = layout.text[start : line.end]
    cut = min([match.start() for match in (CUT.search(shown), PLACES.search(shown)) if match] or [len(shown)])
    end = start + cut
    at = start
    for gap in [*AND.finditer(layout.text, start, end), None]:
        stop = gap.start() if gap else end
        piece = trimmed(layout.text, at, stop)
        if piece and is_person(layout.text[piece[0] : piece[1]], outlets):
            yield in_text("author", layout.text, piece, score, rule, "a name in the byline")
        elif at > start:
            return
        at = gap.end() if gap else end


def trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The stretch without white space and separators at its ends; None where nothing is left."""
    inner = text[start:end]
    shown = inner.strip(" \t\u00a0,:.–—-|*")
    if not shown:
        return None
    start += inner.index(shown)
    return start, start + len(shown)


def is_person(name: str, outlets: Outlets) -> bool:
    """Whether a name has the shape of a person's: two to five words with capitals, none of them an organisation's."""
    tokens = name.split()
    if re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", name):
        return 2 <= len(name.replace(" ", "")) <= 5 and not outlets.named(name)
    if not 2 <= len(tokens) <= 5 or len(name) > 45 or any(not TOKEN.fullmatch(token) for token in tokens):
        return False
    words = [token.casefold().strip(".") for token in tokens]
    plain = [token for token, word in zip(tokens, words, strict=True) if word not in particles()]
    if (
        (len(plain) < 2 and len(tokens) < 3)
        or not plain
        or not all(token[0].isupper() or not token[0].islower() for token in plain)
    ):
        return False
    return not (set(words) & not_in_names()) and not outlets.named(name)


def particles() -> frozenset[str]:
    """The small words inside names."""
    return frozenset(lists()["particle"])


def not_in_names() -> frozenset[str]:
    """The words that no person's name holds."""
    return frozenset(lists()["organisation"]) | (frozenset(lists()["no_name"]) - particles())


def bare_places(layout: Layout, headline: Headline | None) -> Iterator[int]:
    """The lines between headline and article that stand beside a date."""
    low = headline.line + 1 if headline else max(0, layout.first - 4)
    for place in range(low, min(layout.first, low + BELOW)):
        beside = layout.lines[max(low, place - 2) : place + 3]
        if any(len(line.text) < 90 and any(True for _ in printed_dates(line.text)) for line in beside):
            yield place


def bare_name(layout: Layout, place: int, outlets: Outlets) -> Iterator[Reading]:
    """The name that is a whole line, or stands before the date in it."""
    line = layout.lines[place]
    if not line.prose and not line.bullet and len(line.text) < 80:
        yield from names_in(layout, place, line.start, "name-beside-date", 0.6, outlets)
