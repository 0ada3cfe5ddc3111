"""What a stage is, and how its row class becomes an Arrow schema, a contract and a page of the data dictionary.

A row is a `NamedTuple` whose annotations say everything once:

    @table("spans")
    class Span(NamedTuple):
        '''A segment of a document.'''
        doc_id: Annotated[str, "the document"]
        score: Annotated[float | None, "0 to 1"]

`float | None` is a nullable column, the string is the column's description in Parquet and in the data dictionary, a
`Literal` is a closed set of values, and a nested `NamedTuple` is a struct.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict

from tasks.errors import ContractError, UsageError

Row = TypeVar("Row")

type_of = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    date: pa.date32(),
    datetime: pa.timestamp("us"),
}


INDIFFERENT: Any = {"decides_rows": False}
NAMES_A_FILE: Any = {"names_a_file": True}


class Settings(BaseModel):
    """The base of every settings section: closed to unknown keys, and never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def decisive(self) -> dict[str, Any]:
        """The settings that decide what rows come out; one marked with INDIFFERENT only decides when and where.

        Of one marked with NAMES_A_FILE what the file says decides, wherever it lies. Raises UsageError if it is gone.
        """
        indifferent = {name for name, info in type(self).model_fields.items() if info.json_schema_extra == INDIFFERENT}
        chosen = self.model_dump(mode="json", exclude=indifferent)
        files = {name for name, info in type(self).model_fields.items() if info.json_schema_extra == NAMES_A_FILE}
        return chosen | {name: digest_of_file(chosen[name]) for name in files if chosen[name]}


def digest_of_file(name: str) -> str:
    """The sha256 of a file's bytes."""
    try:
        return hashlib.sha256(Path(name).read_bytes()).hexdigest()
    except OSError as wrong:
        raise UsageError(f"{name}: a file that the settings name cannot be read ({wrong.strerror})") from None


class Column(NamedTuple):
    """A column as its annotation declares it."""

    name: str
    type: pa.DataType
    nullable: bool
    values: tuple[str, ...]
    nested: Any
    description: str


class Stage(NamedTuple):
    """A room of the corridor: what it reads, what it writes, and the version of what it does.

    `version` is raised whenever the same input would give other rows: parts made by an older version are made anew.
    """

    name: str
    version: int
    reads: tuple[type, ...]
    writes: tuple[type, ...]
    settings: type[Settings]


def table(name: str, sorted_by: Sequence[str] = ("doc_id",)) -> Callable[[type[Row]], type[Row]]:
    """The decorator that says which table holds the rows of a class, and by which columns it is sorted."""

    def named(row: type[Row]) -> type[Row]:
        row.TABLE, row.SORTED_BY = name, tuple(sorted_by)  # type: ignore[attr-defined]  # no place in a NamedTuple
        return row

    return named


def table_name(row: type) -> str:
    """The name of the table that holds rows of this class."""
    return str(row.TABLE)  # type: ignore[attr-defined]  # set by @table


def sorted_by(row: type) -> tuple[str, ...]:
    """The columns by which a table is sorted, nulls last."""
    return tuple(row.SORTED_BY)  # type: ignore[attr-defined]  # set by @table


@cache
def columns(row: type) -> tuple[Column, ...]:
    """The columns that a row class declares, in order."""
    return tuple(column(name, hint) for name, hint in get_type_hints(row, include_extras=True).items())


def column(name: str, hint: Any) -> Column:
    """The column that one annotated field declares."""
    inner, extras = (get_args(hint)[0], get_args(hint)[1:]) if get_origin(hint) is Annotated else (hint, ())
    given = next((extra for extra in extras if isinstance(extra, pa.DataType)), None)
    description = next((extra for extra in extras if isinstance(extra, str)), "")
    inner, nullable = without_none(inner)
    values = get_args(inner) if get_origin(inner) is Literal else ()
    element = get_args(inner)[0] if get_origin(inner) is list else None
    nested = None if element in type_of else element
    return Column(name, given or arrow_type(inner), nullable, values, nested, description)


