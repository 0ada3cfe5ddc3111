"""One slice of a file read into rows: a text, a page, or a file of records, each with what came beside it."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from tasks.errors import UnreadableError
from tasks.ingest.decode import decode
from tasks.ingest.discover import SIDECAR, Slice
from tasks.ingest.rows import Document, Form, IngestSettings, Input, Page, Quarantine, Sidecar
from tasks.page import lay_out, parse

KEYS = ("id", "url", "title", "outlet", "published", "authors", "language", "crawled")
HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
TAG = re.compile(r"</?(?:p|div|span|a|h[1-6]|article|section|table|ul|li|br)\b[^>]*>", re.I)
CHUNK = 2**20
RECORDS = (".jsonl", ".ndjson")


class Raw(NamedTuple):
    """A document before it is decoded: its place, its bytes, and what a scraper said of it."""

    source: str
    raw: bytes
    mtime_ns: int


Row = Document | Page | Sidecar | Input | Quarantine


def read(part: Slice, settings: IngestSettings) -> Iterator[Row]:
    """The rows of one slice. What cannot be read is a row of quarantine; nothing is raised for it."""
    try:
        if part.path.lower().endswith(RECORDS):
            yield from read_records(part, settings)
        elif part.is_last:
            yield from read_file(part, settings)
        else:
            yield as_read(part, part.sha256)
    except OSError as wrong:
        yield put_aside(part.source, "", 0, UnreadableError("unreadable", f"{part.source}: {wrong.strerror}"))
        yield as_read(part._replace(stamp=""), "")


def as_read(part: Slice, sha256: str) -> Input:
    """The row that says a slice was read."""
    return Input(part.source, part.stamp, part.start, part.end, sha256, part.mtime_ns)


def read_file(part: Slice, settings: IngestSettings) -> Iterator[Row]:
    """The rows of a file that is one document."""
    with open(part.path, "rb") as file:
        raw = file.read(settings.max_bytes + 1)
        sha256, size = hash_of(raw, file)
    yield as_read(part, sha256)
    if size > settings.max_bytes:
        yield put_aside(part.source, sha256, size, too_large(size, settings))
        return
    doc_id = document_id(part.source, sha256)
    try:
        text, encoding = decode(raw)
        yield from as_written(Raw(part.source, raw, part.mtime_ns), sha256, text, encoding)
    except UnreadableError as wrong:
        yield put_aside(part.source, sha256, size, wrong)
        return
    yield from beside(part.path, part.source, doc_id)


def too_large(size: int, settings: IngestSettings) -> UnreadableError:
    """The reason for a document beyond the limit."""
    return UnreadableError("too-large", f"{size} bytes; ingest.max_bytes is {settings.max_bytes}")


def hash_of(raw: bytes, rest: BufferedReader) -> tuple[str, int]:
    """The sha256 and the size of what was read and of what is left of the file."""
    seen, size = hashlib.sha256(raw), len(raw)
    while chunk := rest.read(CHUNK):
        seen.update(chunk)
        size += len(chunk)
    return seen.hexdigest(), size


def as_written(raw: Raw, sha256: str, text: str, encoding: str, form: Form | None = None) -> Iterator[Row]:
    """The document, and its page where it is HTML. Raises UnreadableError for a page that shows no text."""
    doc_id = document_id(raw.source, sha256)
    form = form or form_of(text)
    shown = lay_out(parse(text)).text if form == "html" else text
    if not shown.strip():
        raise UnreadableError("empty", "a page that shows no text")
    yield Document(doc_id, raw.source, form, encoding, len(raw.raw), sha256, shown, raw.mtime_ns)
    if form == "html":
        yield Page(doc_id, text)


def form_of(text: str) -> Form:
    """What a text is, by its content: a page begins as one, or is full of its tags."""
    start = text[:20_000]
    if HTML_START.match(start):
        return "html"
    return "html" if sum(len(tag) for tag in TAG.findall(start)) * 12 > len(start) else "text"


def document_id(source: str, sha256: str) -> str:
    """The name of a document: the same file is always the same document, two files are two."""
    return hashlib.sha256(f"{source}\n{sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def put_aside(source: str, sha256: str, size: int, wrong: UnreadableError) -> Quarantine:
    """The row of an input that could not be read."""
    return Quarantine(document_id(source, sha256), source, size, sha256, wrong.reason, wrong.detail)


def beside(path: str, source: str, doc_id: str) -> Iterator[Row]:
    """What a `.meta.json` beside the file says; a broken one is put aside, and costs the document nothing."""
    sidecar = Path(path + SIDECAR)
    if not sidecar.is_file():
        return
    raw = sidecar.read_bytes()
    try:
        said = as_record(raw)
    except UnreadableError as wrong:
        yield put_aside(f"{source}{SIDECAR}", hashlib.sha256(raw).hexdigest(), len(raw), wrong)
        return
    yield from sidecars(doc_id, said, f"{sidecar.name}: ")


def read_records(part: Slice, settings: IngestSettings) -> Iterator[Row]:
    """The rows of the records that end in the slice."""
    with open(part.path, "rb") as file:
        file.seek(part.line_start)
        for number, line in enumerate(lines_of(file, part, settings.max_bytes), part.lines + 1):
            if line.strip():
                yield from read_record(f"{part.source}#", number, line, part.mtime_ns + number, settings)
        if part.is_last and not part.sha256:
            file.seek(0)
            part = part._replace(sha256=hashlib.file_digest(file, "sha256").hexdigest())
    yield as_read(part, part.sha256)


def lines_of(file: BufferedReader, part: Slice, limit: int) -> Iterator[bytes]:
    """The lines that end in the slice; of one beyond the limit, its beginning."""
    while line := file.readline(limit + 2):
        more = line
        while len(more) == limit + 2 and not more.endswith(b"\n"):
            more = file.readline(limit + 2)
        if file.tell() > part.end and not part.is_last:
            return
        yield line


def read_record(prefix: str, number: int, line: bytes, mtime_ns: int, settings: IngestSettings) -> Iterator[Row]:
    """The rows of one record."""
    raw = line.strip()
    sha256 = hashlib.sha256(raw).hexdigest()
    source = f"{prefix}{number}"
    try:
        if len(raw) > settings.max_bytes:
            raise too_large(len(raw), settings)
        record = as_record(raw)
        source = f"{prefix}{record['id']}" if record.get("id") not in (None, "") else source
        text, form = body_of(record)
        yield from as_written(Raw(source, raw, mtime_ns), sha256, text, "utf-8", form)
    except UnreadableError as wrong:
        yield put_aside(source, sha256, len(raw), wrong)
        return
    yield from sidecars(document_id(source, sha256), record, "")


def as_record(raw: bytes) -> Mapping[str, Any]:
    """The JSON object in the bytes; raises UnreadableError where there is none."""
    try:
        record = json.loads(raw)
    except (ValueError, RecursionError) as wrong:
        raise UnreadableError("bad-record", f"no JSON: {wrong}") from wrong
    if not isinstance(record, dict):
        raise UnreadableError("bad-record", f"found a JSON {type(record).__name__}, wanted an object")
    return {key: printable(value) if isinstance(value, str) else value for key, value in record.items()}


def printable(value: str) -> str:
    """The string with half surrogates, which JSON can hold and UTF-8 cannot, as U+FFFD."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def body_of(record: Mapping[str, Any]) -> tuple[str, Form]:
    """The text or markup of a record; raises UnreadableError where it has neither."""
    for key, form in (("html", "html"), ("text", "text")):
        body = record.get(key)
        if isinstance(body, str) and body.strip():
            return body, form  # type: ignore[return-value]  # the tuple above holds the two literals
    raise UnreadableError("bad-record", f"no `text` or `html` in it; its keys are {', '.join(map(repr, record))}")


def sidecars(doc_id: str, said: Mapping[str, Any], place: str) -> Iterator[Sidecar]:
    """A row for each value that the record or sidecar has for a key we know."""
    for key in KEYS:
        values = said.get(key)
        for index, value in enumerate(values if isinstance(values, list) else [values]):
            if isinstance(value, str | int) and str(value).strip():
                pointer = f"{place}{key}[{index}]" if isinstance(values, list) else f"{place}{key}"
                yield Sidecar(doc_id, key, printable(str(value)).strip(), pointer)
