"""The published tables, opened for questions: DuckDB reads of the files only what a question needs."""

import glob
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from tasks.publish import TABLES
from tasks.stage import table_name

# Nothing is fetched from the network, and a report takes no more memory than a small machine has to spare.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": "1GB",
    "temp_directory": str(Path(tempfile.gettempdir(), "copydesk-report")),
}
# What each rule labelled, and a document that has such a segment: counted once, for no other table has as many rows.
RULES = """
    create temp table rules as
    select kind, rule, count(*) as segments, sum("end" - start)::bigint as characters, min(doc_id) as example
    from spans group by kind, rule
"""


class Shelf(NamedTuple):
    """A snapshot's tables, each a view of its name; and `rules`, what each labelled."""

    connection: duckdb.DuckDBPyConnection

    def ask(self, question: str, **given: Any) -> list[dict[str, Any]]:
        """The answer's rows, by column name; `$name` in the question stands for a given value."""
        answer = self.connection.execute(question, given or None)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def ids(self, question: str, **given: Any) -> list[str]:
        """The first column of the answer."""
        return [row[0] for row in self.connection.execute(question, given or None).fetchall()]

    def close(self) -> None:
        """Lets go of the files."""
        self.connection.close()


def opened(snapshot: Path) -> Shelf:
    """The tables of a snapshot."""
    connection = duckdb.connect(config=CONFIG)
    for row in TABLES:
        files = glob.escape(str(snapshot / table_name(row))) + "/*.parquet"
        connection.read_parquet(files).create_view(table_name(row))
    connection.execute(RULES)
    return Shelf(connection)
