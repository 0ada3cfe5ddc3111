"""A story explained: its timeline, why each article belongs, the nearest that does not and why, and who mentions it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from flows.summary import cut, shown

Row = dict[str, Any]
SENTENCE = 240  # letters of it that are shown
COLUMNS = ["doc_id", "title", "outlet", "published_on", "published_at", "story_role"]


def story(data: Path, tables: Path, story_id: str) -> Iterator[str]:
    """The story that bears this id, for a terminal; nothing for a story of one."""
    members = found(tables, "articles", ds.field("story_id") == story_id, COLUMNS)
    if len(members) < 2:
        return
    [told] = found(tables, "stories", ds.field("story_id") == story_id)
    yield from ("", f"story {story_id}: {cut(told['headline'] or 'without a headline', 76)}")
    yield f"  {days(told)}; {', '.join(told['languages']) or 'language not known'}; {shown(', '.join(told['names']))}"
    yield from timeline(members, ties(tables, told["lead"]))
    yield from nearest(data, told["lead"], [row["doc_id"] for row in members])
    yield from mentions(tables, told["lead"])


def found(tables: Path, table: str, where: ds.Expression, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of a table of which something holds."""
    wanted = list(columns) if columns else None
    rows: list[Row] = ds.dataset(tables / table).to_table(columns=wanted, filter=where).to_pylist()
    return rows


def days(told: Row) -> str:
    """From when to when a story was told."""
    if told["first_on"] is None:
        return "undated"
    return f"{told['first_on']}" if told["first_on"] == told["last_on"] else f"{told['first_on']} to {told['last_on']}"


def ties(tables: Path, lead: str) -> dict[str, Row]:
    """What ties each article of a story to its lead, by the article."""
    of_lead = (ds.field("other") == lead) & (ds.field("kind") == "same_story")
    return {row["doc_id"]: row for row in found(tables, "relations", of_lead)}


def timeline(members: Sequence[Row], tied: dict[str, Row]) -> Iterator[str]:
    """The articles of a story, the earliest first and the undated last, each with why it belongs."""
    for row in sorted(members, key=when):
        yield f"  {when(row)[1]:<20}{row['story_role']:<10}{cut(row['outlet'] or '?', 24):<26}{headline(row)}"
        if tie := tied.get(row["doc_id"]):
            yield f"  {'':<20}{tie['score']:.2f} like the lead: {shown(tie['why'])}"


def when(row: Row) -> tuple[bool, str, str]:
    """When an article was published, to show and to sort by."""
    known = row["published_at"] or row["published_on"]
    return known is None, str(known or "undated"), row["doc_id"]


def headline(row: Row) -> str:
    """An article's title and id, on a line."""
    return f"{cut(row['title'] or '?', 60)} ({row['doc_id']})"


def nearest(data: Path, lead: str, members: Sequence[str]) -> Iterator[str]:
    """The article that came nearest to the story, with why it is not of it."""
    from tasks import group  # half a second, which those who explain a document need not wait
    from tasks.store import Store

    near = group.nearest(Store(data / "store"), lead, members)
    if near:
        yield f"  nearest that is not of it: {cut(near.title or '?', 60)} ({near.doc_id})"
        yield f"  {'':<20}{near.likeness:.2f} like the lead: {shown(near.why)}"
        yield f"  {'':<20}not of it: {near.why_not}"


def mentions(tables: Path, lead: str) -> Iterator[str]:
    """The later articles that refer to the story, each with the sentence that does."""
    of_lead = (ds.field("other") == lead) & (ds.field("kind") == "mentions")
    later = {row["doc_id"]: row for row in found(tables, "relations", of_lead)}
    for row in sorted(found(tables, "articles", ds.field("doc_id").isin(list(later)), COLUMNS), key=when):
        yield f"  {when(row)[1]:<20}mentions  {cut(row['outlet'] or '?', 24):<26}{headline(row)}"
        yield f"  {'':<20}{cut(later[row['doc_id']]['why'], SENTENCE)}"
