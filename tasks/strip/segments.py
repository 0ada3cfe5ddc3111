"""How a text is cut into segments: its lines, each with the white space after it, or parts and runs of them.

A text that was wrapped at a column has no paragraph on one line; there a paragraph's lines are one segment. A lead
that begins with the place and the agency is two.
"""

import re

from tasks.strip import wording
from tasks.text import Piece, lines, shown

# Wrapped text ends its lines between these columns; measured on mail and on wire copy, which wrap at 65 to 80.
WRAP_COLUMNS = range(50, 101)
# With the white space after it.
LEAST_FULL, MOST_FULL = WRAP_COLUMNS[0], 2 * WRAP_COLUMNS[-1]
WRAPPED_SHARE = 0.6
LEAST_LINES = 6
LEAST_BROKEN = 4
# A lead that is shorter than this is no lead; a dateline is no longer than that.
SHORTEST_LEAD = 40
LONGEST_DATELINE = 120
# Looked for first, for one text in ten has it: the search for the whole is slow where there is none.
DATELINE_END = re.compile(r"[)\]/）]\s*[-–—:―]")


def segments(text: str) -> list[Piece]:
    """The segments of a text, covering it once and in order; none where it is empty."""
    found = list(lines(text))
    if is_wrapped(text, found):
        found = unwrapped(text, found)
    return [part for piece in found for part in parts(text, piece)] if DATELINE_END.search(text) else found


def is_wrapped(text: str, found: list[Piece]) -> bool:
    """Whether most of a text's lines break at a column, in the middle of a sentence."""
    full = [at for at, (start, end) in enumerate(found[:-1]) if LEAST_FULL < end - start < MOST_FULL]
    if len(found) < LEAST_LINES or len(full) < LEAST_BROKEN:
        return False
    broken = sum(goes_on(text, found[at]) and breaks_off(text, found[at], found[at + 1]) for at in full)
    return broken >= LEAST_BROKEN and broken >= WRAPPED_SHARE * sum(goes_on(text, piece) for piece in found[:-1])


def goes_on(text: str, piece: Piece) -> bool:
    """Whether the next line follows at once, with no empty line between."""
    return text.count("\n", piece.start, piece.end) == 1


def breaks_off(text: str, piece: Piece, following: Piece) -> bool:
    """Whether a line ends at a wrapping column and in a sentence, or the next begins in one."""
    line = text[piece.start : piece.end].strip()
    if len(line) not in WRAP_COLUMNS:
        return False
    return not line.endswith(wording.TERMINAL) or text[following.start : following.end].lstrip()[:1].islower()


def unwrapped(text: str, found: list[Piece]) -> list[Piece]:
    """The lines with those of one paragraph joined: a full line goes on in the line that follows it at once."""
    joined: list[Piece] = []
    full = max(shown(text, piece).end - shown(text, piece).start for piece in found)
    goes = False
    for piece in found:
        joined.append(Piece(joined.pop().start, piece.end) if goes else piece)
        line = shown(text, piece)
        goes = goes_on(text, piece) and line.end - line.start >= min(full, WRAP_COLUMNS[-1]) * 0.7
    return joined


def parts(text: str, piece: Piece) -> list[Piece]:
    """A line cut after its dateline, where it begins with place and agency; else the line whole."""
    if piece.end - piece.start < SHORTEST_LEAD or not DATELINE_END.search(text, piece.start, piece.end):
        return [piece]
    line = shown(text, piece)
    opening = wording.DATELINE.match(text[line.start : min(line.end, line.start + LONGEST_DATELINE)])
    if not opening or line.start + opening.end() > line.end - SHORTEST_LEAD:
        return [piece]
    cut = line.start + opening.end() + 1
    return [Piece(piece.start, cut), Piece(cut, piece.end)]