def without_none(hint: Any) -> tuple[Any, bool]:
    """The hint without `None`, and whether `None` was in it."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    rest = [arm for arm in get_args(hint) if arm is not NoneType]
    return rest[0], len(rest) < len(get_args(hint))


def arrow_type(hint: Any) -> pa.DataType:
    """The Arrow type of an annotation: a scalar, a `Literal` of strings, a list, or a nested row."""
    if get_origin(hint) is Literal:
        return pa.string()
    if get_origin(hint) is list:
        return pa.list_(pa.field("element", arrow_type(get_args(hint)[0]), nullable=False))
    if hint in type_of:
        return type_of[hint]
    return pa.struct([field(nested) for nested in columns(hint)])


def field(of: Column) -> pa.Field:
    """The Arrow field of a column, with its description as metadata."""
    return pa.field(of.name, of.type, nullable=of.nullable, metadata={"description": of.description})


@cache
def schema(row: type) -> pa.Schema:
    """The Arrow schema of a row class."""
    return pa.schema([field(of) for of in columns(row)], metadata={"copydesk.table": table_name(row)})


def to_table(row: type, rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """The rows as an Arrow table, column by column.

    Raises ContractError, naming table and column, for a value that its column cannot hold.
    """
    by_column = list(zip(*rows, strict=True))
    declared = columns(row)
    arrays = []
    for place, of in enumerate(declared):
        values = by_column[place] if by_column else ()
        try:
            arrays.append(pa.array(list(map(as_dicts, values)) if of.nested else values, of.type))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as wrong:
            raise ContractError(f"{table_name(row)}.{of.name}: wanted {of.type}, {wrong}") from wrong
    return pa.Table.from_arrays(arrays, schema=schema(row))


def whole(row: type, tables: Iterable[pa.Table]) -> pa.Table:
    """Several tables of a row class as one; an empty one where there is none."""
    return pa.concat_tables([schema(row).empty_table(), *tables])


def as_dicts(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Nested rows as Arrow wants them."""
    return [nested._asdict() for nested in rows]


def to_rows(row: type, found: pa.Table) -> list[Any]:
    """The rows of a table as instances of their class."""
    values = [cells(of, found.column(of.name)) for of in columns(row)]
    return list(map(partial(tuple.__new__, row), zip(*values, strict=True)))  # a third of what `row` itself takes


def cells(of: Column, values: pa.ChunkedArray) -> list[Any]:
    """The values of a column, nested rows as instances of their class."""
    plain: list[Any] = values.to_pylist()
    return [[of.nested(**nested) for nested in cell] for cell in plain] if of.nested else plain


def check(stage: str, row: type, found: pa.Table) -> None:
    """Raises ContractError, naming stage, table and column, where the table is not what the row class declares."""
    for of in columns(row):
        where = f"stage {stage}, table {table_name(row)}, column {of.name}"
        if of.name not in found.column_names:
            raise ContractError(f"{where}: missing; the table has {', '.join(found.column_names)}")
        values = found.column(of.name)
        if values.type != of.type:
            raise ContractError(f"{where}: found type {values.type}, wanted {of.type}")
        if values.null_count and not of.nullable:
            raise ContractError(f"{where}: {values.null_count} nulls in a column that has none")
        if pa.types.is_string(of.type) and pc.any(pc.equal(values, "")).as_py() and of.nullable:
            raise ContractError(f"{where}: an empty string; what is not known is null")
        unknown = set(pc.unique(values).to_pylist()) - {None, *of.values} if of.values else set()
        if unknown:
            raise ContractError(f"{where}: found {sorted(unknown)}, wanted one of {', '.join(of.values)}")
    extra = set(found.column_names) - {of.name for of in columns(row)}
    if extra:
        raise ContractError(f"stage {stage}, table {table_name(row)}: undeclared columns {', '.join(sorted(extra))}")


def dictionary_columns(row: type) -> list[str]:
    """The columns of few values, which Parquet keeps as a dictionary."""
    return [of.name for of in columns(row) if of.values]
