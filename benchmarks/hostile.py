"""Files of every kind, good and bad, made of texts of our own: what fuzzing starts from and the table is made with.

`GOOD` and `BAD` have a maker for each kind of file: from a source of chance to the bytes. `written` fills a folder.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Maker = Callable[[random.Random], bytes]

STARTS, ENDS = "Tor Vel Hart Osna Lind Kest Mar Ash Dun Kol Bre Quin".split(), "by moor beck au holm ville ford".split()
THINGS = "bridge harbour school theatre hospital market tunnel library railway museum dam airport".split()
DID = "opened closed rebuilt inspected sold flooded renamed insured evacuated repainted surveyed extended".split()
MONTHS = "January February March April May June July August September October November December".split()
SMALL = "the of a in and to for on with by from at after before while which that was is had not".split()
WORDS = (
    "council river engineer storm water winter ferry budget mayor driver teacher village police minister company road "
    "station crowd doctor farmer court letter window garden witness sailor nurse festival factory border forest "
    "promised found measured refused carried painted counted signed crossed lifted warned repaired ordered followed "
    "narrow early heavy public broken quiet wooden recent former local steep empty northern safe late old new"
).split()
NOISE = ("Share Tweet Email Print", "Read also: the {thing} of {place}", "© 2021 The {place} Courier", "Top")


def name(chance: random.Random) -> str:
    """A name of a place or of a family."""
    return chance.choice(STARTS) + chance.choice(("", "e", "i", "an", "en")) + chance.choice(ENDS)


def sentence(chance: random.Random) -> str:
    """A sentence that no other has five words in a row of: half of them are small ones, as in print."""
    count = chance.randint(8, 16)
    words = [chance.choice(SMALL if place % 2 else WORDS) for place in range(count)]
    words[chance.randrange(count)] = str(chance.randint(2, 9_999))
    words[chance.randrange(count)] = name(chance)
    return f"{' '.join(words).capitalize()}."


def filled(chance: random.Random, pattern: str) -> str:
    """A pattern filled with names."""
    about = {"thing": chance.choice(THINGS), "place": name(chance), "did": chance.choice(DID)}
    return pattern.format(count=chance.randint(2, 99), **about)


def article(chance: random.Random) -> tuple[str, list[str]]:
    """A headline, and paragraphs."""
    head = filled(chance, "The {thing} of {place} is {did} after {count} days")
    body = [" ".join(sentence(chance) for _ in range(3)) for _ in range(chance.randint(3, 6))]
    return head, body


def dated(chance: random.Random) -> str:
    """A day as it is printed."""
    return f"{chance.randint(1, 28)} {chance.choice(MONTHS)} {chance.randint(1998, 2025)}"


def plain(chance: random.Random) -> str:
    """An article as it is scraped."""
    head, body = article(chance)
    by = f"By {name(chance)} {name(chance)}"
    return "\n\n".join([filled(chance, chance.choice(NOISE)), head, by, dated(chance), *body, NOISE[0]]) + "\n"


def page(chance: random.Random) -> str:
    """An article as a page."""
    head, body = article(chance)
    menu = "".join(f'<li><a href="/{word}">{word.title()}</a></li>' for word in chance.sample(THINGS, 5))
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    about = json.dumps({"@type": "NewsArticle", "headline": head, "datePublished": f"20{chance.randint(10, 25)}-03-04"})
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{head}</title>'
        f'<script type="application/ld+json">{about}</script></head><body><nav><ul>{menu}</ul></nav>'
        f"<article><h1>{head}</h1>{paragraphs}</article><footer>© 2021</footer></body></html>"
    )


def record(chance: random.Random, **more: object) -> str:
    """An article as a line of JSON."""
    head, body = article(chance)
    return json.dumps({"id": f"{chance.random():.12f}", "title": head, "text": "\n\n".join(body), **more})


def records(chance: random.Random) -> bytes:
    return "\n".join(record(chance) for _ in range(3)).encode()


def table(chance: random.Random) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("id", "text"))
    rows.writerows((f"{chance.random():.12f}", plain(chance)) for _ in range(3))
    return out.getvalue().encode()


def parquet(chance: random.Random, column: str = "text") -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({column: [plain(chance) for _ in range(3)]}), out)
    return out.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: Mapping[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size, about.type, about.linkname = len(content), kind, link
            archive.addfile(about, io.BytesIO(content))
    return out.getvalue()


def warc(chance: random.Random, status: str = "200 OK") -> bytes:
    body = page(chance).encode()
    http = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    )
    held = http + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{chance.getrandbits(64):016x}>\r\n"
        f"WARC-Target-URI: https://courier.example/{chance.getrandbits(32)}\r\nWARC-Date: 2021-03-04T05:06:07Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(held)}\r\n\r\n"
    )
    return head.encode() + held + b"\r\n\r\n"


def mhtml(chance: random.Random, kind: str = "text/html") -> bytes:
    head = ("From: <Saved by a browser>", "Snapshot-Content-Location: https://courier.example/a", "MIME-Version: 1.0")
    dated = ("Date: Thu, 4 Mar 2021 05:06:07 -0000", 'Content-Type: multipart/related; boundary="X"', "", "--X")
    part = (f"Content-Type: {kind}; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", page(chance), "--X--", "")
    return "\r\n".join((*head, *dated, *part)).encode()


GOOD: dict[str, Maker] = {
    "text.txt": lambda chance: plain(chance).encode(),
    "utf-16.txt": lambda chance: plain(chance).encode("utf-16"),
    "windows-1252.txt": lambda chance: plain(chance).encode("cp1252", "replace"),
    "page.html": lambda chance: page(chance).encode(),
    "page.xhtml": lambda chance: b'<?xml version="1.0" encoding="utf-8"?>' + page(chance).encode(),
    "records.jsonl": records,
    "table.csv": table,
    "table.parquet": parquet,
    "text.txt.gz": lambda chance: gzip.compress(plain(chance).encode(), mtime=0),
    "text.txt.bz2": lambda chance: bz2.compress(plain(chance).encode()),
    "text.txt.xz": lambda chance: lzma.compress(plain(chance).encode()),
    "texts.zip": lambda chance: zipped({"a.txt": plain(chance).encode(), "b/c.html": page(chance).encode()}),
    "texts.tar": lambda chance: tarred({"a.txt": plain(chance).encode(), "b/c.html": page(chance).encode()}),
    "crawl.warc": lambda chance: warc(chance) + warc(chance),
    "crawl.warc.gz": lambda chance: gzip.compress(warc(chance), mtime=0) + gzip.compress(warc(chance), mtime=0),
    "saved.mhtml": mhtml,
}


def cut(raw: bytes, share: float = 0.6) -> bytes:
    """The beginning of the bytes."""
    return raw[: int(len(raw) * share)]


def spoilt(raw: bytes, chance: random.Random, bits: int = 8) -> bytes:
    """The bytes with some bits flipped, none of the first eight bytes."""
    found = bytearray(raw)
    for _ in range(bits):
        found[chance.randrange(8, len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def nested(times: int) -> bytes:
    """A ZIP archive in ZIP archives."""
    raw = b"Talks go on."
    for _ in range(times):
        raw = zipped({"a.zip" if raw.startswith(b"PK") else "a.txt": raw})
    return raw


def encrypted(raw: bytes) -> bytes:
    """A ZIP archive that says of its members that they are encrypted."""
    found = bytearray(raw)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = found.find(magic)
        while at >= 0:
            found[at + flags] |= 1
            at = found.find(magic, at + 4)
    return bytes(found)


def in_markup(inside: str) -> bytes:
    return f"<!doctype html><html><body>{inside}</body></html>".encode()


def noise(chance: random.Random, size: int = 3_000) -> bytes:
    return chance.randbytes(size)


LAUGHS = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
BAD: dict[str, Maker] = {
    "nothing.txt": lambda _: b"",
    "blank.txt": lambda _: b" \n\t\r\n" * 50,
    "zeros.txt": lambda _: bytes(5_000),
    "random.txt": noise,
    "random.html": noise,
    "random.gz": lambda chance: b"\x1f\x8b\x08" + noise(chance),
    "random.zip": lambda chance: b"PK\x03\x04" + noise(chance),
    "random.parquet": lambda chance: b"PAR1" + noise(chance) + b"PAR1",
    "random.warc": lambda chance: b"WARC/1.0\r\n" + noise(chance),
    "random.tar": lambda chance: noise(chance, 257) + b"ustar\x0000" + noise(chance),
    "random.zst": lambda chance: b"\x28\xb5\x2f\xfd" + noise(chance),
    "random.xz": lambda chance: b"\xfd7zXZ\0" + noise(chance),
    "picture.jpg": lambda chance: b"\xff\xd8\xff\xe0" + noise(chance),
    "picture.png": lambda chance: b"\x89PNG\r\n\x1a\n" + noise(chance),
    "paper.pdf": lambda chance: b"%PDF-1.7\n" + noise(chance),
    "program": lambda chance: b"\x7fELF" + noise(chance),
    "office.docx": lambda _: zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
    "cut.txt.gz": lambda chance: cut(gzip.compress(plain(chance).encode(), mtime=0)),
    "cut.zip": lambda chance: cut(GOOD["texts.zip"](chance)),
    "cut.tar": lambda chance: cut(GOOD["texts.tar"](chance), 0.3),
    "cut.parquet": lambda chance: cut(parquet(chance)),
    "cut.warc": lambda chance: cut(warc(chance), 0.1),
    "cut.warc.gz": lambda chance: cut(gzip.compress(warc(chance), mtime=0)),
    "spoilt.txt.gz": lambda chance: spoilt(gzip.compress(plain(chance).encode(), mtime=0), chance),
    "spoilt.bz2": lambda chance: spoilt(bz2.compress(plain(chance).encode()), chance),
    "spoilt.zip": lambda chance: spoilt(GOOD["texts.zip"](chance), chance),
    "spoilt.tar": lambda chance: spoilt(GOOD["texts.tar"](chance), chance, 40),
    "spoilt.parquet": lambda chance: spoilt(parquet(chance), chance),
    "spoilt.warc": lambda chance: spoilt(warc(chance), chance, 40),
    "spoilt.mhtml": lambda chance: spoilt(mhtml(chance), chance, 40),
    "spoilt.html": lambda chance: spoilt(page(chance).encode(), chance, 40),
    "spoilt.jsonl": lambda chance: spoilt(records(chance), chance, 12),
    "spoilt.csv": lambda chance: spoilt(table(chance), chance, 40),
    "locked.zip": lambda chance: encrypted(GOOD["texts.zip"](chance)),
    "out-of-it.zip": lambda _: zipped({"../../up.txt": b"Talks go on.", "/etc/cron.d/a": b"Talks go on."}),
    "out-of-it.tar": lambda _: tarred({"../../up.txt": b"Talks go on."}),
    "link.tar": lambda _: tarred({"a.txt": b""}, tarfile.SYMTYPE, "/etc/passwd"),
    "hard-link.tar": lambda _: tarred({"a.txt": b""}, tarfile.LNKTYPE, "/etc/passwd"),
    "device.tar": lambda _: tarred({"a.txt": b""}, tarfile.CHRTYPE),
    "too-deep.zip": lambda _: nested(4),
    "bomb.gz": lambda _: gzip.compress(bytes(80 * 2**20), 9, mtime=0),
    "bomb.zip": lambda _: zipped({"a.txt": bytes(80 * 2**20)}),
    "no-json.jsonl": lambda _: b'{"text": "Talks go on."\n{]\nnull\n12\n"a"\n[]\n{}\n{"text": 1}\n{"text": ""}\n',
    "deep.json": lambda _: b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep.jsonl": lambda _: b'{"text": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "surrogates.jsonl": lambda _: rb'{"text": "\ud800 \udfff", "id": "\ud83d", "title": "\udc00"}',
    "long-number.jsonl": lambda _: b'{"text": ' + b"9" * 50_000 + b"}",
    "no-column.csv": lambda _: b"a,b\n1,2\n",
    "stray-quote.csv": lambda chance: b'id,text\n1,"' + plain(chance).encode(),
    "ragged.csv": lambda _: b"id,text\n1\n2,a,b,c\n,\n",
    "no-column.parquet": lambda chance: parquet(chance, "body_of_water"),
    "not-found.warc": lambda chance: warc(chance, "404 Not Found"),
    "no-page.mhtml": lambda chance: mhtml(chance, "image/png"),
    "shell.html": lambda _: in_markup('<div id="root"></div><script>start()</script>'),
    "scripts.html": lambda _: in_markup("<script>" + "f();" * 500 + "</script><style>a{}</style><!-- a -->"),
    "login.html": lambda _: in_markup("<form><p>Log in to continue</p><input name=user><input type=password></form>"),
    "links.html": lambda _: in_markup("".join(f'<a href="/{n}">Link {n}</a> ' for n in range(300))),
    "deep.html": lambda _: in_markup("<div>" * 30_000),
    "deep-table.html": lambda _: in_markup("<table><tr><td>" * 10_000),
    "comments.html": lambda _: in_markup("<!-- -->" * 20_000),
    "open-comment.html": lambda _: in_markup("<!-- " * 20_000),
    "entities.xhtml": lambda _: (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">{LAUGHS}]>'.encode()
        + b"<html><body>&e11;</body></html>"
    ),
    "reaches-out.xhtml": lambda _: (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body>&a;</body></html>'
    ),
    "no-characters.html": lambda _: in_markup("&#0;&#x110000;&#xd800;&nosuch;"),
    "one-line.txt": lambda _: b"a b " * 300_000,
    "many-lines.txt": lambda _: b"a\n" * 150_000,
    "controls.txt": lambda chance: bytes(chance.randrange(1, 9) for _ in range(2_000)),
    "escapes.txt": lambda _: b"\x1b[2J\x1b]0;owned\x07" * 40,
    "bidi.txt": lambda _: "\u202e\u2066\u200f".encode() * 200,
    "unseen.txt": lambda _: "\u200b\ufeff\u2060".encode() * 300,
    "zalgo.txt": lambda _: ("a" + "\u0301\u0316\u0488" * 4_000).encode(),
    "odd-utf-16.txt": lambda _: b"\xff\xfe" + "Talks".encode("utf-16-le") + b"\xd8",
    "half-a-mark.txt": lambda _: b"\xef\xbb",
    "overlong.txt": lambda _: b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" * 60,
    "punctuation.txt": lambda _: b"?!.,;:-" * 3_000,
    "digits.txt": lambda _: b"1/2/03 " * 4_000,
}


def written(folder: Path, kinds: Mapping[str, Maker], count: int, seed: int) -> Iterator[str]:
    """Fills a folder with files of these kinds in turn; yields their names. The same seed makes the same files."""
    names = list(kinds)
    for number in range(count):
        kind = names[number % len(names)]
        name = f"{number % 97:02}/{number:06}-{kind}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(kinds[kind](random.Random(f"{seed} {number}")))
        yield name


def odd_places(folder: Path) -> int:
    """Adds what is no file or has an odd name to a folder; returns how many are files that can be read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "folder.txt").mkdir()
    os.mkfifo(folder / "pipe.txt")
    names = [b"a\nb.txt", b"\x1b[2J.txt", b"\xff\xfe.txt", b"-", b"--json", b"a#1", b"b!c.txt", b"x" * 250]
    for name in names:
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(b"Talks go on. " + struct.pack(">H", 0x4142))
    return len(names)
