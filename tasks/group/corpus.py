"""Corpus: the stage over all parts: the articles as stories, and then for each part its stories, members, relations."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tasks.dedupe import Relation
from tasks.group.catalogue import Entry, articles, batches, catalogue
from tasks.group.linkage import gathered
from tasks.group.mentions import Mention, Referring, Told, mentions, relation
from tasks.group.rows import SIGN, BackReference, GroupSettings, Member, Sign, Story
from tasks.group.stories import Gathered, gather, member_rows, names_of, story_row, tie
from tasks.group.vector import KIND_MASK, LEAD, NAMES, PLACES
from tasks.group.window import Article, edges
from tasks.stage import columns
from tasks.store import Store

REFERRED = np.isin(np.arange(KIND_MASK + 1), (NAMES, PLACES, LEAD))  # the kinds that a mention may share
Made = tuple[str, list[Story], list[Member], list[Relation]]
Noted = tuple[np.ndarray, np.ndarray]


class Corpus(NamedTuple):
    """The articles of a corpus in the order of time, their stories, and what mentions may share with each article."""

    entries: list[Entry]
    stories: list[Gathered]
    noted: list[Noted]


class Rows(NamedTuple):
    """The rows of a part."""

    stories: list[Story]
    members: list[Member]
    relations: list[Relation]


def group(store: Store, settings: GroupSettings) -> Iterator[Made]:
    """For every part: the stories whose first article it holds, its members, and its relations to other articles."""
    corpus = gathered_corpus(store, settings)
    mentioned = list(all_mentions(store, corpus))
    counts = Counter(mention.story.story_id for mention in mentioned)
    part_of = {entry.doc_id: entry.part for entry in corpus.entries}
    rows: dict[str, Rows] = defaultdict(lambda: Rows([], [], []))
    for mention in mentioned:
        rows[part_of[mention.doc_id]].relations.append(relation(mention))
    for story, names, ties in named_stories(store, corpus.stories):
        rows[part_of[story.story_id]].stories.append(story_row(story, names, counts[story.story_id]))
        for member in member_rows(story):
            rows[part_of[member.doc_id]].members.append(member)
        for tied in ties:
            rows[part_of[tied.doc_id]].relations.append(tied)
    for part in store.parts(SIGN, Sign):
        of = rows[part]
        yield part, sorted(of.stories), sorted(of.members), sorted(of.relations, key=lambda row: row[:3])


def gathered_corpus(store: Store, settings: GroupSettings) -> Corpus:
    """The articles of the corpus as stories."""
    entries = catalogue(store)
    noted: list[Noted] = []
    found = edges(noting_terms(articles(store, entries), noted), settings)
    days = [entry.day.toordinal() if entry.day else None for entry in entries]
    clusters = gathered(days, found, settings)
    return Corpus(entries, [gather([entries[number] for number in cluster]) for cluster in clusters], noted)


def noting_terms(found: Iterable[Article], noted: list[Noted]) -> Iterator[Article]:
    """The articles as they come, with the terms that a back-reference may share noted."""
    for article in found:
        kept = REFERRED[article.terms.terms & KIND_MASK]
        noted.append((article.terms.terms[kept], article.terms.weights[kept]))
        yield article


def named_stories(store: Store, stories: Sequence[Gathered]) -> Iterator[tuple[Gathered, list[str], list[Relation]]]:
    """Each story with the names that mark it and what ties its articles to the lead."""
    alone = {story.story_id: story for story in stories if len(story.articles) == 1}
    for part in store.parts(SIGN, Sign):
        for row in store.read(SIGN, Sign, part, ["doc_id", "names"]).to_pylist():
            if row["doc_id"] in alone:
                yield alone[row["doc_id"]], row["names"], []
    several = [story for story in stories if len(story.articles) > 1]
    signs = signs_of(store, [entry.doc_id for story in several for entry in story.articles])
    for story in several:
        own = [next(signs) for _ in story.articles]
        lead = next(sign for sign in own if sign.doc_id == story.lead.doc_id)
        yield story, names_of(own), [tie(sign, lead) for sign in own if sign is not lead]


def signs_of(store: Store, doc_ids: Sequence[str]) -> Iterator[Sign]:
    """The signs of these documents, in the order in which they are named, without their back-references."""
    wanted = [of.name for of in columns(Sign) if of.name != "references"]
    for batch in batches(store, doc_ids, wanted):
        for row in batch.to_pylist():
            yield Sign(**row, references=[])


def all_mentions(store: Store, corpus: Corpus) -> Iterator[Mention]:
    """The mentions of earlier stories in all articles."""
    number_of = {entry.doc_id: number for number, entry in enumerate(corpus.entries)}
    story_of = {entry.doc_id: story for story in corpus.stories for entry in story.articles}
    first_on: dict[date, list[Gathered]] = defaultdict(list)
    for story in corpus.stories:
        if story.first_on:
            first_on[story.first_on].append(story)

    def told_on(day: date) -> list[Told]:
        return [told(story, corpus.noted, number_of) for story in first_on.get(day, ())]

    for part in store.parts(SIGN, Sign):
        rows = store.read(SIGN, Sign, part, ["doc_id", "day", "references"]).to_pylist()
        sentences = (
            Referring(row["doc_id"], story_of[row["doc_id"]].story_id, row["day"], BackReference(**reference))
            for row in rows
            if row["doc_id"] in story_of
            for reference in row["references"]
        )
        yield from mentions(sentences, told_on)


def told(story: Gathered, noted: Sequence[Noted], number_of: Mapping[str, int]) -> Told:
    """A story with the heaviest weight of each term that a mention may share."""
    heaviest: dict[int, float] = {}
    for entry in story.articles:
        terms, heavy = noted[number_of[entry.doc_id]]
        for term, weight in zip(terms.tolist(), heavy.tolist(), strict=True):
            heaviest[term] = max(weight, heaviest.get(term, 0.0))
    return Told(story, heaviest)
