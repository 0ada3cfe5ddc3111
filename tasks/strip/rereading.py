"""What the labeller looks at when it reads a document again: how sure it was, the first time, of what stands around.

A first reading knows a segment by itself and by the shape of its neighbours; only a second one sees that a paragraph
stands amid the article, or a teaser amid teasers. Scores are thousandths, so that all sums are of whole numbers.
"""

import numpy as np
from numpy.typing import NDArray

from tasks.strip.features import (
    FAR,
    OCTAVE,
    Columns,
    Lexicon,
    around,
    chains,
    distance,
    first_and_last,
    looked_up,
    per_document,
    shifted,
)
from tasks.strip.tokens import CLASS, MULTIPLIER, Ints, Segments, distinct

Flags = NDArray[np.bool_]

HALF = 500
LONG = 80
# What is of the article nearly for certain, and long enough to say what it is about.
LIKELY, SENTENCE = 700, 60
# Ten doublings are a thousand hosts. A rare word is one that fewer than fifteen have.
COMMONEST, RARE = 10 * OCTAVE, 6 * OCTAVE
NEIGHBOURS = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
REACHES = (2, 6, 20, 60)


def rereading_columns(read: Segments, own: Columns, scores: NDArray[np.float64], lexicon: Lexicon) -> Columns:
    """What a first reading's scores say of each segment and of those around it."""
    score = np.round(1000 * scores).astype(np.int64)
    length = own["length"].astype(np.int64)
    kept = np.where(score >= HALF, length, 0)
    columns: Columns = {"score": score, "first-copy": first_copy(read)}
    columns |= {f"score{by:+d}": shifted(score, read, by, -1) for by in NEIGHBOURS}
    columns |= near_columns(read, score, length) | whole_columns(read, score, length, kept)
    columns |= main_run_columns(read, score, length)
    columns |= family_columns("chain", chains(read, own), score, length)
    columns |= family_columns("block", blocks(read), score, length)
    return columns | cohesion_columns(read, score, length, lexicon) | kept_style_columns(read, own, kept)


def near_columns(read: Segments, score: Ints, length: Ints) -> Columns:
    """The mean score of the text before and after each segment, and how far the nearest sure paragraph is."""
    columns: Columns = {}
    for reach in REACHES:
        weighed, sizes = around(score * length, read, reach), around(length, read, reach)
        for side, one, size in zip(("before", "after"), weighed, sizes, strict=True):
            columns[f"score-{side}-{reach}"] = one / np.maximum(size, 1)
            columns[f"kept-{side}-{reach}"] = one / 1000
    sure = ((score >= 800) & (length >= LONG)).astype(np.int64)
    unlike = ((score < 200) & (length > 0)).astype(np.int64)
    for name, flag in (("sure", sure), ("unlike", unlike)):
        columns |= {f"{name}-above": distance(flag, read, 1), f"{name}-below": distance(flag, read, -1)}
    return columns


def whole_columns(read: Segments, score: Ints, length: Ints, kept: Ints) -> Columns:
    """How much of the document was kept, and where among it the segment stands."""
    total = np.maximum(per_document(kept, read), 1)
    chars = np.maximum(per_document(length, read), 1)
    before, after = around(kept, read, kept.size)
    first, last = first_and_last((kept > 0).astype(np.int64), read)
    at = np.arange(kept.size)
    doubt = per_document(np.minimum(score, 1000 - score) * length, read)
    return {
        "kept-all": np.round(4 * np.log2(total)),
        "kept-share": np.round(20 * total / chars),
        "doubt": np.round(doubt / chars),
        "kept-above": before / total,
        "kept-below": after / total,
        "from-first-kept": np.clip(at - first, -FAR, 2 * FAR),
        "from-last-kept": np.clip(at - last, -2 * FAR, FAR),
        "share-of-kept": length / total,
    }


def blocks(read: Segments) -> Ints:
    """The number of the block that each segment is in: lines with no empty line between them."""
    alone = shifted(read.counts[:, CLASS["newline"]], read, -1, 2) > 1
    return np.cumsum(alone) - 1


def family_columns(name: str, family: Ints, score: Ints, length: Ints) -> Columns:
    """How sure the first reading was of the text that belongs together with each segment."""
    chars = np.maximum(np.bincount(family, length), 1)
    return {
        f"{name}-score": np.bincount(family, score * length)[family] / chars[family],
        f"{name}-share": length / chars[family],
        f"{name}-size": np.bincount(family)[family],
    }


