"""The rows that readers see, and the settings of publishing."""

from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

import pyarrow as pa
from pydantic import Field

from tasks import dedupe, extract, group, ingest, strip
from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.group import Role, Story
from tasks.ingest import Form, Quarantine
from tasks.stage import INDIFFERENT, Settings, Stage, table
from tasks.strip import Span

Status = Literal["article", "duplicate", "quarantined"]
Precision = Literal["day", "minute", "second"]


@table("articles", sorted_by=("published_on", "doc_id"))
class Article(NamedTuple):
    """A distinct article: what most users read."""

    doc_id: Annotated[str, "the document it was made from"]
    source: Annotated[str, "where that document lay"]
    url: Annotated[str | None, "its address, where one is known"]
    title: Annotated[str | None, "headline, without the outlet's suffix"]
    text: Annotated[str, "the article without boilerplate; paragraphs parted by a blank line"]
    outlet: Annotated[str | None, "who published it"]
    outlet_domain: Annotated[str | None, "the outlet's domain"]
    agency: Annotated[str | None, "the news agency or medium it is taken from"]
    authors: Annotated[list[str], "the people who wrote it; empty where none is named"]
    published_on: Annotated[date | None, "the day of publication, as printed"]
    published_at: Annotated[datetime | None, "wall clock of publication as printed; null if only a day is"]
    published_utc: Annotated[
        datetime | None, pa.timestamp("us", "UTC"), "the moment of publication; null unless the zone is stated"
    ]
    published_precision: Annotated[Precision | None, "how exact the printed date is"]
    modified_on: Annotated[date | None, "the day of the last change, as printed"]
    modified_at: Annotated[datetime | None, "wall clock of the last change as printed; null if only a day is"]
    language: Annotated[str | None, "of the text (BCP 47)"]
    language_score: Annotated[float | None, "how sure the language is, 0 to 1"]
    words: Annotated[int, "words in the text; a character each in scripts that write no spaces"]
    story_id: Annotated[str, "the story that it tells"]
    story_role: Annotated[Role, "lead for the article that tells the story best, coverage for the others"]
    copies: Annotated[int, "documents folded into this one"]


@table("documents")
class PublishedDocument(NamedTuple):
    """A raw input, and what became of it."""

    doc_id: Annotated[str, "16 hex digits of sha256 over source, a newline, and the sha256 of the raw bytes"]
    source: Annotated[str, "path from the parent of the folder that was given; `#` and a record's id after it"]
    form: Annotated[Form | None, "what it was; null where it could not be read"]
    encoding: Annotated[
        str | None, "the encoding it was read in; `…, mojibake of cp1252 repaired` where that had been misread before"
    ]
    bytes: Annotated[int, "size of the raw input"]
    sha256: Annotated[str, "of the raw bytes"]
    text: Annotated[str | None, "the whole text, into which all offsets point; of a page, its visible text"]
    status: Annotated[Status, "article: published; duplicate: folded into another; quarantined: put aside"]
    kept_as: Annotated[
        str | None, "the document published in place of a duplicate, or one of the corpus in `dedupe.against`"
    ]


@table("tallies")
class Tally(NamedTuple):
    """How many documents are folded into one."""

    doc_id: Annotated[str, "the document that is published"]
    copies: Annotated[int, "documents folded into it"]


class PublishSettings(Settings):
    """How snapshots are kept."""

    grace_hours: float = Field(
        24, ge=0, le=8760, description="how long an old snapshot stays for its readers", json_schema_extra=INDIFFERENT
    )
    to: str = Field(
        "",
        description="a URL, such as s3://bucket/news, under which readers find the tables too; empty for none",
        json_schema_extra=INDIFFERENT,
    )


TABLES = (Article, Story, Relation, PublishedDocument, Span, Fact, Quarantine)
TALLY = Stage("tally", 1, (Fate,), (Tally,), PublishSettings)
STAGE = Stage(
    "publish",
    2,
    (
        *ingest.STAGE.writes,
        *strip.STAGE.writes,
        *extract.STAGE.writes,
        *dedupe.STAGE.writes,
        *group.STAGE.writes,
        Tally,
    ),
    (Article, Relation, PublishedDocument, Quarantine),
    PublishSettings,
)
