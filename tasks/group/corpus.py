"""Corpus: the stage over all parts: the articles as stories, and then for each part its stories, members, relations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tasks.dedupe import Relation
from tasks.group.catalogue import Entry, articles, batches, catalogue
from tasks.group.linkage import gathered
from tasks.group.mentions import Mention, Referring, Told, by_first_day, mentions, relation
from tasks.group.rows import SIGN, BackReference, GroupSettings, Member, Sign, Story
from tasks.group.stories import Gathered, gather, member_rows, names_of, story_row, tie
from tasks.group.vector import KIND_MASK, NAMES
from tasks.group.window import Article, edges
from tasks.stage import columns
from tasks.store import Store

Made = tuple[str, list[Story], list[Member], list[Relation]]
NameTerms = tuple[np.ndarray, np.ndarray]


class Corpus(NamedTuple):
    """The stories of a corpus, the story of each article, and the terms of each article's names."""

    entries: list[Entry]
    stories: list[Gathered]
    names: list[NameTerms]


def group(store: Store, settings: GroupSettings) -> Iterator[Made]:
    """For every part: the stories whose first article it holds, its members, and its relations to other articles."""
    corpus = gathered_corpus(store, settings)
    told = list(told_stories(store, corpus))
    mentioned = list(all_mentions(store, corpus))
    counts: dict[str, int] = defaultdict(int)
    relations: dict[str, list[Relation]] = defaultdict(list)
    part_of = {entry.doc_id: entry.part for entry in corpus.entries}
    for mention in mentioned:
        counts[mention.story.story_id] += 1
    for found in [*(tied for _, _, ties in told for tied in ties), *map(relation, mentioned)]:
        relations[part_of[found.doc_id]].append(found)
    stories: dict[str, list[Story]] = defaultdict(list)
    members: dict[str, list[Member]] = defaultdict(list)
    for story, names, _ in told:
        stories[part_of[story.story_id]].append(story_row(story, names, counts[story.story_id]))
        for member in member_rows(story):
            members[part_of[member.doc_id]].append(member)
    for part in store.parts(SIGN, Sign):
        yield part, sorted(stories[part]), sorted(members[part]), sorted(relations[part], key=lambda row: row[:3])


def gathered_corpus(store: Store, settings: GroupSettings) -> Corpus:
    """The articles of the corpus as stories."""
    entries = catalogue(store)
    names: list[NameTerms] = []
    found = edges(noting_names(articles(store, entries), names), settings)
    days = [entry.day.toordinal() if entry.day else None for entry in entries]
    clusters = gathered(days, found, settings)
    return Corpus(entries, [gather([entries[number] for number in cluster]) for cluster in clusters], names)


def noting_names(found: Iterable[Article], names: list[NameTerms]) -> Iterator[Article]:
    """The articles as they come, with the terms of their names noted."""
    for article in found:
        is_name = (article.terms.terms & KIND_MASK) == NAMES
        names.append((article.terms.terms[is_name], article.terms.weights[is_name]))
        yield article


def told_stories(store: Store, corpus: Corpus) -> Iterator[tuple[Gathered, list[str], list[Relation]]]:
    """Each story with the names that mark it and what ties its articles to the lead."""
    order = [entry.doc_id for story in corpus.stories for entry in story.articles]
    signs = signs_of(store, order)
    for story in corpus.stories:
        own = [next(signs) for _ in story.articles]
        lead = next(sign for sign in own if sign.doc_id == story.lead.doc_id)
        yield story, names_of(own), [tie(sign, lead) for sign in own if sign is not lead]


def signs_of(store: Store, doc_ids: Sequence[str]) -> Iterator[Sign]:
    """The signs of these documents, in the order in which they are named."""
    wanted = [of.name for of in columns(Sign)]
    for batch in batches(store, doc_ids, wanted):
        for row in batch.to_pylist():
            yield Sign(**row)


def all_mentions(store: Store, corpus: Corpus) -> Iterator[Mention]:
    """The mentions of earlier stories in all articles."""
    story_of = {entry.doc_id: story for story in corpus.stories for entry in story.articles}
    stories = told_by_day(corpus)
    for part in store.parts(SIGN, Sign):
        for row in store.read(SIGN, Sign, part, ["doc_id", "day", "references"]).to_pylist():
            if row["doc_id"] in story_of:
                found = [BackReference(**reference) for reference in row["references"]]
                yield from mentions(
                    Referring(row["doc_id"], story_of[row["doc_id"]].story_id, row["day"], found), stories
                )


def told_by_day(corpus: Corpus) -> Mapping[date, list[Told]]:
    """The stories by their first day, with the heaviest weight of each name."""
    number_of = {entry.doc_id: number for number, entry in enumerate(corpus.entries)}
    told = []
    for story in corpus.stories:
        weights: dict[int, float] = {}
        for entry in story.articles:
            terms, heavy = corpus.names[number_of[entry.doc_id]]
            for term, weight in zip(terms.tolist(), heavy.tolist(), strict=True):
                weights[term] = max(weight, weights.get(term, 0.0))
        told.append(Told(story, weights))
    return by_first_day(told)
