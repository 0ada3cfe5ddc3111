"""What the labeller looks at, and how its forests answer."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tasks.page import Layout, lay_out
from tasks.strip import forest, tokens
from tasks.strip.article import standing
from tasks.strip.features import chain_columns, distance, own_columns
from tasks.strip.forest import Forest, probabilities
from tasks.strip.labeller import page_scores, shipped, text_columns
from tasks.strip.reading import near_article
from tasks.strip.rereading import cohesion_columns, main_run_columns, recurrence, rereading_columns
from tasks.strip.segments import segments
from tasks.strip.verdict import verdict
from tasks.text import Piece, lines


def read(*texts: str) -> tokens.Segments:
    return tokens.read(texts, [segments(text) for text in texts])


def asked(*layouts: Layout) -> list[int]:
    """The pages of which trafilatura's verdict is wanted."""
    found: list[int] = []

    def answer(number: int, likely: Sequence[float]) -> list[float]:
        found.append(number)
        return [0.5] * len(likely)

    page_scores(shipped(), layouts, [list(lines(layout.text)) for layout in layouts], answer)
    return found


def grown(trees: int, chance: np.random.Generator) -> Forest:
    return Forest(
        ("a", "b", "c"),
        chance.integers(0, 3, (trees, 4)).astype(np.int16),
        chance.random((trees, 4), np.float32),
        chance.random((trees, 16), np.float32) - 0.5,
        0.25,
    )


def said(wood: Forest, trees: int, row: NDArray[np.float32]) -> float:
    """The log odds of a row by the first trees of a forest."""
    total = wood.bias
    for features, borders, leaves in zip(wood.feature[:trees], wood.border[:trees], wood.leaf[:trees], strict=True):
        answers = (row[f] > b for f, b in zip(features, borders, strict=True))
        total += float(leaves[sum(answer << level for level, answer in enumerate(answers))])
    return total


