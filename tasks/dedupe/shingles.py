"""Shingles: texts cut into words and hashed many at once, in numpy.

A document at a time costs ten times as much. Hashes are the same on every machine and in every process. Words are those
of `tasks.text.WORD`, folded character by character, so that offsets stay those of the text.
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

SHINGLE = 5  # words
CHUNK, TEXTS = 2**16, 2**15  # characters and texts hashed at once: their arrays stay in the processor's cache
PLANE, CODE_POINTS = 0x10000, 0x110000
OTHER, LETTER, ALONE, DIGIT, UNSEEN = 0, 1, 2, 4, 8
STEP = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
HALF = np.uint64(33)


class Segments(NamedTuple):
    """The segments of a batch of texts in order: the text's number, where each starts, and whether it is kept."""

    docs: Offsets
    starts: Offsets
    kept: Flags


class Words(NamedTuple):
    """The kept words of some texts, one after another; `places` are their ends in the joined texts."""

    first: int
    texts: int
    hashes: Hashes
    docs: Offsets
    figures: Flags
    places: tuple[Offsets, Offsets]
    bases: Offsets

    def offsets(self) -> tuple[Offsets, Offsets]:
        """Where the words start and end: code points from the start of each one's own text."""
        return self.places[0] - self.bases[self.docs], self.places[1] - self.bases[self.docs]

    def where(self, chosen: Flags) -> "Words":
        """The chosen words only."""
        places = self.places[0][chosen], self.places[1][chosen]
        hashes, docs, figures = self.hashes[chosen], self.docs[chosen], self.figures[chosen]
        return self._replace(hashes=hashes, docs=docs, figures=figures, places=places)


def mixed(hashes: Hashes) -> Hashes:
    """Each hash with all its bits stirred (the finalizer of MurmurHash3, Appleby 2011)."""
    hashes = hashes ^ (hashes >> HALF)
    hashes *= FIRST
    hashes ^= hashes >> HALF
    hashes *= SECOND
    hashes ^= hashes >> HALF
    return hashes


@cache
def alphabet() -> Codes:
    """For each code point 0 if it is in no word; else its class in the lowest byte, and above it what it is folded to.

    Folding is NFKC, case, and no accents. A code point that folds to more than one (ß, ﬁ) stays itself: such texts are
    told by their other words.
    """
    kinds = classes()
    found = np.arange(CODE_POINTS, dtype=np.uint32) << np.uint32(8)
    for point in np.flatnonzero(kinds[:PLANE] & (LETTER | ALONE)).tolist():
        if unicodedata.decomposition(chr(point)) == "" and chr(point).casefold() == chr(point):
            continue
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", chr(point)).casefold())
        folded = unicodedata.normalize("NFKC", "".join(part for part in parts if not unicodedata.combining(part)))
        found[point] = (ord(folded) if len(folded) == 1 else point) << 8
    return np.where(kinds == OTHER, np.uint32(0), found | kinds)


@cache
def classes() -> NDArray[np.uint8]:
    """For each code point: part of a word, a word alone, a digit, not seen, or nothing of the kind.

    UNSEEN are accents set apart, vowel marks, soft hyphens and joiners: some texts print them, others leave them out.
    """
    points = np.arange(CODE_POINTS, dtype="<u4")
    points[0xD800:0xE000] = 0  # surrogates are no characters
    found = np.zeros(CODE_POINTS, np.uint8)
    for match in WORD.finditer(points.tobytes().decode("utf-32-le")):
        found[match.start() : match.end()] = LETTER
    letters = points[:PLANE][found[:PLANE] == LETTER]
    twice = np.stack([letters, letters, np.full_like(letters, 32)], axis=1).tobytes().decode("utf-32-le")
    for match in WORD.finditer(twice):
        if match.end() - match.start() == 1:
            found[ord(match.group())] = ALONE
    for point in letters.tolist():
        found[point] |= DIGIT if chr(point).isdecimal() else 0
    for point in np.flatnonzero(found[:PLANE] == OTHER).tolist():
        found[point] = UNSEEN if unicodedata.category(chr(point)) in ("Mn", "Mc", "Cf") else OTHER
    return found


