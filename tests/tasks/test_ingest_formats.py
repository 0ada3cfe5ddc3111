"""Tables, crawls and saved pages read into documents, each with what its columns and headers say."""

import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.ingest import Ingested, IngestSettings, Job, ingest
from tasks.ingest.discover import discover
from tasks.ingest.kinds import kind_of

DEFAULT = IngestSettings()
ARTICLE = "Talks go on in the harbour town.\nBoth sides met on Monday, and will meet again."
PAGE = "<html><head><title>A page</title></head><body><h1>Talks go on</h1><p>Both sides met.</p></body></html>"
SHOWN = "Talks go on\n\nBoth sides met."

EMPTY = b"PK\x05\x06" + bytes(18)


def read(tmp_path: Path, name: str, raw: bytes | str, limits: IngestSettings = DEFAULT) -> Ingested:
    file = tmp_path / "raw" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return ingest(Job(None, tuple(part for one in discover([file], 2**40) for part in one)), limits)


def bodies(rows: Ingested) -> dict[str, str]:
    return {row.source.removeprefix("raw/"): row.text for row in rows.documents}


def reasons(rows: Ingested) -> dict[str, str]:
    return {row.source.removeprefix("raw/"): row.reason for row in rows.quarantine}


def said(rows: Ingested) -> set[tuple[str, str]]:
    return {(row.key, row.value) for row in rows.sidecars}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_of_text_is_read_by_the_names_of_its_columns(tmp_path, delimiter):
    row = delimiter.join(["7", '"Talks, 1;2|3\tgo on"', f'"{ARTICLE}"', "2013-05-07"])
    rows = read(tmp_path, "a.csv", delimiter.join(["id", "Headline", "content", "date"]) + "\r\n" + row + "\r\n")
    assert bodies(rows) == {"a.csv#7": ARTICLE}
    assert said(rows) == {("id", "7"), ("title", "Talks, 1;2|3\tgo on"), ("published", "2013-05-07")}


def test_a_bad_row_costs_only_itself(tmp_path):
    rows = read(tmp_path, "a.csv", 'url,text\nu1,One.\nonly one cell\nu3,"Three.",more\nu4,\n\nu6,Six.\n')
    assert bodies(rows) == {"a.csv#1": "One.", "a.csv#6": "Six."}
    assert reasons(rows) == {f"a.csv#{number}": "bad-record" for number in (2, 3, 4)}


def test_a_cell_beyond_the_limit_costs_only_its_row(tmp_path):
    rows = read(tmp_path, "a.csv", f"text\nOne.\n{'x' * 2000}\nThree.\n", IngestSettings(max_bytes=1000))
    assert bodies(rows) == {"a.csv#1": "One.", "a.csv#3": "Three."}
    assert set(reasons(rows).values()) == {"bad-record"}


@pytest.mark.parametrize(
    ("name", "raw"), [("a.csv", "id,text\n"), ("a.json", "[]"), ("a.jsonl", "\n \n"), ("a.zip", EMPTY)]
)
def test_a_file_that_holds_no_document_is_put_aside(tmp_path, name, raw):
    assert reasons(read(tmp_path, name, raw)) == {name: "empty"}


def test_a_long_cell_is_no_error_of_the_table(tmp_path):
    assert bodies(read(tmp_path, "a.csv", f"text\n{'word ' * 50_000}\n")) == {"a.csv#1": "word " * 50_000}


def test_a_table_in_an_old_encoding_is_read(tmp_path):
    rows = read(tmp_path, "a.csv", "id,text\n1,Die Gespräche über höhere Löhne dauern an.\n".encode("cp1252"))
    assert bodies(rows) == {"a.csv#1": "Die Gespräche über höhere Löhne dauern an."}
    rows = read(tmp_path, "b.csv", "\ufefftext,id\nOne.,1\n".encode())
    assert bodies(rows) == {"b.csv#1": "One."}


def test_a_table_without_a_column_of_text_says_so(tmp_path):
    rows = read(tmp_path, "a.csv", "name,age\nAnn,3\n")
    assert reasons(rows) == {"a.csv": "no-text-column"}
    assert "'name', 'age'" in rows.quarantine[0].detail


def test_the_settings_say_which_column_is_what(tmp_path):
    limits = IngestSettings(columns={"text": "Story", "title": "Kicker"})
    rows = read(tmp_path, "a.csv", "story,text,kicker,title\nThe story.,The text.,The kicker.,The title.\n", limits)
    assert (bodies(rows), said(rows)) == ({"a.csv#1": "The story."}, {("title", "The kicker.")})
    rows = read(tmp_path, "a.jsonl", json.dumps({"Story": "The story.", "text": "The text."}), limits)
    assert bodies(rows) == {"a.jsonl#1": "The story."}


