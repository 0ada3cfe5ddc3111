"""Offsets into a document's text: its lines and its words. Offsets are code points, ends are exclusive."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# One character is a token where the script puts no spaces between words (Thai, Lao, Burmese, Khmer, kana, Han).
ALONE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile(rf"{ALONE.pattern}|[^\W_]+")
# Small letters and figures of ASCII stay, capitals become small, all else a space.
ASCII_PARTED = bytes(ord(sign.lower()) if sign.isalnum() else 32 for sign in map(chr, range(128))).ljust(256)
NO_WORD = re.compile(r"[^\w\n]|_")
BEYOND = 0xFFFF
LONG = 500  # characters: from here on it is quicker to blank what is in no word, and to split
A_WORD, IN_A_WORD, A_LETTER = 1, 2, 4
LINE_END = re.compile(r"\n\s*")


class Piece(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int


def lines(text: str) -> Iterator[Piece]:
    """The lines of a text, each with the white space that follows it, covering the text once and in order.

    Leading blank lines belong to the first line, so that every piece but that of a blank text shows something.

    >>> [text[p.start:p.end] for text in ["one\\n\\ntwo"] for p in lines(text)]
    ['one\\n\\n', 'two']
    """
    ends = [found.end() for found in LINE_END.finditer(text)]
    if text and (not ends or ends[-1] < len(text)):
        ends.append(len(text))
    if len(ends) > 1 and text[: ends[0]].isspace():
        del ends[0]
    return map(partial(tuple.__new__, Piece), zip([0, *ends], ends, strict=False))  # a third of what `Piece` takes


def shown(text: str, piece: Piece) -> Piece:
    """The piece without white space at its ends; empty at its start where it is all white space."""
    inner = text[piece.start : piece.end]
    if not inner.strip():
        return Piece(piece.start, piece.start)
    start = piece.start + len(inner) - len(inner.lstrip())
    return Piece(start, start + len(inner.strip()))


def words(text: str) -> list[str]:
    """The words of a text, NFKC and case-folded; a character each in scripts that write no spaces.

    >>> words("Lavrov–Kerry: 日本")
    ['lavrov', 'kerry', '日', '本']
    """
    if text.isascii():
        return text.encode().translate(ASCII_PARTED).decode().split()
    small = unicodedata.normalize("NFKC", text).casefold()
    if len(small) >= LONG and not ALONE.search(small):
        return parted(small).split()
    return WORD.findall(small)


def word_count(text: str) -> int:
    """How many words a text has; a character each in scripts that write no spaces. A third of the cost of `words`.

    >>> word_count("Lavrov–Kerry: 日本"), word_count("")
    (4, 0)
    """
    found = kinds().take(points(unicodedata.normalize("NFKC", text)), mode="clip")
    begins = np.count_nonzero((found[1:] & ~found[:-1]) & IN_A_WORD) + np.count_nonzero(found[:1] & IN_A_WORD)
    return int(begins + np.count_nonzero(found & A_WORD))


def letters(text: str) -> str:
    """A text without all that is no letter of Unicode's basic plane. A tenth of the cost of searching for letters.

    >>> letters("Lavrov–Kerry, 2013: 日本")
    'LavrovKerry日本'
    """
    found = points(text)
    chosen = found[kinds().take(found, mode="clip") & A_LETTER > 0]
    return chosen.tobytes().decode("utf-32-le")


def folded(text: str) -> str:
    """A text case-folded, with a space for each character that is in no word; the ends of its lines stay.

    To split it takes a fifth of the time of a search for the words.

    >>> folded("Lavrov–Kerry: 2013\\nStraße").split("\\n")
    ['lavrov kerry  2013', 'strasse']
    """
    found = small_letters().take(points(text), mode="clip")
    if not found.all():
        return parted(text.casefold())
    return found.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def small_letters() -> NDArray[np.uint32]:
    """Of each character what `folded` makes of it; nothing where it folds to several, and for all that lie beyond."""
    each = (character.casefold() for character in map(chr, range(BEYOND)))
    found = points("".join(small if len(small) == 1 else "\0" for small in each) + "\0")
    return unmarked().take(found) * (found > 0)


def parted(text: str) -> str:
    """A text with a space for each character that is in no word; the ends of its lines stay."""
    found = points(text)
    if len(found) and found.max() > BEYOND:
        return NO_WORD.sub(" ", text)
    return unmarked().take(found).tobytes().decode("utf-32-le", "surrogatepass")


def holds_any(text: str, characters: str) -> bool:
    """Whether a text holds one of some characters of Unicode's basic plane. A third of the cost of searching for them.

    >>> holds_any("Ísland", "þð"), holds_any("Þjóð", "þð")
    (False, True)
    """
    return not text.isascii() and bool(marked(characters).take(points(text), mode="clip").any())


@cache
def marked(characters: str) -> NDArray[np.bool_]:
    """Of each character whether it is one of these."""
    found = np.zeros(BEYOND + 1, np.bool_)
    found[points(characters)] = True
    return found


def points(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


@cache
def kinds() -> NDArray[np.uint8]:
    """Of each character whether it is a word, in one, a letter; what lies beyond, as emoji do, is as the last: none."""
    every = "".join(map(chr, range(BEYOND + 1)))
    found = np.zeros(BEYOND + 1, np.uint8)
    for rule, kind in ((r"[^\W_]+", IN_A_WORD), (f"{ALONE.pattern}+", A_WORD)):
        for stretch in re.finditer(rule, every):
            found[stretch.start() : stretch.end()] = kind
    for stretch in re.finditer(r"[^\W\d_]+", every):
        found[stretch.start() : stretch.end()] |= A_LETTER
    return found


@cache
def unmarked() -> NDArray[np.uint32]:
    """Of each character itself, or a space where it is in no word and ends no line."""
    return points(NO_WORD.sub(" ", "".join(map(chr, range(BEYOND + 1)))))
