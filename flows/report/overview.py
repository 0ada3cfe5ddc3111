"""The figures at the head of a report: the funnel, documents by day and outlet, what each rule removed."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from flows.report.shelf import Shelf

COUNTS = """
    select count(*) as documents, count(*) filter (status = 'quarantined') as quarantined,
        count(*) filter (status = 'duplicate') as copies, count(*) filter (status = 'article') as articles,
        (select count(*) from stories) as stories, (select count(*) from stories where articles > 1) as gathered,
        (select count(*) from articles where published_on is null) as undated
    from documents
"""
BY_RULE = """
    select * exclude (example) from rules order by kind in ('body', 'heading'), characters desc, kind, rule
"""
REASONS = "select reason, count(*) as documents from quarantine group by reason order by documents desc, reason"
PRINTED = """
    select left(coalesce(outlet, ''), 100) as outlet, published_on as day, count(*) as articles
    from articles group by all order by all
"""
COLUMNS = 36
ROWS = 14
BEGINNING: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}


class Bar(NamedTuple):
    """A bar of the funnel: where it begins and how long it is, in percent of all documents."""

    name: str
    number: int
    start: float
    length: float
    note: str


class Rule(NamedTuple):
    """What a rule labelled, and which share of all characters that is."""

    kind: str
    rule: str
    segments: int
    characters: int
    share: float


class Calendar(NamedTuple):
    """Articles by outlet (rows, the last one of all others) and period (columns).

    `busiest` is the largest cell, `fullest` the largest dated column; `others` outlets have no row of their own.
    """

    unit: str
    periods: list[tuple[str, str]]
    rows: list[tuple[str, list[int], int]]
    totals: list[int]
    busiest: int
    fullest: int
    others: int


class Overview(NamedTuple):
    """All the figures at the head."""

    counts: dict[str, int]
    funnel: list[Bar]
    rules: list[Rule]
    reasons: list[dict[str, Any]]
    calendar: Calendar


def overview(shelf: Shelf) -> Overview:
    """The figures of a snapshot."""
    [counts] = shelf.ask(COUNTS)
    labelled = shelf.ask(BY_RULE)
    characters = sum(row["characters"] for row in labelled) or 1
    rules = [Rule(**row, share=100 * row["characters"] / characters) for row in labelled]
    return Overview(counts, funnel(counts), rules, shelf.ask(REASONS), calendar(shelf.ask(PRINTED)))


def funnel(counts: dict[str, int]) -> list[Bar]:
    """The bars from documents in to stories out: what is put aside stands where the articles end."""
    percent = 100 / max(1, counts["documents"])
    articles, copies = counts["articles"] * percent, counts["copies"] * percent
    told = counts["gathered"]
    return [
        Bar("documents", counts["documents"], 0, 100 if counts["documents"] else 0, "read"),
        Bar("quarantined", counts["quarantined"], articles + copies, counts["quarantined"] * percent, "put aside"),
        Bar("copies", counts["copies"], articles, copies, "folded into another"),
        Bar("articles", counts["articles"], 0, articles, f"published, {counts['undated']:,} without a date"),
        Bar("stories", counts["stories"], 0, counts["stories"] * percent, f"{told:,} told by more than one article"),
    ]


def calendar(printed: Sequence[dict[str, Any]]) -> Calendar:
    """Articles by outlet and by day, or by the shortest period of which few enough columns come; undated ones last."""
    days = {row["day"] for row in printed if row["day"]}
    unit = next((unit for unit in BEGINNING if len({BEGINNING[unit](day) for day in days}) <= COLUMNS), "year")
    begins = {None: None, **{day: BEGINNING[unit](day) for day in days}}
    outlets, cells = Counter[str](), Counter[tuple[str, date | None]]()
    for row in printed:
        outlets[row["outlet"]] += row["articles"]
        cells[row["outlet"], begins[row["day"]]] += row["articles"]
    periods = sorted({column for _, column in cells}, key=lambda column: column or date.max)
    largest = sorted((outlet for outlet in outlets if outlet), key=lambda outlet: (-outlets[outlet], outlet))[:ROWS]
    rows = [(outlet, [cells[outlet, column] for column in periods], outlets[outlet]) for outlet in largest]
    totals = [sum(count for (_, column), count in cells.items() if column == wanted) for wanted in periods]
    rest = [total - sum(counts[place] for _, counts, _ in rows) for place, total in enumerate(totals)]
    rows += [("", rest, sum(rest))] if any(rest) else []
    busiest = max((count for _, counts, _ in rows for count in counts), default=0)
    fullest = max(
        (total for total, begin in zip(totals, periods, strict=True) if begin), default=max(totals, default=0)
    )
    others = len(outlets.keys() - {""}) - len(largest)
    return Calendar(unit, [label(unit, column) for column in periods], rows, totals, busiest, fullest, others)


def label(unit: str, begin: date | None) -> tuple[str, str]:
    """The two lines over a column: the day or month, and the year.

    >>> label("day", date(2013, 5, 7)), label("year", date(2013, 1, 1)), label("day", None)
    (('7 May', '2013'), ('', '2013'), ('no', 'date'))
    """
    if begin is None:
        return "no", "date"
    first = {"day": f"{begin.day} {begin:%b}", "week": f"{begin.day} {begin:%b}", "month": f"{begin:%b}", "year": ""}
    return first[unit], str(begin.year)
