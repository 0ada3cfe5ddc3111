"""Says in words why two articles tell one event: the most telling of what they share, and the days between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from tasks.group.likeness import Floats, contributions
from tasks.group.names import parts_of
from tasks.group.terms import stems, stems_of
from tasks.group.vector import FIGURES, KINDS, LEAD_FIGURES, LEAD_NAMES, NAMES, TITLE
from tasks.text import words

TOLD = 3  # names or figures that a reason lists
SIGNALS = 5  # kinds of terms that a reason gives
SPEAKING = 0.05  # in the odds of the regression: what speaks less is not worth a word


@dataclass(frozen=True)
class Quoted:
    """What a reason may quote of an article; what others are asked whether they share it is made once."""

    doc_id: str
    day: date | None
    title: str | None
    names: list[str]
    figures: list[str]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The folded words of its names."""
        return frozenset(key for name in self.names for _, key in parts_of(name))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its title."""
        return frozenset(stems(self.title or ""))


def reasons(articles: Sequence[Quoted], others: Sequence[Quoted], pairs: Floats) -> list[str]:
    """Why each article is tied to the other in its place; `pairs` is what the regression sees of them."""
    found = zip(articles, others, contributions(pairs).tolist(), strict=True)
    return [why(article, other, speaking) for article, other, speaking in found]


def why(article: Quoted, other: Quoted, speaking: Sequence[float]) -> str:
    """The most telling of what two articles share, given how much each kind of term speaks for them."""
    order = sorted(range(len(KINDS)), key=lambda kind: (-round(speaking[kind], 4), kind))
    telling = [kind for kind in order if speaking[kind] > SPEAKING]
    return "; ".join(
        [*(f"{KINDS[kind]}{shown(kind, article, other)}" for kind in telling[:SIGNALS]), apart(article, other)]
    )


def shown(kind: int, article: Quoted, other: Quoted) -> str:
    """The first few shared terms of a kind as printed; nothing for kinds of which only numbers are kept."""
    if kind in (NAMES, LEAD_NAMES):
        return listed(name for name in article.names if any(key in other.keys for _, key in parts_of(name)))
    if kind in (FIGURES, LEAD_FIGURES):
        shared = [figure for figure in article.figures if figure in other.figures]
        return listed(sorted(shared, key=lambda figure: (-len(figure), figure)))
    if kind == TITLE:
        said = (word for word in words(article.title or "") if len(word) > 3)
        return listed(word for word in said if not other.stems.isdisjoint(stems_of([word])))
    return ""


def listed(shared: Iterable[str]) -> str:
    """The first few of what is shared, after a space; nothing where nothing is."""
    told = ", ".join(islice(shared, TOLD))
    return f" {told}" if told else ""


def apart(article: Quoted, other: Quoted) -> str:
    """How many days lie between two articles, in words."""
    if article.day is None or other.day is None:
        return "a date is not known"
    days = abs((article.day - other.day).days)
    return {0: "the same day", 1: "a day apart"}.get(days, f"{days} days apart")
