"""The hard kinds of line, a file a case: `tests/cases/strip`.

A file is a document with what each of its lines is before it, parted by a bar: a kind of `spans`, or `keep` for body or
heading, or `drop` for anything else. A line of `#` says what the case is about, one of `# known:` why it fails today.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tasks.ingest import Document
from tasks.strip import KEPT, StripSettings, strip

CASES = Path(__file__).parents[1] / "cases/strip"


class Case(NamedTuple):
    text: str
    wanted: dict[int, str]
    """by the offset of a line in the text, what it is"""
    known: str


def read(path: Path) -> Case:
    text, wanted, known = "", {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            known = line.removeprefix("# known: ") if line.startswith("# known: ") else known
            continue
        kind, _, shown = line.partition("|")
        if kind.strip():
            wanted[len(text)] = kind.strip()
        text += shown.removeprefix(" ") + "\n"
    return Case(text, wanted, known)


def parameters() -> list[Any]:
    cases = {path.stem: read(path) for path in sorted(CASES.glob("*.txt"))}
    return [
        pytest.param(case, id=name, marks=[pytest.mark.xfail(strict=False, reason=case.known)] if case.known else [])
        for name, case in cases.items()
    ]


def is_as_wanted(kind: str, wanted: str) -> bool:
    return {"keep": kind in KEPT, "drop": kind not in KEPT}.get(wanted, kind == wanted)


@pytest.mark.parametrize("case", parameters())
def test_each_line_is_what_the_case_says(case: Case) -> None:
    spans, aside = strip([Document("d", "d", "text", "utf-8", 0, "", case.text, 0)], {}, StripSettings())
    found = {at: next(span for span in spans if span.start <= at < span.end) for at in case.wanted}
    wrong = [
        f"{found[at].kind} ({found[at].rule}), wanted {wanted}: {case.text[at:].partition(chr(10))[0]}"
        for at, wanted in case.wanted.items()
        if not is_as_wanted(found[at].kind, wanted)
    ]
    assert not wrong, "\n".join(wrong)
    assert aside == []
