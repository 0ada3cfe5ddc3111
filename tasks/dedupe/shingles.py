"""Shingles: the texts of a whole batch cut into words and hashed at once, in numpy.

A document at a time costs ten times as much. Every hash is 64 bits wide and the same on every machine and in every
process. Words are those of `tasks.text.WORD`, folded character by character, so that offsets stay those of the text.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.text import WORD

Hashes = NDArray[np.uint64]
Offsets = NDArray[np.int64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint32]

SHINGLE = 5
CHUNK = 2**17  # characters hashed at once: their arrays stay in the processor's cache
PLANE = 0x10000
CODE_POINTS = 0x110000
OTHER, LETTER, ALONE, DIGIT, UNSEEN = 0, 1, 2, 4, 8
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
HALF = np.uint64(33)


class Words(NamedTuple):
    """The words of a batch of texts, one after another; offsets are code points from the start of each text."""

    hashes: Hashes
    starts: Offsets
    ends: Offsets
    figures: Flags
    docs: Offsets

    def where(self, chosen: Flags) -> "Words":
        """The chosen words only."""
        return Words._make(column[chosen] for column in self)


NOTHING = Words(np.zeros(0, np.uint64), *(np.zeros(0, np.int64),) * 2, np.zeros(0, bool), np.zeros(0, np.int64))


def mixed(hashes: Hashes) -> Hashes:
    """Each hash with all its bits stirred (the finalizer of MurmurHash3, Appleby 2011)."""
    hashes = (hashes ^ (hashes >> HALF)) * FIRST
    hashes = (hashes ^ (hashes >> HALF)) * SECOND
    return hashes ^ (hashes >> HALF)


@cache
def classes() -> NDArray[np.uint8]:
    """For each code point: part of a word, a word alone, a digit, or nothing of the kind; UNSEEN are accents set apart,
    vowel marks, soft hyphens and joiners, which some texts print and others leave out.
    """
    points = np.arange(CODE_POINTS, dtype="<u4")
    points[0xD800:0xE000] = 0  # surrogates are no characters
    found = np.zeros(CODE_POINTS, np.uint8)
    for match in WORD.finditer(points.tobytes().decode("utf-32-le")):
        found[match.start() : match.end()] = LETTER
    letters = points[found == LETTER]
    twice = np.stack([letters, letters, np.full_like(letters, 32)], axis=1).tobytes().decode("utf-32-le")
    for match in WORD.finditer(twice):
        if match.end() - match.start() == 1:
            found[ord(match.group())] = ALONE
    for point in letters[letters < PLANE].tolist():
        found[point] |= DIGIT if chr(point).isdecimal() else 0
    for point in np.flatnonzero(found[:PLANE] == OTHER).tolist():
        found[point] = UNSEEN if unicodedata.category(chr(point)) in ("Mn", "Mc", "Cf") else OTHER
    return found


@cache
def folds() -> Codes:
    """For each code point of the basic plane the one that it is folded to: NFKC, case, and no accents.

    A code point that folds to more than one (ß, ﬁ) stays itself: such texts are told by their other words.
    """
    found = np.arange(PLANE, dtype=np.uint32)
    for point in np.flatnonzero(classes()[:PLANE] != OTHER).tolist():
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", chr(point)).casefold())
        folded = unicodedata.normalize("NFKC", "".join(part for part in parts if not unicodedata.combining(part)))
        found[point] = ord(folded) if len(folded) == 1 else point
    return found


@cache
def powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of STEP up to a size, and their inverses modulo 2**64."""
    steps = np.full(size, STEP, np.uint64)
    backs = np.full(size, pow(int(STEP), -1, 2**64), np.uint64)
    steps[0] = backs[0] = 1
    return np.multiply.accumulate(steps), np.multiply.accumulate(backs)


def words(texts: Sequence[str]) -> Words:
    """The words of a batch of texts, hashed; a word's figure flag says that it has a digit."""
    done = [words_of_chunk(chunk, first) for first, chunk in chunks(texts)]
    return Words._make(np.concatenate(columns) for columns in zip(*done, strict=True)) if done else NOTHING


def chunks(texts: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """The texts in runs of about CHUNK characters, each with the number of its first text."""
    first, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size >= CHUNK:
            yield first, texts[first : number + 1]
            first, size = number + 1, 0
    if first < len(texts):
        yield first, texts[first:]


def words_of_chunk(texts: Sequence[str], first: int) -> Words:
    """The words of a few texts: a polynomial of each word's folded code points, read off running sums."""
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.append(codes, np.uint32(10))
    kinds = classes()[np.minimum(codes, CODE_POINTS - 1)]
    seen = np.flatnonzero(kinds != UNSEEN)
    codes, kinds = codes[seen], kinds[seen]
    starts, ends = bounds(kinds)
    up, down = powers(1 << len(codes).bit_length())
    folded = folds().take(codes, mode="clip") if codes.max() < PLANE else fold(codes)
    sums = np.cumsum(folded * up[: len(codes)])
    hashes = mixed((sums[ends - 1] - sums[starts] + folded[starts] * up[starts]) * down[starts])
    figures = np.zeros(len(starts), bool)
    figures[np.searchsorted(starts, np.flatnonzero(kinds & DIGIT), "right") - 1] = True
    starts, ends = seen[starts], seen[ends]
    bases = np.cumsum([0, *(len(text) + 1 for text in texts)])
    docs = np.searchsorted(bases, starts, "right") - 1
    return Words(hashes, starts - bases[docs], ends - bases[docs], figures, docs + first)


def bounds(kinds: NDArray[np.uint8]) -> tuple[Offsets, Offsets]:
    """Where words start and end: at each change to and from letters, and around each that is a word alone."""
    letters = (kinds & LETTER) > 0
    alone = kinds == ALONE
    before = np.concatenate(([False], letters[:-1]))
    after = np.concatenate((letters[1:], [False]))
    return np.flatnonzero((letters & ~before) | alone), np.flatnonzero((letters & ~after) | alone) + 1


def fold(codes: Codes) -> Codes:
    """The code points folded, those beyond the basic plane as they are."""
    return np.where(codes < PLANE, folds()[codes % PLANE], codes)


def shingles(words: Words) -> Hashes:
    """For each word the hash of it and the four after it in its document; 0 where fewer follow."""
    found = np.zeros(len(words.hashes), np.uint64)
    if len(found) < SHINGLE:
        return found
    last = len(found) - SHINGLE + 1
    rolled = words.hashes[:last].copy()
    for place in range(1, SHINGLE):
        rolled = rolled * STEP + words.hashes[place : last + place]
    whole = words.docs[:last] == words.docs[SHINGLE - 1 :]
    found[:last] = np.where(whole, np.maximum(mixed(rolled), 1), 0)
    return found


def digests(words: Words, docs: int) -> Hashes:
    """For each document a hash of all its words in their order; 0 where it has none."""
    counts = np.bincount(words.docs, minlength=docs)
    places = np.arange(len(words.docs)) - np.repeat(np.cumsum(counts) - counts, counts)
    found = np.zeros(docs, np.uint64)
    if len(words.docs):
        stirred = mixed(words.hashes ^ mixed(places.astype(np.uint64) * STEP))
        found[counts > 0] = np.add.reduceat(stirred, np.flatnonzero(np.diff(words.docs, prepend=-1)))
    return found
