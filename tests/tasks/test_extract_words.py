"""Words as extract looks for them: told quickly, and none of them missed."""

import re

import pytest

from tasks.extract.layout import holds, lay_out
from tasks.extract.vocabulary import LOOKED_FOR, lists, words_of
from tasks.text import folded

TEXTS = (
    "",
    "Plain words, 2 of them; snake_case too.",
    "Straße İstanbul ﬁnal ΌΣΟΣ\nзаря – день\n\n日本の新聞 ไทยรัฐ é́",
    "𝐁𝐨𝐥𝐝 letters beyond the basic plane 🗞 and a figure ²",
    "controls\x1cthat\x85split\u2028lines and \ud800 half a pair",
)


@pytest.mark.parametrize("text", TEXTS)
def test_the_words_of_a_folded_text_are_those_that_a_search_finds(text: str) -> None:
    searched = [re.findall(r"[^\W_]+", line.casefold()) for line in text.split("\n")]
    assert [line.split() for line in folded(text).split("\n")] == searched
    assert [words_of(line) for line in text.split("\n")] == searched


@pytest.mark.parametrize("name", LOOKED_FOR)
def test_every_entry_of_a_list_is_found_in_a_line_and_in_capitals(name: str) -> None:
    for entry in (entry.rstrip("*") for entry in lists()[name]):
        lines = lay_out(f"{entry} Anna Berg\n{entry.upper()} ANNA BERG", (), None).lines
        assert holds(name, lines[0]), entry
        assert holds(name, lines[1]) or entry.upper().casefold() != entry.casefold(), entry


def test_the_dotted_capital_of_turkish_hides_no_word_for_the_publishing_day() -> None:
    assert holds("published", lay_out("HABER GİRİŞİ: 12.05.2020", (), "tr").lines[0])
