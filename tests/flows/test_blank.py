"""The database of an embedded Prefect server, made once and copied."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.blank import kept_at
from flows.server import embedded

pytestmark = pytest.mark.slow


def tables(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as opened:
        return {name for (name,) in opened.execute("select name from sqlite_master where type = 'table'")}


def test_a_second_data_folder_gets_a_copy_of_the_first_ones_blank_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    with embedded(tmp_path / "one") as server:
        server.wait(120)
    with closing(sqlite3.connect(kept_at())) as kept:
        kept.execute("create table copied (here)")
    with embedded(tmp_path / "two") as server:
        server.wait(120)
    assert tables(tmp_path / "two/prefect.db") == tables(tmp_path / "one/prefect.db") | {"copied"}


def test_a_server_starts_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with embedded(tmp_path / "one") as server:
        server.wait(120)
    assert "flow_run" in tables(tmp_path / "one/prefect.db")
