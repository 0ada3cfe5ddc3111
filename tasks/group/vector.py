"""What an article is made of, as weighted terms of ten kinds: what two articles are compared by.

A term is a number: the CRC-32 of its spelling, with its kind in the lowest four bits. Its weight is how rare it is
in the language, more when it is said more than once.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from zlib import crc32

from tasks.group.calendar import calendar_of
from tasks.group.folding import consonants
from tasks.group.names import Name, names, parts_of
from tasks.group.rarity import is_common, rarity
from tasks.group.references import month_days, weekdays_in
from tasks.group.terms import bigrams, figures, is_word, stems, telling_digits

KINDS = ("names", "lead names", "figures", "words", "lead", "word pairs", "title", "spelling", "weekdays", "dates")
NAMES, LEAD_NAMES, FIGURES, WORDS, LEAD, PAIRS, TITLE, SPELLING, WEEKDAYS, DATES = range(len(KINDS))
KIND_BITS = 4
KIND_MASK = (1 << KIND_BITS) - 1
LEAD_LETTERS = 600
TITLE_CASE = 0.6
MOST = {WORDS: 150, PAIRS: 80, NAMES: 60, FIGURES: 30}
YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w])")
WORTH = 0.7  # the rarity from which a word is worth keeping


class Vector(NamedTuple):
    """The terms of an article and their weights, in the order of the terms."""

    terms: list[int]
    weights: list[float]


class Reading(NamedTuple):
    """What was read of an article: its names where they stand in title, line break and body."""

    text: str
    lead_end: int
    names: list[Name]


def reading(title: str, body: str, language: str | None) -> Reading:
    """The names of title and body; those of a headline in title case only where the body has them too."""
    text = f"{title}\n{body}"
    found = names(text, lambda word: is_common(word, language))
    if is_title_case(title):
        in_body = {key for name in found if name.start > len(title) for _, key in parts_of(name.text)}
        found = [
            name for name in found if name.start > len(title) or in_body.issuperset(k for _, k in parts_of(name.text))
        ]
    return Reading(text, len(title) + LEAD_LETTERS, found)


def is_title_case(title: str) -> bool:
    """Whether a headline capitalises most of its words.

    >>> is_title_case("Russia-Led Group Backs Syria Plan"), is_title_case("Russia, US seek Syria peace conference")
    (True, False)
    """
    long_words = [word for word in title.split() if len(word) > 3]
    return sum(word[0].isupper() for word in long_words) > TITLE_CASE * len(long_words)


def vector(title: str, body: str, language: str | None, day: date | None = None) -> Vector:
    """The terms of an article; `day` is the day on which it was published, if known."""
    read = reading(title, body, language)
    kinds = (
        (NAMES, name_weights(read.names, language)),
        (LEAD_NAMES, name_weights([name for name in read.names if name.start < read.lead_end], language)),
        (FIGURES, {figure: 1.0 + telling_digits(figure) for figure in figures(read.text)}),
        *word_kinds(title, body, language),
        (WEEKDAYS, dict.fromkeys(weekdays_in(body[:LEAD_LETTERS], day, language), 1.0)),
        (DATES, dates_named(read.text, day, language)),
    )
    weighed = dict(term for kind, weights in kinds for term in terms_of(kind, weights))
    weighed |= dict(terms_of(SPELLING, spellings(kinds[0][1])))
    ordered = sorted(weighed)
    return Vector(ordered, [weighed[term] for term in ordered])


def name_weights(found: Iterable[Name], language: str | None) -> dict[str, float]:
    """The weight of each folded word of the names: its rarity, more when it is said more than once."""
    calendar = calendar_of(language)
    parts = [(part, key) for name in found for part, key in parts_of(name.text) if not calendar.has(part.casefold())]
    counts = Counter(key for _, key in parts)
    rare = {key: rarity(part.casefold()[:6], language) for part, key in parts}
    return {key: often(count) * rare[key] for key, count in counts.items() if len(key) > 1}


def spellings(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights of names by their consonants alone."""
    return {bare: weight for key, weight in weights.items() if (bare := consonants(key))}


def word_kinds(title: str, body: str, language: str | None) -> Iterator[tuple[int, dict[str, float]]]:
    """The words of the article, of its lead, of its title, and its pairs of words."""
    of_title, of_body = stems(title), stems(body)
    lead = of_title + stems(body[:LEAD_LETTERS])
    yield WORDS, word_weights(of_title + of_body, language)
    yield LEAD, word_weights(lead, language)
    yield TITLE, word_weights(of_title, language)
    telling = [stem for stem in of_title + of_body[:400] if is_word(stem) and rarity(stem, language) > WORTH]
    yield PAIRS, dict.fromkeys(bigrams(telling), 1.0)


def word_weights(found: Iterable[str], language: str | None) -> dict[str, float]:
    """The weight of each stem that is worth keeping."""
    counts = Counter(found)
    weights = ((stem, often(count) * rarity(stem, language)) for stem, count in counts.items() if is_word(stem))
    return {stem: weight for stem, weight in weights if weight > WORTH}


def dates_named(text: str, day: date | None, language: str | None) -> dict[str, float]:
    """The days that a text names by month and day, and the years that are not its own."""
    found = {f"{month}-{number}": 2.0 for month, number in month_days(text, language)}
    return found | {year: 1.0 for year in YEAR.findall(text) if day is None or int(year) != day.year}


def number_of(term: str, kind: int) -> int:
    """A term of a kind as a number."""
    return crc32(term.encode()) << KIND_BITS | kind


def often(count: int) -> float:
    """How much more a term tells that is said several times."""
    return 1.0 + math.log(count)


def terms_of(kind: int, weights: Mapping[str, float]) -> Iterator[tuple[int, float]]:
    """The heaviest terms of a kind as numbers; those of equal weight in the order of their spelling."""
    heaviest = sorted(weights, key=lambda term: (-weights[term], term))[: MOST.get(kind, 100)]
    return ((number_of(term, kind), weights[term]) for term in heaviest)
