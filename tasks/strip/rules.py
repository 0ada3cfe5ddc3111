"""The rules that know a line by what it says: each names what it sees, and votes or is silent.

A rule looks at one line only. What depends on the lines around it is `reading`'s. It is asked of those lines only that
have what it needs, which RE2 finds among all lines of a batch.
"""

import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tasks.strip import wording
from tasks.strip.kinds import Vote
from tasks.strip.sieve import column, for_re2, having, in_small
from tasks.text import words

# In characters.
LABEL_LENGTH = 160
CAPTION_LENGTH = 600
LETTERS = re.compile(r"[^\W\d_]{2,}")
CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
NAME_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
SENTENCE_MARK = re.compile(r"[?!:;]")
SIGN = re.compile(r"[^\W_]")
DASHES = tuple("-–—:―")  # with which a dateline ends
OPENING = Vote("dateline", "place-and-agency", 0.9)


class Rule(NamedTuple):
    """A rule, and what every line has that it may know: in small letters where it does not mind capitals."""

    vote: Callable[[str], Vote | None]
    needs: str
    """a pattern of RE2"""
    over: int = -1
    up_to: int = sys.maxsize
    """how many characters it has"""
    minds_capitals: bool = False


def line_votes(lines: Sequence[str]) -> dict[str, Vote]:
    """What the first rule that knows it takes each of some lines for; a line that no rule knows is left out."""
    lines = sorted(lines, key=len)
    lengths, written = [*map(len, lines)], column(lines)
    small = in_small(written)
    found: dict[str, Vote] = {}
    for rule in RULES:
        first, end = bisect_right(lengths, rule.over), bisect_right(lengths, rule.up_to)
        for at in having(rule.needs, (written if rule.minds_capitals else small)[first:end]):
            line = lines[first + at]
            if line not in found and (vote := rule.vote(line)):
                found[line] = vote
    return found


def opening_with(*labels: re.Pattern[str]) -> str:
    """What finds the lines that open as one of some labels does."""
    return "^(?:" + "|".join(for_re2(label.pattern) for label in labels) + ")"


def opening(line: str) -> Vote | None:
    """The dateline that opens a lead and was cut from it: `MOSCOW (Reuters) -`."""
    return OPENING if line.endswith(DASHES) and wording.DATELINE.fullmatch(line) else None


def symbols(line: str) -> Vote | None:
    """A line without a letter or a digit."""
    return None if SIGN.search(line) else Vote("boilerplate", "no-letters", 0.9)


def date_line(line: str) -> Vote | None:
    """A line with a date on it and nothing beside but words that go with dates."""
    return Vote("dateline", "date-line", 0.95) if says_dates_only(line) and is_dated(line) else None


def says_dates_only(line: str) -> bool:
    """Whether all words of a line, of two letters and more, go with dates; most lines fail at their first."""
    end = 0
    while letters := LETTERS.search(line, end):
        word = wording.DATE_WORD.match(line, letters.start())
        if word is None:
            return False
        end = word.end()
    return True


def is_dated(line: str) -> bool:
    """Whether a line has the date of a day, or a clock time."""
    return bool(wording.HAS_DATE.search(line) or CLOCK.search(line))


def comment_count(line: str) -> Vote | None:
    """`Comments: 0`, `12 Kommentare`, `Leave a comment`."""
    return Vote("boilerplate", "comment-count", 0.98) if wording.COMMENTS.fullmatch(line) else None


def byline(line: str) -> Vote | None:
    """`By Jane Doe`, `Author: jdoe`, `Von Max Muster`: a cue, then names and no sentence."""
    if wording.END.search(line[-12:]):
        return None
    if wording.BYLINE_LABEL.match(line):
        return Vote("byline", "author-label", 0.95)
    cue = wording.BYLINE.match(line)
    return Vote("byline", "by-and-names", 0.85) if cue and are_names(line[cue.end() :]) else None


def are_names(text: str) -> bool:
    """Whether a text is a few words that all begin as names do, but for the small words between them."""
    found = NAME_WORD.findall(text)
    strange = [word for word in found if word[0].islower() and len(word) > 3]
    return 1 < len(found) <= 14 and not strange and not SENTENCE_MARK.search(text)


def photo_credit(line: str) -> Vote | None:
    """`Photo: Foreign Ministry`, and a caption that ends in `(AFP Photo)`."""
    if len(line) <= LABEL_LENGTH and wording.PHOTO_LABEL.match(line):
        return Vote("credit", "photo-label", 0.95)
    if not line.endswith((")", "]", "）")):
        return None
    credit = wording.CREDITED.search(line[-LABEL_LENGTH:])
    if credit is None or signs_paragraph(line, credit.group()):
        return None
    return Vote("caption", "photo-credit", 0.95)


