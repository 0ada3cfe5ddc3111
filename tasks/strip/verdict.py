"""What trafilatura keeps of a page, told block by block. The only module that knows trafilatura.

Barbaresi (2021), "Trafilatura: a web scraping library and command-line tool for text discovery and extraction".
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from tasks.page import Layout, parse
from tasks.text import words

SHINGLE = 3
# Of what is likely body, less than this is hardly any; at .5 and .7 the F1 of news pages is .002 less.
HARDLY_ANY = 0.3


def verdict(html: str, layout: Layout, likely: Sequence[float]) -> list[float]:
    """As `kept_shares`, given how much of each block is likely body: with fallbacks where hardly any of that is kept.

    The fallbacks find what unusual markup hides; elsewhere they take in the whole page now and then (`labeller.md`).
    """
    shares = kept_shares(html, layout)
    found = sum(share * size for share, size in zip(shares, likely, strict=True))
    return shares if found >= HARDLY_ANY * sum(likely) else kept_shares(html, layout, fallbacks=True)


def kept_shares(html: str, layout: Layout, *, fallbacks: bool = False) -> list[float]:
    """For each block of a page, the share of it that trafilatura keeps.

    A block shorter than a shingle counts as kept where the extract has it as a line of its own.
    """
    lines = [words(line) for line in extracted(parse(html), fallbacks).split("\n")]
    whole, running = {*map(tuple, lines)}, shingles([*chain.from_iterable(lines)])
    return [kept_share(words(layout.text[block.start : block.end]), whole, running) for block in layout.blocks]


def extracted(tree: Any, fallbacks: bool) -> str:
    """The main text of a page by trafilatura, comments left out; empty where it finds none. It uses the tree up."""
    from trafilatura import extract  # half a second to import, and a run without HTML needs none of it

    try:
        return extract(tree, fast=not fallbacks, include_comments=False) or ""
    except RecursionError:
        return ""


def shingles(found: list[str]) -> set[tuple[str, ...]]:
    """The runs of three words of a text."""
    return set(zip(*(found[at:] for at in range(SHINGLE)), strict=False))


def kept_share(found: list[str], whole: set[tuple[str, ...]], running: set[tuple[str, ...]]) -> float:
    """The share of one block's shingles that are in the extract."""
    if tuple(found) in whole:
        return 1.0
    own = shingles(found)
    return len(own & running) / len(own) if own else 0.0
