"""Finds where a text may name its outlet: the paper, site or station that printed the article."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tasks.extract.layout import Layout, Line, holds, lines_with, one_line, opens_with, squash, telling
from tasks.extract.outlets import Outlets, common_names, is_telling
from tasks.extract.titles import AT_TOP, Headline, cuts
from tasks.extract.vocabulary import pattern, words_of
from tasks.extract.weighing import steps

COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?:[\s:©,.|/–-]|\(c\)|copyright\b|by\b|the\s+copyright\b|(?:19|20)\d\d)*+", re.IGNORECASE
)
OWNED = ("©", "opyright", "OPYRIGHT", "(c)", "(C)")
STOP = re.compile(
    r"[|•·;©]|\.\s|,\s|\s[–—-]\s|\(|\ball rights\b|\balle rechte\b|\btous droits\b|\btodos los\b|(?:19|20)\d\d|\.$",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"[\s,]++(?:gmbh|ag|kg|&\s*co\.?|se|inc|llc|ltd|limited|pty|plc|corp|corporation|s\.?a\.?|s\.?p\.?a\.?|s\.?l\.?u?\.?|a/s|as|ab|oy|bv|b\.v\.|e\.?\s?v|mbh|m\.b\.h|hf|co|company)\.?(?=$|[\s,])",
    re.IGNORECASE,
)
PRESS_WORDS = frozenset(
    (
        "news times post tribune herald observer guardian gazette chronicle journal telegraph mail express daily "
        "star sun standard independent mirror press zeitung nachrichten tageblatt anzeiger kurier bote rundschau "
        "allgemeine presse blatt monde figaro courier globe record argus advertiser examiner sentinel bulletin "
        "dispatch diario periódico noticias correo faro voz heraldo mundo prensa courrier dépêche voix gazeta "
        "gazzetta corriere giornale jornal folha dagblad avisen posten tidende tv radio fm magazine review today "
        "online media"
    ).split()
)
PRESS = re.compile(rf"\b(?:{'|'.join(PRESS_WORDS)})\b", re.IGNORECASE)
PRESS_UNSPACED = re.compile(r"(?:新聞|日報|時報|日报|晚报|晨报|时报|신문|일보)$")
ARTICLES = frozenset("El La Los Las Le Les Il Lo O A The Die Der Das".split())
PARTICLES = frozenset("de del la di du des da do dos of the and für van".split())
NAMED = re.compile(r"\s+([^\W\d_a-zà-ÿ][\w'’&-]*(?:\.[\w-]+)*(?:\s[^\W\d_a-zà-ÿ][\w'’&-]*(?:\.[\w-]+)*){0,5})")
DOTTED = re.compile(r"[A-Za-z0-9]\.[A-Za-z]{2}")
DOMAIN = re.compile(r"(?<![\w@.])(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+(?:[a-z]{2,}))(/[^\s)\]]*)?", re.IGNORECASE)
SIGNED = re.compile(r"\s*:\s+(\S+)$")
YEAR = re.compile(r"(?:19|20)\d\d")
AT_START = 3
# In a longer text `Local News` at the top is a menu's, and an outlet's name is printed more than once.
FEW_LINES = 50
TOP_WORDS = 5
TOP_LENGTH = 40
MOST_IN_MARGINS = 3
BELOW = 5
WORDS_OF_OWN = 3
IN_MARGINS = steps("margins", 1, 2, 3, 5, 8, 13, beyond="many")
ADDRESSES = steps("addresses", 1, 2, 4, beyond="many")


# The lines outside the article's prose, each with its place.
Margins = Sequence[tuple[int, Line]]


class Naming(NamedTuple):
    """A stretch that may name the outlet: the rule that found it, its line, the name, and what the rule saw of it."""

    rule: str
    line: int
    start: int
    end: int
    name: str
    seen: tuple[str, ...] = ()


def namings(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Naming]:
    """The stretches that may name the outlet, those that most often do first."""
    margins = [
        (place, line)
        for place, line in enumerate(layout.lines)
        if not (line.prose and layout.first <= place <= layout.last)
    ]
    return [
        *labelled(layout),
        *page_title(layout, headline),
        *mastheads(layout, headline, outlets),
        *copyrights(layout),
        *disclaimers(layout),
        *signatures(layout),
        *signing_offices(layout, headline),
        *in_margins(margins, outlets),
        *addresses(layout, margins, headline, outlets),
    ]


def naming(rule: str, layout: Layout, line: int, start: int, end: int, *seen: str) -> Naming:
    """The naming by a stretch of the text, white space aside."""
    return Naming(rule, line, start, end, one_line(layout.text[start:end]), seen)


def labelled(layout: Layout) -> Iterator[Naming]:
    """The lines that strip took for a masthead."""
    for place, line in enumerate(layout.lines):
        if line.kind == "outlet" and len(line.text) <= 60:
            yield naming("masthead", layout, place, line.start, line.end, "labelled")


def page_title(layout: Layout, headline: Headline | None) -> Iterator[Naming]:
    """What a page's title prints behind the headline: its last part is the site, most often."""
    title = squash(layout.text[headline.start : headline.end]) if headline else ""
    for place, line in enumerate(layout.lines[:AT_TOP] if headline else []):
        parted = [match for match in cuts(line.text) if match.start() > 0]
        if not parted or len(line.text) > 250:
            continue
        starts = [line.start + match.end() for match in parted]
        ends = [line.start + match.start() for match in parted[1:]] + [line.end]
        behind = "behind-headline" if squash(layout.text[line.start : starts[0]]) == title else "behind-other"
        for start, end, part in [(starts[-1], ends[-1], "last-part"), (starts[0], ends[0], "first-part")][
            : len(starts)
        ]:
            if 2 <= end - start <= 40:
                yield naming("page-title", layout, place, start, end, behind, part)


