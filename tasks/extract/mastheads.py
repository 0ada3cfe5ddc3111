"""Reads the outlet: the paper, site or station that printed the article, under the name that its readers use."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tasks.extract.layout import Layout, Line, holds, opens_with, squash, words_of
from tasks.extract.outlets import Outlets, common_names, is_telling
from tasks.extract.reading import Reading, in_text
from tasks.extract.titles import AT_TOP, SUFFIX, Headline
from tasks.extract.vocabulary import pattern

COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)[\s:©,.–-]*(?:by\s+)?(?:(?:19|20)\d\d\s*)?(?:[-–/]\s*(?:19|20)\d\d\s*)?[\s,:.|–-]*(?:by\s+|the\s+copyright\s+)?",
    re.IGNORECASE,
)
OWNED = re.compile(r"©|opyright|OPYRIGHT|\([cC]\)")
STOP = re.compile(
    r"[|•·;]|\.\s|,\s|\s[–—-]\s|\(|\ball rights\b|\balle rechte\b|\btous droits\b|\btodos los\b|(?:19|20)\d\d|\.$",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"[\s,]++(?:gmbh|ag|kg|&\s*co\.?|se|inc|llc|ltd|limited|pty|plc|corp|corporation|s\.?a\.?|s\.?p\.?a\.?|s\.?l\.?u?\.?|a/s|as|ab|oy|bv|b\.v\.|e\.?\s?v|mbh|m\.b\.h|hf|co|company)\.?(?=$|[\s,])",
    re.IGNORECASE,
)
PRESS = re.compile(
    r"\b(?:news|times|post|tribune|herald|observer|guardian|gazette|chronicle|journal|telegraph|mail|express|daily|star|sun|standard|independent|mirror|press|zeitung|nachrichten"
    r"|tageblatt|anzeiger|kurier|bote|rundschau|allgemeine|presse|blatt|monde|figaro|courier|globe|record|argus|advertiser|examiner|sentinel|bulletin|dispatch|diario|periódico|noticias|correo|faro|voz|heraldo|mundo|prensa|courrier|dépêche|voix|gazeta|gazzetta|corriere|giornale|jornal|folha|dagblad|avisen|posten|tidende"
    r"|tv|radio|fm|magazine|review|today|online|media)\b",
    re.IGNORECASE,
)
PRESS_UNSPACED = re.compile(r"(?:新聞|日報|時報|日报|晚报|晨报|时报|신문|일보)$")
ARTICLES = frozenset("El La Los Las Le Les Il Lo O A The Die Der Das".split())
PARTICLES = frozenset("de del la di du des da do dos of the and für van".split())
NAMED = re.compile(r"\s+([^\W\d_a-zà-ÿ][\w'’&-]*(?:\.[\w-]+)*(?:\s[^\W\d_a-zà-ÿ][\w'’&-]*(?:\.[\w-]+)*){0,5})")
FOUND_BY_TABLE = ("named-in-margins", "printed-address")
DOTTED = re.compile(r"[A-Za-z0-9]\.[A-Za-z]{2}")
DOMAIN = re.compile(r"(?<![\w@.])(?:https?://)?(?:www\.)?((?:[a-z0-9-]+\.)+(?:[a-z]{2,}))(/[^\s)\]]*)?", re.IGNORECASE)


def outlet_readings(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Reading]:
    """The candidates for the outlet that the text prints, under their usual names."""
    found = [
        *labelled(layout),
        *page_title(layout, headline),
        *mastheads(layout, headline, outlets),
        *copyrights(layout),
        *disclaimers(layout),
        *signatures(layout),
        *signing_offices(layout, headline),
        *in_margins(layout, outlets),
        *addresses(layout, headline, outlets),
    ]
    owners = [squash(one.value) for one in found if one.rule == "copyright"]
    named = [one for one in found if one.value and squash(one.value) not in outlets.publishers]
    return [settled(confirmed(one, owners), outlets) for one in named]


def confirmed(one: Reading, owners: list[str]) -> Reading:
    """The reading, surer where it is a masthead that the copyright line has too, maybe as part of a company's name."""
    if one.rule != "masthead" or not any(squash(one.value) in owner for owner in owners):
        return one
    return one._replace(score=max(one.score, 0.65), why=f"{one.why}; in the copyright line too")


