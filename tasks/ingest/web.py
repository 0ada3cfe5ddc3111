"""What crawlers and browsers save: WARC files of many pages, MHTML files of one."""

import email
import hashlib
import io
import re
from collections.abc import Iterator
from email.message import Message
from functools import partial
from itertools import count
from typing import Any

from tasks.errors import UnreadableError
from tasks.ingest.found import Aside, Found, Lent, Place, Raw, broken, too_large, walled

PAGES = ("text/html", "application/xhtml+xml", "text/plain", "")
HELD = ("response", "resource", "conversion")
# A file that breaks off more often is given up: each break lays one more reader over the stream.
BREAKS = 50
LINE = 2**16
# A response without an address is one to a request for a page.
ASSUMED = "http://"
CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.I)


def warc(stream: io.BufferedReader, place: Place) -> Iterator[Found]:
    """The pages of a WARC file (ISO 28500), each with its address and the time of the crawl.

    Images, scripts, requests, redirects and revisits are no documents. A page that the server sent with an error is
    put aside, and so is a file that breaks off: what comes after the break is read from its next record on.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    rest: Lent | Rest = Lent(stream)
    numbers = count(1)
    for _ in range(BREAKS):
        records = ArchiveIterator(rest, no_record_parse=True)
        try:
            for record, number in zip(records, numbers, strict=False):
                if record.rec_type in HELD:
                    inside = place._replace(source=f"{place.source}#{name_of(record, number)}", number=number)
                    yield from walled(page_of(record, inside), inside)
            return
        except (ArchiveLoadFailed, StatusAndHeadersParserException) as wrong:
            yield Aside(place.source, "", 0, broken(wrong))
        rest = Rest(records.reader)


class Rest:
    """A WARC file from its next record on."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        lines = iter(partial(stream.readline, LINE), b"")
        self.begun = next((line for line in lines if line.startswith(b"WARC/")), b"")

    def read(self, size: int) -> bytes:
        """What comes next."""
        begun, self.begun = self.begun, b""
        return begun or bytes(self.stream.read(size))


def page_of(record: Any, place: Place) -> Iterator[Raw | Aside]:
    """The page in a record, if there is one."""
    record.http_headers = http_headers(record)
    if media_type(record) not in PAGES:
        return
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status.startswith(("1", "3")):
        return
    raw = record.content_stream().read(place.settings.max_bytes + 1)
    sha256 = hashlib.sha256(raw).hexdigest()
    if not status.startswith("2"):
        yield Aside(place.source, sha256, len(raw), UnreadableError("http-error", f"the server answered {status}"))
    elif len(raw) > place.settings.max_bytes:
        yield Aside(place.source, sha256, len(raw), too_large(len(raw), place.settings))
    else:
        found = CHARSET.search(content_type(record))
        said = {"url": header(record, "WARC-Target-URI"), "crawled": header(record, "WARC-Date")}
        yield Raw(place.source, raw, place.number, found.group(1) if found else None, said, "warc: ")


def http_headers(record: Any) -> Any:
    """What the server said before the page; None where a record holds the page alone."""
    from warcio.recordloader import ArcWarcRecordLoader

    url = header(record, "WARC-Target-URI") or header(record, "uri") or ASSUMED
    return ArcWarcRecordLoader(verify_http=False).load_http_headers(
        record.rec_type, url, record.raw_stream, record.length
    )


def name_of(record: Any, number: int) -> str:
    """The name that a record bears, or its number."""
    return header(record, "WARC-Record-ID").strip("<>").removeprefix("urn:uuid:") or str(number)


def media_type(record: Any) -> str:
    """What kind of thing a record holds, in lower case; empty where nobody says."""
    return content_type(record).partition(";")[0].strip().lower()


def content_type(record: Any) -> str:
    """What the server, or without one the record, says it holds."""
    if record.http_headers:
        return str(record.http_headers.get_header("Content-Type") or "")
    return header(record, "Content-Type")


def header(record: Any, name: str) -> str:
    """A header of a record; empty where there is none."""
    return str(record.rec_headers.get_header(name) or "")


def saved_page(raw: Raw) -> Raw:
    """The page in an MHTML file (RFC 2557), with its address and the time at which it was saved.

    Raises UnreadableError where there is none.
    """
    whole = email.message_from_bytes(raw.raw)
    page = next((part for part in whole.walk() if part.get_content_type() in PAGES[:3]), None)
    body: Any = page.get_payload(decode=True) if page else None
    if page is None or not isinstance(body, bytes):
        raise UnreadableError("bad-record", "found a MIME message, wanted a page in it")
    url = told(whole, "Snapshot-Content-Location") or told(page, "Content-Location")
    said = {"url": url, "crawled": told(whole, "Date")}
    return raw._replace(page=body, charset=page.get_content_charset(), said=said, pointer="mhtml: ")


def told(message: Message, name: str) -> str:
    """A header of a MIME message; empty where there is none."""
    return str(message.get(name) or "").strip()