def test_json_is_one_record_a_list_of_them_or_lines_of_them(tmp_path):
    one, two = {"id": "x", "maintext": "One.", "title": None}, {"text": "Two."}
    assert bodies(read(tmp_path, "a.json", json.dumps(one, indent=1))) == {"a.json#x": "One."}
    assert bodies(read(tmp_path, "b.json", json.dumps([one, two]))) == {"b.json#x": "One.", "b.json#2": "Two."}
    assert bodies(read(tmp_path, "c.json", f"{json.dumps(one)}\n{json.dumps(two)}\n")) == {
        "c.json#x": "One.",
        "c.json#2": "Two.",
    }
    assert reasons(read(tmp_path, "d.json", '{"text": "cut')) == {"d.json#1": "bad-record"}
    assert reasons(read(tmp_path, "e.json", "[" * 200_000)) == {"e.json": "bad-record"}


def parquet(**columns: list[object]) -> bytes:
    whole = io.BytesIO()
    pq.write_table(pa.table(columns), whole, row_group_size=2)
    return whole.getvalue()


def test_parquet_is_read_by_the_names_of_its_columns(tmp_path):
    raw = parquet(
        url=["u1", None, "u3"],
        text=[ARTICLE, "Two.", None],
        authors=[["Ann", "Bo"], [], None],
        published=[datetime(2013, 5, 7, 12, tzinfo=UTC), None, None],
        ignored=[1.5, 2.5, 3.5],
    )
    rows = read(tmp_path, "anything", raw)
    assert bodies(rows) == {"anything#1": ARTICLE, "anything#2": "Two."}
    assert reasons(rows) == {"anything#3": "bad-record"}
    assert said(rows) == {
        ("url", "u1"),
        ("authors", "Ann"),
        ("authors", "Bo"),
        ("published", "2013-05-07T12:00:00+00:00"),
    }


def test_markup_in_a_table_is_a_page_even_as_bytes(tmp_path):
    rows = read(tmp_path, "a.parquet", parquet(html=[PAGE.encode()], date=[date(2013, 5, 7)]))
    assert (bodies(rows), said(rows)) == ({"a.parquet#1": SHOWN}, {("published", "2013-05-07")})
    rows = read(tmp_path, "b.parquet", parquet(content=[PAGE, ARTICLE]))
    assert [row.form for row in sorted(rows.documents, key=lambda row: row.source)] == ["html", "text"]


def test_a_broken_parquet_file_is_put_aside(tmp_path):
    raw = parquet(text=[ARTICLE])
    assert reasons(read(tmp_path, "a.parquet", raw[:-30])) == {"a.parquet": "broken-archive"}
    assert reasons(read(tmp_path, "b.parquet", raw[:20] + b"\xff" * 40 + raw[60:])) == {"b.parquet": "broken-archive"}


