"""Bytes read as text, whatever encoding they are in."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import UnreadableError
from tasks.ingest.decode import decode

RUSSIAN = "Москва объявила о новых переговорах. Министр сказал, что встреча пройдёт в мае.\n" * 4
GERMAN = "Die Gespräche über höhere Löhne dauern an; »ein Ergebnis« wäre möglich, hieß es.\n" * 4
JAPANESE = "東京で開かれた会議で、首相は新しい計画を発表した。詳細は来週公表される。\n" * 4
KOREAN = "서울에서 열린 회의에서 총리는 새로운 계획을 발표했다. 자세한 내용은 다음 주에 공개된다.\n" * 4
CHINESE = "北京举行的会议上，总理宣布了新的计划。详情将于下周公布，记者从会议上获悉。\n" * 4


TAIWANESE = "臺北舉行的會議上，總理宣布了新的計畫。詳情將於下週公布，記者從會議上獲悉。\n" * 4


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GERMAN, "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
    ],
)
def test_an_encoding_that_nobody_names_is_guessed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("label", ["windows-1251", "koi8-r", "iso-8859-5"])
def test_a_declared_encoding_is_believed(label: str) -> None:
    page = f'<html><head><meta charset="{label}"></head><body><p>Да</p></body></html>'
    assert decode(page.encode(label))[0] == page


def test_a_declared_encoding_is_not_believed_against_the_bytes() -> None:
    page = '<html><head><meta charset="us-ascii"></head><body><p>Löhne – »höher«</p></body></html>'
    assert decode(page.encode()) == (page, "utf-8")


def test_latin_1_is_read_as_a_browser_reads_it() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>It’s “so” – naïve</p></body></html>'
    assert decode(page.encode("cp1252")) == (page, "cp1252")


@pytest.mark.parametrize(
    ("mark", "encoding", "named"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_text(mark: bytes, encoding: str, named: str) -> None:
    assert decode(mark + RUSSIAN.encode(encoding)) == (RUSSIAN, named)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zeros(encoding: str) -> None:
    text = "The talks went on all night, and nobody left the room.\n" * 3
    assert decode(text.encode(encoding)) == (text, encoding)


def test_utf_8_that_was_cut_in_a_character_loses_that_character_only() -> None:
    text, encoding = decode(RUSSIAN.encode()[:102])
    assert encoding == "utf-8"
    assert text == RUSSIAN.encode()[:101].decode() + "\ufffd"


def test_one_stray_byte_in_ascii_is_no_reason_to_refuse_the_text() -> None:
    text, _ = decode(b"A plain text in English that goes on for a while. " * 4 + b"caf\xe9 and more of it.")
    assert text.endswith("café and more of it.")


@pytest.mark.parametrize("raw", [b"", b" \r\n\t ", "\ufeff \n".encode(), codecs.BOM_UTF16_LE])
def test_a_file_that_shows_nothing_is_empty(raw: bytes) -> None:
    with pytest.raises(UnreadableError) as wrong:
        decode(raw)
    assert wrong.value.reason == "empty"


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7 text",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"JFIF" * 9,
        bytes(range(256)) * 16,
        b"a\0" * 9 + b"\0\0\0a" * 50,
    ],
)
def test_what_is_no_text_is_binary(raw: bytes) -> None:
    with pytest.raises(UnreadableError) as wrong:
        decode(raw)
    assert wrong.value.reason == "binary"


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_text_in_utf_8_is_read_as_it_is_or_refused_as_binary(text: str) -> None:
    try:
        assert decode(text.encode()) == (text.removeprefix("\ufeff"), "utf-8")
    except UnreadableError as wrong:
        assert wrong.reason in ("binary", "empty")


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused_with_a_reason(raw: bytes) -> None:
    try:
        text, encoding = decode(raw)
    except UnreadableError as wrong:
        assert wrong.reason in ("binary", "empty", "undecodable")
    else:
        codecs.lookup(encoding)
        text.encode("utf-8")