def settled(one: Reading, outlets: Outlets) -> Reading:
    """The reading under the outlet's usual name and surer, where the table knows it; less sure of a company's name."""
    name = outlets.named(one.value)
    if name is None:
        owner = pattern("owner").search(one.value)
        return one._replace(score=0.6 * one.score, why=f"{one.why}; a company's name") if owner else one
    surer = one.score if name in outlets.agencies or one.rule in FOUND_BY_TABLE else min(0.98, one.score + 0.25)
    return one._replace(value=name, score=surer, why=f"{one.why}; in the table of outlets")


def labelled(layout: Layout) -> Iterator[Reading]:
    """The lines that strip took for a masthead."""
    for line in layout.lines:
        if line.kind == "outlet" and len(line.text) <= 60:
            yield in_text(
                "outlet", layout.text, (line.start, line.end), 0.75, "masthead", "a line by itself, above the headline"
            )


def page_title(layout: Layout, headline: Headline | None) -> Iterator[Reading]:
    """What a page's title prints behind the headline: its last part is the site."""
    for line in layout.lines[:4] if headline else []:
        cuts = [match for match in SUFFIX.finditer(line.text) if match.start() > 0]
        if not cuts or len(line.text) > 250:
            continue
        starts = [line.start + match.end() for match in cuts]
        ends = [line.start + match.start() for match in cuts[1:]] + [line.end]
        sure = headline and squash(layout.text[headline.start : headline.end]) == squash(
            layout.text[line.start : starts[0]]
        )
        for start, end, weight in [(starts[-1], ends[-1], 1.0), (starts[0], ends[0], 0.7)][: len(starts)]:
            if 2 <= end - start <= 40:
                yield in_text(
                    "outlet",
                    layout.text,
                    (start, end),
                    (0.6 if sure else 0.35) * weight,
                    "page-title",
                    "behind the headline in the page's title",
                )


def mastheads(layout: Layout, headline: Headline | None, outlets: Outlets) -> Iterator[Reading]:
    """Short lines above the headline that carry a newspaper's name."""
    for place, line in enumerate(layout.lines[: headline.line if headline else 6][:12]):
        words = line.text.split()
        if len(words) > 6 or len(line.text) > 40 or line.bullet or any(is_small(word) for word in words):
            continue
        plain = {word.casefold().strip(".,") for word in words}
        known = outlets.named(line.text) and (len(words) > 1 or is_telling(tuple(line.words)))
        press = press_word(words) if place < AT_TOP else None
        if known or (press and not plain & common_names() - {press.casefold()}):
            place_of = (line.start, line.end)
            yield in_text("outlet", layout.text, place_of, 0.5, "masthead", "a newspaper's name above the headline")


def is_small(word: str) -> bool:
    """Whether a word is written small and is not one of those that are so in the midst of a name."""
    return word[0].islower() and word not in PARTICLES


def press_word(words: list[str]) -> str | None:
    """The word that makes a name a newspaper's: its last one, or the one behind the article; None without one."""
    if len(words) == 1:
        return words[0] if PRESS_UNSPACED.search(words[0]) else None
    places = [words[-1], words[1] if len(words) > 2 and words[0] in ARTICLES else ""]
    return next((word for word in places if PRESS.search(word)), None)


def copyrights(layout: Layout) -> Iterator[Reading]:
    """The owner that a copyright line names, without its legal form."""
    for place, line in enumerate(layout.lines):
        if (place < layout.last and line.prose) or not OWNED.search(line.text):
            continue
        match = COPYRIGHT.search(line.text)
        if match and match.end() < len(line.text):
            stop = STOP.search(line.text, match.end())
            name = line.text[match.end() : stop.start() if stop else None]
            name = name[: legal.start()] if (legal := LEGAL.search(name)) else name
            start = line.start + match.end()
            if 2 <= len(name.strip()) <= 50:
                score = 0.55 if place > layout.last else 0.2
                yield in_text(
                    "outlet",
                    layout.text,
                    (start, start + len(name.rstrip())),
                    score,
                    "copyright",
                    "the owner in the copyright line",
                )


