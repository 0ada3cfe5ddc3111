"""The lists of words that rules look for, from `words.toml`, and whether a line holds one of them.

A pattern of two hundred words is slow to search for, so a line's words are looked up first: a bit a list says which
lists the line may hold an entry of.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
OTHER_SCRIPT = re.compile("[\u0370-\u1dff\u2e80-\ud7af]")
WORD = re.compile(r"[^\W_]+")
# Of each byte of ASCII the letter or digit that it is, small; of all others a space.
PLAIN = bytes(ord(chr(code).lower() if code < 128 and chr(code).isalnum() else " ") for code in range(256))
LOOKED_FOR = ("published", "modified", "by", "role", "credit", "based_on", "reports", "made_by")
# The bit of each list that is looked for in lines.
BITS = {name: 1 << number for number, name in enumerate(LOOKED_FOR)}


class Telltales(NamedTuple):
    """What a text has that holds an entry of a list: a whole word, a stem or a mark that is no word."""

    words: frozenset[str]
    stems: tuple[str, ...]
    marks: re.Pattern[str] | None


def words_of(text: str) -> list[str]:
    """The words of a text, case-folded; of ASCII they are told in a third of the time."""
    return text.encode().translate(PLAIN).decode().split() if text.isascii() else WORD.findall(text.casefold())


@cache
def lists() -> dict[str, list[str]]:
    """The words of each list."""
    found: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return found


@cache
def members(name: str) -> frozenset[str]:
    """The words of a list, as a set."""
    return frozenset(lists()[name])


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern for any word of a list, at its word's borders and whatever its case."""
    return re.compile(any_of(lists()[name]), re.IGNORECASE)


def any_of(words: Iterable[str]) -> str:
    """The pattern of some words, longest first.

    The border before them is asked for once, not by each of two hundred words: at most letters of a text is none.
    """
    ordered = sorted(words, key=len, reverse=True)
    free = [alternative(word) for word in ordered if not has_border(word)]
    bordered = "|".join(alternative(word) for word in ordered if has_border(word))
    return "|".join([*free, rf"(?<!\w)(?:{bordered})"] if bordered else free)


def has_border(word: str) -> bool:
    """Whether a word begins where another one ended; in scripts without spaces none does, nor does a mark."""
    return word[0].isalnum() and not NO_SPACES.search(word)


def alternative(word: str) -> str:
    """The pattern of one word from its first letter on; `*` stands for any ending."""
    stem = re.escape(word.rstrip("*")).replace(r"\ ", r"\s+")
    if NO_SPACES.search(word):
        return stem
    return stem + (r"\w*" if word.endswith("*") else r"(?!\w)" if word[-1].isalnum() else "")


@cache
def telltales(name: str) -> Telltales:
    """What tells that an entry of a list may be there: of an entry of several words the longest one."""
    entries = [word.casefold() for word in lists()[name]]
    spaced = [word for word in entries if has_border(word)]
    marks = [word.rstrip("*") for word in entries if word not in spaced]
    return Telltales(
        frozenset(longest(WORD.findall(word)) for word in spaced if not word.endswith("*")),
        tuple(word.rstrip("*") for word in spaced if word.endswith("*")),
        re.compile("|".join(map(re.escape, marks)), re.IGNORECASE) if marks else None,
    )


def longest(words: Iterable[str]) -> str:
    """The longest of some words; an `i` counts for nothing, for İ folds to two characters that cut its word."""
    return max(words, key=lambda word: len(word.replace("i", "")))


@cache
def told() -> tuple[frozenset[str], dict[str, int]]:
    """The words that tell of a list, and the bits of the lists that each tells of."""
    found: dict[str, int] = {}
    for name, bit in BITS.items():
        for word in telltales(name).words:
            found[word] = found.get(word, 0) | bit
    return frozenset(found), found


@cache
def marked() -> tuple[re.Pattern[str], tuple[tuple[int, re.Pattern[str]], ...]]:
    """A pattern for any mark that tells of an entry, and one for those of each list beside its bit."""
    each = tuple((bit, marks) for name, bit in BITS.items() if (marks := telltales(name).marks))
    return re.compile("|".join(marks.pattern for _, marks in each), re.IGNORECASE), each


@cache
def stemmed() -> tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]:
    """All stems, and those of each list beside its bit."""
    each = tuple((bit, telltales(name).stems) for name, bit in BITS.items() if telltales(name).stems)
    return tuple(stem for _, stems in each for stem in stems), each


def may_hold(words: Sequence[str], text: str) -> int:
    """The bits of the lists that a text of these words (case-folded) may hold an entry of; of others it has none.

    Marks and stems are of scripts other than the Latin.
    """
    telling, known = told()
    found = 0
    if not telling.isdisjoint(words):
        for word in words:
            found |= known.get(word, 0)
    return found if text.isascii() or not OTHER_SCRIPT.search(text) else found | marks_in(text) | stems_in(words)


def marks_in(text: str) -> int:
    """The bits of the lists that have an entry that begins with one of a text's marks."""
    any_mark, each = marked()
    return sum(bit for bit, marks in each if marks.search(text)) if any_mark.search(text) else 0


def stems_in(words: Sequence[str]) -> int:
    """The bits of the lists that have a stem with which one of the words begins."""
    stems, each = stemmed()
    begun = [word for word in words if word.startswith(stems)]
    return sum(bit for bit, of_list in each if any(word.startswith(of_list) for word in begun)) if begun else 0


def matches(name: str, text: str, words: Sequence[str]) -> Iterator[re.Match[str]]:
    """The entries of a list that a text of these words (case-folded) holds, in order."""
    known = telltales(name)
    if (
        not known.words.isdisjoint(words)
        or (known.marks and known.marks.search(text))
        or (not text.isascii() and any(word.startswith(known.stems) for word in words))
    ):
        yield from pattern(name).finditer(text)
