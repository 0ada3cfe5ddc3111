"""Tidies what markup says: a headline without the name of its site, writers one by one, without office and address."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tasks.extract.layout import one_line, squash
from tasks.extract.outlets import Outlets, host_of
from tasks.extract.people import CONJUNCTION, CUT, GLUED_CUE, is_pen_name, is_person, without_role
from tasks.extract.reading import Reading
from tasks.extract.titles import SUFFIX, cuts
from tasks.extract.vocabulary import pattern

TEXT_BESIDE_MARKUP = {"published": 0.8, "modified": 0.8, "author": 0.8}
# A page marks its writer, more often than not; a name that only stands near the headline is the less likely one's.
BARE_NAME = 0.7
SURE = 0.85
# What marks a writer on purpose: there one name alone, or a pen name, is a writer's too.
TELLING = ("linked-data", "author-link", "author-microdata", "byline-link")
ONE_NAME = 0.6
LONGEST_TITLE = 300


def tidied(readings: Sequence[Reading], outlets: Outlets) -> Iterator[Reading]:
    """The readings of a page's markup, each value as its field wants it; none where nothing of it is left."""
    sites = site_names(readings)
    titles = {squash(one.value) for one in readings if one.field == "title"}
    for one in readings:
        if one.field == "title":
            yield without_site(one, titles, sites, outlets)
        elif one.field == "author":
            for name in people(one.value, sites, outlets, one.rule in TELLING):
                yield one._replace(value=name, score=one.score if " " in name else ONE_NAME * one.score)
        elif one.field == "outlet":
            yield from outlet(one, outlets)
        elif one.field != "language":
            yield one


def site_names(readings: Sequence[Reading]) -> frozenset[str]:
    """What the site calls itself, squashed: its names in the markup, and its host with and without its ending."""
    names = {squash(one.value) for one in readings if one.field == "outlet"}
    for host in (host_of(one.value) for one in readings if one.field == "url"):
        names |= {squash(host), squash(host.rsplit(".", 1)[0]), squash(host.split(".")[0])} if host else set()
    return frozenset(names - {""})


def without_site(one: Reading, titles: set[str], sites: frozenset[str], outlets: Outlets) -> Reading:
    """A headline up to its last separators, as far as what follows is the site's name or another headline lacks it."""
    value = one.value
    for cut in reversed(cuts(value[:LONGEST_TITLE])):
        head, tail = value[: cut.start()].strip(), value[cut.end() :].strip(" |-–—·")
        named = squash(tail) in sites or outlets.named(tail) is not None
        if not head or not (named or (len(squash(head)) >= 10 and squash(head) in titles)):
            break
        value = head
    return one if value == one.value else one._replace(value=value, why=f"{one.why}; the site's name cut off")


def people(raw: str, sites: frozenset[str], outlets: Outlets, told: bool) -> Iterator[str]:
    """The people that a markup's author names, each once; where it was told on purpose, those of one name too."""
    named = without_cue(raw)
    if "://" in named or "@" in named:
        return
    cut = CUT.search(named)
    seen: set[str] = set()
    for piece in CONJUNCTION.split(named[: cut.start()] if cut else named):
        name = without_role(re.sub(r"\s*\(.*?\)|\s*[<\[].*$", "", one_line(piece)).strip(" ,.:-"))
        if not name or squash(name) in seen | sites:
            continue
        if is_person(name, outlets, told) or (told and is_pen_name(name, outlets)):
            seen.add(squash(name))
            yield name


def without_cue(raw: str) -> str:
    """What stands behind the word for a writer, be it glued to the name: `ByAnna Berg`."""
    cue = pattern("by").match(raw)
    if cue and cue.end() < len(raw) and raw[cue.end()] in " :：,":
        return raw[cue.end() :].lstrip(" :：,")
    return GLUED_CUE.sub("", raw)


def outlet(one: Reading, outlets: Outlets) -> Iterator[Reading]:
    """An outlet's name without an address, a handle or a motto, under its usual form."""
    value = one.value.lstrip("@")
    if "://" in value or len(value) > 80:
        return
    head = SUFFIX.split(value)[0].strip()
    name = outlets.named(value) or outlets.named(head)
    if name:
        yield one._replace(value=name, score=min(0.95, one.score + 0.1), why=f"{one.why}; in the table of outlets")
    elif squash(value) not in outlets.publishers:
        yield one._replace(value=head if len(head) >= 2 else value)


def beside_markup(in_text: Iterable[Reading], in_markup: Sequence[Reading]) -> Iterator[Reading]:
    """The readings of a page's text, less sure where the markup says the same field on purpose."""
    told = {one.field for one in in_markup if one.score >= SURE}
    for one in in_text:
        weaker = TEXT_BESIDE_MARKUP.get(one.field) if one.field in told else None
        weaker = weaker or (BARE_NAME if one.rule == "name-near-headline" else None)
        yield one._replace(score=weaker * one.score) if weaker else one
