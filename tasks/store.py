"""The store: working parts on disk, each written whole or not at all, each saying what it was made from.

    <root>/<stage>/<table>/<part>.parquet

A part is done when its file exists and its `made_from` is what we would write now. There is no cursor and no
database: whoever is killed goes on where the files say. The same part name in another table holds the same documents.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.errors import DamagedError, StoreError
from tasks.stage import Settings, Stage, check, dictionary_columns, schema, sorted_by, table_name, to_rows, to_table

SCHEMA_VERSION = "1"
SEAL = "made_from"
UNREADABLE = (OSError, pa.ArrowException, UnicodeDecodeError)
ROW_GROUP_ROWS = 100_000
ROW_GROUP_BYTES = 100 * 2**20


class Receipt(NamedTuple):
    """What travels between tasks in place of a table."""

    table: str
    part: str
    rows: int
    digest: str
    seconds: float


class Footer(NamedTuple):
    """What a part says of itself."""

    made_from: str
    digest: str
    rows: int


class Store(NamedTuple):
    """A folder of working parts."""

    root: Path

    def path(self, stage: Stage, row: type, part: str) -> Path:
        """Where a part lies, whether it exists or not."""
        return self.root / f"{stage.name}/{table_name(row)}/{part}.parquet"

    def parts(self, stage: Stage, row: type) -> list[str]:
        """The names of a table's parts, sorted."""
        return sorted(path.stem for path in self.path(stage, row, "").parent.glob("*.parquet"))

    def paths(self, stage: Stage, row: type) -> list[Path]:
        """The files of a table, sorted by part."""
        return [self.path(stage, row, part) for part in self.parts(stage, row)]

    def footer(self, stage: Stage, row: type, part: str) -> Footer | None:
        """What a part was made from and what it holds; None where there is no readable part."""
        return footer(self.path(stage, row, part))

    def digest(self, stage: Stage, row: type, part: str) -> str:
        """The digest of a part's rows; empty where there is no part."""
        found = self.footer(stage, row, part)
        return found.digest if found else ""

    def is_fresh(self, stage: Stage, part: str, origin: str) -> bool:
        """Whether every table of a stage has this part, made from what it would be made from now."""
        found = (self.footer(stage, row, part) for row in stage.writes)
        return all(footer is not None and footer.made_from == origin for footer in found)

    def read(self, stage: Stage, row: type, part: str, only: Sequence[str] | None = None) -> pa.Table:
        """A part as a table; empty where there is none. `only` names the columns that are wanted."""
        path = self.path(stage, row, part)
        if not path.exists():
            return schema(row).empty_table().select(only or schema(row).names)
        return read_parquet(path, row, list(only) if only else None)

    def rows(self, stage: Stage, row: type, part: str) -> list[Any]:
        """A part as instances of its row class."""
        return to_rows(row, self.read(stage, row, part))

    def write(self, stage: Stage, row: type, part: str, rows: Iterable[Any] | pa.Table, origin: str) -> Receipt:
        """Writes a part, checked against its row class; one whose rows did not change keeps its bytes."""
        began = time.perf_counter()
        table = rows if isinstance(rows, pa.Table) else to_table(row, rows)
        check(stage.name, row, table)
        table = table.sort_by([(name, "ascending") for name in sorted_by(row)])
        path = self.path(stage, row, part)
        digest = digest_of(table)
        if footer(path) != Footer(origin, digest, table.num_rows) or is_damaged(path, row):
            write_parquet(path, row, table, {"made_from": origin, "digest": digest})
        return Receipt(table_name(row), part, table.num_rows, digest, time.perf_counter() - began)

    def sealed(self, stage: Stage) -> str:
        """What a stage that sees every part was last made from, whole; empty where it never was."""
        try:
            return (self.root / stage.name / SEAL).read_text()
        except FileNotFoundError:
            return ""

    def unseal(self, stage: Stage) -> None:
        """Says that the parts of a stage may be of more than one making."""
        (self.root / stage.name / SEAL).unlink(missing_ok=True)

    def seal(self, stage: Stage, origin: str) -> None:
        """Says that all parts of a stage are made from this."""
        place = self.root / stage.name / SEAL
        write_whole(place, lambda file: file.write(origin.encode()))

    def remove(self, stage: Stage, part: str) -> None:
        """Removes a part from every table of a stage."""
        for row in stage.writes:
            self.path(stage, row, part).unlink(missing_ok=True)

    def sweep(self, stages: Iterable[Stage], parts: Collection[str]) -> None:
        """Removes the stages' parts that are none of these, and what a killed run left half written.

        Nobody else may write meanwhile.
        """
        for left in self.root.glob(".*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        for stage in stages:
            for left in (self.root / stage.name).glob(".*"):
                left.unlink()
            for row in stage.writes:
                for path in self.path(stage, row, "").parent.glob("*.parquet"):
                    if path.stem not in parts:
                        path.unlink()

    def discard(self, path: Path) -> None:
        """Removes a file of the store, and the seal of its stage, so that it is made anew."""
        path.unlink(missing_ok=True)
        (path.parent.parent / SEAL).unlink(missing_ok=True)


def made_from(stage: Stage, settings: Settings, inputs: Iterable[str]) -> str:
    """The hash of all that decides what a stage makes: name, version, columns, settings, the digests of its inputs."""
    declared = [schema(row).to_string(show_field_metadata=False) for row in stage.writes]
    origin = [stage.name, stage.version, SCHEMA_VERSION, declared, settings.decisive(), list(inputs)]
    return hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()[:32]


def footer(path: Path) -> Footer | None:
    """What a part file says of itself; None where it is missing or broken, for either way it must be made."""
    try:
        state = path.stat()
    except OSError:
        return None
    return footer_in(str(path), (state.st_ino, state.st_size, state.st_mtime_ns))


@lru_cache(maxsize=2**16)  # a run asks for each of some 20 files a part four times; to open one costs 100 stats
def footer_in(path: str, _: tuple[int, int, int]) -> Footer | None:
    """What a part file says in this state; None where it is broken."""
    try:
        found = pq.read_metadata(path)
        told = found.metadata or {}
        return Footer(told.get(b"made_from", b"").decode(), told.get(b"digest", b"").decode(), found.num_rows)
    except UNREADABLE:
        return None


def read_parquet(path: Path, row: type, only: list[str] | None = None) -> pa.Table:
    """A part file as a table. Raises DamagedError where its bytes are not those that were written."""
    wanted = schema(row)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:  # half the cost of `read_table`
            found = file.read(only, use_threads=False)  # a worker has a core; threads cost a small file as much again
    except UNREADABLE as wrong:
        raise DamagedError(str(path), str(wrong)) from wrong
    if not found.schema.equals(wanted if only is None else pa.schema([wanted.field(name) for name in only])):
        raise DamagedError(str(path), f"its columns are not those of {table_name(row)}")
    return found


def is_damaged(path: Path, row: type) -> bool:
    """Whether the bytes of a file are not those that were written."""
    try:
        read_parquet(path, row)
    except DamagedError:
        return True
    return False


def digest_of(table: pa.Table) -> str:
    """A digest of the rows: the same rows in the same order have the same digest."""
    seen = hashlib.blake2b(digest_size=16)
    with pa.ipc.new_stream(HashingSink(seen), table.schema) as stream:
        for batch in table.combine_chunks().to_batches():
            stream.write_batch(batch)
    return seen.hexdigest()


class HashingSink:
    """A file to write to that keeps nothing but the hash."""

    closed = False

    def __init__(self, seen: Any) -> None:
        self.seen = seen

    def write(self, data: Any) -> int:
        """Takes the bytes in."""
        self.seen.update(data)
        return int(memoryview(data).nbytes)

    def writable(self) -> bool:
        """True: pyarrow asks."""
        return True

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing to close."""


def write_parquet(path: Path, row: type, table: pa.Table, about: dict[str, str]) -> None:
    """Writes a sorted table as a Parquet file beside its place, flushes it to disk, and renames it into place.

    The options are those that pandas, polars, DuckDB, Spark and Iceberg all read; nothing in the file changes from
    run to run.
    """
    told = {"copydesk.table": table_name(row), "copydesk.schema_version": SCHEMA_VERSION, **about}
    table = table.cast(schema(row).with_metadata(told))
    order = [pq.SortingColumn(table.schema.names.index(name)) for name in sorted_by(row)]
    options = {
        "version": "2.6",
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": dictionary_columns(row),
        "write_statistics": True,
        "write_page_index": True,
        "write_page_checksum": True,
        "row_group_size": row_group_rows(table),
        "sorting_columns": order,
    }
    write_whole(path, lambda file: pq.write_table(table, file, **options))


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes a file beside its folder, flushes it to disk, and renames it into place: it is there whole or not at all.

    Beside the folder, not in it: readers take every file in a table's folder for a part of the table. Raises
    StoreError where it cannot be written.
    """
    beside = path.parent.parent / f".{path.parent.name}-{path.name}.{os.getpid()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as wrong:
        with suppress(OSError):
            beside.unlink()
        raise unwritable(path, wrong) from wrong


def unwritable(path: Path, wrong: OSError) -> StoreError:
    """The error of a file that cannot be written, with what to do."""
    return StoreError(
        f"{path}: cannot be written ({wrong.strerror or wrong}); make room or allow it, and run again: "
        "what is done is kept, and nothing half done is published"
    )


def row_group_rows(table: pa.Table) -> int:
    """How many rows a row group takes, so that it holds at most 100,000 of them and about 100 MB."""
    rows_per_group: int = ROW_GROUP_BYTES * max(1, table.num_rows) // max(1, table.nbytes)
    return max(1, min(ROW_GROUP_ROWS, rows_per_group))
