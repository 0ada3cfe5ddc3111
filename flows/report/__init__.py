"""The report: what a run made of its documents, as one page to look at.

`write` makes it of the published tables alone. The page is one file: no network, no script needed to read it, and a
content-security policy that names the one style and the one script by their hashes.
"""

from pathlib import Path

from flows.report.choosing import choose
from flows.report.page import page_of, rendered
from flows.report.shelf import opened
from flows.tables import snapshot
from tasks.store import write_whole

__all__ = ["write"]


def write(data: Path, run: str, only: str | None = None) -> Path:
    """Writes the report of the current snapshot to `data/runs/<run>/`; returns where.

    With `only` (an id, a source, or a part of one), of that document or story and what it is tied to. Raises
    UsageError where nothing is published yet, or nothing is so named.
    """
    tables = snapshot(data)
    shelf = opened(tables)
    try:
        choice = choose(shelf, only)
        text = rendered(page_of(shelf, choice, run, tables.name))
    finally:
        shelf.close()
    place = data / "runs" / run / (f"report-{choice.only}.html" if choice.only else "report.html")
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, lambda file: file.write(text.encode()))
    return place
