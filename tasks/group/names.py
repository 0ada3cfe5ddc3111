"""The names of a text: people, places and bodies, found by their capitals.

No list of names and no model: a name is a run of capitalised words. The first word of a sentence counts only where
the text writes it so within a sentence too, or where it is no common word of the language.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tasks.group.folding import folded
from tasks.group.terms import STEM

UPPER = "".join(chr(code) for code in range(0x2000) if unicodedata.category(chr(code)) in ("Lu", "Lt"))
PARTICLE = "(?:al|ad|as|bin|da|de|del|der|des|di|do|dos|du|el|ibn|la|le|of|ten|van|von|zu)"
REST = rf"(?:\.(?:[{UPPER}]\.)*|\w*(?:['’-]\w+)*)"  # of a capitalised word, after its first letter
PREFIX = re.compile(r"(?<![\w@#/])(?:al-|el-|[dl]['’])$")
CAPITALISED = rf"(?:al-|el-|[dl]['’])?[{UPPER}]{REST}"
NAME = re.compile(rf"[{UPPER}](?<![\w@#/].){REST}(?:[ \u00a0](?:{PARTICLE}[ \u00a0]){{0,2}}{CAPITALISED})*")
OPENING = " \t\n\r\u00a0'\"“”„«»‘’(["  # what may stand between a word and the one before it
SPACES = (" ", "\u00a0")
CONTINUED = "_,)]%"  # after these and a space a sentence goes on, as after a word
BEFORE_PREFIXED = ("-", "'", "’")
ABBREVIATION = re.compile(rf"(?:[{UPPER}]\.)+")
AFTER_OPENING = re.compile(rf"(?<=[ \u00a0]){CAPITALISED}.*", re.DOTALL)
PART = re.compile(r"[^\W\d_]\w*")
OFFICES = (
    *(
        "President",
        "Minister",
        "Secretary",
        "Chancellor",
        "Senator",
        "Governor",
        "Mayor",
        "Ambassador",
        "King",
        "Queen",
    ),
    *("Prince", "Princess", "Pope", "Judge", "Justice", "General", "Gen", "Colonel", "Captain", "Sergeant", "Sheriff"),
    *("Chairman", "Director", "Professor", "Dr", "Mr", "Mrs", "Ms", "Sir", "Rep", "Sen", "Gov", "Sgt", "Capt", "Col"),
    *("Präsident", "Kanzler", "Bundeskanzler", "Bundeskanzlerin", "Ministerpräsident", "Außenminister", "Herr", "Frau"),
    *("Président", "Ministre", "Monsieur", "Madame", "Presidente", "Ministro", "Señor", "Señora", "Papa", "Premier"),
    *("Президент", "Министр", "Премьер", "Генерал", "Prezydent", "Minister", "Cumhurbaşkanı", "Bakanı", "Başbakan"),
)
OFFICE = re.compile(rf".*(?<!\w)(?:{'|'.join(OFFICES)})(?:\.|[ \u00a0]of[ \u00a0]State)?[ \u00a0](?=[{UPPER}])")
RANKS = frozenset(OFFICES)
POSSESSIVE = re.compile(r"['’][sS]?$")
MEMORY = 50_000  # names read once are not read again: a person is in the news for days


class Name(NamedTuple):
    """A name where it stands."""

    text: str
    start: int


class Run(NamedTuple):
    """What is known of a run of capitalised words wherever it stands: its words, the first of them case-folded, and
    the name in it, at its place there, without the office or rank before it."""

    text: str
    words: tuple[str, ...]
    opening: str
    name: Name


def names(text: str, common: Container[str]) -> list[Name]:
    """The names of a text in order; `common` has the stems of its language's common words.

    >>> common = {"talks", "the", "on", "foreig"}
    >>> [name.text for name in names("Talks end. On Friday, Sergei Lavrov met US envoy John Kerry's aide.", common)]
    ['Friday', 'Sergei Lavrov', 'US', 'John Kerry']
    """
    found = [(run_of(said), start, is_within(text, start)) for said, start in runs(text)]
    known = {word for run, _, within in found if within for word in run.words}
    kept = []
    for run, start, within in found:
        is_name = within or run.words[0] in known or not (run.opening[:STEM] in common or f" {run.opening} " in text)
        if name := run.name if is_name else after_opening(run):
            kept.append(Name(name.text, start + name.start))
    return kept


def runs(text: str) -> Iterator[tuple[str, int]]:
    """The runs of capitalised words of a text, and where each stands."""
    for match in NAME.finditer(text):
        run, start = match.group(), match.start()
        if text[start - 1 : start] in BEFORE_PREFIXED and (prefix := PREFIX.search(text, max(0, start - 4), start)):
            start = prefix.start()
            run = prefix.group() + run
        yield run, start


def is_within(text: str, start: int) -> bool:
    """Whether a word and a space stand before this place, quotation marks and brackets apart.

    >>> text = "He met “Lavrov. Then"
    >>> is_within(text, text.index("Lavrov")), is_within(text, text.index("Then")), is_within(text, 0)
    (True, False, False)
    """
    place = start - 1
    while place > 0 and text[place] in OPENING:
        place -= 1
    return place >= 0 and text[place + 1] in SPACES and (text[place].isalnum() or text[place] in CONTINUED)


@lru_cache(maxsize=MEMORY)
def run_of(said: str) -> Run:
    """A run of capitalised words, without the ending of a possessor."""
    run = POSSESSIVE.sub("", said) if "'" in said or "’" in said else said
    found = words_of(run)
    return Run(run, found, found[0].casefold(), without_office(run, 0))


def after_opening(run: Run) -> Name | None:
    """The name in a run at the start of a sentence after the word that is capitalised only for standing there."""
    rest = AFTER_OPENING.search(run.text, len(run.words[0])) if len(run.words) > 1 else None
    return without_office(run.text, rest.start()) if rest else None


def without_office(run: str, start: int) -> Name:
    """The name from a place in a run of capitalised words on, without the office or rank before it, if a name is left.

    >>> without_office("Syrian President Bashar al-Assad", 0).text, without_office("Then President Obama", 5).text
    ('Bashar al-Assad', 'Obama')
    >>> without_office("US Secretary of State John Kerry", 0).text
    'John Kerry'
    """
    match = None if RANKS.isdisjoint(words_of(run)) else OFFICE.match(run, start)
    name = match.end() if match and PART.search(run, match.end()) else start
    return Name(run[name:], name)


@lru_cache(maxsize=MEMORY)
def words_of(run: str) -> tuple[str, ...]:
    """The words of a run of capitalised words, initials and particles among them."""
    return tuple(PART.findall(run))


@lru_cache(maxsize=MEMORY)
def parts_of(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name, each with its folded key; initials, particles and possessives are left out.

    >>> parts_of("George W. Bush"), parts_of("U.S.")
    ((('George', 'georg'), ('Bush', 'buc')), (('US', 'us'),))
    """
    if ABBREVIATION.fullmatch(name):
        name = name.replace(".", "")
    return tuple([(part, folded(part)) for part in words_of(name) if len(part) > 1 and not part[0].islower()])


