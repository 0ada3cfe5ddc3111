"""What is in quarantine, tried again: after a fix, with other libraries, or when a file can be opened at last.

An input that could not be read is read again where its raw file is found under the folders of the run. A document that
a later room put aside is judged again from the text that is there, whether or not its raw file is.
"""

from collections.abc import Sequence
from pathlib import Path

from flows.summary import Again
from tasks import extract, ingest, strip
from tasks.ingest import Input, Quarantine, holders
from tasks.stage import Stage, table_name
from tasks.store import Store

DUE = "due again"
JUDGES: Sequence[Stage] = (strip.LABEL, strip.STAGE, extract.STAGE)


def reopen(store: Store) -> None:
    """Makes all that is in quarantine due: the next plan reads those inputs again, and the rooms judge those parts."""
    for part in store.parts(ingest.STAGE, Input):
        unread = {file for row in store.rows(ingest.STAGE, Quarantine, part) for file in holders(row.source)}
        if unread:
            forget_stamps(store, part, unread)
        for stage in JUDGES:
            if store.rows(stage, Quarantine, part):
                store.remove(stage, part)


def forget_stamps(store: Store, part: str, files: set[str]) -> None:
    """Says of some files of a part that they are not in the state in which they were read."""
    rows: list[Input] = store.rows(ingest.STAGE, Input, part)
    due = [row._replace(stamp=DUE) if row.source in files else row for row in rows]
    footer = store.footer(ingest.STAGE, Input, part)
    if footer and due != rows:
        store.write(ingest.STAGE, Input, part, due, footer.made_from)


def outcome(store: Store, before: Path | None, after: Path) -> Again:
    """What became of all that was in quarantine in the snapshot before."""
    tried, stay = aside(before), aside(after)
    parts = store.parts(ingest.STAGE, Input)
    gone = {row.source for part in parts for row in store.rows(ingest.STAGE, Input, part) if row.stamp == DUE}
    return Again(len(tried), len(tried - stay), tuple(sorted(gone)))


def aside(snapshot: Path | None) -> set[str]:
    """The documents in a snapshot's quarantine."""
    import pyarrow.dataset as ds

    if snapshot is None:
        return set()
    return set(ds.dataset(snapshot / table_name(Quarantine)).to_table(columns=["doc_id"]).column(0).to_pylist())
