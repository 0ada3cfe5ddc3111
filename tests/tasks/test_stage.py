"""A row class is a schema, a contract and a page of the data dictionary."""

from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

import pyarrow as pa
import pytest

from tasks.errors import ContractError
from tasks.stage import INDIFFERENT, Settings, check, columns, dictionary_columns, schema, table, to_rows, to_table


class Part(NamedTuple):
    start: Annotated[int, "where it starts"]


@table("things")
class Thing(NamedTuple):
    """A thing."""

    doc_id: Annotated[str, "which"]
    kind: Annotated[Literal["a", "b"], "what it is"]
    on: Annotated[date | None, "the day"]
    at: Annotated[datetime | None, pa.timestamp("us", "UTC"), "the moment"]
    names: Annotated[list[str], "its names"]
    parts: Annotated[list[Part], "its parts"]


THING = Thing("x", "a", date(2013, 5, 7), None, ["n"], [Part(3)])


def test_annotations_are_the_schema():
    made = schema(Thing)
    assert made.field("doc_id").type == pa.string() and not made.field("doc_id").nullable
    assert made.field("on").type == pa.date32() and made.field("on").nullable
    assert made.field("at").type == pa.timestamp("us", "UTC")
    assert made.field("names").type.value_field.name == "element"
    assert made.field("on").metadata[b"description"] == b"the day"


def test_a_closed_set_of_values_is_kept_as_a_dictionary():
    assert dictionary_columns(Thing) == ["kind"]
    assert columns(Thing)[1].values == ("a", "b")


def test_rows_come_back_as_they_went():
    found = to_table(Thing, [THING])
    check("test", Thing, found)
    assert to_rows(Thing, found) == [THING]


def test_no_rows_make_an_empty_table_of_the_same_schema():
    assert to_table(Thing, []).schema == schema(Thing)


def test_a_value_of_another_type_names_table_and_column():
    with pytest.raises(ContractError, match=r"things\.on"):
        to_table(Thing, [THING._replace(on="yesterday")])


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda found: found.drop_columns(["on"]), "column on: missing"),
        (lambda found: found.append_column("more", pa.array([1])), "undeclared columns more"),
        (lambda found: swap(found, "doc_id", pa.array([None], pa.string())), "column doc_id: 1 nulls"),
        (lambda found: swap(found, "kind", pa.array(["c"])), r"column kind: found \['c'\]"),
        (lambda found: swap(found, "doc_id", pa.array([1])), "column doc_id: found type int64"),
    ],
)
def test_a_broken_contract_names_stage_table_and_column(broken, told):
    with pytest.raises(ContractError, match=told) as wrong:
        check("group", Thing, broken(to_table(Thing, [THING])))
    assert "stage group, table things" in str(wrong.value)


def swap(found: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return found.set_column(found.column_names.index(name), name, values)


def test_an_unknown_value_is_null_and_never_an_empty_string():
    @table("said")
    class Said(NamedTuple):
        title: Annotated[str | None, "title"]

    with pytest.raises(ContractError, match="empty string"):
        check("extract", Said, to_table(Said, [Said("")]))


def test_a_setting_that_decides_no_rows_does_not_make_parts_stale():
    from pydantic import Field

    class Section(Settings):
        rows: int = 1
        threads: int = Field(1, json_schema_extra=INDIFFERENT)

    assert Section(threads=5).decisive() == Section().decisive()
    assert Section(rows=5).decisive() != Section().decisive()
