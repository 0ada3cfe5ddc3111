"""The terms of a text: its words cut to stems, and its figures.

A stem is a word's first six letters: crude, the same in every language, and enough to let inflected forms meet.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tasks.text import ALONE, words

STEM = 6
FIGURE = re.compile(r"\d(?<![\w.,].)(?:\d{0,2}(?:[.,' \u00a0\u202f]\d{3})+(?!\d)|\d*(?:[.,]\d+)?(?!\d))")
SEPARATOR = re.compile("[.,' \u00a0\u202f]")
FIRST_UNSPACED = "\u0e00"  # of the characters that are words of their own
YEARS = range(1900, 2101)


def stems(text: str) -> list[str]:
    """The stems of a text in order; pairs of neighbouring characters in scripts that put no spaces between words.

    >>> stems("Talks in Moscow: 日本人")
    ['talks', 'in', 'moscow', '日本', '本人']
    """
    return stems_of(words(text))


def stems_of(found: Sequence[str]) -> list[str]:
    """The stems of words, as from `tasks.text.words`."""
    if max(found, default="") < FIRST_UNSPACED:
        return [word[:STEM] for word in found]
    return list(with_pairs(found))


def with_pairs(words: Iterable[str]) -> Iterator[str]:
    """The stems of words of which some are characters of a script without spaces."""
    last = ""
    for word in words:
        unspaced = len(word) == 1 and ALONE.match(word) is not None
        if unspaced and last:
            yield last + word
        elif not unspaced:
            yield word[:STEM]
        last = word if unspaced else ""


def figures(text: str, least: int = 11) -> list[str]:
    """The figures of a text as plain digits; years and whole numbers under `least` mark no event and are left out.

    >>> figures("In 2013 some 80,000 people, 3.5 % of 12 towns; 1.250.000 left 3 times")
    ['80000', '3.5', '12', '1250000']
    """
    return [plain for plain in map(plain_figure, FIGURE.findall(text)) if is_telling(plain, least)]


def plain_figure(figure: str) -> str:
    """A figure without separators of thousands, with a point before its decimals.

    >>> [plain_figure(figure) for figure in ("70,000", "7.5", "7,25", "1 000 000", "1.000")]
    ['70000', '7.5', '7.25', '1000000', '1000']
    """
    if figure.isdecimal():
        return figure
    parts = SEPARATOR.split(figure)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return "".join(parts)
    return ".".join(parts)


def is_telling(figure: str, least: int) -> bool:
    """Whether a figure can mark an event: neither a year nor a whole number that is too small."""
    return "." in figure or ((whole := int(figure[:18])) >= least and whole not in YEARS)


def telling_digits(figure: str) -> int:
    """How many digits of a figure are not mere zeros at its ends: 1 of 70000, 4 of 12.85.

    >>> [telling_digits(figure) for figure in ("70000", "12.85", "0.5")]
    [1, 4, 1]
    """
    return len(figure.replace(".", "").strip("0")) or 1
