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
from tasks.group.likeness import likeness, terms_of
from tasks.group.rows import Member, Sign, Story
from tasks.group.vector import KIND_MASK, KINDS
from tasks.group.window import Article, pair_features

MOST_NAMES = 12
TOLD = 3  # names or figures that a reason lists


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


def member_rows(story: Gathered) -> list[Member]:
    """The rows that say which story each article is of."""
    lead = story.lead.doc_id
    return [
        Member(entry.doc_id, story.story_id, "lead" if entry.doc_id == lead else "coverage") for entry in story.articles
    ]


def names_of(signs: Sequence[Sign]) -> list[str]:
    """The names that mark a story: those that most of its articles have, the most telling of each first."""
    points: Counter[str] = Counter()
    for sign in signs:
        points.update({name: 1 / (2 + place) for place, name in enumerate(sign.names)})
    return sorted(points, key=lambda name: (-points[name], name))[:MOST_NAMES]


def tie(sign: Sign, lead: Sign) -> Relation:
    """What ties an article to the lead of its story."""
    score = float(likeness(pair_features(article_of(sign), [article_of(lead)]))[0])
    return Relation(sign.doc_id, lead.doc_id, "same_story", round(score, 4), None, None, [], why(sign, lead))


def article_of(sign: Sign) -> Article:
    """A sign as the window holds it."""
    terms = terms_of(np.array(sign.terms, np.int64), np.array(sign.weights, np.float32))
    return Article(0, sign.day.toordinal() if sign.day else None, terms)


def why(sign: Sign, lead: Sign) -> str:
    """The most telling of what two articles share, in words."""
    figures = [figure for figure in sign.figures if figure in lead.figures]
    reasons = [
        listed("names", [name for name in sign.names if name in lead.names]),
        listed("figures", sorted(figures, key=lambda figure: (-len(figure), figure))),
        *kinds_shared(sign, lead),
        apart(sign, lead),
    ]
    return "; ".join(reason for reason in reasons if reason)


def listed(kind: str, shared: Sequence[str]) -> str:
    """The first few of what is shared, with what it is; nothing where nothing is."""
    return f"{kind} {', '.join(shared[:TOLD])}" if shared else ""


def kinds_shared(sign: Sign, lead: Sign) -> list[str]:
    """How like the two are in each telling kind of term, the likest first."""
    one, other = article_of(sign).terms, article_of(lead).terms
    _, mine, theirs = np.intersect1d(one.terms, other.terms, assume_unique=True, return_indices=True)
    products = one.weights[mine] * other.weights[theirs]
    shared = np.bincount(one.terms[mine] & KIND_MASK, products, minlength=len(KINDS))
    cosine = shared / np.sqrt(one.norms * other.norms + 1e-9)
    told = sorted((-round(float(cosine[kind]), 2), KINDS[kind]) for kind in (0, 3, 4) if cosine[kind] > 0)
    return [f"{name} alike {-value:.2f}" for value, name in told]


def apart(sign: Sign, lead: Sign) -> str:
    """How many days lie between two articles, in words."""
    if sign.day is None or lead.day is None:
        return "a date is not known"
    days = abs((sign.day - lead.day).days)
    return {0: "the same day", 1: "a day apart"}.get(days, f"{days} days apart")
