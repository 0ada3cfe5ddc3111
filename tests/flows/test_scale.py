"""The same bytes however many work on them, and nothing that has not changed is touched."""

from flows.run import run
from flows.settings import load
from tests.conftest import SEEDS
from tests.flows.dying import content


def test_two_workers_make_the_bytes_of_one(tmp_path, seeds_data):
    run([SEEDS], tmp_path, load(None, {"run.prefect": "off", "run.workers": "2"}))
    assert content((tmp_path / "clean").resolve()) == content((seeds_data / "clean").resolve())
