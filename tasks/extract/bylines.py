"""Reads the writers that a page's markup marks: links to an author, microdata, elements classed as a byline."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import lxml.html

from tasks.extract.layout import one_line
from tasks.extract.reading import Reading

LONGEST = 200
MOST = 8
# In document order, a byline stands up to so many elements behind the headline, or so few before it.
BEHIND = 160
BEFORE = 30
OPENINGS = ("author", "autor", "auteur", "byline", "verfasser", "redakteur", "writer", "reporter", "penulis", "yazar")
HINTS = (*OPENINGS, "creator")
ADDRESS = re.compile(r"/(?:author|autor|auteur)")
PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
# Whose name stands here is no writer of this article: a commenter's, that of another article, a photographer's.
ELSEWHERE = frozenset(
    "comment comments kommentar kommentare related teaser teasers sidebar widget recommended recommendations latest "
    "popular footer nav newsletter similar".split()
)
BESIDE = frozenset(
    "bio box avatar image img photo picture bild foto caption credit credits social follow description desc date time "
    "label role position job title".split()
)


class Marking(NamedTuple):
    """A way in which markup marks a writer: its rule, how far it is believed, and what tag and attributes are so."""

    rule: str
    score: float
    marks: Callable[[str, Mapping[str, str]], bool]


def is_author_link(tag: str, given: Mapping[str, str]) -> bool:
    """Whether an element links to the author by its `rel`."""
    return tag == "a" and "author" in given.get("rel", "").split()


def is_microdata(tag: str, given: Mapping[str, str]) -> bool:
    """Whether an element is the author by its microdata."""
    return tag != "meta" and given.get("itemprop") in ("author", "creator")


def is_classed(_: str, given: Mapping[str, str]) -> bool:
    """Whether an element's class or id has a word for a writer, and none for what stands beside one."""
    own = parts(f"{given.get('class', '')} {given.get('id', '')}")
    return any(part.startswith(OPENINGS) for part in own) and BESIDE.isdisjoint(own)


def is_author_address(tag: str, given: Mapping[str, str]) -> bool:
    """Whether an element links to an author's page by its address."""
    return tag == "a" and bool(ADDRESS.search(given.get("href", "")))


MARKINGS = (
    Marking("author-link", 0.7, is_author_link),
    Marking("author-microdata", 0.7, is_microdata),
    Marking("byline-element", 0.6, is_classed),
    Marking("author-address", 0.5, is_author_address),
)


def byline_readings(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What the marked elements print, each way of marking by itself, of those that stand near the headline."""
    near = [(tag, given) for tag in near_headline(tree) if (given := dict(tag.items())) and may_be_marked(given)]
    for marking in MARKINGS:
        marked = [tag for tag, given in near if marking.marks(tag.tag, given) and is_in_place(tag)]
        for number, tag in enumerate(beside_first(marked)):
            yield from names_in(tag, marking, number)


def may_be_marked(given: Mapping[str, str]) -> bool:
    """Whether attributes hold a word for a writer anywhere; without one no way of marking marks."""
    values = " ".join(given.values()).lower()
    return any(map(values.__contains__, HINTS))


def near_headline(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """The elements about the first headline, in document order; all where the page has none."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return list(tree.iter())
    return [*reversed([*islice(before(headline), BEFORE)]), headline, *islice(behind(headline), BEHIND)]


def before(tag: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """The elements that begin before one, the nearest first."""
    while (found := tag.getprevious()) is not None or (found := tag.getparent()) is not None:
        if found.getnext() is tag:
            while len(found):
                found = found[-1]
        yield found
        tag = found


def behind(tag: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """The elements that begin behind one, the nearest first."""
    while tag is not None:
        if len(tag):
            yield (tag := tag[0])
        else:
            while tag is not None and (found := tag.getnext()) is None:
                tag = tag.getparent()
            if tag is not None:
                yield (tag := found)


def is_in_place(tag: lxml.html.HtmlElement) -> bool:
    """Whether a marked element belongs to the article, as far as what is around it tells."""
    around = [tag, *tag.iterancestors()]
    if any(one.tag in ("nav", "footer", "aside", "figure", "figcaption") for one in around):
        return False
    return all(ELSEWHERE.isdisjoint(parts(f"{one.get('class', '')} {one.get('id', '')}")) for one in around[:6])


def parts(names: str) -> list[str]:
    """The words of classes and ids, parted where case or a hyphen parts them."""
    return [part.lower() for part in PART.findall(names)]


def beside_first(found: Sequence[lxml.html.HtmlElement]) -> list[lxml.html.HtmlElement]:
    """The first element and those that stand beside it, none inside another."""
    taken: list[lxml.html.HtmlElement] = []
    for tag in found:
        around = list(tag.iterancestors())
        if any(one in taken for one in around):
            continue
        if taken and taken[0].getparent() not in around[:2]:
            break
        taken.append(tag)
    return taken[:MOST]


def names_in(tag: lxml.html.HtmlElement, marking: Marking, number: int) -> Iterator[Reading]:
    """What an element prints: its names by microdata, its links, or its items one by one, and all of it."""
    if len(one_line(tag.text_content())) > LONGEST:
        return
    links = tag.xpath(".//a[normalize-space(.)]")
    items = tag.xpath(".//*[@itemprop='name']") or links or tag.xpath(".//span[not(*)] | .//li[not(*)]")
    rule = "byline-link" if links and marking.rule == "byline-element" else marking.rule
    pointer = f"{marking.rule}[{number}]"
    shown_each = [one_line(one.get("content") or one.text_content()) for one in items[:MOST]]
    for place, shown in enumerate([*shown_each, ", ".join(filter(None, map(one_line, tag.itertext())))]):
        if shown:
            score = marking.score if place < len(items) or not items else marking.score - 0.05
            yield Reading("author", shown, score, rule, f"{pointer} says so", "markup", pointer=pointer)
