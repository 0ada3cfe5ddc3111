"""The table of outlets and agencies: what they call themselves, in which script, at which address."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tasks.errors import UsageError
from tasks.extract.layout import DENSE, LONG, Line, is_dense, squash
from tasks.extract.vocabulary import WORD, members, words_of
from tasks.toml import table_in

LONGEST = 6


class Outlets(NamedTuple):
    """The table of outlets: names by alias and by domain, and the aliases that a margin is searched for."""

    names: Mapping[str, str]
    domains: Mapping[str, str]
    agencies: frozenset[str]
    publishers: frozenset[str]
    phrases: Mapping[tuple[str, ...], str]
    openings: Mapping[str, frozenset[str]]
    dense: Mapping[str, str]
    any_dense: re.Pattern[str]

    def named(self, name: str) -> str | None:
        """The usual name of an outlet or agency that goes by this name, None where the table has none."""
        key = squash(name)
        return self.names.get(key) or (self.names.get(key.removeprefix("the")) if key.startswith("the") else None)

    def at(self, host: str) -> str | None:
        """The name of the outlet at a host or at any domain above it."""
        labels = host.casefold().removeprefix("www.").split(".")
        return next(
            (name for cut in range(len(labels) - 1) if (name := self.domains.get(".".join(labels[cut:])))), None
        )

    def may_name(self, line: Line) -> bool:
        """Whether a line may name an outlet; if not, it surely names none."""
        words, known = line.words, self.openings
        if not words or len(line.text) > LONG:
            return False
        if not known.keys().isdisjoint(words):
            for place, word in enumerate(words):
                after = known.get(word)
                if after is not None and ("" in after or (place + 1 < len(words) and words[place + 1] in after)):
                    return True
        return is_dense(line.text)

    def within(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The outlets that a text names, each with its stretch; names that are common words are passed over."""
        if is_dense(text):
            yield from (
                (match.start(), match.end(), self.dense[match.group()]) for match in self.any_dense.finditer(text)
            )
        if self.openings.keys().isdisjoint(words_of(text)):
            return
        found = [(match.group().casefold(), match.start(), match.end()) for match in WORD.finditer(text)]
        end = 0
        for place, (word, start, _) in enumerate(found):
            if start < end or word not in self.openings:
                continue
            size = self.phrase_at(tuple(word for word, _, _ in found[place : place + LONGEST]))
            if size:
                end = found[place + size - 1][2]
                yield start, end, self.phrases[tuple(word for word, _, _ in found[place : place + size])]

    def phrase_at(self, words: tuple[str, ...]) -> int:
        """How many of the words, from the first on, are an outlet's name; 0 where none is."""
        return next((size for size in range(len(words), 0, -1) if words[:size] in self.phrases), 0)


@cache
def known_outlets(more: str = "") -> Outlets:
    """The table of outlets that copydesk knows, with those of a table of the user's."""
    tables = [table_in(path, "outlets") for path in table_files(more)]
    names: dict[str, str] = {}
    domains: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for row in (row for table in tables for row in table["outlet"]):
        for alias in (row["name"], *row.get("aliases", [])):
            names[squash(alias)] = aliases[alias] = row["name"]
        domains |= dict.fromkeys(row.get("domains", []), row["name"])
    phrases = {phrase: name for alias, name in aliases.items() if is_telling(phrase := phrase_of(alias))}
    dense = {alias: name for alias, name in aliases.items() if DENSE.search(alias) and len(alias) > 2}
    return Outlets(
        names,
        domains,
        frozenset(row["name"] for table in tables for row in table["outlet"] if row.get("agency")),
        frozenset(squash(name) for table in tables for name in table.get("publishers", [])),
        phrases,
        second_words(phrases),
        dense,
        re.compile("|".join(map(re.escape, sorted(dense, key=len, reverse=True)))),
    )


def second_words(phrases: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """The second words of the names that begin with each word, empty for a name of one word."""
    found: dict[str, set[str]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(phrase[1] if len(phrase) > 1 else "")
    return {first: frozenset(seconds) for first, seconds in found.items()}


def check_table(file: str) -> None:
    """Raises UsageError, with what is wanted, for a user's file that is no table of outlets."""
    try:
        known_outlets(file)
    except (KeyError, TypeError, AttributeError):
        wanted = "[[outlet]] tables with a name (text), and maybe aliases and domains (lists of text)"
        raise UsageError(f"{file}: wanted {wanted}") from None


def table_files(more: str) -> list[Path]:
    """copydesk's own table, and the user's where there is one."""
    return [Path(__file__).with_name("outlets.toml"), *([Path(more)] if more else [])]


def phrase_of(alias: str) -> tuple[str, ...]:
    """A name's words, to be looked for in a text."""
    return tuple(match.group().casefold() for match in WORD.finditer(alias))


def is_telling(phrase: tuple[str, ...]) -> bool:
    """Whether a name is none that a text holds by chance: of two words, or one that is long and no common word."""
    phrase = phrase[1:] if phrase[:1] == ("the",) else phrase
    if len(phrase) != 1:
        return 1 < len(phrase) <= LONGEST and len("".join(phrase)) >= 5
    least = 2 if is_dense(phrase[0]) else 5
    return len(phrase[0]) >= least and phrase[0] not in common_names()


@cache
def common_names() -> frozenset[str]:
    """The outlets' names that are common words."""
    return members("common_name") | members("no_name")


def host_of(url: str) -> str | None:
    """The host of a URL without `www.`, None where it has none."""
    host = urlsplit(url if "://" in url else f"//{url}").hostname
    return host.removeprefix("www.") if host and "." in host else None
