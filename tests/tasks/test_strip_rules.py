"""The rules that know a line by what it says: those that are asked are all that could know it."""

import pytest

from tasks.strip.rules import RULES, line_vote, opens_as_label

LABELS = (
    *("By Jane Doe", "Von Max Muster", "Author: jdoe", "記者 田中太郎 山田花子", "Photo: Harbour Board", "Quelle: dpa"),
    *(
        "12 Kommentare",
        "コメント 3",
        "Share | Print",
        "Read also: The pier",
        "Читайте также: о мосте",
        "About the author",
    ),
    *("Sign up for the letter", "Подпишитесь на рассылку", "Ayrıca oku: liman", "Source: Harbour Board", "Yazdır"),
)


@pytest.mark.parametrize("line", [*LABELS, *map(str.upper, LABELS), "YAZDIR", "YAZDİR", "PAYLAŞ", "Pier opens"])
def test_a_rule_that_is_not_asked_would_have_been_silent(line: str) -> None:
    assert line_vote(line) == next((vote for rule in RULES if (vote := rule(line))), None)


@pytest.mark.parametrize("line", LABELS)
def test_a_label_opens_as_one(line: str) -> None:
    assert opens_as_label(line)
    assert line_vote(line)


@pytest.mark.parametrize(
    "line", ["Monday, 3 March 2014, 10:15", "Stand: 3. März 2014, 10:15 Uhr", "5:30 p.m. | 3.3.2014"]
)
def test_a_line_of_dates_alone_is_a_dateline(line: str) -> None:
    vote = line_vote(line)
    assert vote is not None
    assert vote.rule == "date-line"


@pytest.mark.parametrize("line", ["The pier opened on 3 March 2014", "3 March 2014: the pier", "10:15 Pier"])
def test_a_date_with_other_words_is_no_dateline(line: str) -> None:
    vote = line_vote(line)
    assert vote is None or vote.rule != "date-line"
