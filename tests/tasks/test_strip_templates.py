"""What an outlet prints on every page, learnt as its articles pass."""

import hashlib
import random
from collections.abc import Sequence

import pyarrow as pa
import pytest

from tasks.ingest import Document
from tasks.stage import to_table
from tasks.strip import Printing, Repeat, Span, StripSettings, batch_of, label, learn, printings, strip

WORDS = "ferry harbour island captain winter council bridge school market storm quiet engine people morning".split()
BELONGS = "This newspaper was founded by the fishermen of the island, and it belongs to them to this day."
ABOUT = "It is printed on every working day in the old net loft."


def paragraph(seed: str) -> str:
    chosen = random.Random(seed).choices(WORDS, k=24)
    return f"On Monday the {' '.join(chosen[:12])}, and then the {' '.join(chosen[12:])}, the mayor of Ulverton said."


def document(name: str, *lines: str, outlet: str = "island") -> Document:
    text = "\n\n".join(lines) + "\n"
    doc_id = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Document(doc_id, f"{outlet}/{name}.txt", "text", "utf-8", 0, "", text, 0)


def article(number: int, *more: str, outlet: str = "island") -> Document:
    own = [paragraph(f"{outlet} {number} {at}") for at in range(4)]
    return document(f"{outlet}{number}", *own, *more, outlet=outlet)


def printed(documents: Sequence[Document]) -> pa.Table:
    """The printings of documents of which every line is kept."""
    return to_table(Printing, printings(batch_of(documents, [every_line(one) for one in documents]), {}, {}))


def every_line(document: Document) -> list[Span]:
    ends = [at + 1 for at, sign in enumerate(document.text) if sign == "\n" and document.text[at - 1] != "\n"]
    starts = [0, *ends[:-1]]
    return [Span(document.doc_id, start, end, "body", "r", 1.0) for start, end in zip(starts, ends, strict=True)]


def learnt(*parts: Sequence[Document], least: int = 4) -> list[Repeat]:
    found = learn({str(at): printed(part) for at, part in enumerate(parts)}, StripSettings(repeats=least))
    return sorted(Repeat(**row) for _, rows in found for row in rows.to_pylist())


def test_a_line_repeats_from_the_fourth_article_on() -> None:
    assert learnt([article(number, BELONGS) for number in range(3)]) == []
    found = learnt([article(number, BELONGS) for number in range(4)])
    assert len(found) == 4
    assert len({row.line for row in found}) == 1


def test_what_four_outlets_print_once_each_does_not_repeat() -> None:
    assert learnt([article(1, BELONGS, outlet=outlet) for outlet in ("island", "coast", "hill", "town")]) == []


@pytest.mark.parametrize("line", ["Pros", "Harbour news"])
def test_a_line_of_few_words_is_not_counted(line: str) -> None:
    assert learnt([article(number, line) for number in range(6)]) == []


def test_copies_of_one_article_count_once() -> None:
    wire = [paragraph(f"wire {at}") for at in range(5)]
    copies = [document(f"copy{number}", *wire, ABOUT) for number in range(6)]
    assert learnt(copies) == []


def test_an_article_and_what_was_cut_from_it_count_once() -> None:
    wire = [paragraph(f"wire {at}") for at in range(8)]
    cut = [document(f"cut{size}", *wire[:size]) for size in (2, 3, 4, 5)]
    assert learnt([document("whole", *wire), *cut]) == []


def test_parts_may_be_cut_and_counted_in_any_order() -> None:
    documents = [article(number, BELONGS, *([ABOUT] if number % 2 else [])) for number in range(9)]
    whole = learnt(documents)
    assert {row.doc_id for row in whole} == {one.doc_id for one in documents}
    assert learnt(documents[5:], documents[:5]) == learnt(documents[::-1]) == whole


def lines_of(documents: Sequence[Document], doc_id: str) -> frozenset[int]:
    return frozenset(row.line for row in learnt(documents) if row.doc_id == doc_id)


def stripped(document: Document, others: Sequence[Document]) -> dict[str, str]:
    repeated = {document.doc_id: lines_of([document, *others], document.doc_id)}
    spans, _ = strip([document], {}, StripSettings(), repeated=repeated)
    return {document.text[span.start : span.end].strip(): span.rule for span in spans}


OTHERS = [article(number, BELONGS, ABOUT) for number in range(1, 5)]


def test_what_is_on_every_page_is_removed_with_the_rule_that_says_why() -> None:
    found = stripped(article(9, BELONGS, ABOUT), OTHERS)
    assert (found[BELONGS], found[ABOUT]) == ("outlet-repeats", "outlet-repeats")
    assert list(found.values()).count("outlet-repeats") == 2


def test_a_paragraph_amid_others_that_do_not_repeat_is_background_and_stays() -> None:
    amid = document("amid", paragraph("a"), BELONGS, paragraph("b"), paragraph("c"))
    assert "outlet-repeats" not in stripped(amid, OTHERS).values()


def test_a_document_that_is_mostly_repeated_is_no_template() -> None:
    assert (
        "outlet-repeats" not in stripped(document("short", ABOUT, BELONGS, "Nothing else is in here."), OTHERS).values()
    )


def test_only_what_the_labels_keep_is_counted() -> None:
    one = article(1, "© 2022 The Island Post. All rights reserved by its readers.")
    [found] = label([one], {}).printings
    assert found.outlet == "island"
    assert (len(found.notes), len(found.paragraphs)) == (0, 4)