def mastheads(layout: Layout, headline: Headline | None, outlets: Outlets) -> Iterator[Naming]:
    """Short lines above the headline that carry a newspaper's name, or stand at the very top."""
    for place, line in enumerate(layout.lines[: headline.line if headline else 6][:12]):
        words = line.text.split()
        if len(words) > TOP_WORDS + 1 or len(line.text) > TOP_LENGTH or any(is_small(word) for word in words):
            continue
        plain = {word.casefold().strip(".,") for word in words}
        known = outlets.named(line.text) and (len(words) > 1 or is_telling(tuple(line.words)))
        press = press_word(words) if place < AT_TOP else None
        if known or (press and not plain & common_names() - {press.casefold()}):
            few = len(layout.lines) <= FEW_LINES
            seen = "known-name" if not press else "press-name" if few else "press-word"
            yield naming("masthead", layout, place, line.start, line.end, seen)
        elif place < AT_TOP and not line.bullet:
            yield naming("top-line", layout, place, line.start, line.end, f"top-{place}")


def is_small(word: str) -> bool:
    """Whether a word is written small and is not one of those that are so in the midst of a name."""
    return word[0].islower() and word not in PARTICLES


def press_word(words: list[str]) -> str | None:
    """The word that makes a name a newspaper's: its last one, or the one behind the article; None without one."""
    if len(words) == 1:
        return words[0] if PRESS_UNSPACED.search(words[0]) else None
    places = [words[-1], words[1] if len(words) > 2 and words[0] in ARTICLES else ""]
    return next((word for word in places if not PRESS_WORDS.isdisjoint(words_of(word)) and PRESS.search(word)), None)


def copyrights(layout: Layout) -> Iterator[Naming]:
    """The owner that a copyright line names, without its legal form; none that is a photograph's."""
    for place, line in lines_with(OWNED, layout):
        if place < layout.last and line.prose:
            continue
        match = COPYRIGHT.search(line.text)
        if match and match.end() < len(line.text):
            stop = STOP.search(line.text, match.end())
            name = line.text[match.end() : stop.start() if stop else None]
            name = name[: legal.start()] if (legal := LEGAL.search(name)) else name
            start = line.start + match.end()
            if 2 <= len(name.strip()) <= 50 and not pattern("credit").match(name):
                rule = "copyright" if YEAR.search(line.text) else "undated-copyright"
                where = "at-line-start" if match.start() < AT_START else "within-line"
                yield naming(rule, layout, place, start, start + len(name.rstrip()), where)


