"""What a browser would show of some markup, and what the markup says of each line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.page import lay_out, parse


def text_of(html: str) -> str:
    return lay_out(html).text


def test_paragraphs_are_parted_by_a_blank_line_and_divs_by_a_line_break() -> None:
    assert text_of("<p>One <b>two</b>\n three</p><p>four</p><div>five</div><div>six</div>") == (
        "One two three\n\nfour\n\nfive\nsix"
    )


def test_a_line_break_ends_the_line_and_two_leave_room() -> None:
    assert text_of("<p>one<br>two<br><br>three</p>") == "one\ntwo\n\nthree"


def test_cells_of_a_row_share_a_line() -> None:
    assert text_of("<table><tr><th>Team<th>Points<tr><td>Ajax<td>7</table>") == "Team  Points\nAjax  7"


def test_preformatted_text_keeps_its_lines() -> None:
    assert text_of("<pre>one\ntwo</pre>") == "one\ntwo"


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<template><p>x</p></template>",
        "<noscript>x</noscript>",
        "<div hidden>x</div>",
        "<div style='display: none'>x</div>",
        "<span class='btn sr-only'>x</span>",
        "<dialog>x</dialog>",
        "<svg><title>x</title></svg>",
    ],
)
def test_what_a_browser_hides_is_not_in_the_text(hidden: str) -> None:
    assert text_of(f"<p>before {hidden} after</p>").split() == ["before", "after"]


def test_a_part_that_a_framework_streams_in_is_shown() -> None:
    assert text_of("<div hidden id='S:0'><p>The article.</p></div>") == "The article."


def test_a_block_tells_its_tag_its_links_and_its_surroundings() -> None:
    layout = lay_out("<article class='Story'><p>Read <a href='/'>this</a></p></article><nav><a>Home</a></nav>")
    story, menu = layout.blocks
    assert (story.tag, "article" in story.inside, "story" in story.marks) == ("p", True, True)
    assert 0 < story.linked < 1
    assert (menu.linked, "nav" in menu.inside) == (1.0, True)
    assert story.end - story.start == len("Read this")


@pytest.mark.parametrize("rubbish", ["", "  ", "\0", "<", "<!--", "<![CDATA[", "<?xml version='1.0' encoding='x'?>"])
def test_rubbish_is_an_empty_page_and_no_error(rubbish: str) -> None:
    assert text_of(rubbish).strip() in ("", "<")


@pytest.mark.parametrize("tag", ["div", "b", "td"])
def test_a_page_of_endless_nesting_keeps_its_text(tag: str) -> None:
    page = f"<{tag}>" * 20_000 + "deep" + f"</{tag}>" * 20_000 + "<p>after</p>"
    assert text_of(page).split() == ["deep", "after"]
    assert " ".join(parse(page).itertext()).split() == ["deep", "after"]


def test_what_comes_after_a_stray_end_of_the_page_belongs_to_it() -> None:
    page = "<html><body><nav>Menu</nav></BODY></html ><p>The article.</p></body></html>"
    assert text_of(page) == "Menu\n\nThe article."
    assert [one.text for one in parse(page).iter("p")] == ["The article."]


@given(st.text(alphabet=st.sampled_from("ab <>/=&;\n\t\u00a0pdivbrltuesc'\"#x0ä日\0"), max_size=80))
def test_every_block_is_a_line_of_the_text_with_something_on_it(html: str) -> None:
    layout = lay_out(html)
    shown = [layout.text[block.start : block.end] for block in layout.blocks]
    assert shown == [line for line in layout.text.split("\n") if line]
    assert all(line.strip() for line in shown)


def test_tags_that_are_never_closed_take_no_square_of_the_page_to_flatten() -> None:
    assert text_of("<div>" * 3_000 + "deep" + "<a " * 300_000) == "deep"
