"""Two documents side by side: the passages both have, aligned, and between them what each has alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flows.report.shelf import Shelf

PAIRS_SHOWN = 40
ROWS_SHOWN = 40
HEAD, TAIL = 360, 160

PAIRS = """
    select * replace (left(why, 300) as why) from relations
    where kind in ('copy', 'excerpt', 'revision')
        and doc_id in (select unnest($ids)) and other in (select unnest($ids))
    qualify row_number() over (partition by kind order by doc_id, other) <= $most
    order by kind, doc_id, other limit $most
"""


class Aligned(NamedTuple):
    """A row of the comparison: one passage in both, or what each has alone at that place."""

    is_shared: bool
    left: str
    right: str


class Pair(NamedTuple):
    """A pair of documents, aligned; `more` is how many rows are not shown."""

    relation: Mapping[str, Any]
    rows: Sequence[Aligned]
    more: int


def pairs(shelf: Shelf, texts: Mapping[str, str]) -> list[Pair]:
    """The duplicates among the documents whose texts are given."""
    return [
        pair(relation, texts[relation["doc_id"]], texts[relation["other"]])
        for relation in shelf.ask(PAIRS, ids=list(texts), most=PAIRS_SHOWN)
    ]


def pair(relation: Mapping[str, Any], left: str, right: str) -> Pair:
    """A pair with its texts aligned."""
    within = [passage for passage in relation["shared"] if is_within(passage, left, right)]
    rows = list(aligned(left, right, within)) if within else []
    return Pair(relation, rows[:ROWS_SHOWN], max(0, len(rows) - ROWS_SHOWN) + len(relation["shared"]) - len(within))


def is_within(passage: Mapping[str, int], left: str, right: str) -> bool:
    """Whether a passage begins in what is shown of either text."""
    return passage["start"] < len(left) and passage["other_start"] < len(right)


def aligned(left: str, right: str, shared: Sequence[Mapping[str, int]]) -> Iterator[Aligned]:
    """Shared passages in the order of the left text, and what stands between them on either side.

    >>> list(aligned("By A. One two.", "One two. End.", [{"start": 6, "other_start": 0, "length": 8}]))[1]
    Aligned(is_shared=True, left='One two.', right='One two.')
    """
    left_end = right_end = 0
    for passage in sorted(shared, key=lambda passage: passage["start"]):
        start, other, length = passage["start"], passage["other_start"], passage["length"]
        yield from alone(left[left_end:start], right[right_end:other])
        yield Aligned(True, shortened(left[start : start + length]), shortened(right[other : other + length]))
        left_end, right_end = max(left_end, start + length), max(right_end, other + length)
    yield from alone(left[left_end:], right[right_end:])


def alone(left: str, right: str) -> Iterator[Aligned]:
    """The row of what each has alone, where either has anything."""
    if left.strip() or right.strip():
        yield Aligned(False, shortened(left), shortened(right))


def shortened(text: str) -> str:
    """The text on one line, its middle left out where it is long."""
    line = " ".join(text.split())
    if len(line) <= HEAD + TAIL:
        return line
    return f"{line[:HEAD]} … ({len(line) - HEAD - TAIL:,} characters) … {line[-TAIL:]}"
