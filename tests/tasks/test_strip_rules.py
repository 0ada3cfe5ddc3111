"""The rules that know a line by what it says: those that are asked are all that could know it."""

import pytest

from tasks.strip.rules import RULES, line_votes

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


# Each is known by a rule that is asked only where RE2 finds what it needs.
OTHERS = (
    *(
        "HARBOUR TOWN (Reuters) -",
        "* * *",
        "3 March 2014",
        "The pier at dawn (AFP Photo)",
        "PolitikWirtschaftSportKultur",
    ),
    *(
        "© 2014 Harbour Board",
        "Copyright\u00a02014 Harbour Board",
        "She sails. You can follow her on Twitter.",
        "By\u3000Jane Doe",
    ),
    *("٣ مارس ٢٠١٤ 10:15", "icon " + " ".join(f"{name}icon" for name in "bookmark camera search bell".split() * 6)),
)


@pytest.mark.parametrize(
    "line", [*LABELS, *map(str.upper, LABELS), *OTHERS, "YAZDIR", "YAZDİR", "PAYLAŞ", "Pier opens"]
)
def test_a_rule_that_is_not_asked_would_have_been_silent(line: str) -> None:
    votes = (rule.vote(line) for rule in RULES if rule.over < len(line) <= rule.up_to)
    assert line_votes([line]).get(line) == next((vote for vote in votes if vote), None)


@pytest.mark.parametrize("line", [*LABELS, *OTHERS])
def test_a_label_is_known_by_a_rule_amid_other_lines(line: str) -> None:
    assert line in line_votes(["Pier opens", line, "The pier is open again, the mayor said."])


def test_half_a_character_keeps_no_line_from_being_read() -> None:
    assert line_votes(["\ud83d", "Share"])["Share"].rule == "buttons"


@pytest.mark.parametrize(
    "line", ["Monday, 3 March 2014, 10:15", "Stand: 3. März 2014, 10:15 Uhr", "5:30 p.m. | 3.3.2014"]
)
def test_a_line_of_dates_alone_is_a_dateline(line: str) -> None:
    assert line_votes([line])[line].rule == "date-line"


@pytest.mark.parametrize("line", ["The pier opened on 3 March 2014", "3 March 2014: the pier", "10:15 Pier"])
def test_a_date_with_other_words_is_no_dateline(line: str) -> None:
    assert "date-line" not in {vote.rule for vote in line_votes([line]).values()}
