"""Bytes as text: the encoding is read from a byte-order mark, tried as UTF-8, declared, or guessed, in this order."""

import codecs
import re

from charset_normalizer import CharsetMatch, from_bytes

from tasks.errors import UnreadableError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
)
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=["']([\w.:-]{2,40})""", re.I
)
CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
BEGINNING = 100_000
# A browser reads these labels as their Windows supersets (WHATWG Encoding, section 4.2).
SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
FEWEST_BYTES = 16  # of UTF-16 without a mark: where zeros stand tells nothing in less
GUESS_BYTES = 64 * 1024
# What news was ever published in (WHATWG Encoding, section 4.2, less what its supersets read). The rare code pages that
# charset-normalizer tries besides fit a French or German text as well as cp1252 does, but for its quotation marks.
PUBLISHED = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866"),
    *("koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_15"),
    *("cp932", "euc_jp", "iso2022_jp", "gb18030", "big5hkscs", "cp949"),
)
# How much of a text charset-normalizer may find odd (a page is full of menus and figures), and how near to the best
# the first must come to be chosen: measured on 134 texts of 18 languages, each in the encodings of its country.
CHAOS = 0.4
NEAR = 0.035


def decode(raw: bytes, named: str | None = None) -> tuple[str, str]:
    """The text and the encoding it was read in, without a byte-order mark; `named` is the one that a header named.

    Raises UnreadableError: `empty`, `binary`, or `undecodable`.
    """
    if not raw.strip():
        raise UnreadableError("empty", f"{len(raw)} bytes, none of them shows anything")
    for magic, what in MAGIC:
        if raw.startswith(magic):
            raise UnreadableError("binary", f"found {what}, wanted text or HTML")
    text, encoding = marked(raw) or unmarked(raw, named)
    beginning = text[:BEGINNING]
    encoded = beginning.encode("utf-8", "surrogatepass")
    controls = len(encoded) - len(encoded.translate(None, CONTROLS))
    if controls * 20 > len(beginning):
        raise UnreadableError("binary", f"{controls} control characters in the first {len(beginning)}")
    if not text.strip():
        raise UnreadableError("empty", f"{len(raw)} bytes of {encoding}, none of them shows anything")
    return text, encoding


def marked(raw: bytes) -> tuple[str, str] | None:
    """The text of bytes that begin with a byte-order mark; None without one."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding.removesuffix("-sig")
    return None


def unmarked(raw: bytes, named: str | None) -> tuple[str, str]:
    """The text of bytes without a mark."""
    if b"\0" in raw[:4096]:
        return two_bytes_a_character(raw)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return read_in(named, raw) or declared(raw) or nearly_utf8(raw) or guessed(raw)


def two_bytes_a_character(raw: bytes) -> tuple[str, str]:
    """The text of UTF-16 without a mark, told by the half in which the zeros stand; else UnreadableError."""
    sample = raw[:4096] if len(raw) >= FEWEST_BYTES else b""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for zeros, others, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if zeros * 5 > len(sample) and others * 50 < len(sample):
            return raw.decode(encoding, errors="replace"), encoding
    raise UnreadableError("binary", f"{raw[:4096].count(0)} zero bytes in the first {len(raw[:4096])}")


def declared(raw: bytes) -> tuple[str, str] | None:
    """The text in the encoding that the markup declares; None where it declares none, or a wrong one."""
    found = DECLARED.search(raw[:4096])
    return read_in((found.group(1) or found.group(2)).decode("ascii"), raw) if found else None


def read_in(label: str | None, raw: bytes) -> tuple[str, str] | None:
    """The text in the encoding of a label; None without one, and where it is unknown or wrong."""
    if label is None:
        return None
    try:
        encoding = codecs.lookup(SUPERSETS.get(label.lower(), label)).name
        return raw.decode(encoding), encoding
    except (LookupError, ValueError):
        return None


def nearly_utf8(raw: bytes) -> tuple[str, str] | None:
    """The text of UTF-8 in which a few bytes are broken, each shown as U+FFFD; None where it is no UTF-8.

    A scraper that cuts at a number of bytes leaves half a character; guessing would then turn the rest to mojibake.
    """
    text = raw.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    beyond_ascii = sum(1 for char in text if char > "\x7f") - broken
    return (text, "utf-8") if broken * 10 <= beyond_ascii else None


def guessed(raw: bytes) -> tuple[str, str]:
    """The text in the likeliest encoding, or in the one most published in where that is nearly as likely.

    Raises UnreadableError where none fits.
    """
    matches = from_bytes(raw[:GUESS_BYTES], cp_isolation=list(PUBLISHED), threshold=CHAOS)
    scored = [(match.coherence - 2 * match.chaos, match) for match in matches]
    if not scored:
        raise UnreadableError("undecodable", "no encoding fits; save the file as UTF-8")
    best = max(score for score, _ in scored)
    usual = any(score >= best - NEAR and PUBLISHED[0] in fitting(match) for score, match in scored)
    likely = {name for score, match in scored if score == best for name in fitting(match)}
    encoding = PUBLISHED[0] if usual else next(name for name in PUBLISHED if name in likely)
    return raw.decode(encoding, errors="replace"), encoding


def fitting(match: CharsetMatch) -> set[str]:
    """The encodings in which the bytes are the text of a match."""
    return {match.encoding, *match.could_be_from_charset}
