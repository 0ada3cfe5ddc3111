"""The lists of words that rules look for, from `words.toml`, and whether a line holds one of them.

A pattern of two hundred words is slow to search for, so a line's words are looked up first.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
WORD = re.compile(r"[^\W_]+")


class Openings(NamedTuple):
    """How the entries of a list begin: with a whole word, with a stem, or with a mark that is no word."""

    words: frozenset[str]
    stems: tuple[str, ...]
    marks: re.Pattern[str] | None
    plain_marks: bool


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
    """A pattern for any word of a list, longest first, at its word's borders and whatever its case."""
    words = sorted(lists()[name], key=len, reverse=True)
    return re.compile("|".join(map(alternative, words)), re.IGNORECASE)


def alternative(word: str) -> str:
    """The pattern of one word; scripts without spaces have no borders, `*` stands for any ending."""
    stem = re.escape(word.rstrip("*")).replace(r"\ ", r"\s+")
    if NO_SPACES.search(word):
        return stem
    start = r"(?<!\w)" if word[0].isalnum() else ""
    ending = r"\w*" if word.endswith("*") else (r"(?!\w)" if word[-1].isalnum() else "")
    return start + stem + ending


@cache
def openings(name: str) -> Openings:
    """How the entries of a list begin."""
    entries = [word.casefold() for word in lists()[name]]
    spaced = [word for word in entries if not NO_SPACES.search(word) and word[0].isalnum()]
    marks = [word.rstrip("*") for word in entries if word not in spaced]
    return Openings(
        frozenset(WORD.findall(word)[0] for word in spaced if not word.endswith("*")),
        tuple(word.rstrip("*") for word in spaced if word.endswith("*")),
        re.compile("|".join(map(re.escape, marks)), re.IGNORECASE) if marks else None,
        any(mark.isascii() for mark in marks),
    )


def may_hold(name: str, words: Sequence[str], text: str) -> bool:
    """Whether a text of these words (case-folded) may hold an entry of a list; if not, it surely holds none."""
    known = openings(name)
    if not known.words.isdisjoint(words):
        return True
    plain = text.isascii()
    if known.marks and (known.plain_marks or not plain) and known.marks.search(text):
        return True
    return bool(known.stems) and not plain and any(word.startswith(known.stems) for word in words)


def matches(name: str, text: str) -> Iterator[re.Match[str]]:
    """The entries of a list that a text holds, in order."""
    if may_hold(name, WORD.findall(text.casefold()), text):
        yield from pattern(name).finditer(text)
