"""What a run brought: the documents that one snapshot has and the one before had not, in figures.

Only files that differ between the two snapshots are read, so a night's figures cost what the night brought.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

SHOWN = 20  # rules and stories that are worth a line; the tables have them all
TABLES_READ = ("articles", "documents", "quarantine", "relations", "spans", "stories")


class Removed(NamedTuple):
    """What a rule took out of the text."""

    kind: str
    rule: str
    segments: int
    characters: int


class Told(NamedTuple):
    """A story that is new or has grown."""

    headline: str | None
    articles: int
    before: int


class Figures(NamedTuple):
    """What the new documents of a run came to."""

    documents: int
    articles: int
    copies: int
    quarantined: int
    undated: int
    characters: int
    removed: int
    stories_new: int
    stories_grown: int
    reasons: dict[str, int]
    ties: dict[str, int]
    rules: list[Removed]
    stories: list[Told]


def shares(of: Figures) -> dict[str, float]:
    """The figures that do not grow with the number of documents, 0 to 1."""
    return {
        "share removed": of.removed / (of.characters or 1),
        "share undated": of.undated / (of.articles or 1),
        "share quarantined": of.quarantined / (of.documents or 1),
    }


def figures(before: Path | None, after: Path) -> Figures:
    """What is new in the snapshot `after`; all of it where there is none before, or none any more."""
    with compared(before, after) as base:
        status = dict(base.execute("SELECT status, count(*) FROM new GROUP BY 1").fetchall())
        rules = [Removed(*row) for row in base.execute(RULES).fetchall()]
        stories = [Told(*row) for row in base.execute(STORIES).fetchall()]
        [(characters,)] = base.execute(CHARACTERS).fetchall()
        [(undated,)] = base.execute(UNDATED).fetchall()
        return Figures(
            documents=sum(status.values()),
            articles=status.get("article", 0),
            copies=status.get("duplicate", 0),
            quarantined=status.get("quarantined", 0),
            undated=undated,
            characters=characters,
            removed=sum(rule.characters for rule in rules),
            stories_new=sum(story.before == 0 for story in stories),
            stories_grown=sum(story.before > 0 for story in stories),
            reasons=dict(base.execute(REASONS).fetchall()),
            ties=dict(base.execute(TIES).fetchall()),
            rules=rules[:SHOWN],
            stories=stories[:SHOWN],
        )


REASONS = "SELECT reason, count(*) AS n FROM quarantine SEMI JOIN new USING (doc_id) GROUP BY 1 ORDER BY n DESC, 1"
TIES = """
    SELECT kind, count(*) AS n FROM relations SEMI JOIN new USING (doc_id)
    WHERE kind IN ('copy', 'excerpt', 'revision') GROUP BY 1 ORDER BY n DESC, 1
"""
CHARACTERS = 'SELECT coalesce(sum("end" - start), 0)::BIGINT FROM spans SEMI JOIN new USING (doc_id)'
UNDATED = "SELECT count(*) FROM articles SEMI JOIN new USING (doc_id) WHERE published_on IS NULL"
RULES = """
    SELECT kind, rule, count(*), sum("end" - start)::BIGINT AS characters FROM spans SEMI JOIN new USING (doc_id)
    WHERE kind NOT IN ('body', 'heading') GROUP BY 1, 2 ORDER BY characters DESC, 1, 2
"""
STORIES = """
    SELECT headline, now.articles, coalesce(old.articles, 0) AS before
    FROM stories AS now LEFT JOIN old_stories AS old USING (story_id)
    WHERE now.articles > before ORDER BY now.articles - before DESC, now.articles DESC, story_id
"""


@contextmanager
def compared(before: Path | None, after: Path) -> Iterator[Any]:
    """A DuckDB in which the tables are what changed, `new` the new documents, and `old_stories` the stories before."""
    import duckdb

    there = before if before is not None and (before / "manifest.json").exists() else None
    with duckdb.connect() as base:
        for table in TABLES_READ:
            base.from_parquet(changed(there, after, table)).create_view(table)
        rest = "WHERE false" if there is None else ""
        for table, columns in (("documents", "doc_id"), ("stories", "story_id, articles")):
            source = str((there or after) / table / "*.parquet")
            base.from_parquet(source).create_view(f"all_{table}")
            base.execute(f"CREATE TEMP TABLE old_{table} AS SELECT {columns} FROM all_{table} {rest}")
        base.execute(
            "CREATE TEMP TABLE new AS SELECT doc_id, status FROM documents ANTI JOIN old_documents USING (doc_id)"
        )
        yield base


def changed(before: Path | None, after: Path, table: str) -> list[str]:
    """The files of a table whose rows are not those of the snapshot before; any one where none differs.

    Any one, for its columns: no document of it is new.
    """
    known = entries(before, table) if before else set()
    files = sorted(name for name, digest in entries(after, table) if (name, digest) not in known)
    found = [str(after / table / name) for name in files]
    return found or [str(min((after / table).glob("*.parquet")))]


def entries(snapshot: Path, table: str) -> set[tuple[str, str]]:
    """The files of a table with the digests of their rows, as the manifest has them."""
    manifest = json.loads((snapshot / "manifest.json").read_text())
    return {(entry["file"], entry["digest"]) for entry in manifest["tables"][table]}