@cache
def powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of STEP up to a size, and their inverses modulo 2**64."""
    steps = np.full(size, STEP, np.uint64)
    backs = np.full(size, pow(int(STEP), -1, 2**64), np.uint64)
    steps[0] = backs[0] = 1
    return np.multiply.accumulate(steps), np.multiply.accumulate(backs)


def words(texts: Sequence[str], segments: Segments) -> Iterator[Words]:
    """The words of a batch of texts that stand in kept segments, hashed, a few texts at a time."""
    starts = np.concatenate([np.zeros(len(texts), np.int64), segments.starts])
    docs = np.concatenate([np.arange(len(texts)), segments.docs])
    kept = np.concatenate([np.zeros(len(texts), bool), segments.kept])  # a text without segments has no words
    order = np.lexsort((np.arange(len(docs)), starts, docs))
    ordered = Segments(docs[order], starts[order], kept[order])
    for first, last in chunks(texts):
        low, high = np.searchsorted(ordered.docs, (first, last))
        here = Segments(ordered.docs[low:high] - first, ordered.starts[low:high], ordered.kept[low:high])
        yield words_of_chunk(first, texts[first:last], here)


def chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of texts of about CHUNK characters: the number of the first and of the one after the last."""
    first, size = 0, 0
    for number, text in enumerate(texts, 1):
        size += len(text) + 1
        if size >= CHUNK or number - first == TEXTS:
            yield first, number
            first, size = number, 0
    if first < len(texts):
        yield first, len(texts)


def words_of_chunk(first: int, texts: Sequence[str], segments: Segments) -> Words:
    """The words of a few texts: for each a polynomial of its folded code points."""
    codes = np.frombuffer("\n".join(["", *texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32)
    values = alphabet().take(codes, mode="clip")
    kinds = values.astype(np.uint8)
    seen = np.flatnonzero(kinds != UNSEEN) if kinds.max() >= UNSEEN else None
    if seen is not None:
        values, kinds = values[seen], kinds[seen]
    starts, ends = bounds(kinds)
    hashes, figures = hashed(values, starts), kinds[starts] >= DIGIT
    if seen is not None:
        starts, ends = seen[starts], seen[ends]
    bases = np.cumsum([1, *(len(text) + 1 for text in texts)])
    docs = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(starts, bases)))
    cuts = np.searchsorted(starts, bases[segments.docs] + segments.starts)
    kept = np.repeat(segments.kept, np.diff(np.append(cuts, len(starts))))
    found = Words(first, len(texts), hashes, docs, figures, (starts, ends), bases)
    return found if kept.all() else found.where(kept)


def bounds(kinds: NDArray[np.uint8]) -> tuple[Offsets, Offsets]:
    """Where words start and end, in a text that neither starts nor ends with one."""
    letters = (kinds & LETTER).view(np.bool_)
    changes = np.flatnonzero(letters[1:] != letters[:-1]) + 1
    starts, ends = changes[0::2], changes[1::2]
    alone = np.flatnonzero(kinds == ALONE)
    if len(alone):
        starts, ends = np.sort(np.append(starts, alone)), np.sort(np.append(ends, alone + 1))
    return starts, ends


def hashed(values: Codes, starts: Offsets) -> Hashes:
    """The hash of each word, given the values of all characters; the same wherever the word stands."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    up, down = powers(1 << len(values).bit_length())
    hashes = np.add.reduceat(values * up[: len(values)], starts) * down[starts]
    hashes ^= hashes >> HALF
    hashes *= FIRST
    return hashes


def shingles(words: Words) -> Hashes:
    """For each word the hash of it and the four after it in its document; 0 where fewer follow."""
    found = np.zeros(len(words.hashes), np.uint64)
    if len(found) < SHINGLE:
        return found
    last = len(found) - SHINGLE + 1
    rolled = words.hashes[:last].copy()
    for place in range(1, SHINGLE):
        rolled *= STEP
        rolled += words.hashes[place : last + place]
    rolled = np.maximum(mixed(rolled), 1)
    rolled[words.docs[:last] != words.docs[SHINGLE - 1 :]] = 0
    found[:last] = rolled
    return found
