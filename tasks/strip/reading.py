"""Reads a document's segments in the light of each other: where the article begins and ends, its title, its headings.

Works on what the segments show, one string each, and answers with one vote each.
"""

import re
from collections.abc import Sequence

from tasks.strip import wording
from tasks.strip.kinds import Vote
from tasks.strip.rules import line_vote
from tasks.text import words

PROSE_WORDS = 8
LONG_WORDS = 25
TITLE_WORDS = range(3, 41)
HEADING_LENGTH = 150
# A title stands within so many lines of the first prose; menus stand above it.
TITLE_REACH = 15
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


def votes(shown: Sequence[str]) -> list[Vote]:
    """What each segment of a plain text is, by rules alone."""
    found = rule_votes(shown)
    prose = [is_prose(line) and vote is None for line, vote in zip(shown, found, strict=True)]
    if not any(prose):
        return [vote or kept_short(line) for line, vote in zip(shown, found, strict=True)]
    first, last = prose.index(True), len(prose) - 1 - prose[::-1].index(True)
    read = [vote or place_vote(at, shown, prose, first, last) for at, vote in enumerate(found)]
    return with_head(read, title_places(shown, found, first), first)


def page_votes(shown: Sequence[str], kept: Sequence[float], tags: Sequence[str]) -> list[Vote]:
    """What each segment of a page is, by rules and by the share of it that trafilatura keeps."""
    found = rule_votes(shown)
    if not any(share > 0.5 for share in kept):
        return votes(shown)
    marked = [at for at, tag in enumerate(tags) if tag == "h1" and len(words(shown[at])) in TITLE_WORDS]
    first = next(at for at, share in enumerate(kept) if share > 0.5 and at not in marked)
    titles = copies(shown, marked[0]) if marked else title_places(shown, found, first)
    read = [vote or share_vote(share, tag) for vote, share, tag in zip(found, kept, tags, strict=True)]
    return with_head(read, titles, first)


def share_vote(share: float, tag: str) -> Vote:
    """The vote on a block that no rule knows, by trafilatura's verdict on it."""
    if share <= 0.5:
        return Vote("boilerplate", "trafilatura-drops", 1 - share)
    return Vote("heading" if tag in HEADING_TAGS else "body", "trafilatura-keeps", share)


def rule_votes(shown: Sequence[str]) -> list[Vote | None]:
    """What the rules that look at one line say of each."""
    return [opening_vote(line) or line_vote(line) for line in shown]


def with_head(read: Sequence[Vote], titles: Sequence[int], first: int) -> list[Vote]:
    """The votes with the title and the page's own date told from what else stands above the first prose."""
    title = Vote("title", "repeated-title" if len(titles) > 1 else "headline", 0.9)
    return page_dates([title if at in titles else vote for at, vote in enumerate(read)], first)


def opening_vote(line: str) -> Vote | None:
    """The dateline that opens a lead and was cut from it: `MOSCOW (Reuters) -`."""
    return Vote("dateline", "place-and-agency", 0.9) if wording.DATELINE.fullmatch(line) else None


def is_prose(line: str) -> bool:
    """Whether a line reads as a sentence or more: it ends as one, or is long and has sentences in it."""
    size = prose_size(line)
    if wording.END.search(line[-12:]):
        return size >= PROSE_WORDS
    return size >= LONG_WORDS and (wording.SENTENCE.search(line) is not None or "," in line)


def prose_size(line: str) -> float:
    """The words of a line; where a character is a word, two count as one."""
    found = words(line)
    single = sum(len(word) == 1 and ord(word) > 0xDFF for word in found)
    return len(found) - single / 2


def kept_short(line: str) -> Vote:
    """The vote on a line of a document that has no prose: such a document is left as it is."""
    return Vote("body", "no-prose-around", 0.5)


def title_places(shown: Sequence[str], found: Sequence[Vote | None], first: int) -> list[int]:
    """Where the title stands: the line that most looks like one above the first prose, and its copies."""
    above = [at for at in range(max(0, first - TITLE_REACH), first) if can_be_title(shown[at], found[at])]
    if not above:
        return []
    repeated = [at for at in above if shown.count(shown[at]) > 1]
    best = max(repeated or above, key=lambda at: (min(len(words(shown[at])), 12), at))
    return copies(shown, best)


def copies(shown: Sequence[str], place: int) -> list[int]:
    """Where the line at a place stands, letter case and punctuation aside; the place itself among them."""
    wanted = words(shown[place])
    return [at for at, line in enumerate(shown) if at == place or (len(line) < 300 and words(line) == wanted)]


def can_be_title(line: str, vote: Vote | None) -> bool:
    """Whether a line could be a title: a few words, no furniture."""
    return vote is None and len(line) < 300 and len(words(line)) in TITLE_WORDS


def place_vote(at: int, shown: Sequence[str], prose: Sequence[bool], first: int, last: int) -> Vote:
    """The vote on a line that no rule knows: prose is body, and what is short goes by where it stands."""
    if prose[at]:
        return Vote("body", "prose", 0.8)
    if at < first:
        return Vote("boilerplate", "above-the-article", 0.7)
    if at > last:
        return closing_vote(shown[at])
    if is_heading(at, shown, prose):
        return Vote("heading", "short-line-before-prose", 0.7)
    return Vote("body", "amid-prose", 0.6)


def closing_vote(line: str) -> Vote:
    """The vote on a short line below the last prose: the source where it names a body, else furniture."""
    if re.search(r"[\"“«„「].+[\"”»“」]$", line):
        return Vote("credit", "closing-source", 0.6)
    return Vote("boilerplate", "below-the-article", 0.7)


def is_heading(at: int, shown: Sequence[str], prose: Sequence[bool]) -> bool:
    """Whether a short line heads the prose below it."""
    line = shown[at]
    return len(line) <= HEADING_LENGTH and prose[at + 1] and not line.endswith((".", ",", ";", ":"))


def page_dates(read: list[Vote], first: int) -> list[Vote]:
    """The votes with a date above the title set aside, where the article has one of its own below the title.

    004: the page prints its crawl date above the masthead.
    """
    title = next((at for at, vote in enumerate(read) if vote.kind == "title"), None)
    if title is None:
        return read
    dated = [at for at, vote in enumerate(read[: first + 1]) if vote.rule == "date-line"]
    if not any(at > title for at in dated):
        return read
    aside = Vote("boilerplate", "page-date", 0.9)
    return [aside if at in dated and at < title else vote for at, vote in enumerate(read)]
