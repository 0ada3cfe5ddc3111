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
Bytes = NDArray[np.uint8]
Codes = NDArray[np.uint32]
Narrow = NDArray[np.uint32]  # half of each hash

SHINGLE = 5  # words
CHUNK, TEXTS = 2**17, 2**15  # characters and texts hashed at once: their arrays stay in the processor's cache
NARROW, PLANE, WIDE = 0x100, 0x10000, 0x40000  # code points: of Latin-1, of the first plane, of all that have letters
OTHER, LETTER, ALONE, DIGIT, UNSEEN = 0, 1, 2, 4, 8
BLOCK, LONGEST = 8, 64  # letters of a word read at once, and at all: what follows tells no words apart
MASKS = np.array([256**size - 1 for size in range(BLOCK + 1)], np.uint64)
STEP = np.uint64(0x9E3779B97F4A7C15)
TWO_STEPS = np.uint64(int(STEP) ** 2 % 2**64)
FIRST, SECOND = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
HALF = np.uint64(33)


class Segments(NamedTuple):
    """The segments of a batch of texts in order: the text's number, where each starts, and whether it is kept."""

    docs: Offsets
    starts: Offsets
    kept: Flags


class Letters(NamedTuple):
    """The characters of some texts, folded: the low byte of each and, where any has one, the high byte.

    `inside` says which are letters or digits, `alone` lists those that are words of their own. `digits` are the bytes
    or classes that tell digits. `places` are offsets in the joined texts, where characters are left out.
    """

    low: Bytes
    high: Bytes | None
    inside: Flags
    alone: Offsets | None
    digits: Flags
    places: Offsets | None


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
        bases = self.bases[self.docs]
        return self.places[0] - bases, self.places[1] - bases


def mixed(hashes: Hashes) -> Hashes:
    """Each hash with all its bits stirred (the finalizer of MurmurHash3, Appleby 2011)."""
    hashes = hashes ^ (hashes >> HALF)
    hashes *= FIRST
    hashes ^= hashes >> HALF
    hashes *= SECOND
    hashes ^= hashes >> HALF
    return hashes


@cache
def alphabet(size: int) -> Codes:
    """For each code point up to a size 0 if it is in no word, else its class and, above that byte, what it folds to.

    Folding is NFKC, case, and no accents. A code point that folds to more than one (ß, ﬁ) stays itself: such texts are
    told by their other words.
    """
    kinds = np.frombuffer(classes(size), np.uint8)
    found = np.arange(size, dtype=np.uint32)
    letters = map(chr, np.flatnonzero(kinds[:PLANE] & (LETTER | ALONE)).tolist())
    changed = [letter for letter in letters if unicodedata.decomposition(letter) or letter.casefold() != letter]
    found[list(map(ord, changed))] = list(map(plain, changed))
    return np.where(kinds == OTHER, np.uint32(0), found << np.uint32(8) | kinds)


