"""The characters and words of a batch of segments as numpy columns, so that no Python loop runs over them.

All sums are of whole numbers: a document's columns are the same in whatever batch it stands.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.text import Piece

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

CLASSES: tuple[str, ...] = (
    "other",
    "space",
    "newline",
    "lower",
    "upper",
    "letter",
    "digit",
    "single",
    "terminal",
    "comma",
    "colon",
)
CLASSES += ("quote", "bracket", "separator")
CLASS = {name: number for number, name in enumerate(CLASSES)}
SIGNS = {
    "terminal": ".!?…。！？؟۔।॥｡",
    "comma": ",;،、，；؛",
    "colon": ":：",
    "quote": "\"'“”„‟«»‘’‚‹›「」『』",
    "bracket": "()[]{}（）【】〈〉《》",
    "separator": "|/\\·•‧・>→–—-_+*&#@=~",
}
# A character is a word where the script puts no spaces between words.
SINGLE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))
BY_CATEGORY = {"Lu": "upper", "Lt": "upper", "Ll": "lower", "Nd": "digit"}
QUESTIONS = np.array([ord(mark) for mark in "?？؟"], np.uint16)
PLANE = 0x10000
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
LONGEST = 48
# So many characters are near the edge of a segment.
EDGE = 32


class Segments(NamedTuple):
    """The segments of a batch: which document each is in, what characters and words it has."""

    document: Ints
    """the number of the segment's document in the batch"""
    bounds: Ints
    """where each document's segments begin, and the number of all"""
    counts: Ints
    """characters of each class, a row a segment"""
    first: Ints
    """class of the first character that is no space"""
    last: Ints
    """class of the last character that is no space"""
    head_marks: Ints
    """colons, brackets and separators among the first characters"""
    tail_marks: Ints
    """the same among the last characters, the white space after them aside"""
    trailing: Ints
    """how many words come after the last mark that ends a sentence; all of them where there is none"""
    questions: Ints
    """how many question marks"""
    joints: Ints
    """how often a small letter is followed by a capital one in a word"""
    words: Hashes
    """the hash of every word, in order"""
    numbers: Ints
    """a number for every word: the same for the same word of a document, another in other documents"""
    word_segment: Ints
    """the segment of every word"""
    word_start: Ints
    """the first word of each segment, and the number of all"""
    capitals: Ints
    """how many words begin with a capital"""
    lines: Hashes
    """the hash of the segment's words in their order; 0 where it has none"""


@cache
def class_table() -> NDArray[np.uint8]:
    """The class of each character of the basic plane; what lies beyond is as its last."""
    table = np.zeros(PLANE, np.uint8)
    for point in range(PLANE):
        table[point] = CLASS[class_of(chr(point))]
    for name, signs in SIGNS.items():
        table[[ord(sign) for sign in signs]] = CLASS[name]
    for low, high in SINGLE:
        part = table[low : high + 1]
        part[part == CLASS["letter"]] = CLASS["single"]
    table[ord("\n")] = CLASS["newline"]
    return table


def class_of(character: str) -> str:
    """The class of a character by its Unicode category."""
    category = unicodedata.category(character)
    if character.isspace() or category in ("Cc", "Cf"):
        return "space"
    return BY_CATEGORY.get(category, "letter" if category[0] in "LM" else "digit" if category[0] == "N" else "other")


@cache
def lower_table() -> Hashes:
    """The small letter of each character of the basic plane that words are made of, 0 for others."""
    small = (chr(point).lower() for point in range(PLANE))
    table = np.array([ord(s) if len(s) == 1 and ord(s) < PLANE else at for at, s in enumerate(small)], np.uint64)
    return np.where(in_words(class_table()), table, np.uint64(0))


@cache
def powers() -> Hashes:
    """Powers of an odd number, one a place in a word; the last is that of all places behind it."""
    return np.cumprod(np.full(LONGEST, MULTIPLIER, np.uint64), dtype=np.uint64)


