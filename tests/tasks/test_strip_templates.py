"""What an outlet prints on every page, learnt as its articles pass."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest import Document
from tasks.strip import StripSettings, strip
from tasks.strip.templates import Printing, count_lines, put_together, repeating_lines

OWN = "The ferry number {} left the harbour on Monday morning with two hundred people and their cars on board."
ALWAYS = "This newspaper was founded by the fishermen of the island, and it belongs to them to this day."


def document(number: int) -> Document:
    name = f"d{number}"
    return Document(name, name, "text", "utf-8", 0, "", f"{OWN.format(number)}\n\n{ALWAYS}\n", 0)


def counted(numbers: range, articles: dict[str, str] | None = None) -> list[Printing]:
    documents = [document(number) for number in numbers]
    return count_lines(documents, {one.doc_id: "island.example" for one in documents}, articles or {})


def test_a_line_repeats_from_the_fourth_article_on() -> None:
    assert repeating_lines(counted(range(3))) == {}
    assert len(repeating_lines(counted(range(4)))["island.example"]) == 1


def test_copies_of_one_article_count_once() -> None:
    copies = {f"d{number}": "d0" for number in range(4)}
    assert repeating_lines(counted(range(4), copies)) == {}


def test_a_repeating_line_is_removed_with_the_rule_that_says_why() -> None:
    lines = repeating_lines(counted(range(4)))["island.example"]
    spans, _ = strip([document(9)], {}, StripSettings(), repeated={"d9": lines})
    assert [(span.kind, span.rule) for span in spans][1] == ("boilerplate", "outlet-repeats")
    assert spans[0].kind == "body"


printings = st.lists(st.builds(Printing, st.sampled_from("ab"), st.integers(1, 3), st.sampled_from("uvwxyz")))


@given(printings, printings)
def test_parts_may_be_counted_in_any_order(one: list[Printing], two: list[Printing]) -> None:
    assert put_together([*put_together(one), *put_together(two)]) == put_together([*two, *one])
    assert all(len(list(rows)) <= 4 for _, rows in itertools.groupby(put_together(one), key=lambda row: row[:2]))
