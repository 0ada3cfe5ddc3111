"""What the guide to operating says, holds: its recipes run as printed, its page of settings is the program's."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import page
from tests.conftest import ROOT, SEEDS, clean

GUIDE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```python\n(.*?)^```$", GUIDE, flags=re.M | re.S)
LARGER = dict(re.findall(r"^```python needs=(\w+)\n(.*?)^```$", GUIDE, flags=re.M | re.S))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder to work in, with seeds, a copy of one of them, and an empty file, cleaned into `data/`."""
    folder = tmp_path_factory.mktemp("recipes")
    shutil.copytree(SEEDS, folder / "seeds")
    first = min((folder / "seeds").iterdir())
    shutil.copyfile(first, folder / "seeds/copy.txt")
    (folder / "seeds/empty.txt").touch()
    clean(folder / "data", folder / "seeds")
    return folder


def test_the_recipes_run_as_printed(folder):
    """All in one process: each imports a library that takes a second."""
    assert len(RECIPES) >= 6
    told = said_by("\n".join(RECIPES), folder)
    assert "containment" in told and "copy.txt" in told


def test_the_snapshot_is_registered_in_iceberg_as_printed(folder):
    pytest.importorskip("pyiceberg", reason="PyIceberg is not installed here")
    told = said_by(LARGER["pyiceberg"], folder)
    assert "Dhaka Tribune" in told and told.count("'title'") == 3


def test_a_session_of_spark_reads_the_tables_as_printed(folder):
    pytest.importorskip("pyspark", reason="PySpark is not installed here: it is half a gigabyte")
    if not shutil.which("java"):
        pytest.skip("there is no Java for PySpark: `apt-get install default-jre-headless` brings it")
    assert "Russia, US to pus" in said_by(LARGER["pyspark"], folder)


def said_by(recipe: str, folder: Path) -> str:
    """What a recipe prints."""
    command = [sys.executable, "-c", recipe]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=250)
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_the_page_of_settings_is_what_the_program_prints():
    printed = "\n".join(page()).rstrip() + "\n"
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == printed, "copydesk settings > docs/settings.md"
