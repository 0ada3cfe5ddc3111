"""The rows, settings and stages of group."""

from datetime import date
from typing import Annotated, Literal, NamedTuple

import pyarrow as pa
from pydantic import Field

from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.ingest import Document
from tasks.stage import Settings, Stage, table
from tasks.strip import Span

Role = Literal["lead", "coverage"]
FLOATS = pa.list_(pa.field("element", pa.float32(), nullable=False))


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


class BackReference(NamedTuple):
    """A sentence that refers to an earlier day."""

    start: Annotated[int, "code points from the start of documents.text"]
    length: Annotated[int, "code points"]
    first_day: Annotated[date, "the earliest day that may be meant"]
    last_day: Annotated[date, "the latest day that may be meant"]
    names: Annotated[list[int], "the terms of the names and places in the sentence"]
    words: Annotated[list[int], "the terms that its words have in a lead"]
    sentence: Annotated[str, "the sentence"]


@table("signs")
class Sign(NamedTuple):
    """What grouping knows of an article, so that no text is read twice."""

    doc_id: Annotated[str, "the article"]
    published: Annotated[str | None, "when it was published, ISO 8601 as printed"]
    day: Annotated[date | None, "the day on which it was published, as printed"]
    title: Annotated[str | None, "its title"]
    outlet: Annotated[str | None, "its outlet"]
    language: Annotated[str | None, "its language (BCP 47)"]
    words: Annotated[int, "how many words it has"]
    names: Annotated[list[str], "its names as printed, most telling first"]
    figures: Annotated[list[str], "its figures as plain digits"]
    terms: Annotated[list[int], "CRC-32 of a term, its kind in the lowest four bits; ascending"]
    weights: Annotated[list[float], FLOATS, "the weights of the terms"]
    references: Annotated[list[BackReference], "the sentences that refer to an earlier day"]


class GroupSettings(Settings):
    """When two articles tell one event."""

    window_days: int = Field(4, ge=0, le=60, description="days that may lie between the articles of one story")
    likeness: float = Field(0.3, ge=0, le=1, description="the mean likeness from which two groups are one story")
    undated_likeness: float = Field(0.2, ge=0, le=1, description="the same where no article has a date")
    half_dated_likeness: float = Field(
        0.65, ge=0, le=1, description="the same where some have a date and some have none"
    )
    several_likeness: float = Field(
        0.4, ge=0, le=1, description="the same of four articles or more together, which bear each other out"
    )
    cohesion: float = Field(
        0.5, ge=0, le=1, description="the share of two groups' likeness within themselves that is wanted between them"
    )
    candidates: int = Field(60, ge=1, le=10_000, description="articles that one is compared with, the likeliest first")


SIGN = Stage("sign", 6, (Document, Span, Fact), (Sign,), GroupSettings)
STAGE = Stage("group", 7, (Sign, Fate), (Story, Member, Relation), GroupSettings)
