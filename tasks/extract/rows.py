"""The row of `facts`, and the settings of the stage that writes it."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from tasks.extract.outlets import check_table
from tasks.stage import NAMES_A_FILE, Settings, table
from tasks.toml import readable_by

FieldName = Literal["title", "published", "modified", "outlet", "outlet_domain", "agency", "author", "language", "url"]
Origin = Literal["text", "markup", "url", "path", "sidecar"]


@table("facts")
class Fact(NamedTuple):
    """A candidate value of a field of a document."""

    doc_id: Annotated[str, "the document"]
    field: Annotated[FieldName, "the field that the value is for"]
    value: Annotated[str, "the value; a date as ISO 8601, with the time and zone where they are stated"]
    start: Annotated[int | None, "code points from the start of documents.text; null unless read in the text"]
    end: Annotated[int | None, "code points from the start of documents.text, exclusive"]
    origin: Annotated[Origin, "where it was read"]
    pointer: Annotated[str | None, "where in the markup, URL, path or sidecar; null where read in the text"]
    rule: Annotated[str, "the rule that read it"]
    score: Annotated[float, "how sure the rule is, 0 to 1"]
    chosen: Annotated[bool, "whether this is the article's value"]
    why: Annotated[str, "why it was chosen or not, in words"]


class ExtractSettings(Settings):
    """How metadata is read."""

    outlets: Annotated[str, readable_by(check_table)] = Field(
        "",
        description="a TOML table of outlets that adds to copydesk's own; empty for none",
        json_schema_extra=NAMES_A_FILE,
    )
    crawled: str = Field(
        "",
        pattern=r"^(\d{4}-\d\d-\d\d.*)?$",
        description="when the documents were crawled (ISO 8601) where no sidecar says; else `2 hours ago` is no date",
    )
    language_characters: int = Field(
        1000, ge=200, le=100_000, description="characters of the body read for its language"
    )