def plain(letter: str) -> int:
    """The code point that a letter folds to."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", letter).casefold())
    found = unicodedata.normalize("NFKC", "".join(part for part in parts if not unicodedata.combining(part)))
    return ord(found if len(found) == 1 else letter)


def classes(size: int) -> bytearray:
    """For each code point up to a size: part of a word, a word alone, a digit, not seen, or nothing of the kind.

    UNSEEN are accents set apart, vowel marks, soft hyphens and joiners: some texts print them, others leave them out.
    """
    points = np.arange(size, dtype="<u4")
    points[0xD800:0xE000] = 0  # surrogates are no characters
    every = points.tobytes().decode("utf-32-le")
    found = bytearray(size)
    for match in WORD.finditer(every):
        found[match.start() : match.end()] = bytes([LETTER]) * (match.end() - match.start())
    letters = [character for character, kind in zip(every[:PLANE], found, strict=False) if kind]
    for word in WORD.findall(" ".join(letter * 2 for letter in letters)):
        found[ord(word[0])] = LETTER if len(word) == 2 else ALONE
    for letter in filter(str.isdecimal, letters):
        found[ord(letter)] |= DIGIT
    for point, character in enumerate(every[:PLANE]):
        if not found[point] and unicodedata.category(character) in ("Mn", "Mc", "Cf"):
            found[point] = UNSEEN
    return found


@cache
def latin() -> tuple[bytes, frozenset[str]]:
    """What each character of Latin-1 folds to, 0 where it is in no word; and those that need the whole alphabet."""
    values = alphabet(NARROW)
    folded, seen = values >> np.uint32(8), values.astype(np.uint8) != UNSEEN
    low = np.where(seen & (folded < NARROW), folded, 0).astype(np.uint8)
    return low.tobytes(), frozenset(map(chr, np.flatnonzero(~seen | (folded >= NARROW)).tolist()))


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
    """The words of a few texts, hashed."""
    letters = folded("\n".join(["", *texts, ""]))
    starts, ends = bounds(letters)
    begins = starts if letters.places is None else letters.places[starts]
    bases = np.cumsum([1, *(len(text) + 1 for text in texts)])
    docs = np.repeat(np.arange(len(texts)), np.diff(np.searchsorted(begins, bases)))
    cuts = np.searchsorted(begins, bases[segments.docs] + segments.starts)
    kept = np.flatnonzero(np.repeat(segments.kept, np.diff(np.append(cuts, len(begins)))))
    if len(kept) < len(starts):
        starts, ends, docs = starts[kept], ends[kept], docs[kept]
    hashes, figures = hashed(letters, starts, ends), letters.digits[starts]
    if letters.places is not None:
        starts, ends = letters.places[starts], letters.places[ends]
    return Words(first, len(texts), hashes, docs, figures, (starts, ends), bases)


def folded(text: str) -> Letters:
    """The characters of a text, by the short way where all of it is Latin-1."""
    fold, hard = latin()
    try:
        read = text.encode("latin-1")
    except UnicodeEncodeError:
        return folded_wide(text)
    if any(character in text for character in hard):
        return folded_wide(text)
    low, codes = np.frombuffer(read.translate(fold), np.uint8), np.frombuffer(read, np.uint8)
    return Letters(low, None, low > 0, None, codes - np.uint8(ord("0")) < 10, None)


def folded_wide(text: str) -> Letters:
    """The characters of any text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    values = alphabet(WIDE).take(codes, mode="clip")
    kinds = values.astype(np.uint8)
    every = int(np.bitwise_or.reduce(kinds))
    seen = np.flatnonzero(kinds != UNSEEN) if every & UNSEEN else None
    if seen is not None:
        values, kinds = values[seen], kinds[seen]
    low, high = (values >> np.uint32(8)).astype(np.uint8), (values >> np.uint32(16)).astype(np.uint8)
    alone = np.flatnonzero(kinds == ALONE) if every & ALONE else None
    return Letters(low, high if high.any() else None, kinds & LETTER > 0, alone, kinds >= DIGIT, seen)


def bounds(letters: Letters) -> tuple[Offsets, Offsets]:
    """Where words start and end, in a text that neither starts nor ends with one."""
    changes = np.flatnonzero(letters.inside[1:] != letters.inside[:-1]) + 1
    starts, ends = changes.reshape(-1, 2).T.copy()
    if letters.alone is not None:
        starts = np.sort(np.append(starts, letters.alone))
        ends = np.sort(np.append(ends, letters.alone + 1))
    return starts, ends


def hashed(letters: Letters, starts: Offsets, ends: Offsets) -> Hashes:
    """The hash of each word, the same wherever it stands and whatever stands beside it."""
    hashes = spelled(letters.low, starts, ends)
    if letters.high is not None:
        hashes += spelled(letters.high, starts, ends) * SECOND
    hashes *= FIRST
    hashes ^= hashes >> HALF
    hashes *= SECOND
    return hashes


def spelled(codes: Bytes, starts: Offsets, ends: Offsets) -> Hashes:
    """For each word a polynomial of its letters, eight at a time."""
    blocks = np.ndarray(len(codes), "<u8", np.append(codes, np.zeros(BLOCK, np.uint8)).data, strides=(1,))
    sizes = ends - starts
    found = blocks.take(starts) & MASKS.take(sizes, mode="clip")
    for done in range(BLOCK, LONGEST, BLOCK):
        longer = np.flatnonzero(sizes > done)
        if not len(longer):
            break
        found[longer] *= STEP
        found[longer] += blocks.take(starts[longer] + done) & MASKS.take(sizes[longer] - done, mode="clip")
    return found


def shingles(words: Words) -> Hashes:
    """For each word the hash of it and the four after it in its document; 0 where fewer follow."""
    found = np.zeros(len(words.hashes), np.uint64)
    if len(found) < SHINGLE:
        return found
    pairs = words.hashes[:-1] * STEP
    pairs += words.hashes[1:]
    fours = pairs[:-2] * TWO_STEPS
    fours += pairs[2:]
    fours = fours[:-1] * STEP
    fours += words.hashes[SHINGLE - 1 :]
    rolled = np.maximum(mixed(fours), 1)
    rolled *= words.docs[: len(rolled)] == words.docs[SHINGLE - 1 :]
    found[: len(rolled)] = rolled
    return found
