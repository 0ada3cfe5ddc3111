"""What an outlet prints on every page: lines that four or more of its articles have.

Counted part by part and put together in any order: of each line of an outlet the four articles of the lowest names are
kept, which is all that tells four from three. Copies of one article count once, or the body of a wire story that four
papers printed would pass for boilerplate.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from tasks.ingest import Document
from tasks.stage import table
from tasks.strip.segments import segments
from tasks.strip.tokens import line_numbers

ENOUGH = 4


@table("printings")
class Printing(NamedTuple):
    """A line of an outlet, and one of the at most four articles that show that it repeats."""

    outlet: Annotated[str, "the outlet: its domain, host or folder"]
    line: Annotated[int, "hash of the line's words"]
    article: Annotated[str, "the article that has the line; copies of one article bear one name"]


def count_lines(
    documents: Iterable[Document], outlets: Mapping[str, str], articles: Mapping[str, str]
) -> list[Printing]:
    """The printings of some documents, by `doc_id` the outlet of each and the article that it is a copy of.

    A document without an outlet is not counted; one without an article is its own.
    """
    known = [document for document in documents if document.doc_id in outlets and document.text]
    return put_together(
        Printing(outlets[document.doc_id], line, articles.get(document.doc_id, document.doc_id))
        for document in known
        for line in line_numbers([document.text[slice(*piece)] for piece in segments(document.text)])
        if line
    )


def put_together(printings: Iterable[Printing]) -> list[Printing]:
    """The printings of all parts, sorted, of each line no more than tell that it repeats."""
    kept: dict[tuple[str, int], set[str]] = {}
    for printing in printings:
        kept.setdefault((printing.outlet, printing.line), set()).add(printing.article)
    return [Printing(*key, article) for key in sorted(kept) for article in sorted(kept[key])[:ENOUGH]]


def repeating_lines(printings: Iterable[Printing]) -> dict[str, frozenset[int]]:
    """For each outlet the lines that four or more of its articles have."""
    counted: dict[tuple[str, int], int] = {}
    for printing in put_together(printings):
        counted[printing.outlet, printing.line] = counted.get((printing.outlet, printing.line), 0) + 1
    found: dict[str, set[int]] = {}
    for (outlet, line), count in counted.items():
        if count >= ENOUGH:
            found.setdefault(outlet, set()).add(line)
    return {outlet: frozenset(lines) for outlet, lines in found.items()}
