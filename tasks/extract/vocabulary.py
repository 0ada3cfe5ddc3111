"""The lists of words that rules look for, from `words.toml`, as compiled patterns."""

import re
import tomllib
from functools import cache
from pathlib import Path

NO_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@cache
def lists() -> dict[str, list[str]]:
    """The words of each list."""
    found: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return found


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
