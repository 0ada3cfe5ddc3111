"""Whoever reads Parquet reads the published tables, and the README's lines work as printed."""

import re
import shutil
import subprocess
import sys

import datasets
import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from tasks.publish import TABLES
from tasks.stage import columns, schema, table_name
from tests.conftest import ROOT, SEEDS, clean

ROWS = {"articles": 5, "stories": 4, "documents": 6, "quarantine": 1}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The seeds and an empty file, so that every table has rows: `datasets` cannot load a table that has none."""
    folder = tmp_path_factory.mktemp("readers")
    shutil.copytree(SEEDS, folder / "seeds")
    (folder / "seeds/empty.txt").touch()
    clean(folder / "data", folder / "seeds")
    return folder / "data"


@pytest.fixture(params=[table_name(row) for row in TABLES])
def table(request):
    return request.param


@pytest.fixture
def folder(data, table):
    return (data / "clean").resolve() / table


def names(table):
    return [of.name for row in TABLES if table_name(row) == table for of in columns(row)]


def test_pandas_reads_every_table(folder, table):
    frame = pd.read_parquet(folder)
    assert list(frame.columns) == names(table)
    assert len(frame) == ROWS.get(table, len(frame))


def test_polars_scans_every_table(folder, table):
    frame = pl.scan_parquet(folder).collect()
    assert frame.columns == names(table)
    assert frame.height == ROWS.get(table, frame.height)


def test_duckdb_reads_every_table(folder, table):
    found = duckdb.sql(f"select * from read_parquet('{folder}/*.parquet')")
    assert found.columns == names(table)
    assert len(found.fetchall()) == ROWS.get(table, len(found.fetchall()))


def test_hugging_face_datasets_reads_every_table(folder, table, tmp_path):
    files = sorted(map(str, folder.glob("*.parquet")))
    found = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path))
    assert found.column_names == names(table)
    assert found.num_rows == ROWS.get(table, found.num_rows)


def test_every_file_carries_its_dictionary(folder, table):
    [row] = [row for row in TABLES if table_name(row) == table]
    for path in folder.iterdir():
        found = pq.read_schema(path)
        assert found.equals(schema(row))
        assert found.metadata[b"copydesk.table"] == table.encode()
        assert all(found.field(of.name).metadata[b"description"].decode() == of.description for of in columns(row))


def test_the_data_dictionary_is_what_the_program_prints():
    printed = subprocess.run(
        [sys.executable, "-m", "flows.command", "tables"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (ROOT / "data/README.md").read_text(encoding="utf-8") == printed.stdout


def examples() -> list[str]:
    """The Python blocks of the README."""
    return re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(examples())))
def test_the_examples_of_the_readme_work_as_printed(number, data):
    subprocess.run([sys.executable, "-c", examples()[number]], cwd=data.parent, check=True, timeout=120)


def test_what_the_readme_shows_of_explain_is_what_it_prints():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^    ([+-] \w+ +[\w-]+ +\| .+)$", readme, re.MULTILINE)
    golden = (ROOT / "tests/golden/004_7e5826d50b5d01d0.txt").read_text(encoding="utf-8")
    assert len(shown) > 5
    assert all(line in golden for line in shown)
