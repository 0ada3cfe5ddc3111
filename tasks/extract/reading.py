"""A value as a rule reads it, before the field's chooser has weighed it against the others."""

from typing import NamedTuple

from tasks.extract.layout import one_line


class Reading(NamedTuple):
    """A candidate value of a field, with the place where it was read."""

    field: str
    value: str
    score: float
    rule: str
    why: str
    origin: str = "text"
    start: int | None = None
    end: int | None = None
    pointer: str | None = None


def in_text(field: str, text: str, place: tuple[int, int], score: float, rule: str, why: str) -> Reading:
    """A value that is a stretch of the text itself, white space aside."""
    start, end = place
    return Reading(field, one_line(text[start:end]), score, rule, why, "text", start, end)
