"""The closing table shows scraped text harmlessly wherever it arrives."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.summary import Summary, as_json, as_markdown, as_text, escaped, shown

DONE = Summary(5, 3, 1, 2, 1, 1, 2.5, Path("data/snapshots/x"), True)


def test_the_terminal_sees_the_numbers_and_where_to_look():
    text = as_text(DONE)
    assert "published a new snapshot" in text and "data/snapshots/x" in text
    assert "1 inputs could not be used" in text


def test_a_run_that_changed_nothing_says_so():
    assert "nothing changed" in as_text(DONE._replace(is_new=False))


def test_a_program_reads_the_closing_table_as_json():
    assert json.loads(as_json(DONE))["articles"] == 3


def test_markdown_has_a_row_a_figure():
    assert "| articles | 3 |" in as_markdown(DONE)


@given(
    st.one_of(
        st.text(), st.sampled_from(["[x](javascript:1)", "<img src=x onerror=1>", "| a | b |", "# h", "`c`", "a\n- b"])
    )
)
def test_escaped_text_arrives_as_text(text):
    """Rendered by CommonMark, escaped text has no element of its own beyond its paragraph."""
    tokens = MarkdownIt("commonmark").enable("table").parse("x " + escaped(text))
    inline = [child.type for token in tokens for child in token.children or []]
    assert {token.type for token in tokens} == {"paragraph_open", "inline", "paragraph_close"}
    assert set(inline) <= {"text", "softbreak", "text_special"}


@given(st.text())
def test_shown_text_moves_no_cursor_and_turns_no_writing_direction(text):
    assert not set(shown(text)) & set("\x1b\x07\x08\r\x9b\u202e\u2066\u200f")
