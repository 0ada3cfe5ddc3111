"""Every chosen value of every development page reads back; the corpora are not ours to ship, so where they lie."""

import os
from pathlib import Path

import pytest

from benchmarks.extract import traced_facts

CORPORA = os.environ.get("COPYDESK_CORPORA", "")


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@pytest.mark.skipif(not CORPORA, reason="COPYDESK_CORPORA does not name the folder of the labelled corpora")
@pytest.mark.parametrize("kind", ["html", "full", "part"])
@pytest.mark.parametrize("name", ["fundus", "htmldate-default", "sites", "wcxb"])
def test_every_chosen_value_reads_back_from_where_it_points(name: str, kind: str) -> None:
    lost = [
        (key, fact.field, fact.value) for key, fact, traced in traced_facts(Path(CORPORA), name, kind) if not traced
    ]
    assert not lost
