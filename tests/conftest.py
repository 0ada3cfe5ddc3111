"""What many tests need: the seeds, cleaned once, and the published tables as rows."""

import json
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from flows.run import run
from flows.settings import Settings, load
from tasks.publish import TABLES
from tasks.stage import table_name

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
ON_ONE_SERVER = {"test_schedule", "test_schedule_deployed", "test_ui"}
PLAIN = load(None, {"run.prefect": "off", "run.report": "off", "run.workers": "1"})


def published(data: Path) -> dict[str, list[dict]]:
    """Every published table as rows, in an order that does not depend on the files."""
    clean = (data / "clean").resolve()
    return {table_name(row): rows_of(clean / table_name(row)) for row in TABLES}


def rows_of(folder: Path) -> list[dict]:
    return sorted(ds.dataset(folder).to_table().to_pylist(), key=lambda row: json.dumps(row, default=str))


def clean(data: Path, *sources: Path, settings: Settings = PLAIN):
    """A run in this process, without Prefect."""
    return run(sources, data, settings)


def write_folder(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A folder of files, by name."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keeps a file's tests in one process, and those of the one Prefect server too: they share what they set up."""
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsShared(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "the Prefect server" if Path(file).stem in ON_ONE_SERVER else file

    return ByWhatIsShared(config, log)


@pytest.fixture(scope="session")
def seeds_data(tmp_path_factory) -> Path:
    """The data folder of a run over the seeds. Shared: look, but do not run into it again."""
    data = tmp_path_factory.mktemp("seeds") / "data"
    clean(data, SEEDS)
    return data


@pytest.fixture
def seeds_copy(tmp_path) -> Path:
    """A copy of the seeds that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