def disclaimers(layout: Layout) -> Iterator[Reading]:
    """The outlet that a note at the end names as the one that made the article."""
    for line in layout.lines[max(0, layout.last - 2) :]:
        cue = pattern("made_by").search(line.text) if holds("made_by", line) else None
        if cue:
            name = NAMED.match(line.text, cue.end())
            if name:
                place = (line.start + name.start(1), line.start + name.end(1))
                yield in_text("outlet", layout.text, place, 0.7, "disclaimer", "named as maker in the note at the end")


def signatures(layout: Layout) -> Iterator[Reading]:
    """The line that signs an article: alone below it, above the photograph's credit or the source's."""
    below = layout.lines[layout.last + 1 : layout.last + 6]
    for line, following in pairwise(below):
        credited = pattern("credit").match(following.text) or pattern("based_on").match(following.text)
        if (
            credited
            and is_name(line)
            and not (pattern("credit").match(line.text) or pattern("based_on").match(line.text))
        ):
            yield in_text(
                "outlet", layout.text, (line.start, line.end), 0.6, "signature", "signs the article above its credits"
            )


def is_name(line: Line) -> bool:
    """Whether a line is short and begins with a capital, as a name does."""
    return 3 <= len(line.text) <= 60 and line.text[0].isupper() and not line.text.endswith((".", "?", "!", ":"))


def signing_offices(layout: Layout, headline: Headline | None) -> Iterator[Reading]:
    """What stands where a writer's name would and is an office's: a word of small letters, or a paper's name."""
    low = max(0, (headline.line if headline else layout.first) - 3)
    for line in layout.lines[low : layout.first]:
        cue = pattern("by").match(line.text) if opens_with("by", line) else None
        rest = re.compile(r"\s*:\s*(\S+)$").match(line.text, cue.end()) if cue else None
        if rest and len(line.text) < 60:
            place = (line.start + rest.start(1), line.start + rest.end(1))
            yield in_text("outlet", layout.text, place, 0.5, "signing-office", "signs as author and is no person")


def in_margins(layout: Layout, outlets: Outlets) -> Iterator[Reading]:
    """The outlets that the lines outside the article name, the oftener the surer."""
    places: dict[str, tuple[int, int]] = {}
    counts: Counter[str] = Counter()
    for place, line in enumerate(layout.lines):
        inside = line.prose and layout.first <= place <= layout.last
        if inside or not outlets.may_name(line) or holds("credit", line):
            continue
        for start, end, name in outlets.within(line.text):
            if name not in outlets.agencies:
                counts[name] += 1
                places.setdefault(name, (line.start + start, line.start + end))
    whole = sum(counts.values())
    for name, count in counts.most_common(3):
        score = min(0.85, 0.34 + 0.08 * count) * (0.5 + 0.5 * count / whole)
        why = f"named {count} times outside the article, other outlets {whole - count} times"
        yield in_text("outlet", layout.text, places[name], score, "named-in-margins", why)


def addresses(layout: Layout, headline: Headline | None, outlets: Outlets) -> Iterator[Reading]:
    """The outlets whose address the margins print; an address with the headline's words is the article's own."""
    title = words_of(layout.text[headline.start : headline.end]) if headline else set()
    counts: Counter[str] = Counter()
    places: dict[str, tuple[int, int, float]] = {}
    for place, line in enumerate(layout.lines):
        inside = line.prose and layout.first <= place <= layout.last
        if inside or "." not in line.text or not DOTTED.search(line.text):
            continue
        for match in DOMAIN.finditer(line.text):
            if name := outlets.at(match.group(1)):
                own = 0.4 if len(words_of(match.group(2) or "") & title) >= 3 else 0.0
                counts[name] += 1
                places[name] = max(
                    places.get(name, (0, 0, -1.0)),
                    (line.start + match.start(), line.start + match.end(), own),
                    key=lambda one: one[2],
                )
    for name, (start, end, own) in places.items():
        score = min(0.9, 0.32 + 0.05 * counts[name] + own)
        yield Reading(
            "outlet", name, score, "printed-address", f"the address of {name} in the margin", "text", start, end
        )
