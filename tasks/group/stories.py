"""Makes the rows of stories: their articles in order, the lead of each, and their columns.

The lead is the earliest article that has a title and at least half as many words as the longest one; an undated one
leads only where all are undated, and where none has a title the longest leads.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tasks.group.rows import Member, Story
from tasks.stage import schema

Numbers = NDArray[np.int64]
NEVER = 1 << 30  # a day or a place after all others


class Stories(NamedTuple):
    """The stories of the corpus: the numbers of their articles, the earliest of each story first, story after story;
    where each story starts among them, and where the last ends; and the number of the lead of each.
    """

    articles: Numbers
    starts: Numbers
    leads: Numbers

    @property
    def sizes(self) -> Numbers:
        """How many articles each has."""
        return np.diff(self.starts)

    @property
    def firsts(self) -> Numbers:
        """The number of the earliest article of each."""
        return self.articles[self.starts[:-1]]

    @property
    def owners(self) -> Numbers:
        """Which story each of the articles is of, in their order here."""
        return np.repeat(np.arange(len(self.leads)), self.sizes)

    def of(self, story: int) -> list[int]:
        """The numbers of the articles of a story."""
        numbers: list[int] = self.articles[self.starts[story] : self.starts[story + 1]].tolist()
        return numbers

    def some(self, which: Numbers) -> "Stories":
        """Some of the stories, by their places in order."""
        kept = np.zeros(len(self.leads), bool)
        kept[which] = True
        return Stories(self.articles[kept[self.owners]], np.append(0, np.cumsum(self.sizes[kept])), self.leads[kept])

    def stretch(self, first: int, last: int) -> "Stories":
        """The stories from one place to another."""
        starts = self.starts[first : last + 1]
        return Stories(self.articles[starts[0] : starts[-1]], starts - starts[0], self.leads[first:last])


def gather(named: Numbers, articles: pa.Table) -> Stories:
    """The stories that articles are of, given the name of each article's, a number."""
    numbers = np.lexsort((turn(articles), named))
    starts = np.flatnonzero(np.diff(named[numbers], prepend=-1, append=-1))
    owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    words = articles.column("words").to_numpy()[numbers]
    longest = np.maximum.reduceat(words, starts[:-1])[owners]
    titled = articles.column("title").is_valid().to_numpy()[numbers]
    fitting = first(titled & (words >= longest / 2), starts)
    leads = np.where(fitting < NEVER, fitting, first(words == longest, starts))
    return Stories(numbers, starts, numbers[leads])


def turn(articles: pa.Table) -> Numbers:
    """What orders the articles of a story: when they were published, those without a date last, then the doc_id."""
    order = pc.sort_indices(articles, sort_keys=[("published", "ascending"), ("doc_id", "ascending")])
    return np.argsort(order.to_numpy())


def first(which: NDArray[np.bool_], starts: Numbers) -> Numbers:
    """The first place of each story at which something holds; NEVER where it holds nowhere."""
    return np.minimum.reduceat(np.where(which, np.arange(len(which)), NEVER), starts[:-1])


def story_rows(stories: Stories, articles: pa.Table, names: pa.ListArray, mentions: Numbers) -> pa.Table:
    """The rows of the stories, given the names and the number of mentions of each."""
    leads, (first_on, last_on) = articles.take(stories.leads), days_of(stories, articles)
    columns = {
        "story_id": articles.column("doc_id").take(stories.firsts),
        "lead": leads.column("doc_id"),
        "headline": leads.column("title"),
        "first_on": first_on,
        "last_on": last_on,
        "articles": pa.array(stories.sizes),
        "outlets": every(stories, articles.column("outlet")),
        "languages": every(stories, articles.column("language")),
        "names": names,
        "mentions": pa.array(mentions),
    }
    return pa.table(columns).cast(schema(Story))


def days_of(stories: Stories, articles: pa.Table) -> tuple[pa.Array, pa.Array]:
    """The first and the last day of each story, null where none of its articles has a date."""
    days, starts = articles.column("day").take(stories.articles).cast(pa.int32()), stories.starts[:-1]
    first = np.minimum.reduceat(pc.fill_null(days, NEVER).to_numpy(), starts)
    last = np.maximum.reduceat(pc.fill_null(days, -NEVER).to_numpy(), starts)
    return tuple(pa.array(found, pa.int32(), mask=abs(found) == NEVER).cast(pa.date32()) for found in (first, last))


def every(stories: Stories, values: pa.ChunkedArray) -> pa.ListArray:
    """The values that the articles of each story have, sorted, each once."""
    coded = values.take(stories.articles).combine_chunks().dictionary_encode()
    order = pc.sort_indices(coded.dictionary)
    known = coded.is_valid().to_numpy(zero_copy_only=False)
    place = np.argsort(order.to_numpy())[coded.indices.filter(coded.is_valid()).to_numpy()]
    count = max(1, len(order))
    owners, places = np.divmod(np.unique(stories.owners[known] * count + place), count)
    offsets = np.searchsorted(owners, np.arange(len(stories.leads) + 1))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), coded.dictionary.take(order.take(places)))


def member_rows(stories: Stories, articles: pa.Table) -> pa.Table:
    """The rows that say which story each article is of, and as what."""
    doc_ids, owners = articles.column("doc_id"), stories.owners
    role = np.where(stories.articles == stories.leads[owners], "lead", "coverage")
    columns = [doc_ids.take(stories.articles), doc_ids.take(stories.firsts).take(owners), pa.array(role)]
    return pa.table(columns, schema=schema(Member))
