"""What articles say in words, as weighted terms: in all, in the lead, in the title, and in pairs of neighbouring words.

Many articles of one language at once: what is known of a word is looked up once for each that they have, and what is
counted is counted in numpy.
"""

from collections.abc import Collection, Sequence
from itertools import chain, repeat
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tasks.group.rarity import often, telling
from tasks.strip.tokens import distinct

PAIRED = 400  # stems from the start of the body whose pairs are kept

Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Said(NamedTuple):
    """The stems of an article, how many of them are its title's and its lead's, and those that are in its names."""

    stems: Sequence[str]
    of_title: int
    of_lead: int
    in_names: Collection[str]


class Terms(NamedTuple):
    """Terms of some articles: which article's, the CRC-32 of each term, and its weight."""

    articles: Numbers
    numbers: Numbers
    weights: Floats


class Book(NamedTuple):
    """The distinct stems of some articles in the order of their spelling; a stem's code is its place among them.

    `rare` is how much each tells: 0 where it is no word, or one too common to be worth keeping.
    """

    codes: dict[str, int]
    spelled: list[bytes]
    numbers: Numbers
    rare: Floats


def terms_said(said: Sequence[Said], language: str | None, most: Sequence[int]) -> tuple[Terms, Terms, Terms, Terms]:
    """The terms of articles: of all they say, of the lead, of the title, and pairs; of each at most so many."""
    book = book_of(said, language)
    size = len(book.codes)
    codes = np.fromiter(map(book.codes.__getitem__, chain.from_iterable(one.stems for one in said)), np.int64)
    lengths = np.array([len(one.stems) for one in said])
    articles = np.repeat(np.arange(len(said)), lengths)
    places = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    telling = np.flatnonzero(book.rare[codes])
    keys, articles, places = (articles * size + codes)[telling], articles[telling], places[telling]
    of_title, until_lead = np.array([(one.of_title, one.of_title + one.of_lead) for one in said]).T[:, articles]
    common = ~np.isin(keys, named_keys(said, book), kind="table")
    return (
        heaviest(keys[common], book, most[0]),
        heaviest(keys[common & (places < until_lead)], book, most[1]),
        heaviest(keys[places < of_title], book, most[2]),
        pairs(keys[places < of_title + PAIRED], book, most[3]),
    )


def book_of(said: Sequence[Said], language: str | None) -> Book:
    """The distinct stems of articles in a language."""
    stems = sorted(set(chain.from_iterable(one.stems for one in said)))
    rare = telling(stems, language)
    spelled = [stem.encode() for stem in stems]
    numbers = np.fromiter(map(crc32, spelled), np.int64, len(spelled))
    codes = {stem: code for code, stem in enumerate(stems)}
    return Book(codes, spelled, numbers, np.array([rare.get(stem, 0.0) for stem in stems]))


def named_keys(said: Sequence[Said], book: Book) -> Numbers:
    """The article and the code, as one number, of each stem that is in a name of the article."""
    codes, size = book.codes, len(book.codes)
    found = [number * size + codes[stem] for number, one in enumerate(said) for stem in one.in_names if stem in codes]
    return np.array(found, np.int64)


def heaviest(keys: Numbers, book: Book, most: int) -> Terms:
    """Of each article the stems of greatest weight; of equal ones those that are first by their spelling."""
    found, counts = np.unique(keys, return_counts=True)
    articles, codes = np.divmod(found, max(1, len(book.codes)))
    by_count = np.array([often(count) for count in range(1, 1 + int(counts.max(initial=0)))])
    weights = by_count[counts - 1] * book.rare[codes]
    order = np.lexsort((-weights, articles))  # stable: equal ones stay in the order of their spelling
    kept = order[are_first(articles, most)]
    return Terms(articles[kept], book.numbers[codes[kept]], weights[kept])


def pairs(keys: Numbers, book: Book, most: int) -> Terms:
    """Of each article the pairs of neighbouring stems that are first by their spelling; all weigh the same.

    They are parted by a space, which comes before all that is in words: so pairs are in order where their stems are.
    """
    size = max(1, len(book.codes))
    neighbours = np.flatnonzero(keys[:-1] // size == keys[1:] // size)
    found = distinct(keys[neighbours] * size + keys[neighbours + 1] % size)
    kept = found[are_first(found // size**2, most)]
    one, other = kept // size % size, kept % size
    begun = map(crc32, repeat(b" "), book.numbers[one].tolist())
    numbers = map(crc32, map(book.spelled.__getitem__, other.tolist()), begun)
    return Terms(kept // size**2, np.fromiter(numbers, np.int64, len(kept)), np.ones(len(kept)))


def are_first(articles: Numbers, most: int) -> NDArray[np.bool_]:
    """Of rows in the order of their articles those that are among the first so many of their own."""
    return np.arange(len(articles)) - np.searchsorted(articles, articles) < most
