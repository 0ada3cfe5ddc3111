"""Corpus: the stage over all parts: the articles as stories, and then for each part its stories, members, relations."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.dedupe import Relation
from tasks.group.catalogue import back_references, catalogue
from tasks.group.groups import Articles
from tasks.group.linkage import gathered
from tasks.group.looks import Each
from tasks.group.memory import keep, remembered
from tasks.group.mentions import Mention, Referring, Told, mentions, relation
from tasks.group.noted import Noted, noting
from tasks.group.pairs import pairs
from tasks.group.rows import SIGN, BackReference, GroupSettings, Sign
from tasks.group.stories import Stories, days_of, gather, member_rows, story_rows
from tasks.group.ties import ties
from tasks.group.window import Days, Edges
from tasks.stage import to_rows, to_table, whole
from tasks.store import Store

Made = tuple[str, pa.Table, pa.Table, pa.Table]


def group(store: Store, settings: GroupSettings, each: Each = map) -> Iterator[Made]:
    """For every part: the stories whose first article it holds, its members, and its relations to other articles.

    `each` maps a function over stretches of time or of stories, and may be the map of a pool of processes that see the
    same folder. Held of every article is all that its sign says but for its terms.
    """
    articles = catalogue(store)
    with noting(store, articles) as noted:
        stories = gathered_stories(store, articles, noted, settings, each)
        mentioned = all_mentions(stories, articles, noted)
        tied = ties(stories, articles, noted.article, each)
    mentions_of = np.bincount([mention.story for mention in mentioned], minlength=len(stories.leads))
    leads = articles.column("doc_id").take(stories.leads).to_pylist()
    mentioning = to_table(Relation, (relation(mention, leads[mention.story]) for mention in mentioned))
    tables = (
        story_rows(stories, articles, tied.names, mentions_of),
        member_rows(stories, articles),
        whole(Relation, [tied.relations, mentioning]),
    )
    parts = store.parts(SIGN, Sign)
    yield from zip(parts, *(parted(table, articles, len(parts)) for table in tables), strict=True)


def gathered_stories(store: Store, articles: pa.Table, noted: Noted, settings: GroupSettings, each: Each) -> Stories:
    """The articles of the corpus as stories."""
    days = np.array([day or 0 for day in noted.days], np.int64)
    edges = compared(store, days, noted, settings, each)
    return gather(gathered(Articles(days, noted.said, settings), edges, each), articles)


def compared(store: Store, days: Days, noted: Noted, settings: GroupSettings, each: Each) -> Edges:
    """The pairs of articles that may tell one event; all that was found on the way is kept for the next run."""
    found = pairs(days, noted.article, noted.signatures, remembered(store, settings), settings, each)
    keep(store, found)
    return found.edges


def all_mentions(stories: Stories, articles: pa.Table, noted: Noted) -> list[Mention]:
    """The mentions of earlier stories in all articles."""
    first_on: dict[date | None, list[int]] = defaultdict(list)
    for story, day in enumerate(days_of(stories, articles)[0].to_pylist()):
        first_on[day].append(story)
    story_ids = articles.column("doc_id").take(stories.firsts)

    def told_on(day: date) -> list[Told]:
        return [
            Told(story, story_ids[story].as_py(), heaviest(stories.of(story), noted)) for story in first_on.get(day, ())
        ]

    return mentions(referring(stories, articles), told_on)


def referring(stories: Stories, articles: pa.Table) -> Iterator[Referring]:
    """Every sentence that refers to an earlier day, by the first day that it may mean."""
    story_of = stories.owners[np.argsort(stories.articles)]
    for some in back_references(articles):
        numbers = some.column("number").to_numpy()
        about = articles.select(["doc_id", "day"]).take(numbers)
        known = zip(*(column.to_pylist() for column in about.columns), strict=True)
        told = to_rows(BackReference, some)
        for (doc_id, day), story, reference in zip(known, story_of[numbers].tolist(), told, strict=True):
            yield Referring(doc_id, story, day, reference)


def heaviest(numbers: Sequence[int], noted: Noted) -> dict[int, float]:
    """The heaviest weight of each term of some articles that a mention may share."""
    terms, weights = map(np.concatenate, zip(*map(noted.referred, numbers), strict=True))
    order = np.argsort(weights, kind="stable")
    return dict(zip(terms[order].tolist(), weights[order].tolist(), strict=True))


def parted(rows: pa.Table, articles: pa.Table, parts: int) -> list[pa.Table]:
    """The rows of each part: those whose first column names an article of it."""
    numbers = pc.index_in(rows.column(0), articles.column("doc_id").combine_chunks())
    part_of = articles.column("part").take(numbers).to_numpy()
    rows, ends = rows.take(np.argsort(part_of, kind="stable")), np.cumsum(np.bincount(part_of, minlength=parts))
    return [rows.slice(start, end - start) for start, end in pairwise([0, *ends.tolist()])]
