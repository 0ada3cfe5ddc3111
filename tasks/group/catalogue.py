"""What is held of every article of the corpus: all that its sign says but for its terms, as columns."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks import dedupe
from tasks.dedupe import Fate
from tasks.group.rows import SIGN, Sign
from tasks.stage import schema
from tasks.store import Store

AT_ONCE = 2_000  # back-references that are rows at one time
TERMS = ["terms", "weights"]  # nine tenths of a sign
HELD = [name for name in schema(Sign).names if name not in TERMS]


def hidden(store: Store) -> pa.Array:
    """The documents that dedupe keeps as another one."""
    found = [store.read(dedupe.STAGE, Fate, part, ["doc_id"]) for part in store.parts(dedupe.STAGE, Fate)]
    return pa.concat_tables([schema(Fate).empty_table().select(["doc_id"]), *found]).column("doc_id").combine_chunks()


def catalogue(store: Store) -> pa.Table:
    """The articles: those without a date first, then by day, then by doc_id; an article's number is its place here.

    `part` counts the parts of the signs, and `place` the rows of one.
    """
    empty = schema(Sign).empty_table().select(HELD)
    read = [store.read(SIGN, Sign, part, HELD) for part in store.parts(SIGN, Sign)]
    found = pa.concat_tables([empty, *read])
    sizes = [len(signs) for signs in read]
    found = found.append_column("part", pa.array(np.repeat(np.arange(len(read)), sizes)))
    found = found.append_column("place", pa.array(np.concatenate([np.arange(0), *map(np.arange, sizes)])))
    found = found.filter(pc.invert(pc.is_in(found.column("doc_id"), hidden(store))))
    order = pc.sort_indices(found, sort_keys=[("day", "ascending"), ("doc_id", "ascending")]).to_numpy()
    return found.take(np.roll(order, found.column("day").null_count)).combine_chunks()


def back_references(articles: pa.Table) -> Iterator[pa.Table]:
    """Every back-reference with the number of its article, by the first day that it may mean, some at a time."""
    references = articles.column("references").combine_chunks()
    found = pa.Table.from_struct_array(references.flatten())
    found = found.append_column("number", pc.list_parent_indices(references))
    order = pc.sort_indices(found, sort_keys=[("first_day", "ascending"), ("number", "ascending")])
    for start in range(0, len(order), AT_ONCE):
        yield found.take(order[start : start + AT_ONCE])
