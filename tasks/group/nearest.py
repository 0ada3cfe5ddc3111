"""Finds the article that came nearest to a story without being of it, which `copydesk explain` shows."""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tasks.group.catalogue import hidden
from tasks.group.rows import SIGN, GroupSettings, Sign
from tasks.group.stories import alike, why
from tasks.stage import schema, to_rows
from tasks.store import Store


class Near(NamedTuple):
    """An article that is not of a story, how like its lead it is, what they share, and why that is not enough."""

    doc_id: str
    title: str | None
    likeness: float
    why: str
    why_not: str


def nearest(store: Store, lead: str, members: Collection[str], settings: GroupSettings) -> Near | None:
    """The article likest to a story's lead that is no member; None where none of those days is like it at all."""
    parts = [store.read(SIGN, Sign, part) for part in store.parts(SIGN, Sign)]
    signs = pa.concat_tables(parts) if parts else schema(Sign).empty_table()
    found = to_rows(Sign, signs.filter(pc.equal(signs["doc_id"], lead)))
    if not found:
        return None
    left_out = pa.array(sorted({lead, *members, *hidden(store)}), pa.string())
    others = signs.filter(pc.and_(in_reach(signs, found[0], settings), pc.invert(pc.is_in(signs["doc_id"], left_out))))
    scored = [(alike(sign, found[0]), sign) for sign in to_rows(Sign, others)]
    if not scored:
        return None
    score, best = min(scored, key=lambda one: (-one[0], one[1].doc_id))
    return Near(best.doc_id, best.title, score, why(best, found[0]), why_not(score, best, found[0], settings))


def in_reach(signs: pa.Table, lead: Sign, settings: GroupSettings) -> pa.Array:
    """Which articles were printed so near to the lead that the story might have them, or just not; or have no date."""
    if lead.day is None:
        return pc.is_valid(signs["doc_id"])
    slack = timedelta(2 * settings.window_days + 1)
    near = pc.and_(
        pc.greater_equal(signs["day"], lead.day - slack),
        pc.less_equal(signs["day"], lead.day + slack),
    )
    return pc.fill_null(near, True)


def why_not(score: float, sign: Sign, lead: Sign, settings: GroupSettings) -> str:
    """What keeps an article out of the story, in words."""
    dated = sign.day is not None and lead.day is not None
    wanted = settings.likeness if dated else settings.undated_likeness
    if sign.day and lead.day and abs(sign.day - lead.day) > timedelta(settings.window_days):
        return f"more than {settings.window_days} days apart"
    if score < wanted:
        return f"likeness {score:.2f}, wanted {wanted:.2f}"
    return f"like the lead, but not on average {wanted:.2f} like all its articles"