def disclaimers(layout: Layout) -> Iterator[Naming]:
    """The outlet that a note at the end names as the one that made the article."""
    low = max(0, layout.last - 2)
    for place, line in enumerate(layout.lines[low:], low):
        cue = pattern("made_by").search(line.text) if line.lists and holds("made_by", line) else None
        name = NAMED.match(line.text, cue.end()) if cue else None
        if name:
            yield naming("disclaimer", layout, place, line.start + name.start(1), line.start + name.end(1))


def signatures(layout: Layout) -> Iterator[Naming]:
    """The line that signs an article: alone below it, above the source and maybe a photographer."""
    below = layout.last + 1
    for place, line in enumerate(layout.lines[below : below + BELOW], below):
        after = layout.lines[place + 1 : place + 3]
        sourced = any(pattern("based_on").match(one.text) for one in after)
        if sourced and is_name(line) and not is_credit(line) and all(map(is_credit, after)):
            yield naming("signature", layout, place, line.start, line.end)


def is_credit(line: Line) -> bool:
    """Whether a line opens with the word for a photograph or for a source."""
    return bool(pattern("credit").match(line.text) or pattern("based_on").match(line.text))


def is_name(line: Line) -> bool:
    """Whether a line is short and begins with a capital, as a name does."""
    return 3 <= len(line.text) <= 60 and line.text[0].isupper() and not line.text.endswith((".", "?", "!", ":"))


def signing_offices(layout: Layout, headline: Headline | None) -> Iterator[Naming]:
    """The word that stands where a writer's name would and is none: `Author: us-russia`."""
    low = max(0, (headline.line if headline else layout.first) - 3)
    for place, line in enumerate(layout.lines[low : layout.first], low):
        cue = pattern("by").match(line.text) if opens_with("by", line) else None
        rest = SIGNED.match(line.text, cue.end()) if cue else None
        if rest and len(line.text) < 60:
            yield naming("signing-office", layout, place, line.start + rest.start(1), line.start + rest.end(1))


def in_margins(margins: Margins, outlets: Outlets) -> Iterator[Naming]:
    """The outlets that the lines outside the article name, the most named first."""
    first: dict[str, tuple[int, int, int]] = {}
    counts: Counter[str] = Counter()
    for place, line in margins:
        if not outlets.may_name(line) or holds("credit", line):
            continue
        for start, end, name in outlets.within(line.text):
            if name not in outlets.agencies:
                counts[name] += 1
                first.setdefault(name, (place, line.start + start, line.start + end))
    whole = sum(counts.values())
    for name, count in counts.most_common(MOST_IN_MARGINS):
        seen = (IN_MARGINS(count), f"margin-share-{10 * count // whole}")
        yield Naming("named-in-margins", *first[name], name, seen)


def addresses(layout: Layout, margins: Margins, headline: Headline | None, outlets: Outlets) -> Iterator[Naming]:
    """The outlets whose address the margins print; an address with the headline's words is the article's own."""
    title = telling(layout.text[headline.start : headline.end]) if headline else set()
    counts: Counter[str] = Counter()
    best: dict[str, tuple[bool, tuple[int, int, int]]] = {}
    for place, line in margins:
        if "." not in line.text or not DOTTED.search(line.text):
            continue
        for match in DOMAIN.finditer(line.text):
            if name := outlets.at(match.group(1)):
                own = len(telling(match.group(2) or "") & title) >= WORDS_OF_OWN
                counts[name] += 1
                found = (own, (place, line.start + match.start(), line.start + match.end()))
                best[name] = max(best.get(name, found), found, key=lambda one: one[0])
    for name, (own, stretch) in best.items():
        seen = ("own-address" if own else "an-address", ADDRESSES(counts[name]))
        yield Naming("printed-address", *stretch, name, seen)
