"""Mojibake is read again where it is certain, and nothing else is touched."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest.mojibake import mended

CASES = Path(__file__).parents[1] / "cases" / "ingest"
TEXTS = {
    "German": "Die Gespräche über höhere Löhne dauern an; »ein Ergebnis« wäre möglich, hieß es.\n",
    "French": "Le président a déclaré : « C’est une première étape », à Noël, où l’œuvre naît…\n",
    "Russian": "Москва объявила о новых переговорах. Министр сказал, что встреча пройдёт в мае.\n",
    "Japanese": "東京で開かれた会議で、首相は新しい計画を発表した。詳細は来週公表される。\n",
    "Polish": "Zażółć gęślą jaźń, powiedział „minister” spraw zagranicznych – i wyszedł.\n",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("misread", ["latin-1", "sloppy-windows-1252"])
def test_utf_8_that_was_read_as_one_byte_a_character_is_read_again(language, misread):
    import ftfy.bad_codecs  # noqa: F401

    text = TEXTS[language] * 3
    again, encoding = mended(text.encode().decode(misread))
    assert (again, encoding) == (text, "cp1252")


def test_utf_8_that_was_read_as_cyrillic_is_read_again():
    import ftfy.bad_codecs  # noqa: F401

    text = TEXTS["Russian"]
    assert mended(text.encode().decode("sloppy-windows-1251")) == (text, "cp1251")


def test_a_line_that_was_read_rightly_stays_beside_one_that_was_not():
    import ftfy.bad_codecs  # noqa: F401

    good, bad = TEXTS["German"], TEXTS["French"].encode().decode("sloppy-windows-1252")
    assert mended(good + bad + good) == (good + TEXTS["French"] + good, "cp1252")


@pytest.mark.parametrize("language", TEXTS)
def test_text_that_was_read_rightly_is_not_touched(language):
    assert mended(TEXTS[language] * 3) == (TEXTS[language] * 3, None)


@pytest.mark.parametrize("line", (CASES / "keep-mojibake.txt").read_text(encoding="utf-8").splitlines())
def test_what_only_looks_like_mojibake_is_kept(line):
    assert mended(f"{line}\n" * 4) == (f"{line}\n" * 4, None)


@given(st.text(max_size=80))
def test_repair_never_fails_and_never_repeats_itself(text):
    again, encoding = mended(text)
    assert encoding is None or again != text
