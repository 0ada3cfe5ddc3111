"""Finds the article that came nearest to a story without being of it, which `copydesk explain` shows."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.group.catalogue import hidden
from tasks.group.groups import wanted_likeness
from tasks.group.likeness import Floats, likeness, terms_of
from tasks.group.memory import settings_of
from tasks.group.reasons import Quoted, reasons
from tasks.group.rows import SIGN, GroupSettings, Sign
from tasks.group.window import Article, measures
from tasks.stage import to_rows
from tasks.store import Store


class Near(NamedTuple):
    """An article that is not of a story, how like its lead it is, what they share, and why that is not enough."""

    doc_id: str
    title: str | None
    likeness: float
    why: str
    why_not: str


def nearest(store: Store, lead: str, members: Collection[str]) -> Near | None:
    """The article likest to a story's lead that is no member; None where none of those days is like it at all."""
    settings = settings_of(store)
    found = next(signs(store, pc.field("doc_id") == lead), [])
    if not found:
        return None
    [told] = found
    left_out = {lead, *members, *hidden(store).to_pylist()}
    best: tuple[float, str, Sign] | None = None
    for batch in signs(store, in_reach(told, settings)):
        others = [sign for sign in batch if sign.doc_id not in left_out]
        for likely, sign in zip(all_alike(told, others), others, strict=True):
            if best is None or (-likely, sign.doc_id) < best[:2]:
                best = (-likely, sign.doc_id, sign)
    if best is None:
        return None
    score, sign = -best[0], best[2]
    [shared] = reasons([quoted(sign)], [quoted(told)], beside(told, [sign]))
    return Near(sign.doc_id, sign.title, score, shared, why_not(score, sign, told, len(members) + 1, settings))


def signs(store: Store, where: pc.Expression) -> Iterator[list[Sign]]:
    """The signs of which something holds, part by part, without those parts that have none."""
    for path in store.paths(SIGN, Sign):
        found = to_rows(Sign, pq.read_table(path, filters=where))
        if found:
            yield found


def in_reach(lead: Sign, settings: GroupSettings) -> pc.Expression:
    """Which articles were printed so near to the lead that the story might have them, or just not; or have no date."""
    if lead.day is None:
        return pc.field("doc_id").is_valid()
    slack = timedelta(2 * settings.window_days + 1)
    day = pc.field("day")
    return day.is_null() | ((day >= lead.day - slack) & (day <= lead.day + slack))


def all_alike(one: Sign, others: Sequence[Sign]) -> list[float]:
    """How likely an article and each of the others tell one event, 0 to 1."""
    return [round(value, 4) for value in likeness(beside(one, others)).tolist()] if others else []


def beside(one: Sign, others: Sequence[Sign]) -> Floats:
    """What the regression sees of an article beside each of some others, of which there is one at least."""
    return measures([(article_of(one), [article_of(other) for other in others])])


def article_of(sign: Sign) -> Article:
    """A sign as it is compared."""
    terms = terms_of(np.array(sign.terms, np.int64), np.array(sign.weights, np.float32))
    return Article(0, sign.day.toordinal() if sign.day else None, sign.language, terms)


def quoted(sign: Sign) -> Quoted:
    """What a reason may quote of an article."""
    return Quoted(sign.doc_id, sign.day, sign.title, sign.names, sign.figures)


def why_not(score: float, sign: Sign, lead: Sign, articles: int, settings: GroupSettings) -> str:
    """What keeps an article out of a story that would have so many articles with it, in words."""
    wanted = wanted_likeness(articles, None in (sign.day, lead.day), (sign.day or lead.day) is not None, settings)
    if sign.day and lead.day and abs(sign.day - lead.day) > timedelta(settings.window_days):
        return f"more than {settings.window_days} days apart"
    if score < wanted:
        return f"likeness {score:.2f}, wanted {wanted:.2f}"
    return f"like the lead, but not on average {wanted:.2f} like all its articles"
