"""Names the stories of several articles, and ties each of their articles to the lead."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from tasks.dedupe import Relation
from tasks.group.likeness import likeness
from tasks.group.looks import Each
from tasks.group.names import distinct
from tasks.group.reasons import Quoted, reasons
from tasks.group.rows import Story
from tasks.group.stories import Stories
from tasks.group.window import Article, measures
from tasks.stage import schema, to_table, whole

MOST_NAMES = 12
AT_ONCE = 2_000  # articles whose ties are measured together
NAMES = schema(Story).field("names").type
QUOTED = ["doc_id", "day", "title", "names", "figures"]


class Tied(NamedTuple):
    """Names, a list for each story, and the relations of their articles to their leads."""

    names: pa.ListArray
    relations: pa.Table


def ties(stories: Stories, articles: pa.Table, article: Callable[[int], Article], each: Each) -> Tied:
    """The names of all stories, and the relations; `article` gets one by its number, as it is compared."""
    several = np.flatnonzero(stories.sizes > 1)
    stretches = [*cut(stories.some(several))]
    found = [*each(partial(tied, stretches, articles.select(QUOTED), article), range(len(stretches)))]
    names = [articles.column("names").take(stories.leads).combine_chunks(), *(some.names for some in found)]
    place = np.arange(len(stories.leads))
    place[several] = len(place) + np.arange(len(several))
    return Tied(pa.concat_arrays(names).take(place), whole(Relation, (some.relations for some in found)))


def cut(stories: Stories) -> Iterator[Stories]:
    """Stories in stretches of about so many articles."""
    starts = np.flatnonzero(np.diff(stories.starts[1:] // AT_ONCE, prepend=-1, append=-1))
    return (stories.stretch(first, last) for first, last in pairwise(starts.tolist()))


def tied(stretches: Sequence[Stories], articles: pa.Table, article: Callable[[int], Article], which: int) -> Tied:
    """The names and relations of a stretch of stories."""
    stories = stretches[which]
    columns = articles.take(stories.articles).columns
    quoted = [Quoted(*row) for row in zip(*(column.to_pylist() for column in columns), strict=True)]
    names = [names_of(quoted[start:end]) for start, end in pairwise(stories.starts.tolist())]
    return Tied(pa.array(names, NAMES), to_table(Relation, relations(stories, quoted, article)))


def names_of(articles: Sequence[Quoted]) -> list[str]:
    """The names that mark a story: those that most of its articles have, the most telling of each first."""
    points: Counter[str] = Counter()
    for one in articles:
        points.update({name: 1 / (2 + place) for place, name in enumerate(one.names)})
    return distinct(sorted(points, key=lambda name: (-points[name], name)))[:MOST_NAMES]


def relations(stories: Stories, quoted: Sequence[Quoted], article: Callable[[int], Article]) -> Iterator[Relation]:
    """What ties each article of the stories to its lead, story by story."""
    is_lead = stories.articles == stories.leads[stories.owners]
    others, leads = np.flatnonzero(~is_lead), np.flatnonzero(is_lead)[stories.owners[~is_lead]]
    pairs = measures([*beside(stories, article)])
    ones, their_leads = ([quoted[place] for place in places.tolist()] for places in (others, leads))
    found = zip(ones, their_leads, likeness(pairs).tolist(), reasons(ones, their_leads, pairs), strict=True)
    for one, lead, score, why in found:
        yield Relation(one.doc_id, lead.doc_id, "same_story", round(score, 4), None, None, [], why)


def beside(stories: Stories, article: Callable[[int], Article]) -> Iterator[tuple[Article, list[Article]]]:
    """The lead of each story, with the others of its articles."""
    numbers = stories.articles.tolist()
    for lead, (start, end) in zip(stories.leads.tolist(), pairwise(stories.starts.tolist()), strict=True):
        yield article(lead), [article(number) for number in numbers[start:end] if number != lead]
