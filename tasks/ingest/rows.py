"""The rows that ingest writes, and its settings."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from tasks.page import Block
from tasks.stage import INDIFFERENT, Settings, Stage, table

Form = Literal["text", "html"]
Known = Literal["html", "text", "id", "url", "title", "outlet", "published", "authors", "language", "crawled"]


@table("documents")
class Document(NamedTuple):
    """A document as it was read."""

    doc_id: Annotated[str, "16 hex digits of sha256 over source, a newline, and the sha256 of the raw bytes"]
    source: Annotated[str, "path from the parent of the folder that was given; `#` and a record's id after it"]
    form: Annotated[Form, "what it was"]
    encoding: Annotated[str, "the encoding it was read in, and the one it had been misread in before"]
    bytes: Annotated[int, "size of the raw input"]
    sha256: Annotated[str, "of the raw bytes"]
    text: Annotated[str, "the whole text; of a page, its visible text laid out block by block"]
    mtime_ns: Annotated[
        int, "orders the revisions of one source: nanoseconds since 1970, later for what was seen later"
    ]


@table("pages")
class Page(NamedTuple):
    """The markup of a document that is HTML."""

    doc_id: Annotated[str, "the document"]
    html: Annotated[str, "the markup, decoded"]


@table("sidecars", sorted_by=("doc_id", "pointer"))
class Sidecar(NamedTuple):
    """A value that came beside a document: in its record, or in its `.meta.json`."""

    doc_id: Annotated[str, "the document"]
    key: Annotated[str, "id, url, title, outlet, published, authors, language"]
    value: Annotated[str, "the value; one row an author"]
    pointer: Annotated[str, "where it stood: `authors[1]`, or `x.meta.json: title`"]


@table("inputs", sorted_by=("source", "start"))
class Input(NamedTuple):
    """A file, or the stretch of a long one that a part holds, in the state in which it was read."""

    source: Annotated[str, "the file, as in documents.source without a record's id"]
    stamp: Annotated[str, "sizes and times of the file and its sidecar; empty where it could not be read"]
    start: Annotated[int, "bytes; the part holds the documents that end after this"]
    end: Annotated[int, "bytes; and not after this"]
    sha256: Annotated[str, "of the file's bytes up to `end`; empty where it could not be read"]
    mtime_ns: Annotated[int, "as in documents.mtime_ns"]


@table("quarantine")
class Quarantine(NamedTuple):
    """An input that could not be read or is no article."""

    doc_id: Annotated[str, "the document"]
    source: Annotated[str, "as in documents.source"]
    bytes: Annotated[int, "size of the raw input"]
    sha256: Annotated[str, "of the raw bytes"]
    reason: Annotated[str, "a word for the cause"]
    detail: Annotated[str, "what was found, and what was wanted"]


class IngestSettings(Settings):
    """What is read, and within which limits."""

    part_bytes: int = Field(
        16 * 2**20,
        ge=2**10,
        le=2**32,
        description="raw bytes that a part takes at most; HTML counts an eighth",
        json_schema_extra=INDIFFERENT,
    )
    max_bytes: int = Field(20 * 2**20, ge=1, le=2**31, description="a larger document goes to quarantine")
    max_lines: int = Field(100_000, ge=1, description="a document of more lines goes to quarantine")
    max_line: int = Field(
        1_000_000, ge=1, description="a document with a longer line, in characters, goes to quarantine"
    )
    max_unpacked: int = Field(
        64 * 2**30, ge=1, le=2**45, description="bytes that one compressed file or archive may unpack to"
    )
    max_ratio: int = Field(
        200, ge=2, le=10_000, description="how many times its size a compressed file or archive may unpack to"
    )
    columns: dict[Known, str] = Field(
        {}, description='columns of records by what they hold, such as {"text": "body"}; others are known by name'
    )
    mirror: bool = Field(
        False, description="drop documents whose files are gone from the folder", json_schema_extra=INDIFFERENT
    )


# Inputs come last: a part without them was left half written, and is made anew.
STAGE = Stage("ingest", 5, (), (Document, Page, Block, Sidecar, Quarantine, Input), IngestSettings)
