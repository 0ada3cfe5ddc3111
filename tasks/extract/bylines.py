"""Reads the writers that a page's markup marks: links to an author, microdata, elements classed as a byline."""

import re
from collections.abc import Iterator, Sequence
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
SPELT = ("uthor", "utor", "uteur", "yline", "yLine", "erfasser", "edakteur", "riter", "eporter", "enulis", "azar")
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
    """A way in which markup marks a writer: its rule, how far it is believed, and where it is found."""

    rule: str
    score: float
    path: str


MARKINGS = (
    Marking("author-link", 0.7, "//a[contains(concat(' ', normalize-space(@rel), ' '), ' author ')]"),
    Marking("author-microdata", 0.7, "//*[@itemprop='author' or @itemprop='creator'][not(self::meta)]"),
    Marking(
        "byline-element",
        0.6,
        "//*[" + " or ".join(f"contains(@class, '{part}') or contains(@id, '{part}')" for part in SPELT) + "]",
    ),
    Marking(
        "author-address",
        0.5,
        "//a[contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '/auteur')]",
    ),
)


def byline_readings(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What the marked elements print, each way of marking by itself, of those that stand near the headline."""
    headings = tree.xpath("(//h1)[1]")
    order = {tag: place for place, tag in enumerate(tree.iter())}
    top = order[headings[0]] if headings else None
    for marking in MARKINGS:
        near = [tag for tag in tree.xpath(marking.path) if is_near(order[tag], top) and is_byline(tag, marking)]
        for number, tag in enumerate(beside_first(near)):
            yield from names_in(tag, marking, number)


def is_near(place: int, top: int | None) -> bool:
    """Whether an element stands near the first headline; anywhere where the page has none."""
    return top is None or -BEFORE <= place - top <= BEHIND


def is_byline(tag: lxml.html.HtmlElement, marking: Marking) -> bool:
    """Whether a marked element is the article's byline, as far as its classes and those around it tell."""
    if marking.rule == "byline-element":
        own = parts(tag)
        if not any(part.startswith(OPENINGS) for part in own) or not BESIDE.isdisjoint(own):
            return False
    around = [tag, *tag.iterancestors()]
    if any(one.tag in ("nav", "footer", "aside", "figure", "figcaption") for one in around):
        return False
    return all(ELSEWHERE.isdisjoint(parts(one)) for one in around[:6])


def parts(tag: lxml.html.HtmlElement) -> list[str]:
    """The words of an element's class and id, parted where case or a hyphen parts them."""
    return [part.lower() for part in PART.findall(f"{tag.get('class', '')} {tag.get('id', '')}")]


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
