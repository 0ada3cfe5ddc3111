"""A part is written whole or not at all, and says what it was made from."""

import pickle
import random
import resource
from typing import Annotated, NamedTuple

import pyarrow.parquet as pq
import pytest

from tasks.errors import ContractError, DamagedError, StoreError
from tasks.stage import Settings, Stage, table
from tasks.store import Store, made_from


@table("things", sorted_by=("doc_id",))
class Thing(NamedTuple):
    """A thing."""

    doc_id: Annotated[str, "which"]
    size: Annotated[int | None, "how large"]


STAGE = Stage("make", 1, (), (Thing,), Settings)
ROWS = [Thing("b", 2), Thing("a", None)]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_rows_come_back_sorted_as_the_table_declares(store):
    store.write(STAGE, Thing, "p", ROWS, "origin")
    assert store.rows(STAGE, Thing, "p") == sorted(ROWS)
    declared = pq.read_metadata(store.path(STAGE, Thing, "p")).row_group(0).sorting_columns
    assert [column.column_index for column in declared] == [0]


def test_a_part_is_fresh_only_for_what_it_was_made_from(store):
    assert not store.is_fresh(STAGE, "p", "origin")
    store.write(STAGE, Thing, "p", ROWS, "origin")
    assert store.is_fresh(STAGE, "p", "origin")
    assert not store.is_fresh(STAGE, "p", "another")


def test_the_same_rows_keep_the_file_and_its_bytes(store):
    store.write(STAGE, Thing, "p", ROWS, "origin")
    before = store.path(STAGE, Thing, "p").stat()
    store.write(STAGE, Thing, "p", reversed(ROWS), "origin")
    after = store.path(STAGE, Thing, "p").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_the_same_rows_make_the_same_bytes_anywhere(store, tmp_path):
    other = Store(tmp_path / "elsewhere")
    for place in (store, other):
        place.write(STAGE, Thing, "p", ROWS, "origin")
    assert store.path(STAGE, Thing, "p").read_bytes() == other.path(STAGE, Thing, "p").read_bytes()


def test_only_parquet_lies_in_a_tables_folder(store):
    store.write(STAGE, Thing, "p", ROWS, "origin")
    assert [path.name for path in store.path(STAGE, Thing, "p").parent.iterdir()] == ["p.parquet"]


def test_rows_that_break_the_contract_are_not_written(store):
    with pytest.raises(ContractError, match="stage make, table things, column doc_id"):
        store.write(STAGE, Thing, "p", [Thing(None, 1)], "origin")
    assert not store.path(STAGE, Thing, "p").exists()


def test_a_part_that_was_cut_short_is_not_fresh_and_is_told(store):
    store.write(STAGE, Thing, "p", ROWS, "origin")
    path = store.path(STAGE, Thing, "p")
    path.write_bytes(path.read_bytes()[:-20])
    assert not store.is_fresh(STAGE, "p", "origin")
    with pytest.raises(DamagedError, match="damaged"):
        store.rows(STAGE, Thing, "p")


@pytest.mark.parametrize("seed", range(5))
def test_a_flipped_bit_never_passes_for_another_table(store, seed):
    store.write(STAGE, Thing, "p", [Thing(str(number), number) for number in range(500)], "origin")
    path, seed = store.path(STAGE, Thing, "p"), random.Random(seed)
    raw, good = path.read_bytes(), store.read(STAGE, Thing, "p")
    noticed = 0
    for _ in range(60):
        place = seed.randrange(len(raw))
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << seed.randrange(8)]) + raw[place + 1 :])
        try:
            assert store.read(STAGE, Thing, "p").equals(good)
        except DamagedError:
            noticed += 1
    assert noticed > 20


def test_a_damaged_error_travels_between_processes():
    told = pickle.loads(pickle.dumps(DamagedError("x.parquet", "torn")))
    assert (told.path, str(told)) == ("x.parquet", "x.parquet: damaged (torn)")


def test_a_sweep_leaves_the_parts_that_are_named_and_no_half_written_file(store):
    for part in "pq":
        store.write(STAGE, Thing, part, ROWS, "origin")
    (store.root / "make/.things-p.parquet.123").write_bytes(b"half")
    store.sweep([STAGE], ["p"])
    assert [path.name for path in sorted(store.root.rglob("*")) if path.is_file()] == ["p.parquet"]


def test_a_full_disk_is_told_and_leaves_nothing_half_written(store):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with pytest.raises(StoreError, match="make room or allow it"):
            store.write(STAGE, Thing, "p", ROWS, "origin")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_what_a_part_is_made_from_changes_with_version_settings_and_inputs():
    origins = {
        made_from(STAGE, Settings(), ["x"]),
        made_from(STAGE, Settings(), ["y"]),
        made_from(STAGE._replace(version=2), Settings(), ["x"]),
    }
    assert len(origins) == 3


def test_a_missing_part_is_an_empty_table(store):
    assert store.rows(STAGE, Thing, "none") == []
