"""Makes the rows of a story: its lead, its names, and what ties each of its articles to the lead.

The lead is the earliest article that has a title and at least half as many words as the longest one; an undated one
leads only where all are undated, and where none has a title the longest leads.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from tasks.dedupe import Relation
from tasks.group.catalogue import Entry
from tasks.group.likeness import Floats, contributions, likeness, terms_of
from tasks.group.names import distinct, parts_of
from tasks.group.rows import Member, Sign, Story
from tasks.group.terms import stems
from tasks.group.vector import FIGURES, KINDS, LEAD_FIGURES, LEAD_NAMES, NAMES, TITLE
from tasks.group.window import Article, measures
from tasks.text import words

MOST_NAMES = 12
TOLD = 3  # names or figures that a reason lists
SIGNALS = 5  # kinds of terms that a reason gives
SPEAKING = 0.05  # in the odds of the regression: what speaks less is not worth a word


class Gathered(NamedTuple):
    """A story's articles, the earliest first, and which of them leads."""

    articles: list[Entry]
    lead: Entry

    @property
    def story_id(self) -> str:
        """The doc_id of the earliest article."""
        return self.articles[0].doc_id

    @property
    def first_on(self) -> date | None:
        """The day of the first article that has a date."""
        return min((entry.day for entry in self.articles if entry.day), default=None)

    def is_before(self, day: date | None) -> bool:
        """Whether the story was first told before a day; an article without a day comes after every story."""
        return self.first_on is not None and (day is None or self.first_on < day)


def gather(articles: Sequence[Entry]) -> Gathered:
    """The articles of one story in order, and their lead."""
    ordered = sorted(articles, key=when)
    enough = max(entry.words for entry in ordered) / 2
    leads = [entry for entry in ordered if entry.title and entry.words >= enough]
    return Gathered(ordered, leads[0] if leads else max(ordered, key=lambda entry: entry.words))


def when(entry: Entry) -> tuple[bool, str, str]:
    """What orders the articles of a story: when they were published, those without a date last, then the doc_id."""
    return entry.published is None, entry.published or "", entry.doc_id


def story_row(story: Gathered, names: list[str], mentions: int) -> Story:
    """The row of a story."""
    days = [entry.day for entry in story.articles if entry.day]
    return Story(
        story.story_id,
        story.lead.doc_id,
        story.lead.title,
        min(days, default=None),
        max(days, default=None),
        len(story.articles),
        sorted({entry.outlet for entry in story.articles if entry.outlet}),
        sorted({entry.language for entry in story.articles if entry.language}),
        names,
        mentions,
    )


def member_row(doc_id: str, story: Gathered) -> Member:
    """The row that says which story an article is of."""
    return Member(doc_id, story.story_id, "lead" if doc_id == story.lead.doc_id else "coverage")


def names_of(signs: Sequence[Sign]) -> list[str]:
    """The names that mark a story: those that most of its articles have, the most telling of each first."""
    points: Counter[str] = Counter()
    for sign in signs:
        points.update({name: 1 / (2 + place) for place, name in enumerate(sign.names)})
    return distinct(sorted(points, key=lambda name: (-points[name], name)))[:MOST_NAMES]


def tie(sign: Sign, lead: Sign) -> Relation:
    """What ties an article to the lead of its story."""
    pair = beside(sign, [lead])
    score = round(float(likeness(pair)[0]), 4)
    return Relation(sign.doc_id, lead.doc_id, "same_story", score, None, None, [], why(sign, lead, pair[0]))


def all_alike(one: Sign, others: Sequence[Sign]) -> list[float]:
    """How likely an article and each of the others tell one event, 0 to 1."""
    if not others:
        return []
    return [round(value, 4) for value in likeness(beside(one, others)).tolist()]


def beside(one: Sign, others: Sequence[Sign]) -> Floats:
    """What the regression sees of an article beside each of some others, of which there is one at least."""
    return measures(article_of(one), [article_of(other) for other in others])


def article_of(sign: Sign) -> Article:
    """A sign as the window holds it."""
    terms = terms_of(np.array(sign.terms, np.int64), np.array(sign.weights, np.float32))
    return Article(0, sign.day.toordinal() if sign.day else None, sign.language, terms)


def why(sign: Sign, lead: Sign, pair: Floats) -> str:
    """The most telling of what two articles share, in words, and the days between them; `pair` as from `beside`."""
    speaking = contributions(pair)
    order = sorted(range(len(KINDS)), key=lambda kind: (-round(float(speaking[kind]), 4), kind))
    told = [f"{KINDS[kind]}{shown(kind, sign, lead)}" for kind in order if speaking[kind] > SPEAKING]
    return "; ".join([*told[:SIGNALS], apart(sign, lead)])


def shown(kind: int, sign: Sign, lead: Sign) -> str:
    """The first few shared terms of a kind as printed; nothing for kinds of which only numbers are kept."""
    if kind in (NAMES, LEAD_NAMES):
        known = {key for name in lead.names for _, key in parts_of(name)}
        return listed([name for name in sign.names if any(key in known for _, key in parts_of(name))])
    if kind in (FIGURES, LEAD_FIGURES):
        figures = [figure for figure in sign.figures if figure in lead.figures]
        return listed(sorted(figures, key=lambda figure: (-len(figure), figure)))
    if kind == TITLE:
        other = set(stems(lead.title or ""))
        return listed([word for word in words(sign.title or "") if len(word) > 3 and not other.isdisjoint(stems(word))])
    return ""


def listed(shared: Sequence[str]) -> str:
    """The first few of what is shared, after a space; nothing where nothing is."""
    return f" {', '.join(shared[:TOLD])}" if shared else ""


def apart(sign: Sign, lead: Sign) -> str:
    """How many days lie between two articles, in words."""
    if sign.day is None or lead.day is None:
        return "a date is not known"
    days = abs((sign.day - lead.day).days)
    return {0: "the same day", 1: "a day apart"}.get(days, f"{days} days apart")
