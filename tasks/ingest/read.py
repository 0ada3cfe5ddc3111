"""One slice of a file read into rows: a document for each that ends in it, and what came beside it."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from itertools import count
from pathlib import Path
from typing import Any

from tasks.errors import UnreadableError
from tasks.ingest.decode import decode
from tasks.ingest.discover import Slice
from tasks.ingest.found import Aside, Bars, Found, Place, Raw, Record, put_off, too_large, unbarred
from tasks.ingest.kinds import kind_of
from tasks.ingest.listing import SIDECAR
from tasks.ingest.mojibake import mended
from tasks.ingest.opening import SMALL, Opener
from tasks.ingest.records import as_record, body_of, known_values, printable
from tasks.ingest.rows import Document, Form, IngestSettings, Input, Page, Quarantine, Sidecar
from tasks.ingest.unpack import head_of, unpack
from tasks.page import Block, Layout, lay_out

KEYS = ("id", "url", "title", "outlet", "published", "authors", "language", "crawled")
# Possessive, for a page of nothing but comments can be cut into comments in 2^n ways.
HTML_START = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s++html|html|head|body)\b", re.I | re.S
)
TAG = re.compile(r"</?(?:p|div|span|a|h[1-6]|article|section|table|ul|li|br)\b[^<>]*+>", re.I)
# These find the place where a slice begins by themselves; the others are read from the start of the file.
SEEKING = ("zip", "parquet", "json-lines")
SINGLE = ("document", "mhtml", "json")

Row = Document | Page | Block | Sidecar | Input | Quarantine


def read(part: Slice, opener: Opener, settings: IngestSettings, bars: Bars = unbarred) -> Iterator[Row]:
    """The rows of one slice. What cannot be read, or is barred, is a row of quarantine; nothing is raised for it."""
    try:
        file, beside = opener()
        with file:
            anything = part.start > 0 or not part.is_last
            for found in found_in(file, part, settings, bars):
                anything = True
                yield from rows_of(with_sidecar(found, part, beside), part, settings)
            sha256 = part.sha256 or sha256_of(file, part)
            if not anything:
                nothing = UnreadableError("empty", "it was opened, and there is no document in it")
                yield put_aside(part.source, sha256, part.size, nothing)
            yield as_read(part, sha256)
    except OSError as wrong:
        yield put_aside(part.source, "", 0, UnreadableError("unreadable", f"{part.source}: {wrong.strerror or wrong}"))
        yield as_read(part._replace(stamp=""), "")


def as_read(part: Slice, sha256: str) -> Input:
    """The row that says a slice was read."""
    return Input(part.source, part.stamp, part.start, part.end, sha256, part.mtime_ns)


def sha256_of(file: BufferedReader, part: Slice) -> str:
    """The hash of a file."""
    file.seek(0)
    if part.size <= SMALL:
        return hashlib.sha256(file.read()).hexdigest()
    return hashlib.file_digest(file, "sha256").hexdigest()


def found_in(file: BufferedReader, part: Slice, settings: IngestSettings, bars: Bars) -> Iterator[Found]:
    """What ends in the slice."""
    place = Place(part.source, Path(part.path).name, settings, file.tell, part=part)
    kind = kind_of(head_of(file), place.name)
    if kind in SINGLE and not part.is_last:
        return
    for found in stepwise(unpack(file, place), part, bars):
        end = file.tell()
        if kind in SEEKING or kind in SINGLE or part.holds(end):
            yield found
        elif end > part.end:
            return


def with_sidecar(found: Found, part: Slice, beside: bytes | None) -> Found:
    """What was found; with the file's sidecar, where it is the file's one document."""
    return found._replace(beside=beside) if isinstance(found, Raw) and found.source == part.source else found


def stepwise(found: Iterator[Found], part: Slice, bars: Bars) -> Iterator[Found]:
    """What is found; what may not be read is put aside, and what may not be unpacked is the end."""
    for step in count(0, 2):
        if wrong := bars(part, step):
            yield Aside(part.source, "", part.size, wrong)
            return
        one = next(found, None)
        if one is None:
            return
        wrong = bars(part, step + 1)
        yield put_off(one, wrong) if wrong else one


def rows_of(found: Found, part: Slice, settings: IngestSettings) -> Sequence[Row]:
    """The rows of what was found. One that a library crashes on is put aside, and costs no other anything."""
    try:
        match found:
            case Raw():
                return [*read_raw(found, part, settings)]
            case Record():
                return [*read_record(found, part, settings)]
            case Aside():
                return [put_aside(*found)]
    except OSError:
        raise
    except Exception as wrong:  # noqa: BLE001  # the wall around a document: any library may raise anything on it
        crash = UnreadableError("ingest-failed", f"{type(wrong).__name__}: {wrong}"[:500])
        return [put_aside(*put_off(found, crash))]


def read_raw(found: Raw, part: Slice, settings: IngestSettings) -> Iterator[Row]:
    """The rows of a document, and of what is known of it besides."""
    sha256 = hashlib.sha256(found.raw).hexdigest()
    try:
        text, encoding = decode(found.raw if found.page is None else found.page, found.charset)
        yield from as_written(found, sha256, part.mtime_ns, text, encoding, settings)
    except UnreadableError as wrong:
        yield put_aside(found.source, sha256, len(found.raw), wrong)
        return
    doc_id = document_id(found.source, sha256)
    yield from sidecars(doc_id, found.said, found.pointer)
    if found.beside is not None:
        yield from said_beside(found.beside, found.source, doc_id)


def as_written(
    raw: Raw,
    sha256: str,
    mtime_ns: int,
    text: str,
    encoding: str,
    settings: IngestSettings,
    form: Form | None = None,
) -> Iterator[Row]:
    """The document, and where it is HTML its page and the page's blocks.

    Raises UnreadableError for a page that shows no text, and for a text of too many or too long lines.
    """
    doc_id = document_id(raw.source, sha256)
    text, misread = mended(text)
    encoding += f", mojibake of {misread} repaired" if misread else ""
    form = form or form_of(text)
    shown = lay_out(text, doc_id) if form == "html" else Layout(text, ())
    if not shown.text.strip():
        raise UnreadableError("empty", "a page that shows no text")
    refuse_endless(shown.text, settings)
    yield Document(doc_id, raw.source, form, encoding, len(raw.raw), sha256, shown.text, mtime_ns + raw.number)
    if form == "html":
        yield Page(doc_id, text)
        yield from shown.blocks


def refuse_endless(text: str, settings: IngestSettings) -> None:
    """Raises UnreadableError for a text of more or of longer lines than any article has."""
    lines = text.count("\n") + 1
    if lines > settings.max_lines:
        raise UnreadableError("too-many-lines", f"{lines} lines; ingest.max_lines is {settings.max_lines}")
    longest = max(map(len, text.split("\n"))) if len(text) > settings.max_line else 0
    if longest > settings.max_line:
        raise UnreadableError("line-too-long", f"{longest} characters; ingest.max_line is {settings.max_line}")


def form_of(text: str) -> Form:
    """What a text is, by its content: a page begins as one, or is full of its tags."""
    start = text[:20_000]
    if HTML_START.match(start):
        return "html"
    tags = TAG.findall(start) if "<" in start else ()
    return "html" if sum(map(len, tags)) * 12 > len(start) else "text"


def document_id(source: str, sha256: str) -> str:
    """The name of a document: the same file is always the same document, two files are two."""
    return hashlib.sha256(f"{source}\n{sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def put_aside(source: str, sha256: str, size: int, wrong: UnreadableError) -> Quarantine:
    """The row of an input that could not be read."""
    return Quarantine(document_id(source, sha256), source, size, sha256, wrong.reason, printable(wrong.detail))


def said_beside(raw: bytes, source: str, doc_id: str) -> Iterator[Row]:
    """What a sidecar says; a broken one is put aside, and costs the document nothing."""
    try:
        said = as_record(raw)
    except UnreadableError as wrong:
        yield put_aside(f"{source}{SIDECAR}", hashlib.sha256(raw).hexdigest(), len(raw), wrong)
        return
    name = re.split("[/!]", source)[-1]
    yield from sidecars(doc_id, said, f"{name}{SIDECAR}: ")


def read_record(found: Record, part: Slice, settings: IngestSettings) -> Iterator[Row]:
    """The rows of one record."""
    sha256 = hashlib.sha256(found.raw).hexdigest()
    source = f"{found.prefix}{found.number}"
    try:
        if len(found.raw) > settings.max_bytes:
            raise too_large(len(found.raw), settings)
        record = as_record(found.raw)
        known = known_values(record, settings)
        if known.get("id") not in (None, ""):
            source = f"{found.prefix}{printable(str(known['id']))}"
            if found.number in part.repeated and found.prefix == f"{part.source}#":
                return
        text, form = body_of(record, settings)
        yield from as_written(
            Raw(source, found.raw, found.number), sha256, part.mtime_ns, text, "utf-8", settings, form
        )
    except UnreadableError as wrong:
        yield put_aside(source, sha256, len(found.raw), wrong)
        return
    yield from sidecars(document_id(source, sha256), known, "")


def sidecars(doc_id: str, said: Mapping[Any, Any], place: str) -> Iterator[Sidecar]:
    """A row for each value that the record or sidecar has for a key we know."""
    for key in KEYS:
        values = said.get(key)
        for index, value in enumerate(values if isinstance(values, list) else [values]):
            if isinstance(value, str | int) and str(value).strip():
                pointer = f"{place}{key}[{index}]" if isinstance(values, list) else f"{place}{key}"
                yield Sidecar(doc_id, key, printable(str(value)).strip(), pointer)
