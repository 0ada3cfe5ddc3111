"""What `copydesk explain` prints for each seed, to be read in review as prose.

Rewritten only on purpose: UPDATE_GOLDEN=1 python -m pytest tests/flows/test_golden.py
"""

import os

import pytest

from flows.explain import explain
from tests.conftest import ROOT, SEEDS

GOLDEN = ROOT / "tests/golden"


@pytest.mark.parametrize("seed", sorted(path.stem for path in SEEDS.iterdir()))
def test_explain_prints_what_it_did(seed, seeds_data):
    printed = explain(seeds_data, seed)
    file = GOLDEN / f"{seed}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(printed, encoding="utf-8")
    assert printed == file.read_text(encoding="utf-8")
