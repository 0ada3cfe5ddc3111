"""What a segment can be, and what a rule says when it knows one."""

from typing import Literal, NamedTuple

Kind = Literal["body", "heading", "title", "byline", "dateline", "outlet", "credit", "caption", "boilerplate"]
KEPT = frozenset({"body", "heading"})


class Vote(NamedTuple):
    """What a rule takes a segment for, and how sure it is of it, 0 to 1."""

    kind: Kind
    rule: str
    score: float
