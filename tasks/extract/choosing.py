"""Chooses among the readings of a field, and says why: what agrees adds up, the surest wins, doubt is null."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tasks.extract.layout import squash
from tasks.extract.moments import moment
from tasks.extract.reading import Reading

ENOUGH = {
    "published": 0.55,
    "modified": 0.5,
    "title": 0.15,
    "outlet": 0.35,
    "outlet_domain": 0.3,
    "agency": 0.5,
    "author": 0.36,
    "language": 0.0,
    "url": 0.4,
}
AGREEMENT = 0.08
UTC = re.compile(r"T.*(?:Z|\+00:00)$")
PRINTED = 0.5


class Choice(NamedTuple):
    """A reading, whether it is the field's value, and why."""

    reading: Reading
    chosen: bool
    why: str


def choose(readings: Iterable[Reading]) -> list[Choice]:
    """Every reading with the verdict on it, by field, the chosen ones first."""
    by_field: dict[str, list[Reading]] = {}
    for one in readings:
        by_field.setdefault(one.field, []).append(one)
    outlets = sorted(by_field.get("outlet", ()), key=lambda one: -one.score)
    names = {squash(one.value) for one in (surest("outlet", outlets) if outlets else ())}
    # A masthead above a headline looks like a byline: who bears the outlet's name is no writer.
    by_field["author"] = [one for one in by_field.get("author", ()) if squash(one.value) not in names]
    return [choice for field in sorted(by_field) if by_field[field] for choice in verdicts(field, by_field[field])]


def verdicts(field: str, readings: Sequence[Reading]) -> list[Choice]:
    """The verdict on each reading of one field."""
    ranked = sorted(readings, key=lambda one: -one.score)
    winners = writers(ranked) if field == "author" else surest(field, ranked)
    best = f"{winners[0].value} is surer" if winners else "too doubtful"
    kept = [Choice(one, True, because(one, ranked)) for one in winners]
    return kept + [Choice(one, False, f"{one.why}; {best}") for one in ranked if one not in winners]


def surest(field: str, ranked: Sequence[Reading]) -> list[Reading]:
    """The best reading of the value that most speaks for; none where that is too little."""
    groups: dict[str, list[Reading]] = {}
    for one in ranked:
        groups.setdefault(key_of(field)(one.value), []).append(one)
    best = max(groups.values(), key=support)
    if support(best) < ENOUGH[field]:
        return []
    if field not in ("published", "modified"):
        return [max(best, key=lambda one: one.score)]
    return [as_printed(max(best, key=lambda one: one.score + 0.3 * ("T" in one.value)), ranked)]


def as_printed(best: Reading, ranked: Sequence[Reading]) -> Reading:
    """The reading, or one of the day beside it that the page prints: near midnight UTC has another day.

    A page that prints the day of the stamp too is taken at its word.
    """
    local = [one for one in ranked if one.score >= PRINTED and not UTC.search(one.value)]
    day = moment(best.value).on
    if not UTC.search(best.value) or any(moment(one.value).on == day for one in local):
        return best
    for one in local:
        same_minute = "T" in one.value and one.value[14:16] == best.value[14:16]
        if abs((moment(one.value).on - day).days) == 1 and (same_minute or one.origin in ("text", "url")):
            return one
    return best


def key_of(field: str) -> Callable[[str], str]:
    """What two values of a field must share to be one: the day of a date, the letters of a name."""
    if field in ("published", "modified"):
        return lambda value: value[:10]
    return squash if field in ("title", "outlet", "agency") else lambda value: value


def support(readings: Sequence[Reading]) -> float:
    """How sure the readings of one value make it: the surest of them, and a little for each other rule that agrees."""
    best = max(readings, key=lambda one: one.score)
    if best.field == "title":
        return best.score  # weighed with those that agree
    return best.score + AGREEMENT * len({voice(one) for one in readings if one.score > 0.2} - {voice(best)})


def voice(one: Reading) -> tuple[str, str]:
    """What speaks for a value by itself: a rule, but of dates the text as a whole, which has weighed its printings."""
    return one.origin, "" if one.origin == "text" and one.field == "published" else one.rule


def writers(ranked: Sequence[Reading]) -> list[Reading]:
    """The writers that the best source names, each once: a place in the markup, or the whole text."""
    sure = [one for one in ranked if one.score >= ENOUGH["author"]]
    if not sure:
        return []
    of_best = [one for one in sure if (one.origin, source_of(one)) == (sure[0].origin, source_of(sure[0]))]
    names = {squash(one.value): one for one in reversed(of_best)}
    return sorted(names.values(), key=lambda one: (one.start or 0, of_best.index(one)))


def source_of(one: Reading) -> str:
    """What names writers together: the text, the sidecar, the meta tags of one name, one JSON-LD object."""
    return re.sub(r"\[\d+\](?:\.name)?$", "", one.pointer or "").removesuffix(".name")


def because(one: Reading, ranked: Sequence[Reading]) -> str:
    """Why a reading was chosen: what it rests on, and which other rules agree."""
    same = key_of(one.field)
    agree = sorted({other.rule for other in ranked if same(other.value) == same(one.value)} - {one.rule})
    return f"{one.why}; {', '.join(agree)} agree" if agree else one.why
