"""Keeping house: what nobody needs goes, what anybody may need stays."""

import shutil
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from flows.clean import held
from flows.each import plainly
from flows.maintain import as_text, maintain
from flows.rebuild import rebuild
from flows.workers import Workers
from tasks.errors import BusyError, UsageError
from tests.conftest import PLAIN, clean, published, write_folder
from tests.flows.test_clean import content, state, story

DAY = 86_400.0


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder of raw files, and a data folder that was published into twice."""
    base = tmp_path_factory.mktemp("made")
    raw = write_folder(base / "raw", {f"{number}.txt": story(number) for number in range(3)})
    clean(base / "data", raw)
    write_folder(raw, {"3.txt": story(3)})
    clean(base / "data", raw)
    return base


@pytest.fixture
def raw(tmp_path, made):
    return Path(shutil.copytree(made / "raw", tmp_path / "raw"))


@pytest.fixture
def data(tmp_path, made):
    return Path(shutil.copytree(made / "data", tmp_path / "data", symlinks=True))


def kept_house(data: Path, apply: bool = True, later: float = 0) -> dict[str, str]:
    """What maintaining finds, by its path in the data folder."""
    found = maintain(data, PLAIN, time.time() + later, apply).leftovers
    return {str(leftover.path.relative_to(data)): leftover.why for leftover in found}


def remade(sources: list[Path], data: Path, apply: bool, mirror: bool = False):
    settings = PLAIN.model_copy(update={"ingest": PLAIN.ingest.model_copy(update={"mirror": mirror})})
    with Workers(1) as workers:
        return rebuild(sources, data, settings, plainly(workers), apply)


def test_a_data_folder_in_good_order_has_nothing_to_remove(data):
    found = maintain(data, PLAIN, time.time(), True)
    assert found == ([], [])
    assert as_text(found, data, True) == "nothing to do\n"


def test_a_snapshot_stays_for_its_grace_and_then_goes(data):
    before = published(data)
    [old] = [path.name for path in (data / "snapshots").iterdir() if path != (data / "clean").resolve()]
    assert kept_house(data, later=30 * DAY) == {f"snapshots/{old}": "old snapshot"}
    assert len(list((data / "snapshots").iterdir())) == 1
    assert published(data) == before


def test_what_killed_runs_left_is_found_and_removed(data, raw):
    before = state(data)
    write_folder(
        data,
        {
            "snapshots/.0123456789abcdef/articles/part-x.parquet": "half",
            "store/strip/.spans-0123.parquet.4711": "half",
            "store/.scratch/0.parquet": "scratch",
            "store/strip/spans/0123.parquet": "no input has this part",
            ".rebuild/store/x": "rebuilt",
        },
    )
    looked_at = kept_house(data, apply=False)
    assert looked_at == kept_house(data, apply=True)
    assert looked_at == {
        "snapshots/.0123456789abcdef": "unfinished snapshot",
        "store/strip/.spans-0123.parquet.4711": "half-written file of a killed run",
        "store/.scratch": "scratch of a killed run",
        "store/strip/spans/0123.parquet": "part of no input",
        ".rebuild": "rebuild that was not applied",
    } | {path: why for path, why in looked_at.items() if why.startswith("damaged")}
    assert state(data) == before


def test_a_dry_run_removes_nothing_and_says_how_to(data):
    write_folder(data, {"store/strip/.spans-0123.parquet.4711": "12345"})
    before = state(data)
    found = maintain(data, PLAIN, time.time(), False)
    assert state(data) == before
    told = "1 files and folders, 5 bytes: would be removed\nthis was a dry run; --apply does it\n"
    assert as_text(found, data, False).endswith(told)


def test_a_damaged_file_is_removed_and_the_next_run_makes_it_anew(data, raw):
    whole = content(data)
    [part, *_] = sorted((data / "store/extract/facts").iterdir())
    damage(part)
    [why] = [why for path, why in kept_house(data).items() if part.name in path]
    assert why.startswith("damaged") and not part.exists()
    clean(data, raw)
    assert part.exists() and content(data) == whole


def test_a_damaged_file_of_ingest_is_told_and_stays(data):
    [part, *_] = sorted((data / "store/ingest/documents").iterdir())
    damage(part)
    assert "its raw files may be gone" in kept_house(data)[str(part.relative_to(data))]
    assert part.exists()


def damage(part: Path) -> None:
    """Turns bits in the first pages, as a dying disk does."""
    there = part.read_bytes()
    part.unlink()
    part.write_bytes(there[:60] + bytes(byte ^ 255 for byte in there[60:70]) + there[70:])


def test_the_folders_of_old_runs_go(data):
    for day in range(1, 5):
        write_folder(data / f"runs/2099-01-0{day}T030000", {"summary.json": "{}"})
    keep_two = PLAIN.model_copy(update={"run": PLAIN.run.model_copy(update={"keep_runs": 2})})
    maintain(data, keep_two, time.time(), True)
    assert [path.name[:10] for path in sorted((data / "runs").iterdir())] == ["2099-01-03", "2099-01-04"]


def test_an_index_that_lacks_a_part_is_made_anew(data, raw):
    whole = content(data)
    min((data / "store/group/members").iterdir()).unlink()
    assert kept_house(data) == {"store/group/made_from": "index that lacks 1 of 2 parts"}
    clean(data, raw)
    assert content(data) == whole and kept_house(data) == {}


def test_a_published_file_that_is_gone_is_told_and_comes_back_with_the_next_run(data, raw):
    whole = content(data)
    gone = min((data / "clean/articles").resolve().iterdir())
    gone.unlink()
    assert kept_house(data) == {str(gone.relative_to(data)): "published file that is not what the manifest says"}
    clean(data, raw)
    assert content(data) == whole


def test_no_house_is_kept_while_a_run_is_going_on(data):
    with held(data), pytest.raises(BusyError):
        kept_house(data)


def test_readers_read_on_while_house_is_kept(data):
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                assert ds.dataset((data / "clean").resolve() / "documents").count_rows() == 4
            except (OSError, AssertionError, pa.ArrowInvalid) as wrong:
                failures.append(wrong)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        kept_house(data, later=30 * DAY)
    stop.set()
    reader.join()
    assert not failures


def test_a_rebuild_that_finds_the_same_changes_nothing(data, raw):
    before = published(data)
    found = remade([raw], data, apply=True)
    assert found.lost == 0
    assert not [row for row in found.differences if row.rows_gone or row.rows_new]
    assert published(data) == before
    assert not (data / ".rebuild").exists() and not (data / ".store-before").exists()


def test_a_rebuild_tells_what_would_change_and_changes_it_when_asked(data, raw):
    before = content(data)
    write_folder(raw, {"9.txt": story(9)})
    looked_at = {row.table: row for row in remade([raw], data, apply=False).differences}
    assert looked_at["documents"] == ("documents", 4, 5, 0, 1)
    assert content(data) == before
    assert remade([raw], data, apply=True).is_applied
    assert len(published(data)["documents"]) == 5


def test_a_rebuild_loses_no_document_unless_told_to(data, raw):
    (raw / "0.txt").unlink()
    assert remade([raw], data, apply=False).lost == 1
    with pytest.raises(UsageError, match="1 documents would be lost"):
        remade([raw], data, apply=True)
    assert len(published(data)["documents"]) == 4
    remade([raw], data, apply=True, mirror=True)
    assert len(published(data)["documents"]) == 3


def test_after_a_rebuild_a_run_has_nothing_to_do(data, raw):
    remade([raw], data, apply=True)
    before = state(data)
    clean(data, raw)
    assert state(data) == before


def test_a_store_that_a_killed_rebuild_took_away_is_made_anew(data, raw):
    """Killed between its two renames, a rebuild leaves no store."""
    (data / "store").rename(data / ".store-before")
    clean(data, raw)
    assert len(published(data)["documents"]) == 4
    assert kept_house(data) == {".store-before": "store before a rebuild"}
