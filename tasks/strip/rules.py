"""The rules that know a line by what it says: each names what it sees, and votes or is silent.

A rule looks at one line only. What depends on the lines around it is `reading`'s.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache

from tasks.strip import wording
from tasks.strip.kinds import Vote
from tasks.text import words

LABEL_LENGTH = 160
CAPTION_LENGTH = 600
DIGIT = re.compile(r"\d")
LETTERS = re.compile(r"[^\W\d_]{2,}")
CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?!\d)")
NAME_WORD = re.compile(r"[^\W\d_][\w’'.-]*")
SENTENCE_MARK = re.compile(r"[?!:;]")
SIGN = re.compile(r"[^\W_]")
Rule = Callable[[str], Vote | None]


def line_vote(line: str) -> Vote | None:
    """What the first rule that knows the line takes it for; None where none does."""
    return next((vote for rule in rules_for(line) if (vote := rule(line))), None)


def rules_for(line: str) -> tuple[Rule, ...]:
    """The rules that may know a line of its length and beginning."""
    if len(line) > LABEL_LENGTH:
        return PARAGRAPH_RULES
    return RULES if opens_as_label(line) else UNLABELLED_RULES


def opens_as_label(line: str) -> bool:
    """Whether a line may open as a label does: nine in ten do not, and are spared the search for each kind of label."""
    return bool(opening_of_labels().match(with_one_i(line.lower())))


def with_one_i(text: str) -> str:
    """A text in small letters as the engine reads it where it ignores case: the Turkish i has its dot or not."""
    return text.replace("ı", "i").replace("\u0307", "")


@cache
def opening_of_labels() -> re.Pattern[str]:
    """A pattern for all that opens as a label, to be matched with small letters.

    Told to ignore case instead, the engine does not choose among branches by their first letter: three times as slow.
    """
    every = "|".join(f"(?:{label.pattern})" for label in wording.LABELS)
    return re.compile(with_one_i(every))


def date_line(line: str) -> Vote | None:
    """A line with a date on it and nothing beside but words that go with dates."""
    if len(line) > LABEL_LENGTH or not DIGIT.search(line) or not says_dates_only(line) or not is_dated(line):
        return None
    return Vote("dateline", "date-line", 0.95)


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
    if len(line) <= LABEL_LENGTH and wording.COMMENTS.fullmatch(line):
        return Vote("boilerplate", "comment-count", 0.98)
    return None


def byline(line: str) -> Vote | None:
    """`By Jane Doe`, `Author: jdoe`, `Von Max Muster`: a cue, then names and no sentence."""
    if len(line) > LABEL_LENGTH or wording.END.search(line[-12:]):
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
    if len(line) > CAPTION_LENGTH or not line.endswith((")", "]", "）")):
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
    if len(line) <= LABEL_LENGTH and wording.SOURCE_LABEL.match(line):
        return Vote("credit", "source-label", 0.9)
    return None


def disclaimer(line: str) -> Vote | None:
    """What an outlet says of its rights, its partners and its answerability."""
    small = line[:CAPTION_LENGTH].casefold()
    if len(line) > 2 * CAPTION_LENGTH or not any(map(small.__contains__, wording.DISCLAIMER_STEMS)):
        return None
    return Vote("boilerplate", "disclaimer", 0.9) if wording.DISCLAIMER.search(small) else None


def read_also(line: str) -> Vote | None:
    """A pointer to another article."""
    if len(line) <= 2 * LABEL_LENGTH and wording.READ_ALSO.match(line):
        return Vote("boilerplate", "read-also", 0.9)
    return None


def author_bio(line: str) -> Vote | None:
    """The heading over what an outlet says of its author, and what it says where that ends in a call to follow them."""
    if len(line) <= LABEL_LENGTH and wording.ABOUT_AUTHOR.fullmatch(line):
        return Vote("boilerplate", "about-the-author", 0.95)
    if len(line) <= CAPTION_LENGTH and wording.FOLLOW_AUTHOR.search(line[-LABEL_LENGTH:]):
        return Vote("boilerplate", "author-bio", 0.9)
    return None


def sign_up(line: str) -> Vote | None:
    """A call to subscribe, follow, download."""
    if len(line) <= LABEL_LENGTH and wording.SIGN_UP.match(line):
        return Vote("boilerplate", "call-to-sign-up", 0.85)
    return None


def furniture(line: str) -> Vote | None:
    """A line of nothing but buttons, menus and share bars."""
    if len(line) <= LABEL_LENGTH and wording.FURNITURE.fullmatch(line):
        return Vote("boilerplate", "buttons", 0.95)
    return None


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
    if len(line) < LABEL_LENGTH or wording.END.search(line[-12:]):
        return None
    endings = Counter(word[-4:] for word in words(line) if len(word) >= 4)
    most = endings.most_common(1)[0][1] if endings else 0
    if most >= 6 and most * 3 >= endings.total() and not wording.SENTENCE.search(line):
        return Vote("boilerplate", "stutter", 0.95)
    return None


def symbols(line: str) -> Vote | None:
    """A line without a letter or a digit."""
    return None if SIGN.search(line) else Vote("boilerplate", "no-letters", 0.9)


RULES: tuple[Rule, ...] = (
    *(symbols, comment_count, date_line, byline, photo_credit, source_credit),
    *(furniture, read_also, disclaimer, author_bio, sign_up, glued),
)
# What does not open with the words of a label.
UNLABELLED_RULES: tuple[Rule, ...] = (symbols, date_line, photo_credit, disclaimer, author_bio, glued)
# What can be longer than a label.
PARAGRAPH_RULES: tuple[Rule, ...] = (symbols, photo_credit, read_also, disclaimer, author_bio, glued, stutter)
