"""Corpus: the stage over all parts: the articles as stories, and then for each part its stories, members, relations."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from tasks.dedupe import Relation
from tasks.group.catalogue import Entry, back_references, catalogue, in_order
from tasks.group.linkage import gathered
from tasks.group.looks import Each
from tasks.group.memory import keep, remembered
from tasks.group.mentions import Mention, Referring, Told, mentions, relation
from tasks.group.noted import Noted, noting
from tasks.group.pairs import pairs
from tasks.group.rows import SIGN, GroupSettings, Member, Sign, Story
from tasks.group.stories import Gathered, gather, member_row, names_of, story_row, tie
from tasks.stage import columns
from tasks.store import Store

Made = tuple[str, list[Story], list[Member], list[Relation]]


def group(store: Store, settings: GroupSettings, each: Each = map) -> Iterator[Made]:
    """For every part: the stories whose first article it holds, its members, and its relations to other articles.

    `each` maps a function over stretches of time, and may be the map of a pool of processes that see the same folder.
    Held of an article that is out of the window's reach is its entry, and what it is related to; what is common, a
    story of one article, is made into rows only when its part's turn comes.
    """
    entries = catalogue(store)
    part_of = {entry.doc_id: entry.part for entry in entries}
    relations: dict[str, list[Relation]] = defaultdict(list)
    told: dict[str, list[Story]] = defaultdict(list)
    with noting(store, entries) as noted:
        stories = gathered_stories(store, entries, noted, settings, each)
        mentioned = all_mentions(store, stories, noted)
        counts = Counter(mention.story.story_id for mention in mentioned)
        for story, names, ties in named_stories(store, [story for story in stories if len(story.articles) > 1], noted):
            told[part_of[story.story_id]].append(story_row(story, names, counts[story.story_id]))
            for tied in ties:
                relations[part_of[tied.doc_id]].append(tied)
    for mention in mentioned:
        relations[part_of[mention.doc_id]].append(relation(mention))
    story_of = {entry.doc_id: story for story in stories for entry in story.articles}
    for part in store.parts(SIGN, Sign):
        rows = store.read(SIGN, Sign, part, ["doc_id", "names"]).to_pylist()
        here = {row["doc_id"]: row["names"] for row in rows if row["doc_id"] in story_of}
        alone = [
            story_row(story_of[doc_id], names, counts[doc_id])
            for doc_id, names in here.items()
            if len(story_of[doc_id].articles) == 1
        ]
        members = [member_row(doc_id, story_of[doc_id]) for doc_id in here]
        yield part, sorted(told[part] + alone), sorted(members), sorted(relations[part], key=lambda row: row[:3])


def gathered_stories(
    store: Store, entries: Sequence[Entry], noted: Noted, settings: GroupSettings, each: Each
) -> list[Gathered]:
    """The articles of the corpus as stories."""
    days = np.array([day or 0 for day in noted.days], np.int64)
    found = pairs(days, noted.article, noted.signatures, remembered(store, settings), settings, each)
    keep(store, found)
    edges = found.edges
    del found  # the rare terms are many more

    def terms(number: int) -> Iterator[int]:
        return (term for term, _ in noted.referred(number))

    return [gather([entries[number] for number in cluster]) for cluster in gathered(noted.days, edges, terms, settings)]


def named_stories(
    store: Store, stories: Sequence[Gathered], noted: Noted
) -> Iterator[tuple[Gathered, list[str], list[Relation]]]:
    """Each story with the names that mark it and what ties its articles to the lead."""
    signs = signs_of(store, [entry.doc_id for story in stories for entry in story.articles], noted)
    for story in stories:
        own = [next(signs) for _ in story.articles]
        lead = next(sign for sign in own if sign.doc_id == story.lead.doc_id)
        yield story, names_of(own), [tie(sign, lead) for sign in own if sign is not lead]


def signs_of(store: Store, doc_ids: Sequence[str], noted: Noted) -> Iterator[Sign]:
    """The signs of these documents, in the order in which they are named, without their back-references.

    Their terms, nine tenths of them, are noted already.
    """
    wanted = [of.name for of in columns(Sign) if of.name not in ("terms", "weights", "references")]
    for row in in_order(store, doc_ids, wanted):
        terms = noted.rows(noted.numbers[row["doc_id"]])
        yield Sign(**row, terms=terms["term"].tolist(), weights=terms["weight"].tolist(), references=[])


def all_mentions(store: Store, stories: Sequence[Gathered], noted: Noted) -> list[Mention]:
    """The mentions of earlier stories in all articles."""
    story_of = {entry.doc_id: story for story in stories for entry in story.articles}
    first_on: dict[date, list[Gathered]] = defaultdict(list)
    for story in stories:
        if story.first_on:
            first_on[story.first_on].append(story)

    def told_on(day: date) -> list[Told]:
        return [told(story, noted) for story in first_on.get(day, ())]

    sentences = (
        Referring(doc_id, story_of[doc_id].story_id, day, reference)
        for doc_id, day, reference in back_references(store)
        if doc_id in story_of
    )
    return mentions(sentences, told_on)


def told(story: Gathered, noted: Noted) -> Told:
    """A story with the heaviest weight of each term that a mention may share."""
    heaviest: dict[int, float] = {}
    for entry in story.articles:
        for term, weight in noted.referred(noted.numbers[entry.doc_id]):
            if weight > heaviest.get(term, 0.0):
                heaviest[term] = weight
    return Told(story, heaviest)