def read(texts: Sequence[str], pieces: Sequence[Sequence[Piece]]) -> Segments:
    """The segments of some texts as columns; each text is covered by its pieces, none of which is empty."""
    whole = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    points = np.minimum(whole, PLANE - 1).astype(np.uint16)
    sizes = np.array([end - start for cut in pieces for start, end in cut], np.int64)
    per_document = np.array([len(cut) for cut in pieces], np.int64)
    document, bounds = np.repeat(np.arange(len(pieces)), per_document), np.append(0, np.cumsum(per_document))
    starts, segment = np.append(0, np.cumsum(sizes)), np.repeat(np.arange(sizes.size), sizes)
    classes = class_table().take(points, mode="clip")
    counts = np.bincount(segment * len(CLASSES) + classes, minlength=sizes.size * len(CLASSES))
    counts = counts.reshape(-1, len(CLASSES))
    first, last = edges(classes, counts, starts)
    word_at = word_places(classes, starts)
    hashes = word_hashes(points, word_at)
    joints = np.flatnonzero((classes[:-1] == CLASS["lower"]) & (classes[1:] == CLASS["upper"]))
    joints = joints[segment[joints] == segment[joints + 1]]  # not from one document's end to the next one's start
    word_segment = segment[word_at]
    word_start = np.searchsorted(word_segment, np.arange(sizes.size + 1))
    capitals = np.bincount(word_segment[classes[word_at] == CLASS["upper"]], minlength=sizes.size)
    head_marks, tail_marks = edge_marks(classes, segment, first, last)
    terminals = np.flatnonzero(classes == CLASS["terminal"])
    questions = terminals[np.isin(points[terminals], QUESTIONS)]
    return Segments(
        document=document,
        bounds=bounds,
        counts=counts,
        first=edge_classes(classes, first),
        last=edge_classes(classes, last),
        head_marks=head_marks,
        tail_marks=tail_marks,
        trailing=word_start[1:] - np.searchsorted(word_at, last_places(terminals, starts)),
        questions=np.bincount(segment[questions], minlength=sizes.size),
        joints=np.bincount(segment[joints], minlength=sizes.size),
        words=hashes,
        numbers=np.unique(hashes ^ (document[word_segment].astype(np.uint64) * MULTIPLIER), return_inverse=True)[1],
        word_segment=word_segment,
        word_start=word_start,
        capitals=capitals,
        lines=line_hashes(hashes, word_segment, word_start),
    )


def edges(classes: NDArray[np.uint8], counts: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Where each segment's first character that shows is, and its last; its beginning twice where none does."""
    showing = np.append(np.flatnonzero((classes != CLASS["space"]) & (classes != CLASS["newline"])), 0)
    size = counts.sum(axis=1) - counts[:, CLASS["space"]] - counts[:, CLASS["newline"]]
    behind = np.cumsum(size)
    first = np.where(size > 0, showing[behind - size], starts[:-1])
    return first, np.where(size > 0, showing[behind - 1], starts[:-1])


def last_places(places: Ints, starts: Ints) -> Ints:
    """The last of some places in each segment; where the segment begins, if none is in it."""
    last: Ints = np.append(0, places)[np.searchsorted(places, starts[1:])]
    return np.maximum(last, starts[:-1])


def edge_classes(classes: NDArray[np.uint8], places: Ints) -> Ints:
    """The class of the character at the edge of each segment; a space's where nothing shows."""
    found: Ints = classes[places].astype(np.int64)
    return np.where(found == CLASS["newline"], CLASS["space"], found)


def edge_marks(classes: NDArray[np.uint8], segment: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """How many colons, brackets and separators there are near each edge."""
    marks = (classes == CLASS["colon"]) | (classes == CLASS["bracket"]) | (classes == CLASS["separator"])
    at = np.flatnonzero(marks)
    of = segment[at]
    return (
        np.bincount(of[at - first[of] < EDGE], minlength=first.size),
        np.bincount(of[last[of] - at < EDGE], minlength=last.size),
    )


def word_places(classes: NDArray[np.uint8], starts: Ints) -> Ints:
    """Where each word begins."""
    inner, single = in_words(classes), classes == CLASS["single"]
    begins = inner.copy()
    begins[1:] &= ~inner[:-1] | single[1:] | single[:-1]
    begins[starts[:-1]] = inner[starts[:-1]]
    return np.flatnonzero(begins)


def in_words(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters words are made of."""
    return (classes >= CLASS["lower"]) & (classes <= CLASS["single"])


def word_hashes(points: NDArray[np.uint16], word_at: Ints) -> Hashes:
    """The hash of each word in small letters: the sum of its characters, each times its place's power."""
    if not word_at.size:
        return np.zeros(0, np.uint64)
    small = lower_table().take(points[word_at[0] :], mode="clip")
    first = word_at - word_at[0]
    place = np.arange(small.size)
    place -= np.repeat(first, np.diff(first, append=small.size))
    small *= powers().take(place, mode="clip")
    hashes: Hashes = np.add.reduceat(small, first)
    return hashes ^ (hashes >> np.uint64(29))


def line_hashes(hashes: Hashes, word_segment: Ints, word_start: Ints) -> Hashes:
    """A hash of each segment's words and their order."""
    lines = np.zeros(word_start.size - 1, np.uint64)
    if not hashes.size:
        return lines
    place = np.arange(hashes.size) - word_start[word_segment]
    terms = hashes * (np.uint64(2) * place.astype(np.uint64) + np.uint64(1)) * MULTIPLIER
    filled = np.flatnonzero(np.diff(word_start))
    lines[filled] = np.add.reduceat(terms, word_start[filled])
    return lines ^ (lines >> np.uint64(31))


def distinct(keys: Ints) -> Ints:
    """The distinct ones of some numbers that are not negative, sorted; `np.unique` hashes them, which takes longer."""
    ordered = np.sort(keys)
    return ordered[np.diff(ordered, prepend=-1) > 0]
