"""The places that a text names in a script without capitals.

Nothing there tells a name from another word, so that only what is known to be one counts: what countries and large
cities are called in Arabic, Hebrew, Korean, Japanese or Chinese. By them such reports meet those in other scripts.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from tasks.group.folding import LONGEST as LONGEST_FOLDED
from tasks.group.names import MEMORY, Name
from tasks.group.places import places

ARABIC_HEBREW = "[\u05d0-\u05ea\u0621-\u064a\u066e-\u06d3]{3,}"
RUN = re.compile(
    rf"(?P<spaced>{ARABIC_HEBREW})(?=(?P<following> {ARABIC_HEBREW})?)"
    "|(?P<hangul>[\uac00-\ud7a3]{2,})|(?P<katakana>[\u30a1-\u30fa\u30fc]{2,})|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff]{2,})"
)
WITHOUT_CAPITALS = re.compile("[\u05d0-\u06d3\u30a1-\u9fff\uac00-\ud7a3]")
ATTACHED = frozenset("وفبلكובלמהשכ")  # and, in, to, from …: written as one with the word that follows
PARTICLE = 2  # syllables of Korean that a name may have behind it
DOUBLED = re.compile(r"(.)\1+")
LONGEST = 6  # characters that a place's name has in Chinese


def uncased_places(text: str) -> list[Name]:
    """The places of a text in order, those in scripts with capitals left out.

    >>> [place.text for place in uncased_places("وزير الخارجية وصل إلى موسكو وباريس")]
    ['موسكو', 'باريس']
    >>> [place.text for place in uncased_places("中国和俄罗斯外长。러시아는 ロシアの")]
    ['中国', '俄罗斯', '러시아', 'ロシア']
    """
    if text.isascii() or not WITHOUT_CAPITALS.search(text):
        return []
    found = (Name(said, start) for match in RUN.finditer(text) for said, start in spellings(match))
    return list(longest(name for name in found if is_place(name.text)))


def spellings(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """What in a run of letters may be a place, and where: at each place in the run the longest first."""
    run, start = match.group(), match.start()
    if match["spaced"]:
        for cut in range(3):
            if len(run) - cut > 2 and ATTACHED.issuperset(run[:cut]):
                yield from ((run[cut:] + (match["following"] or ""), start + cut), (run[cut:], start + cut))
    elif match["hangul"]:
        yield from ((run[: len(run) - cut], start) for cut in range(PARTICLE + 1) if len(run) - cut > 1)
    elif match["katakana"]:
        yield run, start
    else:
        for first in (place for place in range(len(run) - 1) if run[place : place + 2] in han_openings()):
            yield from ((run[first:end], start + first) for end in range(min(len(run), first + LONGEST), first + 1, -1))


@cache
def han_openings() -> frozenset[str]:
    """The two characters with which a place's name begins in Chinese."""
    return frozenset(name[:2] for name in places() if is_han(name))


def is_han(said: str) -> bool:
    """Whether something is said in Chinese characters."""
    return "\u3400" <= said[0] <= "\u9fff"


def is_place(said: str) -> bool:
    """Whether a country or large city is called so; Chinese characters are folded as they are."""
    key = said if is_han(said) else "_".join(map(plain, said.split(" ")))
    return key in places()


@lru_cache(maxsize=MEMORY)
def plain(word: str) -> str:
    """A word as `folded` makes it of these scripts, for a sixth of the cost.

    >>> from tasks.group.folding import folded
    >>> plain("إسرائيل") == folded("إسرائيل"), plain("러시아") == folded("러시아")
    (True, True)
    """
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", word)))
    return DOUBLED.sub(r"\1", letters)[:LONGEST_FOLDED]


def longest(found: Iterator[Name]) -> Iterator[Name]:
    """The names that do not lie within the one before them."""
    end = 0
    for name in found:
        if name.start >= end:
            yield name
            end = name.start + len(name.text)
