"""A part is written whole or not at all, and says what it was made from."""

from typing import Annotated, NamedTuple

import pyarrow.parquet as pq
import pytest

from tasks.errors import ContractError, StoreError
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


def test_a_part_that_was_cut_short_is_not_fresh_and_says_what_to_do(store):
    store.write(STAGE, Thing, "p", ROWS, "origin")
    path = store.path(STAGE, Thing, "p")
    path.write_bytes(path.read_bytes()[:-20])
    assert not store.is_fresh(STAGE, "p", "origin")
    with pytest.raises(StoreError, match="delete it and run again"):
        store.rows(STAGE, Thing, "p")


def test_what_a_part_is_made_from_changes_with_version_settings_and_inputs():
    origins = {
        made_from(STAGE, Settings(), ["x"]),
        made_from(STAGE, Settings(), ["y"]),
        made_from(STAGE._replace(version=2), Settings(), ["x"]),
    }
    assert len(origins) == 3


def test_a_missing_part_is_an_empty_table(store):
    assert store.rows(STAGE, Thing, "none") == []
