"""What a file is, by its content; by its name only where content cannot tell."""

import re
from typing import Literal

Kind = Literal[
    "gzip",
    "bzip2",
    "xz",
    "zstd",
    "zip",
    "tar",
    "warc",
    "parquet",
    "mhtml",
    "json",
    "json-lines",
    "delimited",
    "document",
]
HEAD = 8192
MAGIC: tuple[tuple[bytes, int, Kind], ...] = (
    (b"\x1f\x8b\x08", 0, "gzip"),
    (b"BZh", 0, "bzip2"),
    (b"\xfd7zXZ\0", 0, "xz"),
    (b"\x28\xb5\x2f\xfd", 0, "zstd"),
    (b"PK\x03\x04", 0, "zip"),
    (b"PK\x05\x06", 0, "zip"),
    (b"WARC/", 0, "warc"),
    (b"PAR1", 0, "parquet"),
    (b"ustar", 257, "tar"),
)
BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
MIME = re.compile(rb"(?:[\w-]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,40}){1,40}", re.I)
RELATED = re.compile(rb"^content-type:\s{0,8}multipart/related", re.I | re.M)
RECORD = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,200}\{\s{0,200}"')
LIST = re.compile(rb'(?:\xef\xbb\xbf)?\s{0,200}\[\s{0,200}\{\s{0,200}"')
RECORDS = (".jsonl", ".ndjson")
DELIMITED = (".csv", ".tsv")


def kind_of(head: bytes, name: str) -> Kind:
    """The kind of a file that begins with these bytes, at best HEAD of them, and bears this name.

    >>> kind_of(b"PAR1", "news.txt"), kind_of(b"Talks go on.", "news.txt")
    ('parquet', 'document')
    """
    for magic, place, kind in MAGIC:
        if head.startswith(magic, place) and (kind != "bzip2" or BZIP2.match(head)):
            return kind
    if is_mhtml(head):
        return "mhtml"
    return kind_of_text(head, bare(name))


def kind_of_text(head: bytes, name: str) -> Kind:
    """The kind of a file that is no archive: JSON lines are told by their first line, tables by their name too."""
    if head.lstrip()[:1] == b"<":
        return "document"
    if name.endswith(".json") and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return "json"
    if LIST.match(head) and not name.endswith(RECORDS):
        return "json"
    if name.endswith(RECORDS) or RECORD.match(head):
        return "json-lines"
    return "delimited" if name.endswith(DELIMITED) else "document"


def is_mhtml(head: bytes) -> bool:
    """Whether a file begins with the headers of a page saved with all that belongs to it (RFC 2557)."""
    headers = MIME.match(head)
    return bool(headers and RELATED.search(headers.group()))


def bare(name: str) -> str:
    """The name in lower case without the endings of compressions: what a compressed file's content is named."""
    name = name.lower()
    for ending in (".gz", ".bz2", ".xz", ".zst"):
        name = name.removesuffix(ending)
    return name
