"""A date's value as text, ISO 8601 as printed, and what it says: the day, the wall clock, the instant."""

from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

Precision = Literal["day", "minute", "second"]


class Moment(NamedTuple):
    """What a date's value says."""

    on: date
    at: datetime | None
    utc: datetime | None
    precision: Precision


def moment(value: str) -> Moment:
    """The day, the naive wall clock and the instant of an ISO 8601 value, each only as far as it is stated.

    >>> moment("2013-05-27T10:28").precision
    'minute'
    """
    if len(value) == len("2013-05-27"):
        return Moment(date.fromisoformat(value), None, None, "day")
    at = datetime.fromisoformat(value)
    utc = at.astimezone(UTC) if at.tzinfo else None
    wall = at.replace(tzinfo=None)
    clock = value[11:].removesuffix("Z").split("+")[0].split("-")[0]
    return Moment(wall.date(), wall, utc, "second" if clock.count(":") == 2 else "minute")
