"""Weighs the headlines of a page: what its meta tags, JSON-LD, headings and title say, and what its text prints.

They differ on one page in five: a headline for search engines, one for the front page, one above the text. Which
sources agree on a value tells more than which source it is.
"""

from collections.abc import Iterator, Mapping, Sequence

from tasks.extract.layout import squash
from tasks.extract.reading import Reading
from tasks.extract.weighing import log_odds, shares, spoken_for, steps

# Less than what a sidecar says, which is believed before all else.
MOST = 0.95
LENGTH = steps("length", 8, 15, 25, 40, 60, 90, 130, beyond="long")
SOURCES = {"meta[og:title]": "o", "headline": "l", "h1[0]": "h", "title": "t", "text": "x"}


def weighed(titles: Sequence[Reading]) -> list[Reading]:
    """The readings of a page's title, each as sure as its value is likely to be the headline."""
    groups = by_value(titles)
    found = {key: headline_features(key, groups) for key in groups}
    likely = dict(zip(found, shares([log_odds("page_title", features) for features in found.values()]), strict=True))
    return [
        one._replace(score=MOST * likely[key], why=f"{one.why}; {spoken_for('page_title', found[key])}")
        for key, group in groups.items()
        for one in group
    ]


def by_value(titles: Sequence[Reading]) -> dict[str, list[Reading]]:
    """The readings by the letters of their value."""
    groups: dict[str, list[Reading]] = {}
    for one in titles:
        groups.setdefault(squash(one.value), []).append(one)
    return groups


def headline_features(key: str, groups: Mapping[str, Sequence[Reading]]) -> list[str]:
    """What speaks for a value as the headline, and against it, each once."""
    return sorted({"value", *sources(groups[key]), *beside_others(key, groups)})


def sources(group: Sequence[Reading]) -> Iterator[str]:
    """Which sources have a value, together and each by itself, and where the site's name was cut off."""
    names = [source(one) for one in group]
    yield from names
    yield "agree-" + "".join(sorted({SOURCES[name] for name in names if name in SOURCES}))
    if len(group) == 1:
        yield f"only-{group[0].rule}"
    for one, name in zip(group, names, strict=True):
        if "cut off" in one.why:
            yield f"cut-{name}"
        if name == "text":
            yield f"text-{min(3, int(4 * one.score))}"


def source(one: Reading) -> str:
    """The name of a reading's source: a place in the markup, the key in JSON-LD, or the text."""
    if one.pointer is None:
        return "text"
    if one.rule == "linked-data":
        key = one.pointer.rsplit(".", 1)[-1]
        return key if one.score >= 0.6 else f"{key}-of-page"
    return one.pointer.casefold()


def beside_others(key: str, groups: Mapping[str, Sequence[Reading]]) -> Iterator[str]:
    """How long a value is, and whether another holds it or lies in it."""
    yield LENGTH(len(key))
    if any(key != other and key in other for other in groups):
        yield "in-another"
    elif any(key != other and len(other) > 12 and other in key for other in groups):
        yield "holds-another"
    else:
        yield "apart"
