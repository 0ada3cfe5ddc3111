"""The closing table of a run, for a terminal, for the Prefect UI and for programs."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

MARKED = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$:-])")
# An address becomes a link by itself, however much of it is escaped; with a joiner of no width in it, it does not.
LINKED = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)
SHOWN = 10  # files that are named; of more, only the number is told
UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Again(NamedTuple):
    """What became of the inputs in quarantine that were tried again."""

    tried: int
    out: int
    gone: tuple[str, ...]
    """the files that were not found, so that what they hold stays in quarantine"""

    def __str__(self) -> str:
        told = f"{self.tried:,}; {self.out:,} came out, {self.tried - self.out:,} stay"
        more = f" and {len(self.gone) - SHOWN:,} more" if len(self.gone) > SHOWN else ""
        named = f"; not found, give their folder: {', '.join(self.gone[:SHOWN])}{more}" if self.gone else ""
        return told + named


class Summary(NamedTuple):
    """What a run did: the closing table."""

    documents: int
    articles: int
    copies: int
    stories: int
    quarantined: int
    new_parts: int
    seconds: float
    snapshot: Path
    is_new: bool
    run: str | None = None
    warnings: tuple[str, ...] = ()
    report: Path | None = None
    elsewhere: str | None = None
    again: Again | None = None

    def as_dict(self) -> dict[str, Any]:
        """The closing table as JSON has it."""
        paths = {"snapshot": str(self.snapshot), "report": self.report and str(self.report)}
        return {**self._asdict(), **paths, "again": self.again and self.again._asdict()}


def lines(summary: Summary) -> Iterator[tuple[str, str]]:
    """The rows of the closing table: what, and how much."""
    yield "documents", f"{summary.documents:,}"
    yield "articles", f"{summary.articles:,}"
    yield "copies", f"{summary.copies:,}"
    yield "stories", f"{summary.stories:,}"
    yield "quarantined", f"{summary.quarantined:,}"
    if summary.again:
        yield "tried again", str(summary.again)
    yield "seconds", f"{summary.seconds:.1f}"
    yield "tables", str(summary.snapshot)
    if summary.elsewhere:
        yield "tables too", summary.elsewhere
    if summary.report:
        yield "report", str(summary.report)


def as_text(summary: Summary) -> str:
    """The closing table for a terminal."""
    rows = [f"  {name:<12}{shown(value)}" for name, value in lines(summary)]
    news = "published a new snapshot" if summary.is_new else "nothing changed: the snapshot stays"
    aside = f"{summary.quarantined:,} inputs could not be used: the table `quarantine` says why\n"
    unusual = "".join(f"unusual: {warning}\n" for warning in summary.warnings)
    return f"{news}\n" + "\n".join(rows) + "\n" + (aside if summary.quarantined else "") + unusual


def as_json(summary: Summary) -> str:
    """The closing table for a program: one JSON object."""
    return json.dumps(summary.as_dict())


def as_markdown(summary: Summary) -> str:
    """The closing table for the Prefect UI."""
    return markdown_table(("what", "how many"), lines(summary))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, every cell of which arrives as text."""
    cells = [[escaped(str(cell)) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *cells))


def escaped(text: str) -> str:
    """The text such that Markdown shows it as it is: no link, no markup, no table cell comes of it.

    An address keeps its looks, with a character of no width in it.

    >>> escaped("[x](javascript:1) | <b>")
    '\\\\[x\\\\]\\\\(javascript\\\\:1\\\\) \\\\| \\\\<b\\\\>'
    """
    return MARKED.sub(r"\\\1", LINKED.sub("\u2060", shown(text))).replace("\n", " ")


def shown(text: str) -> str:
    """The text with control characters and changes of writing direction made visible, so that they do nothing.

    >>> shown("a\\x1b[2J\\u202e")
    'a<U+001B>[2J<U+202E>'
    """
    return UNSHOWN.sub(lambda char: f"<U+{ord(char.group()):04X}>", text)


def cut(text: str, width: int) -> str:
    """The text on one line, cut to a width, harmless to show."""
    line = " ".join(shown(text).split())
    return line if len(line) <= width else line[: width - 1] + "…"
