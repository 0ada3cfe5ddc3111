"""Reads the agency, or the other paper, whose report the article is."""

import re
from collections.abc import Iterator

from tasks.extract.layout import Layout, holds, opens_with
from tasks.extract.outlets import Outlets
from tasks.extract.reading import Reading, in_text
from tasks.extract.vocabulary import matches, pattern

NAME = r"([^\W\d_a-zà-ÿ][\w'’&.-]*(?:\s+[^\W\d_a-zà-ÿ][\w'’&.-]*){0,4})"
DATELINE = re.compile(r"^.{0,60}?(?:[(/]|[–—-]\s?)([A-Z][\w '’.-]{1,30}?)(?:[)/]\.?\s*[–—:-]|[)/]\s|\s[–—-]\s)")
SIGNED = re.compile(r"[(/–—]\s?([^\W\d_][\w '’.-]{1,30})[)/]?\.?$")
NAMED = re.compile(rf"[\s:：]*(?:the\s)?{NAME}")


def agency_readings(layout: Layout, outlets: Outlets) -> list[Reading]:
    """The candidates for the agency that the text names as its source."""
    return [
        *credited(layout, outlets),
        *datelines(layout, outlets),
        *signed(layout, outlets),
        *bylines(layout, outlets),
        *summed_up(layout),
    ]


def credited(layout: Layout, outlets: Outlets) -> Iterator[Reading]:
    """The name behind "based on materials from", below the article or right above it."""
    places = {
        *range(layout.last + 1, min(len(layout.lines), layout.last + 8)),
        *range(max(0, layout.first - 4), layout.first),
    }
    for line in (layout.lines[place] for place in sorted(places)):
        cue = pattern("based_on").search(line.text) if line.lists and holds("based_on", line) else None
        name = NAMED.match(line.text, cue.end()) if cue and opens(line.text, cue.start()) else None
        if name:
            where = (line.start + name.start(1), line.start + name.end(1))
            yield known(in_text("agency", layout.text, where, 0.8, "source-line", "named as the source"), outlets)


def opens(shown: str, at: int) -> bool:
    """Whether a place in a short line opens it, or a part of it behind a bar."""
    return len(shown) < 100 and (at < 4 or shown[:at].rstrip().endswith(("|", "｜", "·", "•")))


def datelines(layout: Layout, outlets: Outlets) -> Iterator[Reading]:
    """The agency in the article's dateline: `MOSCOW, May 7 (Reuters) -`."""
    for line in layout.lines[layout.first : layout.first + 2]:
        match = DATELINE.match(line.text)
        if match and outlets.named(match.group(1)) in outlets.agencies:
            where = (line.start + match.start(1), line.start + match.end(1))
            yield known(
                in_text("agency", layout.text, where, 0.9, "dateline-agency", "an agency in the dateline"), outlets
            )


def signed(layout: Layout, outlets: Outlets) -> Iterator[Reading]:
    """The agency that signs the article's last lines: `(dpa)`, `/TASS/`."""
    for line in layout.lines[max(layout.first, layout.last - 1) : layout.last + 3]:
        match = SIGNED.search(line.text[-40:]) if line.kind != "caption" else None
        if match and outlets.named(match.group(1)) in outlets.agencies:
            shift = line.start + max(0, len(line.text) - 40)
            where = (shift + match.start(1), shift + match.end(1))
            yield known(
                in_text("agency", layout.text, where, 0.75, "signed-agency", "an agency signs the article"), outlets
            )


def bylines(layout: Layout, outlets: Outlets) -> Iterator[Reading]:
    """The agency that stands where a writer's name would, alone or after the word for a writer."""
    for line in layout.lines[max(0, layout.first - 8) : layout.first]:
        cue = pattern("by").match(line.text) if line.lists and opens_with("by", line) else None
        start = len(line.text) - len(line.text[cue.end() :].lstrip(" :")) if cue else 0
        if len(line.text) < 60 and outlets.named(line.text[start:]) in outlets.agencies:
            where = (line.start + start, line.end)
            yield known(in_text("agency", layout.text, where, 0.7, "agency-byline", "an agency in the byline"), outlets)


def summed_up(layout: Layout) -> Iterator[Reading]:
    """The paper whose report the article's first paragraph sums up: `…, writes Al-Watan.`"""
    for line in layout.lines[layout.first : layout.first + 1]:
        for cue in matches("reports", line.text, line.words):
            name = re.compile(rf"\s+{NAME}[.:]?$").match(line.text, cue.end())
            if name:
                end = line.start + name.end(1) - name.group(1).endswith(".")
                yield in_text(
                    "agency",
                    layout.text,
                    (line.start + name.start(1), end),
                    0.65,
                    "summed-up",
                    "the first paragraph sums up its report",
                )


def known(one: Reading, outlets: Outlets) -> Reading:
    """The reading under the agency's usual name."""
    return one._replace(value=outlets.named(one.value) or one.value)
