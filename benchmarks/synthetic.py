"""Synthetic news: any number of articles with copies, outlets and their boilerplate, the same for the same seed.

Words are drawn from a Zipf vocabulary with stock phrases in between, so that unrelated articles share some shingles;
clusters of copies have Zipf sizes; a copy comes soon after its story broke, and is whole, cut, or has paragraphs left
out and others added; each outlet prints lines of its own around every article.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "é")]
VOCABULARY, PHRASES, OUTLETS = 60_000, 4_000, 400
PARAGRAPH, PARAGRAPHS, LINES, SHOWN = 40, 7, 16, 8
ALONE = 0.6  # of the articles have no copy
LAG = 0.01  # of all time passes, on average, from a story's breaking to its being printed


class Article(NamedTuple):
    """A synthetic article; `story` is the cluster it belongs to."""

    number: int
    story: int
    outlet: str
    text: str


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Random bits that depend on the values only (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class News:
    """A newsroom of one seed, which writes any article when asked for it."""

    def __init__(self, articles: int, seed: int = 1) -> None:
        chance = np.random.default_rng(seed)
        drawn = chance.integers(0, len(SYLLABLES), (2 * VOCABULARY, 4)).tolist()
        made = {"".join(SYLLABLES[at] for at in word[: 1 + word[3] % 4]) for word in drawn}
        self.words = np.array(sorted(made)[:VOCABULARY] + [str(n) for n in range(1000)], object)
        chance.shuffle(self.words)
        self.zipf = zipf_table(len(self.words), 1.0)
        self.phrases = self.zipf[chance.integers(0, len(self.zipf), (PHRASES, 8))]
        self.stories = in_time(story_of_each(articles, chance), chance)
        self.outlets = zipf_table(OUTLETS, 0.8)[chance.integers(0, 2**16, articles)]
        self.lines = [[self.line(outlet, line) for line in range(LINES)] for outlet in range(OUTLETS)]

    def line(self, outlet: int, line: int) -> str:
        """A line that an outlet prints."""
        drawn = mixed(np.arange(6 + line % 9, dtype=np.uint64) + np.uint64(10**15 + 1000 * (outlet * LINES + line)))
        return " ".join(self.words[self.zipf[drawn & np.uint64(0xFFFF)]])

    def paragraphs(self, story: int, count: int) -> list[str]:
        """The paragraphs of a story, which hold a stock phrase now and then."""
        drawn = mixed(np.arange(count * PARAGRAPH, dtype=np.uint64) + np.uint64(story * 1024))
        chosen = self.zipf[drawn & np.uint64(0xFFFF)]
        for place in (drawn[: 2 * count] % np.uint64(count * PARAGRAPH - 8)).tolist():
            chosen[place : place + 8] = self.phrases[int(drawn[place]) % PHRASES]
        return [" ".join(words) + "." for words in self.words[chosen].reshape(count, PARAGRAPH).tolist()]

    def article(self, number: int) -> Article:
        """One article, as its outlet prints it."""
        story, outlet = int(self.stories[number]), int(self.outlets[number])
        dice = mixed(np.arange(8, dtype=np.uint64) + np.uint64(number * 8 + 7)).tolist()
        paragraphs = self.paragraphs(story, PARAGRAPHS)
        if dice[0] % 3 == 1:
            paragraphs = paragraphs[: 2 + dice[1] % (PARAGRAPHS - 2)]
        if dice[0] % 3 == 2:
            del paragraphs[dice[2] % PARAGRAPHS]
            paragraphs += self.paragraphs(10**9 + number, 1)
        lines = self.lines[outlet]
        around = [lines[(dice[3] + at * 3) % LINES] for at in range(SHOWN)]
        text = "\n\n".join([*around[: SHOWN // 2], *paragraphs, *around[SHOWN // 2 :]])
        return Article(number, story, f"outlet-{outlet}.example", text)

    def articles(self, first: int, last: int) -> Iterator[Article]:
        """The articles from one number up to another, exclusive."""
        return (self.article(number) for number in range(first, last))


def zipf_table(size: int, power: float) -> NDArray[np.int64]:
    """A table of 2**16 draws from 0 to size, the first most often."""
    weights = 1 / (np.arange(size) + 2.7) ** power
    return np.searchsorted(np.cumsum(weights) / weights.sum(), (np.arange(2**16) + 0.5) / 2**16)


def story_of_each(articles: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """The story of each article: most are alone, the others in clusters of Zipf sizes up to a thousand."""
    sizes = np.concatenate((np.ones(int(articles * ALONE), np.int64), np.minimum(1 + chance.zipf(2.0, articles), 1000)))
    return np.repeat(np.arange(len(sizes)), sizes)[:articles]


def in_time(stories: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.int64]:
    """The stories of all articles, in the order in which these are printed."""
    breaking = chance.random(int(stories.max(initial=0)) + 1)
    return stories[np.argsort(breaking[stories] + chance.exponential(LAG, len(stories)))]