def signs_paragraph(line: str, credit: str) -> bool:
    """Whether an agency's name, behind full sentences and with no word for a picture, signs `It was late. (dpa)`."""
    return not wording.PICTURED.search(credit) and bool(wording.SENTENCES.search(line.removesuffix(credit)))


def source_credit(line: str) -> Vote | None:
    """`Based on materials from TASS`, `Quelle: dpa`."""
    return Vote("credit", "source-label", 0.9) if wording.SOURCE_LABEL.match(line) else None


def disclaimer(line: str) -> Vote | None:
    """What an outlet says of its rights, its partners and its answerability."""
    found = wording.DISCLAIMER.search(line[:CAPTION_LENGTH].casefold())
    return Vote("boilerplate", "disclaimer", 0.9) if found else None


def read_also(line: str) -> Vote | None:
    """A pointer to another article."""
    return Vote("boilerplate", "read-also", 0.9) if wording.READ_ALSO.match(line) else None


def author_bio(line: str) -> Vote | None:
    """The heading over what an outlet says of its author, and what it says where that ends in a call to follow them."""
    if len(line) <= LABEL_LENGTH and wording.ABOUT_AUTHOR.fullmatch(line):
        return Vote("boilerplate", "about-the-author", 0.95)
    if wording.FOLLOW_AUTHOR.search(line[-LABEL_LENGTH:]):
        return Vote("boilerplate", "author-bio", 0.9)
    return None


def sign_up(line: str) -> Vote | None:
    """A call to subscribe, follow, download."""
    return Vote("boilerplate", "call-to-sign-up", 0.85) if wording.SIGN_UP.match(line) else None


def furniture(line: str) -> Vote | None:
    """A line of nothing but buttons, menus and share bars."""
    return Vote("boilerplate", "buttons", 0.95) if wording.FURNITURE.fullmatch(line) else None


def glued(line: str) -> Vote | None:
    """A menu run together: `PolitikWirtschaftSport`."""
    if wording.END.search(line[-12:]):
        return None
    joints = len(wording.GLUED.findall(line))
    if joints >= 3 and joints * 25 > len(line):
        return Vote("boilerplate", "glued-menu", 0.9)
    return None


def stutter(line: str) -> Vote | None:
    """A list of names that all end alike: `icon bookmarkicon cameraicon …`, as a sheet of icons reads."""
    if wording.END.search(line[-12:]) or wording.SENTENCE.search(line):
        return None
    endings = Counter(word[-4:] for word in words(line) if len(word) >= 4)
    most = endings.most_common(1)[0][1] if endings else 0
    if most >= 6 and most * 3 >= endings.total():
        return Vote("boilerplate", "stutter", 0.95)
    return None


FOLLOWING = "(?:follow|find|reach|contact|mail) (?:him|her|them|me|@)"
# In the order in which they are asked. RE2 takes a millisecond to make a class of all letters, hence those of ASCII.
RULES = (
    Rule(opening, r"[-–—:―]$"),
    Rule(symbols, "^[^a-z0-9]*$"),
    Rule(comment_count, opening_with(wording.COMMENTS), up_to=LABEL_LENGTH),
    Rule(date_line, r"\p{Nd}", up_to=LABEL_LENGTH),
    Rule(byline, opening_with(wording.BYLINE, wording.BYLINE_LABEL), up_to=LABEL_LENGTH),
    Rule(photo_credit, opening_with(wording.PHOTO_LABEL) + r"|[)\]）]$", up_to=CAPTION_LENGTH),
    Rule(source_credit, opening_with(wording.SOURCE_LABEL), up_to=LABEL_LENGTH),
    Rule(furniture, opening_with(wording.FURNITURE) + "$", up_to=LABEL_LENGTH),
    Rule(read_also, opening_with(wording.READ_ALSO), up_to=2 * LABEL_LENGTH),
    Rule(disclaimer, for_re2(wording.DISCLAIMER.pattern), up_to=2 * CAPTION_LENGTH),
    Rule(author_bio, opening_with(wording.ABOUT_AUTHOR) + f"|{FOLLOWING}", up_to=CAPTION_LENGTH),
    Rule(sign_up, opening_with(wording.SIGN_UP), up_to=LABEL_LENGTH),
    Rule(glued, f"(?s)(?:{for_re2(wording.GLUED.pattern)}.*){{3}}", minds_capitals=True),
    Rule(stutter, f"[^{wording.STOPS}]$", over=LABEL_LENGTH),
)
