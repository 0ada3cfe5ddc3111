"""All from the raw files again, in a store beside the one in use, and what would change told before anything does.

What was built and not applied stays in `.rebuild`: the next call goes on from there, so a rebuild that was looked at
and found good is applied in the time of a run that changes nothing.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from flows.clean import clean, held, sent, swing
from flows.each import Each
from flows.settings import Settings
from tasks.errors import UsageError
from tasks.ingest import Given
from tasks.publish import TABLES, Snapshot, current
from tasks.stage import table_name
from tasks.store import Store

FRESH = ".rebuild"
BEFORE = ".store-before"


class Difference(NamedTuple):
    """A table as it is published and as the rebuild would publish it."""

    table: str
    before: int
    after: int
    rows_gone: int
    rows_new: int


class Rebuilt(NamedTuple):
    """What a rebuild comes to."""

    differences: list[Difference]
    lost: int
    is_applied: bool


def rebuild(sources: Sequence[Given], data: Path, settings: Settings, each: Each, apply: bool) -> Rebuilt:
    """What making all tables anew would change, which is changed where `apply` is set.

    Raises UsageError where documents would be lost, for their raw files are gone, and `ingest.mirror` is off.
    """
    fresh = data / FRESH
    here = settings.model_copy(update={"publish": settings.publish.model_copy(update={"to": ""})})
    after = clean(sources, fresh, here, each).snapshot
    with held(data):
        before = current(data)
        if before is None:
            raise UsageError(f"{data}: nothing is published here yet; run `copydesk run SOURCE --data {data}` first")
        found = Rebuilt(differences(before, after), lost(before, after), apply)
        if apply:
            if found.lost and not settings.ingest.mirror:
                raise UsageError(
                    f"{found.lost:,} documents would be lost, for their raw files are not under the folders given; "
                    "give those too, or say --ingest.mirror on to let the documents go"
                )
            sent(take_over(data), settings, each)
    return found


def take_over(data: Path) -> Snapshot:
    """Puts the fresh store in the place of the one in use, and publishes from it.

    Killed between the two renames it leaves no store: the next run then reads all the raw files, as a rebuild does.
    """
    shutil.rmtree(data / BEFORE, ignore_errors=True)
    (data / "store").rename(data / BEFORE)
    (data / FRESH / "store").rename(data / "store")
    snapshot = swing(Store(data / "store"), data)
    shutil.rmtree(data / BEFORE)
    shutil.rmtree(data / FRESH)
    return snapshot


def differences(before: Path, after: Path) -> list[Difference]:
    """Each table's rows in the one snapshot and in the other, and those that only one of them has."""
    return [compared(table_name(row), before, after) for row in TABLES]


def compared(table: str, before: Path, after: Path) -> Difference:
    """One table in both snapshots."""
    old, new = files(before, table), files(after, table)
    counts = (
        f"SELECT count(*) FROM {old}",
        f"SELECT count(*) FROM {new}",
        f"SELECT count(*) FROM (SELECT * FROM {old} EXCEPT ALL SELECT * FROM {new})",
        f"SELECT count(*) FROM (SELECT * FROM {new} EXCEPT ALL SELECT * FROM {old})",
    )
    return Difference(table, *map(counted, counts))


def lost(before: Path, after: Path) -> int:
    """How many documents are published that the rebuild does not have."""
    old, new = files(before, "documents"), files(after, "documents")
    return counted(f"SELECT count(*) FROM (SELECT doc_id FROM {old} EXCEPT SELECT doc_id FROM {new})")


def files(snapshot: Path, table: str) -> str:
    """The files of a table as DuckDB names them."""
    pattern = str(snapshot / table / "*.parquet").replace("'", "''")
    return f"read_parquet('{pattern}')"


def counted(query: str) -> int:
    """The one number that a query gives."""
    import duckdb

    with duckdb.connect() as base:
        [(count,)] = base.execute(query).fetchall()
    return int(count)


def as_text(found: Rebuilt) -> str:
    """What a rebuild comes to, for a terminal."""
    head = f"  {'table':<12}{'before':>12}{'after':>12}{'rows gone':>12}{'rows new':>12}"
    rows = [
        f"  {row.table:<12}{row.before:>12,}{row.after:>12,}{row.rows_gone:>12,}{row.rows_new:>12,}"
        for row in found.differences
    ]
    losses = f"{found.lost:,} documents would be lost: their raw files are gone\n" if found.lost else ""
    verb = "published" if found.is_applied else "nothing changed; --apply publishes the rebuilt tables"
    return "\n".join([head, *rows]) + f"\n{losses}{verb}\n"
