"""Ties an article to an earlier story that it refers to: by a day that resolves and the names in that sentence.

"… announced plans for the conference after talks in Moscow on May 7": the story's first article was printed on that
day or the day after, and the names of the sentence are the story's.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from tasks.dedupe import Passage, Relation
from tasks.group.rows import BackReference
from tasks.group.vector import KIND_MASK, NAMES

LATER = 1  # days after an event until its first article is printed
LEAST_NAMES = 2
LEAST_NAMED = 0.6  # of the names in the sentence
LEAST_WORDED = 0.3  # of the words in the sentence, in the leads of the story
SURE = 2.5  # times the weight that is wanted: then the words need not agree
LEAST_WEIGHT = 9.0  # of the shared names: two that are not known everywhere
VAGUE = 1.5  # how much more is wanted where the sentence may mean several days


class Told(NamedTuple):
    """A story as mentions find it, by its number: the weights of its names, its places and the words of its leads, by
    term.
    """

    story: int
    story_id: str
    terms: Mapping[int, float]


class Referring(NamedTuple):
    """A sentence of an article, which is of a story, that refers to an earlier day."""

    doc_id: str
    story: int
    day: date | None
    reference: BackReference


class Mention(NamedTuple):
    """An article's reference to a story, and how much speaks for it."""

    doc_id: str
    reference: BackReference
    story: int
    story_id: str
    weight: float


def mentions(sentences: Iterable[Referring], told_on: Callable[[date], Sequence[Told]]) -> list[Mention]:
    """The stories that articles refer to, one mention a story and article, by the sentence that says most.

    The sentences come by the first day that they may mean. `told_on` gives the stories first told on a day; it is
    asked for each day once, in order, so that no more than a day of them need be held.
    """
    found: dict[tuple[str, int, date], Mention] = {}
    for day, of_day in by_day(sentences):
        index = index_of(told_on(day))
        for sentence in of_day:
            mention = match(sentence, day, index)
            key = (sentence.doc_id, sentence.reference.start, sentence.reference.first_day)
            if mention and (key not in found or mention.weight > found[key].weight):
                found[key] = mention
    return best_by_story(found.values())


def by_day(sentences: Iterable[Referring]) -> Iterator[tuple[date, list[Referring]]]:
    """The days that sentences may refer to, in order, each with its sentences; only those in reach are held."""
    waiting: dict[date, list[Referring]] = defaultdict(list)
    for first_day, of_day in groupby(sentences, key=lambda sentence: sentence.reference.first_day):
        for day in sorted(day for day in waiting if day < first_day):
            yield day, waiting.pop(day)
        for sentence in of_day:
            for day in days_of(sentence.reference):
                waiting[day].append(sentence)
    for day in sorted(waiting):
        yield day, waiting[day]


def days_of(reference: BackReference) -> list[date]:
    """The days on which a story may first have been told that a sentence refers to."""
    span = (reference.last_day - reference.first_day).days + LATER
    return [reference.first_day + timedelta(later) for later in range(span + 1)]


def index_of(stories: Iterable[Told]) -> Mapping[int, list[Told]]:
    """The stories by their names; a place alone leads to none."""
    index: dict[int, list[Told]] = defaultdict(list)
    for told in stories:
        for term in told.terms:
            if term & KIND_MASK == NAMES:
                index[term].append(told)
    return index


def match(sentence: Referring, first_told: date, index: Mapping[int, Sequence[Told]]) -> Mention | None:
    """The story, of those first told on a day, that a sentence refers to: of those that share enough with it, the one
    that shares most.
    """
    if sentence.day and first_told >= sentence.day:
        return None
    near = {told.story: told for term in sentence.reference.names for told in index.get(term, ())}
    found = [
        Mention(sentence.doc_id, sentence.reference, told.story, told.story_id, weight)
        for told in near.values()
        if told.story != sentence.story and (weight := evidence(sentence.reference, told.terms)) > 0
    ]
    return min(found, key=lambda mention: (-mention.weight, mention.story_id), default=None)


def evidence(reference: BackReference, terms: Mapping[int, float]) -> float:
    """How much a sentence shares with a story: the weight of its names, or 0 where its names or words are too few."""
    named = [terms[term] for term in reference.names if term in terms]
    worded = [term for term in reference.words if term in terms]
    weight, wanted = sum(named), LEAST_WEIGHT * (1.0 if reference.first_day == reference.last_day else VAGUE)
    if len(named) < max(LEAST_NAMES, LEAST_NAMED * len(reference.names)) or weight < wanted:
        return 0.0
    return weight if weight >= SURE * wanted or len(worded) >= LEAST_WORDED * len(reference.words) else 0.0


def best_by_story(found: Iterable[Mention]) -> list[Mention]:
    """The weightiest mention of each story in each article."""
    best: dict[tuple[str, int], Mention] = {}
    for mention in sorted(found, key=lambda one: (-one.weight, one.reference.start)):
        best.setdefault((mention.doc_id, mention.story), mention)
    return [*best.values()]


def relation(mention: Mention, lead: str) -> Relation:
    """The row of a mention of a story with this lead: its sentence as the reason, with its place in the text."""
    place = Passage(mention.reference.start, 0, mention.reference.length)
    score = round(1 - math.exp(-mention.weight / LEAST_WEIGHT), 4)
    return Relation(mention.doc_id, lead, "mentions", score, None, None, [place], mention.reference.sentence)
