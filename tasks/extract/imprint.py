"""Reads the outlet: of all names that a text may mean by it, the one that most looks like its own.

What is found in one place alone proves little: a copyright line may be a photographer's or a theme's, a name in the
margins that of another paper. So the names are weighed by what speaks for them all over the text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tasks.extract.layout import DENSE, Layout, holds, key_of, squash
from tasks.extract.mastheads import FEW_LINES, Naming, namings
from tasks.extract.outlets import Outlets, common_names
from tasks.extract.people import is_person
from tasks.extract.reading import Reading
from tasks.extract.titles import Headline
from tasks.extract.vocabulary import members, pattern
from tasks.extract.weighing import log_odds, shares, spoken_for, steps

ENDING = re.compile(r"\.[a-z]{2,}\b")
LABEL = re.compile(r"[\w-]{3,}$")
MARKS = frozenset(':/«»"“”?!©')
NOT_TOLD = (0.0, "")
LEAST = 0.05
MOST = 0.95
# Each name is looked for in the whole text: a text of thousands of copyright lines is none that a page prints.
MOST_NAMES = 64
NAMES = steps("names", 1, 2, 4, 8, beyond="many")
OF_LINES = steps("of-lines", 15, 50, 150, 500, beyond="many")
WORDS = steps("words", 1, 2, 3, 5, beyond="many")
LENGTH = steps("length", 3, 6, 12, 20, 30, beyond="many")
PRINTED = steps("printed", 1, 2, 4, 8, beyond="many")
OWN_LINES = steps("own-lines", 0, 1, 2, beyond="many")
# What a line says on purpose is too rare in the pages that the weights were learnt from, and is believed by itself.
TOLD = {
    "disclaimer": (0.7, "named as maker in the note at the end"),
    "signature": (0.6, "signs the article above its source"),
    "signing-office": (0.5, "signs as author and is no person"),
    "masthead-labelled": (0.75, "labelled as the outlet"),
    "masthead-press-name": (0.45, "a newspaper's name above the headline"),
}


def outlet_readings(layout: Layout, headline: Headline | None, outlets: Outlets) -> list[Reading]:
    """The names that may be the outlet's, under their usual form, each once and as sure as it is likely."""
    groups = by_name(namings(layout, headline, outlets), outlets)
    signs = outlet_features(layout, groups, outlets)
    chances = shares([log_odds("outlet", features) for features in signs.values()])
    found = [
        reading(groups[key], outlets, MOST * chance, spoken_for("outlet", signs[key]))
        for key, chance in zip(signs, chances, strict=True)
    ]
    return [one for one in found if one.score >= LEAST]


def by_name(found: Sequence[Naming], outlets: Outlets) -> dict[str, list[Naming]]:
    """The namings by the letters of the name's usual form, of the first names; a publishing house is no outlet."""
    groups: dict[str, list[Naming]] = {}
    for one in found:
        key = squash(usual_name(one, outlets))
        if key and squash(one.name) not in outlets.publishers and (key in groups or len(groups) < MOST_NAMES):
            groups.setdefault(key, []).append(one)
    return groups


def usual_name(one: Naming, outlets: Outlets) -> str:
    """The name that an outlet is known by, as the table has it or as it stands."""
    return outlets.named(one.name) or one.name


def reading(group: Sequence[Naming], outlets: Outlets, score: float, why: str) -> Reading:
    """The reading of a name where it is told on purpose, or else where it stands first."""
    least, saying, told = max((*told_by(one), one) for one in group)
    one, score, why = (told, least, saying) if least > score else (group[0], score, why)
    return Reading("outlet", usual_name(one, outlets), score, one.rule, why, "text", one.start, one.end)


def told_by(one: Naming) -> tuple[float, str]:
    """How far a naming is believed by itself, and why."""
    return max(TOLD.get(sign, NOT_TOLD) for sign in (one.rule, *(f"{one.rule}-{seen}" for seen in one.seen)))


def outlet_features(layout: Layout, groups: Mapping[str, Sequence[Naming]], outlets: Outlets) -> dict[str, list[str]]:
    """What speaks for each name as the outlet's, and against it."""
    if not groups:
        return {}
    labels = printed_labels(layout.text)
    owners = [key for key, group in groups.items() if any(one.rule.endswith("copyright") for one in group)]
    return {
        key: sorted(
            {
                "name",
                NAMES(len(groups)),
                *(sign for one in group for sign in where(layout, one)),
                f"rules-{len({one.rule for one in group})}",
                *known(group[0].name, key, outlets, owners),
                *shape(group[0].name, outlets),
                *elsewhere(layout, group[0].name, key, labels),
            }
        )
        for key, group in groups.items()
    }


def where(layout: Layout, one: Naming) -> Iterator[str]:
    """Which rule found a name, and in what line."""
    line = layout.lines[one.line]
    yield one.rule
    yield from (f"{one.rule}-{sign}" for sign in one.seen)
    place = "below" if one.line > layout.last else "above" if one.line < layout.first else "within"
    yield f"{one.rule}-{place}"
    yield f"{one.rule}-{line.kind or 'none'}"
    yield f"{one.rule}-{OF_LINES(len(layout.lines))}"
    if (one.start, one.end) == (line.start, line.end):
        yield f"{one.rule}-whole-line"
    if holds("credit", line):
        yield f"{one.rule}-beside-credit"


def known(name: str, key: str, outlets: Outlets, owners: Sequence[str]) -> Iterator[str]:
    """What the table of outlets knows of a name, and whether a copyright line has it in a company's name."""
    usual = outlets.named(name)
    yield "agency" if usual in outlets.agencies else "in-table" if usual else "unknown"
    if pattern("owner").search(name):
        yield "company"
    if any(key in owner for owner in owners if owner != key):
        yield "in-owner"


def shape(name: str, outlets: Outlets) -> Iterator[str]:
    """How a name looks: its length, its capitals, whether it is a person's or of a menu's words."""
    words = name.split()
    plain = [word.casefold().strip(".,:") for word in words]
    yield WORDS(len(words))
    yield LENGTH(len(name))
    yield "small" if name[0].islower() else "capitals" if name.isupper() else "mixed"
    if not members("no_name").isdisjoint(plain):
        yield "menu-word" if len(words) > 1 else "menu-word-alone"
    if len(words) == 1 and plain[0] in common_names():
        yield "common-word"
    if not name[0].isalnum() or not MARKS.isdisjoint(name):
        yield "marks"
    if any(map(str.isdigit, name)):
        yield "figures"
    if ENDING.search(name):
        yield "dotted"
    if DENSE.search(name):
        yield "no-spaces"
    elif is_person(name, outlets):
        yield "person"


def elsewhere(layout: Layout, name: str, key: str, labels: frozenset[str]) -> Iterator[str]:
    """Where else a text has a name: in an address, anywhere, in lines of its own."""
    if len(key) > 3 and any(key in label or (len(label) > 4 and label in key) for label in labels):
        yield "in-an-address"
    if len(layout.lines) > FEW_LINES:
        yield PRINTED(layout.text.count(name))
        yield OWN_LINES(layout.keys[key_of(name)])


def printed_labels(text: str) -> frozenset[str]:
    """The names before the endings of the addresses that a text prints, squashed."""
    found = (LABEL.search(text, max(0, ending.start() - 40), ending.start()) for ending in ENDING.finditer(text))
    return frozenset(squash(label.group()) for label in found if label)