def main_run_columns(read: Segments, score: Ints, length: Ints) -> Columns:
    """Whether a segment is in the stretch of its document in which keeping all pays most, and how far from its ends.

    The stretch of greatest sum (Pasternack and Roth 2009), a segment's length weighed by how likely it is body.
    """
    gain = (2 * score - 1000) * (length + 10)
    total = np.append(0, np.cumsum(gain))
    start, end = np.empty(read.bounds.size - 1, np.int64), np.empty(read.bounds.size - 1, np.int64)
    for number, (low, high) in enumerate(zip(read.bounds[:-1], read.bounds[1:], strict=True)):
        sums = total[low : high + 1]
        rise = sums - np.minimum.accumulate(sums)
        stop = int(rise.argmax())
        start[number], end[number] = low + int(sums[: stop + 1].argmin()), low + stop
    at, first, behind = np.arange(gain.size), start[read.document], end[read.document]
    inside = (at >= first) & (at < behind)
    kept = np.where(inside, score * length, 0)
    return {
        "in-main": inside.astype(np.int64),
        "from-main-start": np.clip(at - first, -FAR, 2 * FAR),
        "from-main-end": np.clip(at - behind, -2 * FAR, FAR),
        "main-share": per_document(kept, read) / np.maximum(per_document(score * length, read), 1),
        "main-purity": per_document(kept, read) / np.maximum(per_document(np.where(inside, length, 0), read), 1),
    }


def first_copy(read: Segments) -> Ints:
    """Whether no segment above has the same line."""
    keys = read.lines ^ (read.document.astype(np.uint64) * MULTIPLIER)
    found = np.zeros(keys.size, np.int64)
    found[np.unique(keys, return_index=True)[1]] = 1
    return found


def cohesion_columns(read: Segments, score: Ints, length: Ints, lexicon: Lexicon) -> Columns:
    """How many of a segment's words the sure paragraphs of its document have elsewhere, rare ones above all.

    An article speaks of the same names throughout; a teaser, a comment or the next article speaks of others.
    """
    size, sure = read.lines.size, (score >= LIKELY) & (length >= SENTENCE)
    segment, number, recurs = recurrence(read, sure)
    rarity = np.zeros(read.words.size, np.int64)
    rarity[read.numbers] = COMMONEST - looked_up(lexicon.hosts, read.words)
    columns: Columns = {}
    for name, weight in (("cohesion", rarity[number]), ("rare-cohesion", rarity[number] > RARE)):
        total = np.bincount(segment, weight, size).astype(np.int64)
        shared = np.bincount(segment, weight * recurs, size).astype(np.int64)
        usual = per_document(shared * sure, read) / np.maximum(per_document(total * sure, read), 1)
        columns |= {name: shared / np.maximum(total, 1), f"{name}-of": total}
        columns[f"{name}-to-usual"] = columns[name] - usual
    return columns


def recurrence(read: Segments, sure: Flags) -> tuple[Ints, Ints, Flags]:
    """The words of each segment, each once: the segment, the word's number, whether another sure segment has it."""
    size = max(1, read.lines.size)
    number, segment = np.divmod(distinct(read.numbers * size + read.word_segment), size)
    having = np.bincount(number[sure[segment]], minlength=read.words.size)
    return segment, number, having[number] > sure[segment]


def kept_style_columns(read: Segments, own: Columns, kept: Ints) -> Columns:
    """How a segment compares with what was kept of its document."""
    is_kept = (kept > 0).astype(np.int64)
    number = np.maximum(per_document(is_kept, read), 1)
    columns: Columns = {"kept-number": np.round(4 * np.log2(number + 1))}
    for name in ("length", "word-lore-sum", "terminal-count", "capitals"):
        mean = per_document(np.where(kept > 0, np.round(1000 * own[name]), 0).astype(np.int64), read) / number / 1000
        columns[f"{name}-to-kept"] = own[name] - mean
    for name in ("first", "last", "room-after"):
        columns[f"{name}-like-kept"] = share_alike(read, own[name].astype(np.int64), kept)
    return columns


def share_alike(read: Segments, trait: Ints, kept: Ints) -> NDArray[np.float64]:
    """The share of what was kept of its document that has the trait of each segment."""
    key = read.document * (int(trait.max(initial=0)) + 1) + trait
    alike: NDArray[np.float64] = np.bincount(key, kept, minlength=1)[key]
    return alike / np.maximum(per_document(kept, read), 1)