def crawl(gzipped: bool, *pages: tuple[str, str, str, bytes]) -> bytes:
    whole = io.BytesIO()
    writer = WARCWriter(whole, gzip=gzipped)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "test"}))
    for number, (url, status, media, body) in enumerate(pages):
        headers = StatusAndHeaders(status, [("Content-Type", media)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2013-05-08T01:02:03Z", "WARC-Record-ID": f"<urn:uuid:{number}>"},
        )
        writer.write_record(record)
    return whole.getvalue()


CRAWL = (
    ("https://example.org/a", "200 OK", "text/html; charset=koi8-r", PAGE.replace("sides", "стороны").encode("koi8-r")),
    ("https://example.org/b.png", "200 OK", "image/png", b"\x89PNG"),
    ("https://example.org/c", "301 Moved", "text/html", PAGE.encode()),
    ("https://example.org/d", "404 Not Found", "text/html", PAGE.encode()),
    ("https://example.org/e", "200 OK", "text/plain", ARTICLE.encode()),
)


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_crawl_gives_its_pages_with_their_address_and_time(tmp_path, gzipped):
    rows = read(tmp_path, "x", crawl(gzipped, *CRAWL))
    assert bodies(rows) == {"x#0": SHOWN.replace("sides", "стороны"), "x#4": ARTICLE}
    assert reasons(rows) == {"x#3": "http-error"}
    assert said(rows) == {
        ("url", "https://example.org/a"),
        ("url", "https://example.org/e"),
        ("crawled", "2013-05-08T01:02:03Z"),
    }


def test_a_crawl_that_was_cut_keeps_what_was_read_before(tmp_path):
    rows = read(tmp_path, "x.warc.gz", crawl(True, *CRAWL, CRAWL[0])[:-100])
    assert set(bodies(rows)) == {"x.warc.gz#0", "x.warc.gz#4"}
    assert reasons(rows)["x.warc.gz"] == "broken-archive"


def test_a_crawled_page_without_an_address_is_read(tmp_path):
    whole = crawl(False, CRAWL[0], CRAWL[4])
    rows = read(tmp_path, "x.warc", whole.replace(b"WARC-Target-URI: https://example.org/e\r\n", b""))
    assert set(bodies(rows)) == {"x.warc#0", "x.warc#1"}
    assert reasons(rows) == {}


@pytest.mark.parametrize("damage", [b"WARC/9.9\r\n", b"\x00\xff\x00\r\n", b"Content-Length: none"])
def test_a_crawl_with_a_damaged_record_loses_that_one_alone(tmp_path, damage):
    first, second, third = (crawl(False, page) for page in (CRAWL[0], CRAWL[4], CRAWL[4]))
    of_second = second.index(b"WARC/1.0", 8)
    damaged = second[:of_second] + second[of_second:].replace(b"WARC/1.0\r\n", damage, 1)
    whole = first + damaged + third.replace(b"urn:uuid:0", b"urn:uuid:2")
    rows = read(tmp_path, "x.warc", whole)
    assert set(bodies(rows)) == {"x.warc#0", "x.warc#2"}
    assert reasons(rows)["x.warc"] == "broken-archive"


def test_a_crawled_page_that_cannot_be_unpacked_costs_no_other(tmp_path):
    sent = gzip.compress(PAGE.encode())
    whole = io.BytesIO()
    writer = WARCWriter(whole, gzip=False)
    for number, body in enumerate((sent, sent[:20] + b"\xff" * 60, sent)):
        headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
        record = writer.create_warc_record(
            f"https://example.org/{number}",
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Record-ID": f"<urn:uuid:{number}>"},
        )
        writer.write_record(record)
    rows = read(tmp_path, "x.warc", whole.getvalue())
    assert {"x.warc#0", "x.warc#2"} <= set(bodies(rows))


def test_a_crawled_page_that_was_sent_compressed_is_read(tmp_path):
    whole = io.BytesIO()
    writer = WARCWriter(whole, gzip=True)
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    record = writer.create_warc_record(
        "https://example.org/", "response", payload=io.BytesIO(gzip.compress(PAGE.encode())), http_headers=http
    )
    writer.write_record(record)
    assert list(bodies(read(tmp_path, "x.warc.gz", whole.getvalue())).values()) == [SHOWN]


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/a
Subject: =?utf-8?Q?A=20page?=
Date: Wed, 8 May 2013 01:02:03 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----x"


------x
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/a

<html><head><meta charset=3D"utf-8"></head><body><p>Caf=C3=A9 talks =
go on.</p></body></html>
------x
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://example.org/a.png

iVBORw0KGgo=
------x--
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_saved_page_is_read_with_its_address_and_time(tmp_path, ending):
    raw = MHTML.replace("\n", ending)
    rows = read(tmp_path, "a.mhtml", raw)
    assert (bodies(rows), rows.documents[0].form) == ({"a.mhtml": "Café talks go on."}, "html")
    assert rows.documents[0].bytes == len(raw)
    assert said(rows) == {("url", "https://example.org/a"), ("crawled", "Wed, 8 May 2013 01:02:03 -0000")}


def test_a_saved_page_without_a_page_is_put_aside(tmp_path):
    assert reasons(read(tmp_path, "a.mhtml", MHTML.replace("text/html", "image/gif"))) == {"a.mhtml": "bad-record"}


def test_xhtml_is_a_page_and_its_entities_are_not_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    xhtml = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY leak SYSTEM "file://{secret}">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Talks go on. &leak;</p></body></html>'
    )
    rows = read(tmp_path, "a.xhtml", xhtml)
    assert rows.documents[0].form == "html"
    assert "secret" not in rows.documents[0].text


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'{"text": "One."}\n', "news.txt", "json-lines"),
        (b'{"text": "One."}\n', "news.json", "json"),
        (b'\n[{"text": "One."}]', "news.json.gz", "json"),
        (b"A note on JSON.", "news.json", "document"),
        (b"{ } is a set.", "news.txt", "document"),
        (b"no json", "news.jsonl", "json-lines"),
        (b"<html>", "news.jsonl", "document"),
        (b"a,text\n1,2", "news.csv.gz", "delimited"),
        (b"One, two", "news.txt", "document"),
        (b"BZh is how bzip2 files begin.", "a.txt", "document"),
        (b"Content-Type: text/plain\n\nA letter.", "a.eml", "document"),
        (b"", "a.txt", "document"),
    ],
)
def test_a_kind_is_told_by_content_first(head, name, kind):
    assert kind_of(head, name) == kind
