"""What the tables are, and where the current ones lie."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from tasks.errors import UsageError
from tasks.places import is_url, place
from tasks.publish import TABLES, current, pointer
from tasks.stage import columns, sorted_by, table_name

HEAD = """# The data dictionary

Printed by `copydesk tables`. Every table is a folder of Parquet files under `data/clean/`; read `*.parquet` of it.
Offsets are code points into `documents.text`, ends are exclusive. What is not known is null, never a guess.
"""


def dictionary() -> str:
    """The data dictionary, in Markdown."""
    return "\n".join([HEAD, *(line for row in TABLES for line in page(row))]).rstrip() + "\n"


def page(row: type) -> Iterator[str]:
    """The lines of one table."""
    yield f"## {table_name(row)}\n"
    yield f"{(row.__doc__ or '').strip()} Sorted by {', '.join(f'`{name}`' for name in sorted_by(row))}.\n"
    yield "| column | type | null | what it says |"
    yield "|---|---|---|---|"
    for of in columns(row):
        values = f": {', '.join(f'`{value}`' for value in of.values)}" if of.values else ""
        yield f"| `{of.name}` | {of.type} | {'yes' if of.nullable else 'no'} | {of.description}{values} |"
    yield ""


def folder(data: str, table: str) -> str:
    """The folder of a table's files in the current snapshot, under a URL too.

    Raises UsageError for another name, or before a run.
    """
    names = [table_name(row) for row in TABLES]
    if table not in names:
        near = difflib.get_close_matches(table, names, 1)
        hint = f"did you mean {near[0]}?" if near else f"the tables are {', '.join(names)}"
        raise UsageError(f"{table}: there is no such table; {hint}")
    return f"{snapshot_under(data)}/{table}" if is_url(data) else str(snapshot(Path(data)) / table)


def snapshot_under(url: str) -> str:
    """The current snapshot under a URL; raises UsageError where none was published yet."""
    to = place(url)
    shown = pointer(to).snapshot
    if shown is None:
        raise UsageError(
            f"{to.shown}: nothing is published here yet; run `copydesk run SOURCE --publish.to {to.shown}`"
        )
    return f"{to.shown}/{shown}"


def snapshot(data: Path) -> Path:
    """The folder of the current snapshot; raises UsageError where none was published yet."""
    found = current(data)
    if found is None or not found.exists():
        raise UsageError(f"{data}: nothing is published here yet; run `copydesk run SOURCE --data {data}` first")
    return found
