"""Records of named values: JSON lines, tables of delimited values, Parquet; and what their columns mean."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import IO, Any

from tasks.errors import UnreadableError
from tasks.ingest.decode import decode
from tasks.ingest.found import Aside, Found, Place, Record, too_large
from tasks.ingest.rows import Form, IngestSettings, Known

# By which names scrapers and data sets call what we know, the surest first (fundus, news-please, newspaper4k,
# trafilatura's JSON, schema.org).
NAMES: Mapping[Known, tuple[str, ...]] = {
    "html": ("html", "raw_html", "rawhtml", "markup"),
    "text": (
        "text",
        "body",
        "maintext",
        "plain_text",
        "full_text",
        "article_text",
        "articlebody",
        "content",
        "article",
    ),
    "id": ("id", "doc_id", "article_id", "uuid", "guid"),
    "url": ("url", "link", "canonical_url", "article_url", "source_url", "uri"),
    "title": ("title", "headline"),
    "outlet": ("outlet", "publisher", "publication", "newspaper", "sitename", "site_name", "source_name"),
    "published": (
        *("published", "published_at", "date_publish", "publish_date", "publishing_date", "publication_date"),
        *("date_published", "datepublished", "pub_date", "pubdate", "date"),
    ),
    "authors": ("authors", "author", "byline"),
    "language": ("language", "lang"),
    "crawled": ("crawled", "crawled_at", "crawl_date", "date_download", "fetched", "scraped_at"),
}
BODIES: tuple[Known, ...] = ("html", "text")
HEAD = 64 * 1024
BATCH_ROWS = 32
WHOLE = 256 * 2**20


def json_lines(stream: io.BufferedReader, place: Place) -> Iterator[Found]:
    """The records of a stream, a line each; of a file cut into slices, those that end in the one that is wanted."""
    limit, part = place.settings.max_bytes, place.part
    number = part.lines if part else 0
    if part:
        stream.seek(part.line_start)
    while line := stream.readline(limit + 2):
        number += 1
        size = len(line) if line.endswith(b"\n") else len(line) + rest_of_line(stream, limit)
        if part and not part.is_last and stream.tell() > part.end:
            return
        if size > limit + 2:
            sha256 = hashlib.sha256(line).hexdigest()
            yield Aside(f"{place.source}#{number}", sha256, size, too_large(size, place.settings))
        elif line.strip():
            yield Record(f"{place.source}#", number, line.strip())


def json_whole(stream: io.BufferedReader, place: Place) -> Iterator[Found]:
    """The records of a file that is one JSON object, a list of them, or lines of them after all.

    Raises UnreadableError for a file that is none of these, or is too large to be read at once.
    """
    raw = stream.read(WHOLE + 1)
    if len(raw) > WHOLE:
        raise UnreadableError("too-large", f"over {WHOLE} bytes of JSON in one; write a record a line, as .jsonl")
    try:
        records = json.loads(raw)
    except RecursionError as wrong:
        raise UnreadableError("bad-record", f"no JSON: {wrong}") from wrong
    except ValueError:
        yield from json_lines(io.BufferedReader(io.BytesIO(raw)), place._replace(part=None))
        return
    for number, record in enumerate(records if isinstance(records, list) else [records], 1):
        yield Record(f"{place.source}#", number, json.dumps(record).encode())


def rest_of_line(stream: IO[bytes], limit: int) -> int:
    """The size of what is left of a line, which is read past."""
    size = 0
    while more := stream.readline(limit + 2):
        size += len(more)
        if more.endswith(b"\n"):
            break
    return size


def delimited(stream: io.BufferedReader, place: Place) -> Iterator[Found]:
    """The records of a table of delimited values (RFC 4180) whose first row names the columns."""
    _, encoding = decode(stream.peek(HEAD)[:HEAD])
    lines = io.TextIOWrapper(stream, "utf-8-sig" if encoding == "utf-8" else encoding, "replace", newline="")
    try:
        yield from rows_of(lines, place)
    finally:
        lines.detach()


def rows_of(lines: io.TextIOWrapper, place: Place) -> Iterator[Found]:
    """The records of a table, in order; a row that is not as wide as the first is put aside."""
    csv.field_size_limit(place.settings.max_bytes)  # the module's only way; every table is read with the same
    first = lines.readline(HEAD)
    delimiter = delimiter_of(first)
    columns = next(csv.reader([first], delimiter=delimiter), [])
    wanted = wanted_columns(columns, place.settings)
    for number, cells in enumerate(cells_of(csv.reader(lines, delimiter=delimiter)), 1):
        if isinstance(cells, csv.Error) or len(cells) not in (0, len(columns)):
            yield bad_row(cells, len(columns), place.source, number)
        elif cells:
            yield as_line(dict(zip(columns, cells, strict=True)), wanted, place, number)


def cells_of(rows: Iterator[list[str]]) -> Iterator[list[str] | csv.Error]:
    """The rows of a table; in place of one that cannot be read, the error."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            yield wrong


