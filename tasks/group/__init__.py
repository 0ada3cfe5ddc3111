"""Group: gathers the articles on one event into a story, and ties later mentions of the event to it.

Owns `stories`, `members`, and `relations` of the kinds same_story and mentions.
"""

from datetime import date
from typing import Annotated, Literal, NamedTuple

from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import Settings, Stage, table
from tasks.strip import Span

Role = Literal["lead", "coverage"]


@table("stories", sorted_by=("first_on", "story_id"))
class Story(NamedTuple):
    """An event, told by one article or many."""

    story_id: Annotated[str, "the story; the doc_id of its earliest article"]
    lead: Annotated[str, "the doc_id of the article that tells it best"]
    headline: Annotated[str | None, "the lead's title"]
    first_on: Annotated[date | None, "the day of its first article, as printed"]
    last_on: Annotated[date | None, "the day of its last article, as printed"]
    articles: Annotated[int, "how many articles tell it"]
    outlets: Annotated[list[str], "the outlets that tell it, sorted"]
    languages: Annotated[list[str], "the languages it is told in (BCP 47), sorted"]
    names: Annotated[list[str], "the people, places and bodies that mark it, most telling first"]
    mentions: Annotated[int, "how many articles of other stories refer to it"]


@table("members")
class Member(NamedTuple):
    """An article's place in its story."""

    doc_id: Annotated[str, "the article"]
    story_id: Annotated[str, "the story it tells"]
    story_role: Annotated[Role, "lead for the article that tells it best, coverage for the others"]


class GroupSettings(Settings):
    """When two articles tell one event."""


STAGE = Stage("group", 1, (Document, Span, Fact, Fate), (Story, Member, Relation), GroupSettings)
