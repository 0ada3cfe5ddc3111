"""What an article is made of, as weighted terms of twelve kinds: what two articles are compared by.

A term is a number: the CRC-32 of its spelling, with its kind in the lowest four bits. Its weight is how rare it is
in the language, more when it is said more than once.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

import numpy as np

from tasks.group.calendar import calendar_of
from tasks.group.names import MEMORY, Name, names, parts_of
from tasks.group.places import places
from tasks.group.rarity import Weights, common, often, rarities
from tasks.group.references import month_days, weekdays_in
from tasks.group.terms import STEM, figures, stems, stems_of, telling_digits
from tasks.group.uncased import uncased_places
from tasks.group.wording import Said, Terms, terms_said
from tasks.text import words

KINDS = (
    *("names", "lead names", "places", "lead places", "figures"),
    *("words", "lead", "title", "word pairs", "weekdays", "dates", "lead figures"),
)
NAMES, LEAD_NAMES, PLACES, LEAD_PLACES, FIGURES = range(5)
WORDS, LEAD, TITLE, PAIRS, WEEKDAYS, DATES, LEAD_FIGURES = range(5, 12)
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1
TERM_BITS = 32 + KIND_BITS
READ_LETTERS = 2500  # of a body: who and what an event is about has been said by then
LEAD_LETTERS = 600
EARLY_LETTERS = 1200  # within which a report says on what day it happened
TITLE_CASE = 0.6
OF_WORDS = (WORDS, LEAD, TITLE, PAIRS)
MOST = {WORDS: 150, PAIRS: 80, NAMES: 60, FIGURES: 30}
MOST_OF_OTHERS = 100
SMALL = 2  # in a lead, a number as small as this tells one event from another
# Where a capital makes no name; its nouns count as names all the same, for without those that follow an article or an
# adjective the German pairs are told apart worse (AUC .748 for .770).
NOUNS_CAPITALISED = ("de", "lb")
YEAR = re.compile(r"[12](?:(?<=1)9|(?<=2)0)\d\d(?<![\w.,].{4})(?!\w)")  # its first letter lets the engine skip


class Vector(NamedTuple):
    """The terms of an article and their weights, in the order of the terms."""

    terms: list[int]
    weights: list[float]


class Named(NamedTuple):
    """What is known of a name: its terms, each with whether it is a place and how rare it is; the stems of its words.

    A term is a folded word, or the code of a place. `rarest` is the rarity of its rarest word, 0 if a day opens it.
    """

    terms: tuple[tuple[str, bool, float], ...]
    stems: tuple[str, ...]
    rarest: float


class Reading(NamedTuple):
    """An article as read: the start of its body, how often it has each name, in all and in title and lead, its words
    and its figures."""

    title: str
    body: str
    language: str | None
    day: date | None
    names: Counter[str]
    lead_names: Counter[str]
    of_title: list[str]
    words: list[str]
    figures: list[str]


def reading(title: str, body: str, language: str | None, day: date | None) -> Reading:
    """An article with its names; those of a headline in title case only where the body has them too."""
    body = body[:READ_LETTERS]
    found = names_in(f"{title}\n{body}", language)
    if is_title_case(title):
        in_body = keys_of({name.text for name in found if name.start > len(title)})
        found = [name for name in found if name.start > len(title) or in_body.issuperset(keys_of([name.text]))]
    lead = count_of(name for name in found if name.start < len(title) + LEAD_LETTERS)
    said, of_body = words(body), figures(f"{title}\n{body}")
    return Reading(title, body, language, day, count_of(found), lead, stems(title), said, of_body)


def keys_of(found: Iterable[str]) -> set[str]:
    """The folded words of some names."""
    return {key for name in found for _, key in parts_of(name)}


def count_of(found: Iterable[Name]) -> Counter[str]:
    """How often each of some names is there."""
    return Counter([name.text for name in found])


def names_in(text: str, language: str | None) -> list[Name]:
    """The names of a text by their capitals, then its places in scripts without."""
    return names(text, common(language)) + uncased_places(text)


def is_title_case(title: str) -> bool:
    """Whether a headline capitalises most of its words.

    >>> is_title_case("Russia-Led Group Backs Syria Plan"), is_title_case("Russia, US seek Syria peace conference")
    (True, False)
    """
    long_words = [word for word in title.split() if len(word) > 3]
    return sum(word[0].isupper() for word in long_words) > TITLE_CASE * len(long_words)


def vector(read: Reading) -> Vector:
    """The terms of an article."""
    return vectors([read])[0]


def vectors(reads: Sequence[Reading]) -> list[Vector]:
    """The terms of articles."""
    columns = zip(others(reads), *of_words(reads), strict=True)
    articles, terms, weights = map(np.concatenate, columns)
    order = np.argsort(articles << TERM_BITS | terms)
    ends = np.searchsorted(articles[order], np.arange(1, len(reads)))
    each = zip(np.split(terms[order], ends), np.split(weights[order], ends), strict=True)
    return [Vector(found.tolist(), heavy.tolist()) for found, heavy in each]


def others(reads: Sequence[Reading]) -> Terms:
    """The terms of articles that are no words."""
    each = [list(terms_of(read)) for read in reads]
    terms, weights = zip(*chain.from_iterable(each), strict=True) if any(each) else ((), ())
    articles = np.repeat(np.arange(len(reads)), [len(found) for found in each])
    return Terms(articles, np.array(terms, np.int64), np.array(weights, np.float64))


def of_words(reads: Sequence[Reading]) -> Iterator[Terms]:
    """The terms of articles that are words and pairs of words; names are no words but in pairs."""
    spoken: dict[str | None, list[int]] = defaultdict(list)
    for number, read in enumerate(reads):
        spoken[read.language].append(number)
    for language, numbers in spoken.items():
        found = terms_said([said(reads[number]) for number in numbers], language, [most_of(kind) for kind in OF_WORDS])
        for kind, (articles, terms, weights) in zip(OF_WORDS, found, strict=True):
            yield Terms(np.array(numbers)[articles], terms << KIND_BITS | kind, weights)


def said(read: Reading) -> Said:
    """What an article says in words."""
    lead = stems_of(beginning(read.words, read.body, LEAD_LETTERS))
    nouns_capitalised = (read.language or "").split("-")[0] in NOUNS_CAPITALISED
    in_names = set() if nouns_capitalised else stems_in(read.names, read.language)
    return Said(read.of_title + stems_of(read.words), len(read.of_title), len(lead), in_names)


def stems_in(found: Iterable[str], language: str | None) -> set[str]:
    """The stems of the words of some names."""
    return {stem for name in found for stem in named(name, language).stems}


def terms_of(read: Reading) -> Iterator[tuple[int, float]]:
    """The terms of an article that are no words, with their weights; of each kind the heaviest, then the first."""
    for kind, weights in kinds_of(read):
        most = most_of(kind)
        found = weights.items()
        kept = sorted(found, key=lambda term: (-term[1], term[0]))[:most] if len(found) > most else found
        yield from ((number_of(term, kind), weight) for term, weight in kept)


def most_of(kind: int) -> int:
    """How many terms of a kind are kept."""
    return MOST.get(kind, MOST_OF_OTHERS)


def kinds_of(read: Reading) -> Iterator[tuple[int, Weights]]:
    """The terms of an article that are no words and their weights, kind by kind."""
    people, placed = names_and_places(read.names, read.language)
    lead_people, lead_placed = names_and_places(read.lead_names, read.language)
    yield from ((NAMES, people), (LEAD_NAMES, lead_people), (PLACES, placed), (LEAD_PLACES, lead_placed))
    yield FIGURES, {figure: 1.0 + telling_digits(figure) for figure in read.figures}
    start = f"{read.title}\n{read.body[:LEAD_LETTERS]}"
    yield LEAD_FIGURES, {figure: 1.0 + telling_digits(figure) for figure in figures(start, SMALL)}
    yield WEEKDAYS, dict.fromkeys(weekdays_in(beginning(read.words, read.body, EARLY_LETTERS), read.language), 1.0)
    yield DATES, dates_named(read)


def names_and_places(found: Mapping[str, int], language: str | None) -> tuple[Weights, Weights]:
    """The weight of each folded word of the names, and of each place among them by its code.

    A country or a large city tells less of an event than a person or a body does, so that it counts apart.
    """
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    rare: Weights = {}
    for name, count in found.items():
        for term, is_place, rarity_of_part in named(name, language).terms:
            counts[is_place][term] = counts[is_place].get(term, 0) + count
            rare[term] = max(rarity_of_part, rare.get(term, 0.0))
    weighed = [{term: often(count) * rare[term] for term, count in of.items()} for of in counts]
    return weighed[0], weighed[1]


@lru_cache(maxsize=MEMORY)
def named(name: str, language: str | None) -> Named:
    """What is known of a name."""
    days, (known, unknown) = calendar_of(language).names, rarities(language)
    parts = [(part.casefold(), key) for part, key in parts_of(name)]
    stems = tuple([part[:STEM] for part, _ in parts])
    rare = [known.get(stem, unknown) for stem in stems]
    rarest = 0.0 if name.split()[0].casefold() in days else max(rare, default=0.0)
    keys = [(key, of) for (part, key), of in zip(parts, rare, strict=True) if len(key) > 1 and part not in days]
    if len(keys) > 1 and (whole := places().get("_".join([key for key, _ in keys]))):
        return Named(((whole, True, keys[0][1]),), stems, rarest)
    coded = [(places().get(key), key, of) for key, of in keys]
    return Named(tuple([(code or key, code is not None, of) for code, key, of in coded]), stems, rarest)


def beginning(said: list[str], body: str, letters: int) -> list[str]:
    """About as many words of a body as its first letters have."""
    return said[: len(said) * letters // max(len(body), 1)]


def dates_named(read: Reading) -> Weights:
    """The days that an article names by month and day, and the years that are not its own."""
    found = {f"{month}-{number}": 2.0 for month, number in month_days(read.body, read.language)}
    own_year = str(read.day.year) if read.day else ""
    return found | {year: 1.0 for year in YEAR.findall(read.body) if year != own_year}


def number_of(term: str, kind: int) -> int:
    """A term of a kind as a number."""
    return crc32(term.encode()) << KIND_BITS | kind
