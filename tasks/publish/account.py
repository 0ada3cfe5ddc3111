"""The books of a snapshot: every document that came in is an article, a duplicate of one, or in quarantine."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tasks.errors import ContractError

QUERIES = {
    "came": "SELECT count(*) FROM (SELECT doc_id FROM {read} UNION SELECT doc_id FROM {unread})",
    "documents": "SELECT count(*) FROM {documents}",
    "distinct": "SELECT count(DISTINCT doc_id) FROM {documents}",
    "told as articles": "SELECT count(*) FROM {documents} WHERE status = 'article'",
    "articles": "SELECT count(*) FROM {articles}",
    "articles told as such": """SELECT count(*) FROM {articles} JOIN {documents} AS told USING (doc_id)
        WHERE told.status = 'article'""",
    "told as quarantined": "SELECT count(*) FROM {documents} WHERE status = 'quarantined'",
    "quarantined": "SELECT count(DISTINCT doc_id) FROM {quarantine}",
    # What is kept as a document of another corpus (dedupe.against) is none of ours.
    "kept as no article": """SELECT count(*) FROM {documents} AS copies JOIN {documents} AS kept
        ON copies.kept_as = kept.doc_id WHERE kept.status <> 'article'""",
}


def account(files: Mapping[str, Iterable[Path]]) -> None:
    """Raises ContractError where the books do not close.

    `files` has those that are to be published, by table, and those that ingest wrote: `read` are its documents,
    `unread` what it put aside.
    """
    import duckdb

    tables = {name: parquet(paths) for name, paths in files.items()}
    with duckdb.connect(config={"threads": 1}) as base:
        found = {what: base.execute(query.format(**tables)).fetchall()[0][0] for what, query in QUERIES.items()}
    pairs = (
        ("came", "documents"),
        ("documents", "distinct"),
        ("told as articles", "articles"),
        ("articles", "articles told as such"),
        ("told as quarantined", "quarantined"),
    )
    wrong = [f"{one} {found[one]:,}, {other} {found[other]:,}" for one, other in pairs if found[one] != found[other]]
    if found["kept as no article"]:
        wrong.append(f"kept as no article {found['kept as no article']:,}")
    if wrong:
        raise ContractError(
            f"the books do not close: {'; '.join(wrong)}; nothing was published. Run `copydesk rebuild SOURCE…`, which "
            "makes all tables anew, and report this"
        )


def parquet(paths: Iterable[Path]) -> str:
    """The files of a table as DuckDB names them."""
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"read_parquet([{names}], hive_partitioning = false)"
