"""Ties an article to an earlier story that it refers to: by a day that resolves and the names in that sentence.

"… announced plans for the conference after talks in Moscow on May 7": the story's first article was printed on that
day or the day after, and the names of the sentence are the story's.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tasks.dedupe import Passage, Relation
from tasks.group.rows import BackReference
from tasks.group.stories import Gathered

LATER = 1  # days after an event until its first article is printed
LEAST_NAMES = 2
LEAST_WEIGHT = 9.0  # rarity of the shared names: two that are not known everywhere
LEAST_SHARE = 0.5  # of the names in the sentence


class Told(NamedTuple):
    """A story as mentions find it: the weights of its names, by term."""

    story: Gathered
    names: Mapping[int, float]


class Referring(NamedTuple):
    """An article as one that may refer to others."""

    doc_id: str
    story_id: str
    day: date | None
    references: Sequence[BackReference]


class Mention(NamedTuple):
    """An article's reference to a story, and how much speaks for it."""

    doc_id: str
    reference: BackReference
    story: Gathered
    weight: float


def mentions(article: Referring, stories: Mapping[date, Sequence[Told]]) -> list[Mention]:
    """The stories that an article refers to, each by the sentence that says most, in the order of their ids."""
    best: dict[str, Mention] = {}
    for reference in article.references:
        found = match(article, reference, stories)
        before = best.get(found.story.story_id) if found else None
        if found and (before is None or found.weight > before.weight):
            best[found.story.story_id] = found
    return [best[story_id] for story_id in sorted(best)]


def match(article: Referring, reference: BackReference, stories: Mapping[date, Sequence[Told]]) -> Mention | None:
    """The story that a sentence refers to: of those of its day that share enough names, the one that shares most."""
    found = []
    for told in of_days(reference, stories):
        weights = [told.names[term] for term in reference.names if term in told.names]
        enough = len(weights) >= max(LEAST_NAMES, LEAST_SHARE * len(reference.names)) and sum(weights) >= LEAST_WEIGHT
        if enough and told.story.story_id != article.story_id and told.story.is_before(article.day):
            found.append(Mention(article.doc_id, reference, told.story, sum(weights)))
    return min(found, key=lambda mention: (-mention.weight, mention.story.story_id), default=None)


def of_days(reference: BackReference, stories: Mapping[date, Sequence[Told]]) -> Iterator[Told]:
    """The stories first printed on a day that a sentence may mean, or the day after."""
    span = (reference.last_day - reference.first_day).days + LATER
    for later in range(span + 1):
        yield from stories.get(reference.first_day + timedelta(later), ())


def by_first_day(told: Iterable[Told]) -> dict[date, list[Told]]:
    """The stories by the day of their first article; those without a date cannot be referred to by day."""
    found: dict[date, list[Told]] = defaultdict(list)
    for one in told:
        if one.story.first_on:
            found[one.story.first_on].append(one)
    return found


def relation(mention: Mention) -> Relation:
    """The row of a mention: its sentence as the reason, with its place in the text."""
    place = Passage(mention.reference.start, 0, mention.reference.length)
    score = round(1 - math.exp(-mention.weight / LEAST_WEIGHT), 4)
    lead = mention.story.lead.doc_id
    return Relation(mention.doc_id, lead, "mentions", score, None, None, [place], mention.reference.sentence)
