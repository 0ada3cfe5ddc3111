"""Reads a date that something else than the text gives: a meta tag, JSON-LD, a URL, a file's name, a sidecar."""

import re
from datetime import date, datetime

from tasks.extract.printed import ASCII, printed_dates

ISO = re.compile(
    r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,:]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?"
)
IN_PATH = [
    ("url-date", re.compile(r"[/_.-]((?:19|20)\d\d)[/_-](1[0-2]|0?[1-9])[/_-](3[01]|[12]\d|0?[1-9])(?=[/_.-]|$)")),
    ("url-date", re.compile(r"[/_-]((?:19|20)\d\d)(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?=[/_.-]|$)")),
]


def stamp(raw: str) -> str | None:
    """A machine's date in ISO 8601 as this package writes it: to the minute or second, with its zone where stated.

    >>> stamp("2013-05-27T10:28:00+0400")
    '2013-05-27T10:28:00+04:00'
    """
    match = ISO.match(raw.translate(ASCII))
    if match:
        return from_iso(match)
    return next((one.value for one in printed_dates(raw[:100]) if not one.other), None)


def from_iso(match: re.Match[str]) -> str | None:
    """The value of an ISO 8601 match; None where there is no such day or time."""
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        datetime(on.year, on.month, on.day, int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    if on.year < 1800:
        return None
    clock = f"T{hour}:{minute}" + (f":{second}" if second else "") if hour else ""
    if zone in ("Z", "UTC", "GMT"):
        zone = "Z"
    elif zone:
        zone = f"{zone[:3]}:{zone[-2:] if len(zone) > 3 else '00'}"
    return on.isoformat() + clock + (zone or "" if clock else "")


def in_path(path: str) -> tuple[str, str] | None:
    """The day that a URL or a file's name prints, with the stretch that prints it; None where it prints none."""
    for _, form in IN_PATH:
        for match in form.finditer(path):
            try:
                return date(*map(int, match.groups())).isoformat(), match.group().strip("/_.-")
            except ValueError:
                continue
    return None