def test_a_forest_sums_the_leaves_that_the_answers_number() -> None:
    chance = np.random.default_rng(1)
    wood, rows = grown(87, chance), chance.random((forest.ANSWERS // 80, 3), np.float32)
    for row, found in zip(rows[::100], probabilities(wood, rows)[::100], strict=True):
        assert found == pytest.approx(1 / (1 + np.exp(-said(wood, 87, row))))


def test_in_haste_a_forest_stops_where_its_first_trees_are_sure() -> None:
    chance = np.random.default_rng(1)
    wood, rows = grown(forest.FIRST + 87, chance), chance.random((200, 3), np.float32)
    sure = []
    for row, found in zip(rows, probabilities(wood, rows, hasty=True), strict=True):
        total = said(wood, forest.FIRST, row)
        sure.append(abs(total) >= forest.SURE)
        assert found == pytest.approx(1 / (1 + np.exp(-(total if sure[-1] else said(wood, len(wood.leaf), row)))))
    assert {*sure} == {True, False}


def test_the_main_run_is_the_stretch_of_a_document_that_pays_most() -> None:
    found = read("menu\n" * 3 + "paragraph\n" * 4 + "teaser\n" * 2 + "paragraph\n" + "footer\n" * 3, "other\ntext\n")
    score = np.array([100] * 3 + [900] * 4 + [450] * 2 + [900] + [100] * 3 + [900, 100])
    columns = main_run_columns(found, score, np.full(score.size, 50))
    assert columns["in-main"].tolist() == [0] * 3 + [1] * 4 + [1] * 2 + [1] + [0] * 3 + [1, 0]


def test_a_sentence_broken_at_its_links_is_one_chain() -> None:
    text = "The minister told \nthe daily\n that nothing would change before the winter.\nHome\n"
    found = read(text)
    columns = chain_columns(found, own_columns(found, shipped().lexicon))
    assert columns["chain-members"].tolist() == [3, 3, 3, 1]


def test_the_nearest_flag_is_looked_for_in_the_same_document_only() -> None:
    found = read("a\nb\nc\n", "d\ne\n")
    assert distance(np.array([1, 0, 0, 0, 1]), found, 1).tolist() == [99, 1, 2, 99, 99]


def test_the_second_reading_of_a_document_does_not_depend_on_its_batch() -> None:
    texts = [
        "One line.\nAnother, longer line of words that goes on for a while.\n",
        "Menu\nHome\nA line. And one more.\n",
    ]
    together, alone = read(*texts), [read(text) for text in texts]
    scores = np.linspace(0.1, 0.9, together.lines.size)
    parts = np.split(scores, together.bounds[1:-1])
    lexicon = shipped().lexicon
    both = rereading_columns(together, text_columns(together, lexicon), scores, lexicon)
    each = [
        rereading_columns(one, text_columns(one, lexicon), part, lexicon)
        for one, part in zip(alone, parts, strict=True)
    ]
    for name, column in both.items():
        assert column.tolist() == [value for columns in each for value in columns[name].tolist()], name


def test_a_paragraph_that_names_what_the_article_names_coheres_with_it() -> None:
    found = read(
        "Harbour pilots in Tromvik refused to board the Osterfell in the storm.\n"
        "The owners of the Osterfell said the harbour of Tromvik would be sued over it.\n"
        "Zebedee Quill wins the marathon of Lower Wapping for the third time in a row.\n"
    )
    columns = cohesion_columns(found, np.array([900, 400, 400]), np.array([70, 78, 77]), shipped().lexicon)
    assert columns["rare-cohesion"][1] > columns["rare-cohesion"][2]
    assert columns["cohesion"][1] > columns["cohesion"][2]


def test_a_credit_trails_the_sentence_of_a_caption() -> None:
    found = read("The bridge at noon. Jane Doe\nThe bridge was closed.\nMost read\n\n")
    assert found.trailing.tolist() == [2, 0, 2]


def test_a_word_recurs_where_another_sure_segment_has_it() -> None:
    found = read("Oslo twice: Oslo.\n", "Oslo said.\nOslo again.\n")
    segment, number, recurs = recurrence(found, np.array([True, True, False]))
    told = zip(segment.tolist(), number.tolist(), recurs.tolist(), strict=True)
    oslo = int(found.numbers[5])
    assert [(at, word == oslo) for at, word, is_one in told if is_one] == [(2, True)]
    assert sorted(segment.tolist()) == [0, 0, 1, 1, 2, 2]


def test_lines_far_from_the_article_are_not_read_by_rules() -> None:
    assert near_article(np.array([0.0] * 20 + [0.9] + [0.0] * 20)).count(False) == 40 - 15 - 5


def test_a_document_of_unknown_words_stands_nowhere_in_the_lexicon() -> None:
    entries, document = np.array([100, -100], np.int8), np.array([1, 1])
    assert standing(entries, document, 3).tolist() == [[0] * 5, [0, 0, 0, 0.5, 0.5], [0] * 5]


def test_an_emoji_beyond_the_basic_plane_is_read() -> None:
    assert tokens.read(["🚢 sails\n"], [[Piece(0, 8)]]).word_start.tolist() == [0, 1]


def test_a_segment_without_words_takes_nothing_from_its_neighbours() -> None:
    texts = ["::\n--", "Share this\n::\nRead also what the harbour master said"]
    alone = [text_columns(tokens.read([text], [segments(text)]), shipped().lexicon) for text in texts]
    together = text_columns(tokens.read(texts, [segments(text) for text in texts]), shipped().lexicon)
    for name, column in together.items():
        assert np.array_equal(column, np.concatenate([one[name] for one in alone])), name


def test_trafilatura_is_asked_of_pages_in_doubt_only() -> None:
    sentence = "The council voted on Monday to mend the old bridge before the winter comes, its mayor said. "
    story = lay_out(f"<article><h1>Town votes to mend its bridge</h1>{f'<p>{sentence * 3}</p>' * 4}</article>")
    teasers = lay_out("<div>Nobody in the town spoke of it, Ada said</div><div>Read on</div>" * 4)
    assert asked(story, teasers, story) == [1]


def test_fallbacks_find_an_article_in_odd_markup_and_are_not_asked_of_a_page_without_one() -> None:
    html = "<footer>Ada said the bridge would be mended before the winter comes, and Ben agreed with her.</footer>"
    layout = lay_out(html)
    assert (verdict(html, layout, [90.0]), verdict(html, layout, [0.0])) == ([1.0], [0.0])
