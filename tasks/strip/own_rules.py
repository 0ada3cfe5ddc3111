"""Rules of the user's own, from a TOML file: they decide over copydesk's rules and over the labeller.

    [[rule]]
    name = "lottery-box"            # printed in the evidence
    pattern = '^Lottozahlen\\b'      # searched for in each segment, capitals or not
    kind = "boilerplate"            # or body, heading, title, byline, dateline, outlet, credit, caption
    domain = "post.example"         # optional: only documents of this host, or of one below it
    outlet = "Example Post"         # optional: only documents of this outlet, as their sidecar or folder names it

The patterns are those of RE2, which pyarrow brings along: no backtracking, so none can take for ever on a line made
for it; no look-around and no back references either. The first rule that knows a segment decides.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tasks.errors import UsageError
from tasks.strip.kinds import Kind, Vote
from tasks.strip.origins import Origin
from tasks.strip.sieve import column, having
from tasks.toml import table_in


def searchable(pattern: str) -> str:
    """The pattern; raises ValueError where RE2 cannot read it."""
    try:
        having(pattern, column([""]))
    except pa.ArrowInvalid as wrong:
        raise ValueError(f"no regular expression of RE2: {str(wrong).split(': ', 1)[-1]}") from None
    return pattern


class OwnRule(BaseModel):
    """One rule as its file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    pattern: Annotated[str, Field(min_length=1), AfterValidator(searchable)]
    kind: Kind
    domain: str | None = None
    outlet: str | None = None

    def is_for(self, origin: Origin) -> bool:
        """Whether the rule is meant for documents that come from there."""
        return (not self.domain or origin.is_at(self.domain)) and (not self.outlet or origin.is_of(self.outlet))


def own_rules(file: str) -> tuple[OwnRule, ...]:
    """The rules of a file, in order; none where no file is named.

    Raises UsageError, naming the file and the rule, for what is no rule.
    """
    if not file:
        return ()
    table = table_in(Path(file), "rules")
    unknown = sorted(table.keys() - {"rule"})
    if unknown or not isinstance(table.get("rule", []), list):
        raise UsageError(f"{file}: found {', '.join(unknown) or 'rule'}, wanted nothing but [[rule]] tables")
    return tuple(own_rule(file, number, found) for number, found in enumerate(table.get("rule", []), 1))


def own_rule(file: str, number: int, found: Any) -> OwnRule:
    """One rule of a file."""
    try:
        return OwnRule.model_validate(found)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        key, told = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{file}: rule {number}, {key}: {told}, found {first['input']!r}") from None


def overruled(shown: Sequence[str], rules: Sequence[OwnRule]) -> list[Vote | None]:
    """What the first rule that knows it says of each segment; None of one that no rule knows."""
    said: list[Vote | None] = [None] * len(shown)
    lines = column(shown)
    for rule in reversed(rules):
        for at in having(rule.pattern, lines, ignore_case=True):
            said[at] = Vote(rule.kind, rule.name, 1.0)
    return said
