"""How a text is cut into segments: its lines, each with the white space after it, or parts and runs of them.

A text that was wrapped at a column has no paragraph on one line; there a paragraph's lines are one segment. A lead
that begins with the place and the agency is two.
"""

from itertools import pairwise

from tasks.strip import wording
from tasks.text import Piece, lines, shown

# Wrapped text ends its lines between these columns; measured on mail and on wire copy, which wrap at 65 to 80.
WRAP_COLUMNS = range(50, 101)
WRAPPED_SHARE = 0.6


def segments(text: str) -> list[Piece]:
    """The segments of a text, covering it once and in order; none where it is empty."""
    found = list(lines(text))
    if is_wrapped(text, found):
        found = unwrapped(text, found)
    return [part for piece in found for part in parts(text, piece)]


def is_wrapped(text: str, found: list[Piece]) -> bool:
    """Whether most of a text's lines break at a column, in the middle of a sentence."""
    runs = [(one, two) for one, two in pairwise(found) if goes_on(text, one)]
    broken = sum(breaks_off(text, one, two) for one, two in runs)
    return len(found) >= 6 and broken >= 4 and broken >= WRAPPED_SHARE * len(runs)


def goes_on(text: str, piece: Piece) -> bool:
    """Whether the next line follows at once, with no empty line between."""
    return text.count("\n", piece.start, piece.end) == 1


def breaks_off(text: str, piece: Piece, following: Piece) -> bool:
    """Whether a line ends at a wrapping column and in a sentence, or the next begins in one."""
    if not WRAP_COLUMNS[0] < piece.end - piece.start < 2 * WRAP_COLUMNS[-1]:
        return False
    line, other = text[slice(*shown(text, piece))], text[slice(*shown(text, following))]
    return len(line) in WRAP_COLUMNS and (other[:1].islower() or not line.endswith(wording.TERMINAL))


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
    line = shown(text, piece)
    # A lead that is shorter than this is no lead, and the search need not read a whole paragraph.
    opening = wording.DATELINE.match(text[line.start : min(line.end, line.start + 120)])
    if not opening or line.start + opening.end() > line.end - 40:
        return [piece]
    cut = line.start + opening.end() + 1
    return [Piece(piece.start, cut), Piece(cut, piece.end)]
