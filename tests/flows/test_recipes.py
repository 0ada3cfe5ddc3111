"""What the guide to operating says, holds: its recipes run as printed, its page of settings is the program's."""

import re
import shutil
import subprocess
import sys

import pytest

from flows.settings import page
from tests.conftest import ROOT, SEEDS, clean

GUIDE = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```python\n(.*?)^```$", GUIDE, flags=re.M | re.S)


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
    told = subprocess.run(
        [sys.executable, "-c", "\n".join(RECIPES)], cwd=folder, capture_output=True, text=True, timeout=200
    )
    assert told.returncode == 0, told.stderr
    assert "containment" in told.stdout and "copy.txt" in told.stdout


def test_the_page_of_settings_is_what_the_program_prints():
    printed = "\n".join(page()).rstrip() + "\n"
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == printed, "copydesk settings > docs/settings.md"
