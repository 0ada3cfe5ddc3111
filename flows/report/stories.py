"""The stories as the report shows them: each a timeline of its articles and of the later articles that mention it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from flows.report.shelf import Shelf

STORIES_SHOWN = 24
ENTRIES_SHOWN = 10

LARGEST = """
    select * replace (left(headline, 300) as headline, [left(name, 60) for name in names[:8]] as names) from stories
    order by articles desc, mentions desc, first_on nulls last, story_id limit $most
"""
OF = """
    select * replace (left(headline, 300) as headline, [left(name, 60) for name in names[:8]] as names) from stories
    where story_id in (select story_id from articles where doc_id = $doc)
"""
ENTRIES = """
    select story_id, doc_id, left(title, 300) as title, left(outlet, 100) as outlet, left(source, 300) as source,
        published_on, published_at, copies, story_role as role
    from articles where story_id in (select unnest($ids))
    union all
    select told.story_id, later.doc_id, left(later.title, 300), left(later.outlet, 100), left(later.source, 300),
        later.published_on, later.published_at, later.copies, 'mention'
    from relations join articles as later using (doc_id) join articles as told on told.doc_id = other
    where kind = 'mentions' and told.story_id in (select unnest($ids))
"""


class Timeline(NamedTuple):
    """A story, the entries of its timeline that are shown, and how many are not."""

    story: dict[str, Any]
    entries: Sequence[dict[str, Any]]
    more: int


def timelines(shelf: Shelf, only: str | None) -> list[Timeline]:
    """The largest stories, or the one that a document tells."""
    stories = shelf.ask(OF, doc=only) if only else shelf.ask(LARGEST, most=STORIES_SHOWN)
    entries = shelf.ask(ENTRIES, ids=[story["story_id"] for story in stories])
    return [timeline(story, [row for row in entries if row["story_id"] == story["story_id"]]) for story in stories]


def timeline(story: dict[str, Any], entries: Sequence[dict[str, Any]]) -> Timeline:
    """A story's timeline, earliest first and undated last; the lead is always shown."""
    ordered = sorted(entries, key=lambda row: (row["role"] != "lead", moment_of(row), row["doc_id"]))
    shown = sorted(ordered[:ENTRIES_SHOWN], key=lambda row: (moment_of(row), row["doc_id"]))
    return Timeline(story, shown, len(ordered) - len(shown))


def moment_of(row: dict[str, Any]) -> datetime:
    """When an article was printed, for ordering; a day without a time begins it, an undated article comes last."""
    found: datetime | None = row["published_at"]
    return found or datetime.combine(row["published_on"] or date.max, time.min)