def folded_name(name: str) -> str:
    """A whole name folded, its words joined by low lines; capitals are not asked for.

    >>> folded_name("New York")
    'nev_iork'
    """
    return "_".join(folded(part) for part in PART.findall(name))


def distinct(ordered: Iterable[str]) -> list[str]:
    """Names in order, each person or body once: in the longest form, at the place of the first.

    >>> distinct(["Lavrov", "Moscow", "Sergey Lavrov", "Sergei Lavrov"])
    ['Sergey Lavrov', 'Moscow']
    """
    kept: list[tuple[tuple[str, ...], str]] = []
    ending: dict[tuple[str, ...], list[int]] = {}  # two names that are one end alike
    for name in ordered:
        keys = tuple([key for _, key in parts_of(name)])
        alike = ending.setdefault(keys[-1:], [])
        place = next((place for place in alike if are_one(keys, kept[place][0])), None) if alike else None
        if place is None:
            alike.append(len(kept))
            kept.append((keys, name))
        elif len(keys) > len(kept[place][0]):
            kept[place] = (keys, name)
    return [name for _, name in kept]


def are_one(keys: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names by their folded words are one: the same, or a surname and the whole name."""
    return keys == other or (len(keys) == 1 and keys == other[-1:]) or (len(other) == 1 and other == keys[-1:])
