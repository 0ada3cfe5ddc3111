"""What a segment can be, and what a rule says when it knows one."""

from typing import Literal, NamedTuple, Protocol

Kind = Literal["body", "heading", "title", "byline", "dateline", "outlet", "credit", "caption", "boilerplate"]
KEPT = frozenset({"body", "heading"})


class Vote(NamedTuple):
    """What a rule takes a segment for, and how sure it is of it, 0 to 1."""

    kind: Kind
    rule: str
    score: float


class Labelled(Protocol):
    """What is needed of a span."""

    @property
    def start(self) -> int:
        """Where it starts."""

    @property
    def end(self) -> int:
        """Where it ends."""

    @property
    def kind(self) -> str:
        """What it is."""

    @property
    def score(self) -> float:
        """How sure that is."""
