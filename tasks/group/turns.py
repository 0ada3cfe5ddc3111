"""Compares the articles of the corpus in the order of time, in turns, and remembers what each turn found.

A turn is a day with the days before it that are in reach, a day with the undated, or some of the undated with those
before them. So the cost grows with the window, not with the corpus; and of a window only the keys are held by which
articles are found, and some of its articles. What a turn finds depends on its articles alone: what an earlier run found
holds as long as they are the same, and of a corpus that grows only the days are compared that an addition is in reach
of. And turns may be taken in bunches, by as many processes as there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.group.likeness import likeness
from tasks.group.memory import Pairs, Signatures, how, key_of
from tasks.group.rows import GroupSettings
from tasks.group.window import Article, Window, all_measures

LEAST = 0.05  # likenesses below it are as good as none
AT_ONCE = 64  # articles whose pairs are measured together
UNDATED = 10_000  # undated articles in a turn
HELD = 1 << 15  # articles that a process holds: a window, where a million are of one year
BUNCH, BUNCHES = 2_000, 8  # articles whose turns are one process's at the least, and into how many all are cut

# Two articles, by number, and how likely they tell one event: as objects those of 100,000 articles took a gigabyte.
EDGE = np.dtype([("one", np.int32), ("other", np.int32), ("likeness", np.float32)])

Edges = NDArray[np.void]
Beside = Iterator[tuple[Article, list[Article]]]
Each = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]  # `map`, or that of a pool of processes


class Turn(NamedTuple):
    """Articles, by number, that are compared with the others named and, if `among`, with those before them here.

    The others of a turn among articles lie right before them.
    """

    articles: range
    others: range
    among: bool


def turns(days: Sequence[int | None], window_days: int) -> Iterator[Turn]:
    """The turns of articles of these days, as ordinals; they come undated first, then by day."""
    undated = sum(day is None for day in days)
    for start in range(0, max(1, undated), UNDATED):
        yield Turn(range(start, min(start + UNDATED, undated)), range(start), True)
    dated = [day for day in days if day is not None]
    first = start = 0
    for day, of_day in groupby(dated):
        end = start + sum(1 for _ in of_day)
        while dated[first] < day - window_days:
            first += 1
        articles = range(undated + start, undated + end)
        yield Turn(articles, range(undated + first, undated + start), True)
        if undated:
            yield Turn(articles, range(undated), False)
        start = end


class Comparing:
    """The windows that turns look into, one among dated articles and one of the undated, and how to get an article."""

    def __init__(self, article: Callable[[int], Article], most: int) -> None:
        self.article = lru_cache(HELD)(article)
        self.most = most
        self.windows = {True: Window(), False: Window()}

    def beside(self, turn: Turn) -> Beside:
        """The articles of a turn, each with those that it may share an event with; those without any are left out."""
        window = self.windows[turn.among]
        window.hold(range(starts(turn)[0], turn.articles.stop) if turn.among else turn.others, self.article)
        for first in turn.articles[::AT_ONCE]:
            articles = list(map(self.article, range(first, min(first + AT_ONCE, turn.articles.stop))))
            for article, others in zip(articles, window.candidates(articles, self.most), strict=True):
                if others:
                    yield article, list(map(self.article, others))


def edges(
    days: Sequence[int | None],
    article: Callable[[int], Article],
    signatures: Signatures,
    known: Mapping[int, Pairs],
    settings: GroupSettings,
    each: Each = map,
) -> tuple[Edges, dict[int, Pairs]]:
    """The pairs that may tell one event, and what each turn found of them, by its key.

    `signatures` are hashes of all that is known of each article, `known` is what an earlier run found.
    """
    way = how(settings)
    keyed = [(key_of(way, *told(turn, signatures)), turn) for turn in turns(days, settings.window_days)]
    found = {key: known[key] for key, _ in keyed if key in known}
    fresh = bunches({key: turn for key, turn in keyed if key not in known})
    work = partial(compared, fresh, article, settings.candidates)
    for some in each(work, range(len(fresh))):
        found.update(some)
    edges = [np.empty(0, EDGE), *(edges_of(turn, found[key]) for key, turn in keyed)]
    return np.concatenate(edges), {key: found[key] for key, _ in keyed}


def told(turn: Turn, signatures: Signatures) -> tuple[Signatures, Signatures]:
    """What is known of the others of a turn, and of its articles."""
    return signatures[turn.others.start : turn.others.stop], signatures[turn.articles.start : turn.articles.stop]


def bunches(fresh: Mapping[int, Turn]) -> list[dict[int, Turn]]:
    """The turns in bunches: neighbours, which share a window, stay together."""
    cut: list[dict[int, Turn]] = []
    for among in (True, False):
        of_kind = {key: turn for key, turn in fresh.items() if turn.among == among}
        size = max(BUNCH, sum(len(turn.articles) for turn in of_kind.values()) // BUNCHES)
        held = size
        for key, turn in of_kind.items():
            if held >= size:
                cut.append({})
                held = 0
            cut[-1][key] = turn
            held += len(turn.articles)
    return cut


def compared(
    fresh: Sequence[Mapping[int, Turn]], article: Callable[[int], Article], most: int, bunch: int
) -> dict[int, Pairs]:
    """What the turns of a bunch find, by their keys."""
    comparing = Comparing(article, most)
    return {key: scored(turn, comparing.beside(turn)) for key, turn in fresh[bunch].items()}


def scored(turn: Turn, beside: Beside) -> Pairs:
    """The pairs of a turn that are likely enough to matter."""
    found = [Pairs(np.zeros((0, 2), np.int32), np.zeros(0, np.float32))]
    while chunk := list(islice(beside, AT_ONCE)):
        numbers = [(other.number, article.number) for article, others in chunk for other in others]
        likely = likeness(all_measures(chunk))
        places = np.array(numbers, np.int32) - starts(turn)
        found.append(Pairs(places[likely >= LEAST], likely[likely >= LEAST]))
    return Pairs(*map(np.concatenate, zip(*found, strict=True)))


def edges_of(turn: Turn, pairs: Pairs) -> Edges:
    """The pairs of a turn with the numbers that their articles have in this corpus."""
    numbered = np.empty(len(pairs.likeness), EDGE)
    numbered["one"], numbered["other"] = (pairs.places + starts(turn)).T
    numbered["likeness"] = pairs.likeness
    return numbered


def starts(turn: Turn) -> NDArray[np.int32]:
    """From where the places of a pair's articles count: the others may be among the articles, which follow them."""
    return np.array([turn.others.start if turn.others else turn.articles.start, turn.articles.start], np.int32)
