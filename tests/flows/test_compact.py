"""Small parts joined: the same rows in fewer files, whoever reads or kills meanwhile."""

import shutil
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from flows.compact import FEW, NOTE
from flows.maintain import as_text, maintain
from tests.conftest import PLAIN, clean, published, write_folder
from tests.flows.test_clean import content, state, story


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of raw files that came one by one, and a data folder that was published into each time."""
    base = tmp_path_factory.mktemp("made")
    for number in range(FEW):
        clean(base / "data", write_folder(base / "raw", {f"{number}.txt": story(number)}))
    return base


@pytest.fixture
def raw(made):
    return made / "raw"


@pytest.fixture
def data(tmp_path, made):
    return Path(shutil.copytree(made / "data", tmp_path / "data", symlinks=True))


@pytest.fixture(scope="module")
def at_once(made):
    """A data folder into which the same files were read in one run."""
    clean(made / "at_once", made / "raw")
    return made / "at_once"


def kept_house(data: Path, apply: bool = True):
    return maintain(data, PLAIN, time.time(), apply)


def parts(data: Path) -> set[str]:
    return {path.stem for path in (data / "store/ingest/inputs").iterdir()}


def test_small_parts_become_the_part_that_one_run_would_have_made(data, raw, at_once):
    before = published(data)
    kept_house(data)
    assert published(data) == before
    assert parts(data) == parts(at_once)
    clean(data, raw)
    assert content(data) == content(at_once)
    for stage in ("ingest", "strip", "extract"):
        ours, theirs = (
            {path.relative_to(base): path.read_bytes() for path in (base / "store" / stage).rglob("*.parquet")}
            for base in (data, at_once)
        )
        assert ours == theirs


def test_nothing_is_read_again_after_a_join(data, raw):
    kept_house(data)
    before = state(data / "store/strip")
    assert clean(data, raw).new_parts == 0
    assert state(data / "store/strip") == before


def test_a_dry_run_joins_nothing_and_says_what_it_would(data):
    before = state(data)
    told = as_text(kept_house(data, apply=False), data, False)
    assert told == f"{FEW} small parts: would be joined into 1\nthis was a dry run; --apply does it\n"
    assert state(data) == before
    assert as_text(kept_house(data), data, True) == f"{FEW} small parts: joined into 1\n"
    assert kept_house(data).joins == []


def test_a_part_that_is_half_full_is_left_alone(tmp_path):
    full = PLAIN.model_copy(update={"ingest": PLAIN.ingest.model_copy(update={"part_bytes": 1_024})})
    raw = write_folder(tmp_path / "raw", {f"{number}.txt": (3 * story(number))[:1_024] for number in range(FEW)})
    clean(tmp_path / "data", raw, settings=full)
    assert len(parts(tmp_path / "data")) == FEW
    assert maintain(tmp_path / "data", full, time.time(), True).joins == []


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_join_that_was_killed_loses_and_doubles_nothing(data, raw, at_once, is_whole):
    """Killed before the new part was whole, or after it, with the old ones still there: the files of both are."""
    before = shutil.copytree(data / "store", data.parent / "before")
    kept_house(data)
    [joined] = parts(data)
    olds = sorted(path.stem for path in (before / "ingest/inputs").iterdir())
    shutil.copytree(before, data / "store", dirs_exist_ok=True)
    note = data / "store/ingest" / NOTE
    note.write_text(f'{{"into": "{joined}", "parts": {olds}}}'.replace("'", '"'))
    if not is_whole:
        (data / f"store/ingest/inputs/{joined}.parquet").unlink()
    clean(data, raw)
    assert not note.exists()
    assert parts(data) == ({joined} if is_whole else set(olds))
    assert published(data) == published(at_once)


def test_readers_read_on_while_parts_are_joined_and_published(data, raw):
    failures: list[BaseException] = []
    reads = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                assert ds.dataset((data / "clean").resolve() / "documents").count_rows() == FEW
                reads.append(1)
            except (OSError, AssertionError, pa.ArrowInvalid) as wrong:
                failures.append(wrong)

    reader = threading.Thread(target=read)
    reader.start()
    kept_house(data)
    clean(data, raw)
    stop.set()
    reader.join()
    assert reads and not failures
    assert len(list((data / "clean/documents").resolve().iterdir())) == 1