def bad_row(cells: list[str] | csv.Error, columns: int, source: str, number: int) -> Aside:
    """What is put aside for a row that cannot be read, or is not as wide as the first."""
    what = str(cells) if isinstance(cells, csv.Error) else f"found {len(cells)} cells, wanted {columns}"
    sha256 = hashlib.sha256(repr(cells).encode("utf-8", "replace")).hexdigest()
    return Aside(f"{source}#{number}", sha256, len(repr(cells)), UnreadableError("bad-record", what))


def delimiter_of(first: str) -> str:
    """What parts the columns' names in the first row."""
    return max(",\t;|", key=first.count)


def row_groups(stream: IO[bytes], place: Place) -> Iterator[Found]:
    """The records of a Parquet file; of one cut into slices, those that end in the one that is wanted.

    A row group's rows are taken to lie evenly over its bytes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        wanted = wanted_columns(file.schema_arrow.names, place.settings)
        number = 0
        for group in range(file.metadata.num_row_groups):
            rows, start, size = extent(file.metadata.row_group(group))
            batches = file.iter_batches(BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False)
            for place_in_group, row in enumerate(row for batch in batches for row in batch.to_pylist()):
                number += 1
                if place.part is None or place.part.holds(start + size * (place_in_group + 1) // rows):
                    yield as_line(row, wanted, place, number)
    except pa.ArrowException as wrong:
        raise UnreadableError("broken-archive", f"no Parquet: {wrong}"[:500]) from wrong


def extent(group: Any) -> tuple[int, int, int]:
    """The rows of a row group, and where its bytes begin and how many they are."""
    chunks = [group.column(number) for number in range(group.num_columns)]
    starts = [min(filter(None, (chunk.dictionary_page_offset, chunk.data_page_offset))) for chunk in chunks]
    return group.num_rows, min(starts), sum(chunk.total_compressed_size for chunk in chunks)


def wanted_columns(columns: Sequence[str], settings: IngestSettings) -> list[str]:
    """The columns that mean something to us; raises UnreadableError where none has text or markup."""
    means = meanings(columns, settings)
    if not any(key in means for key in BODIES):
        found = ", ".join(map(repr, columns))[:300]
        raise UnreadableError("no-text-column", f"found {found}, wanted `text` or `html`; or set ingest.columns")
    return list(dict.fromkeys(means.values()))


def meanings(columns: Iterable[str], settings: IngestSettings) -> Mapping[Known, str]:
    """The column for each key that we know: the one that the settings name, or the one that is named like it."""
    return matched(tuple(columns), tuple(settings.columns.items()))


@lru_cache(maxsize=1024)  # the records of a file mostly have the same columns
def matched(columns: tuple[str, ...], chosen: tuple[tuple[Known, str], ...]) -> Mapping[Known, str]:
    """As `meanings`."""
    named = {column.lower(): column for column in reversed(columns)}
    names = {**NAMES, **{key: (name.lower(),) for key, name in chosen}}
    found = {
        key: next((named[name] for name in candidates if name in named), None) for key, candidates in names.items()
    }
    return {key: column for key, column in found.items() if column is not None}


def as_line(row: Mapping[str, Any], wanted: Sequence[str], place: Place, number: int) -> Record:
    """A row of a table as the line of JSON that says the same."""
    values = {name: row[name] for name in wanted if row[name] not in (None, "")}
    return Record(f"{place.source}#", number, json.dumps(values, default=as_json).encode())


def as_json(value: Any) -> Any:
    """A value of a column as JSON has it: times in ISO 8601, bytes as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return decode(value)[0] if isinstance(value, bytes) and value.strip() else str(value)


def as_record(raw: bytes) -> Mapping[str, Any]:
    """The JSON object in the bytes; raises UnreadableError where there is none."""
    try:
        record = json.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as wrong:
        raise UnreadableError("bad-record", f"no JSON: {wrong}") from wrong
    if not isinstance(record, dict):
        raise UnreadableError("bad-record", f"found a JSON {type(record).__name__}, wanted an object")
    if b"\\u" not in raw and b"\xed" not in raw:  # Python reads a half surrogate from bytes, too
        return record
    return {printable(key): printable(value) if isinstance(value, str) else value for key, value in record.items()}


def printable(value: str) -> str:
    """The string with half surrogates, which JSON can hold and UTF-8 cannot, as U+FFFD."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def known_values(record: Mapping[str, Any], settings: IngestSettings) -> dict[Known, Any]:
    """The values of a record by the keys that we know."""
    return {key: record[column] for key, column in meanings(record, settings).items()}


def body_of(record: Mapping[str, Any], settings: IngestSettings) -> tuple[str, Form | None]:
    """The text or markup of a record, and its form where its column's name says it.

    Raises UnreadableError where the record has neither.
    """
    means = meanings(record, settings)
    for key in BODIES:
        body = record.get(means.get(key, ""))
        if isinstance(body, str) and body.strip():
            return body, "html" if key == "html" else "text" if means[key].lower() == "text" else None
    keys = ", ".join(map(repr, record))[:300]
    raise UnreadableError("bad-record", f"no `text` or `html` in it; its keys are {keys}")
