"""What the labeller looks at: a row of numbers a segment, of the segment, of those around it, of its document.

Every feature is a whole number or made of whole numbers of its own document, so a batch does not show in it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.strip.tokens import CLASS, MULTIPLIER, Hashes, Ints, Segments

Column = NDArray[Any]
Columns = dict[str, Column]

# Prose is told roughly here, by the shape of a line alone: the forest learns what it is worth.
PROSE_LENGTH = 80
WINDOWS = (3, 10, 40)
CAP = 2000
# A word five times as frequent in one as in the other; a line shorter than this heads what follows it.
STRONG = 26
SHORT = 60
FAR = 99
# Of the lexicon's count of hosts, so much is twice as many.
OCTAVE = 12
# So many words are the head of a segment, and so many its tail.
END = 5


class Lexicon(NamedTuple):
    """How much more often a word, a pair of words or a whole line stands in furniture than in articles.

    Hashed: entry `hash % size`. Counted once a host, so that no outlet's habit passes for the language's.
    """

    words: NDArray[np.int8]
    pairs: NDArray[np.int8]
    """the first two words of a segment, and its last two"""
    runs: NDArray[np.int8]
    """any two words that follow each other"""
    lines: NDArray[np.int8]
    marks: NDArray[np.int8]
    hosts: NDArray[np.int8]
    """how many hosts have a word: OCTAVE more for twice as many, 0 for those that hardly any has"""


def looked_up(table: NDArray[np.int8], hashes: Hashes) -> Ints:
    """The lexicon's entry for each hash."""
    return table[slots(hashes, table.size)].astype(np.int64)


def slots(hashes: Hashes, size: int) -> Ints:
    """The place of each hash in a table."""
    return ((hashes * MULTIPLIER) >> np.uint64(20)).astype(np.int64) % size


def pair_hashes(read: Segments) -> tuple[Hashes, Hashes]:
    """A hash of the first two words of each segment and one of its last two; of the one word where it has but one.

    Of a segment without words they mean nothing.
    """
    if not read.words.size:
        return np.zeros(read.lines.size, np.uint64), np.zeros(read.lines.size, np.uint64)
    first = np.minimum(read.word_start[:-1], read.words.size - 1)
    last = np.maximum(read.word_start[1:] - 1, 0)
    second = np.minimum(first + 1, last)
    return (
        read.words[first] * np.uint64(3) + read.words[np.maximum(second, 0)] * np.uint64(5),
        read.words[np.maximum(last - 1, first)] * np.uint64(7) + read.words[last] * np.uint64(11),
    )


def run_hashes(read: Segments) -> Hashes:
    """A hash of every word and the one after it; the last word of a segment stands with none."""
    following = np.append(read.words[1:], np.uint64(0))
    closing = read.word_start[1:][np.diff(read.word_start) > 0] - 1
    following[closing] = 0
    return read.words * np.uint64(3) + following * np.uint64(13)


def own_columns(read: Segments, lexicon: Lexicon) -> Columns:
    """What a segment shows by itself."""
    counts = {name: read.counts[:, number] for name, number in CLASS.items()}
    shown = read.counts.sum(axis=1) - counts["space"] - counts["newline"]
    words = np.diff(read.word_start)
    letters = counts["lower"] + counts["upper"] + counts["letter"] + 3 * counts["single"]
    size, per_word = np.maximum(shown, 1), np.maximum(words, 1)
    columns: Columns = {
        "length": np.minimum(shown + 2 * counts["single"], CAP),
        "words": np.minimum(words, CAP),
        "word-length": letters / per_word,
        "capitals": read.capitals / per_word,
        "joints": read.joints,
        "joint-share": read.joints / per_word,
        "first": read.first,
        "last": read.last,
        "room-after": np.minimum(counts["newline"], 3),
        "room-before": np.minimum(shifted(counts["newline"], read, -1), 3),
        "head-marks": read.head_marks,
        "tail-marks": read.tail_marks,
        "trailing": read.trailing,
    }
    columns |= {name: counts[name] / size for name in ("upper", "digit", "single", "other", "separator", "quote")}
    columns |= {f"{name}-count": counts[name] for name in ("terminal", "comma", "colon", "bracket", "digit")}
    columns["terminal-share"] = counts["terminal"] / per_word
    return columns | lexicon_columns(read, lexicon, per_word)


def lexicon_columns(read: Segments, lexicon: Lexicon, per_word: Ints) -> Columns:
    """How a segment's words, first and last pair, and the whole of it stand in the lexicon."""
    values = looked_up(lexicon.words, read.words)
    opening, closing = pair_hashes(read)
    filled = np.flatnonzero(np.diff(read.word_start))
    highest, lowest = np.zeros(read.lines.size, np.int64), np.zeros(read.lines.size, np.int64)
    if filled.size:
        highest[filled] = np.maximum.reduceat(values, read.word_start[filled])
        lowest[filled] = np.minimum.reduceat(values, read.word_start[filled])
    total = np.bincount(read.word_segment, values, read.lines.size).astype(np.int64)
    return run_columns(read, lexicon, per_word, values) | {
        "word-lore": total / per_word,
        "word-lore-sum": total,
        "word-lore-high": highest,
        "word-lore-low": lowest,
        "furniture-words": np.bincount(read.word_segment[values > STRONG], minlength=read.lines.size) / per_word,
        "article-words": np.bincount(read.word_segment[values < -STRONG], minlength=read.lines.size) / per_word,
        "opening-lore": np.where(read.lines > 0, looked_up(lexicon.pairs, opening), 0),
        "closing-lore": np.where(read.lines > 0, looked_up(lexicon.pairs, closing), 0),
        "line-lore": np.where(read.lines > 0, looked_up(lexicon.lines, read.lines), 0),
    }


def run_columns(read: Segments, lexicon: Lexicon, per_word: Ints, values: Ints) -> Columns:
    """How a segment's words stand in the lexicon two by two, and how those at its two ends stand."""
    found = looked_up(lexicon.runs, run_hashes(read))
    columns: Columns = {"run-lore": np.bincount(read.word_segment, found, read.lines.size).astype(np.int64) / per_word}
    columns |= {"run-lore-high": np.zeros(read.lines.size), "run-lore-low": np.zeros(read.lines.size)}
    filled = np.flatnonzero(np.diff(read.word_start))
    if filled.size:
        columns["run-lore-high"][filled] = np.maximum.reduceat(found, read.word_start[filled])
        columns["run-lore-low"][filled] = np.minimum.reduceat(found, read.word_start[filled])
    start, end = read.word_start[:-1], read.word_start[1:]
    for name, column in (("word", values), ("run", found)):
        total = np.append(0, np.cumsum(column))
        columns[f"{name}-lore-head"] = total[np.minimum(start + END, end)] - total[start]
        columns[f"{name}-lore-tail"] = total[end] - total[np.maximum(end - END, start)]
    return columns


def shifted(column: Column, read: Segments, by: int, edge: int = 0) -> Column:
    """The column's value `by` segments further on in the same document; `edge` where the document has none."""
    at = np.arange(column.size) + by
    inside = (at >= read.bounds[read.document]) & (at < read.bounds[read.document + 1])
    return np.where(inside, column[np.clip(at, 0, max(0, column.size - 1))], edge)


def around(column: Ints, read: Segments, reach: int) -> tuple[Ints, Ints]:
    """The sums of a column over the `reach` segments before each and the `reach` after, in the same document."""
    total = np.append(0, np.cumsum(column))
    at = np.arange(column.size)
    low = np.maximum(at - reach, read.bounds[read.document])
    high = np.minimum(at + 1 + reach, read.bounds[read.document + 1])
    return total[at] - total[low], total[high] - total[at + 1]


def per_document(column: Ints, read: Segments) -> Ints:
    """The sum of a column over the segment's document, for each segment."""
    total = np.append(0, np.cumsum(column))
    each: Ints = total[read.bounds[1:]] - total[read.bounds[:-1]]
    return each[read.document]


def prose_length(read: Segments, own: Columns) -> Ints:
    """The length of each segment that has the shape of prose, 0 of others."""
    ends = np.isin(read.last, (CLASS["terminal"], CLASS["quote"], CLASS["bracket"]))
    is_prose = (
        (own["length"] >= PROSE_LENGTH) & ((own["terminal-count"] + own["comma-count"]) > 0) & (own["joints"] < 8)
    )
    return np.where(is_prose & (ends | (own["terminal-count"] > 1)), own["length"], 0).astype(np.int64)


def context_columns(read: Segments, own: Columns) -> Columns:
    """What stands around a segment: its next neighbours, and how much prose there is near and in all."""
    prose, length = prose_length(read, own), own["length"].astype(np.int64)
    lore = own["word-lore-sum"].astype(np.int64)
    columns: Columns = {}
    for name in ("length", "last", "first", "word-lore", "line-lore", "capitals", "words"):
        columns |= {f"{name}{by:+d}": shifted(own[name], read, by, -1) for by in (-2, -1, 1, 2)}
    for reach in WINDOWS:
        for name, column in (("prose", prose), ("length", length), ("lore", lore)):
            before, after = around(column, read, reach)
            columns |= {f"{name}-before-{reach}": before, f"{name}-after-{reach}": after}
    columns |= document_columns(read, prose, length, lore) | headed_columns(read, own)
    return columns | dated_columns(read, own) | style_columns(read, own, prose) | chain_columns(read, own)


def headed_columns(read: Segments, own: Columns) -> Columns:
    """The nearest short line above and the nearest below: `Comments`, `Related`, `Cookies` head what follows them."""
    short = ((own["length"] < SHORT) & (own["words"] > 0)).astype(np.int64)
    columns: Columns = {}
    for side, step in (("above", 1), ("below", -1)):
        away = distance(short, read, step)
        at = np.clip(np.arange(away.size) - step * away, 0, max(0, away.size - 1))
        columns[f"short-{side}"] = away
        for name in ("word-lore", "line-lore", "words"):
            columns[f"short-{side}-{name}"] = np.where(away < FAR, own[name][at], 0)
    return columns


def dated_columns(read: Segments, own: Columns) -> Columns:
    """How far the nearest line with the look of a date or a byline's date is: an article begins and ends near one."""
    dated = ((own["digit-count"] >= 3) & (own["length"] < 2 * SHORT) & (own["words"] > 2)).astype(np.int64)
    return {"dated": dated, "dated-above": distance(dated, read, 1), "dated-below": distance(dated, read, -1)}


def chains(read: Segments, own: Columns) -> Ints:
    """The number of the sentence that each segment is of, where one was broken into lines at its links."""
    before, closes = shifted(own["length"], read, -1), shifted(read.last, read, -1, CLASS["terminal"])
    goes_on = np.isin(read.first, (CLASS["lower"], CLASS["comma"], CLASS["terminal"])) | (closes == CLASS["comma"])
    breaks_off = np.isin(closes, (CLASS["lower"], CLASS["letter"], CLASS["single"], CLASS["bracket"]))
    inside = np.arange(read.document.size) > read.bounds[read.document]
    return np.cumsum(~(inside & (goes_on | (breaks_off & (before >= SHORT))))) - 1


def chain_columns(read: Segments, own: Columns) -> Columns:
    """The sentence that was broken into lines at its links, of which the segment may be a part."""
    chain = chains(read, own)
    members, chars = np.bincount(chain), np.bincount(chain, own["length"]).astype(np.int64)
    end = np.cumsum(members) - 1
    prose = np.bincount(chain, prose_length(read, own)).astype(np.int64)
    return {
        "chain-length": np.minimum(chars, CAP)[chain],
        "chain-members": np.minimum(members, FAR)[chain],
        "chain-prose": np.minimum(prose, CAP)[chain],
        "chain-last": read.last[end][chain],
        "in-chain": np.arange(chain.size) - (end - members + 1)[chain],
    }


def style_columns(read: Segments, own: Columns, prose: Ints) -> Columns:
    """How a segment compares with the prose of its document: in length, and in how much of it is like the segment."""
    is_prose = (prose > 0).astype(np.int64)
    mean = per_document(prose, read) / np.maximum(per_document(is_prose, read), 1)
    first, last = first_and_last(is_prose, read)
    at = np.arange(is_prose.size)
    return {
        "to-mean-prose": own["length"] / np.maximum(mean, PROSE_LENGTH),
        "from-first-prose": np.clip(at - first, -FAR, 2 * FAR),
        "from-last-prose": np.clip(at - last, -2 * FAR, FAR),
        "prose-around": prose_around(prose, read),
    }


def first_and_last(flag: Ints, read: Segments) -> tuple[Ints, Ints]:
    """The first and the last flagged segment of each segment's document; its first segment where none is."""
    filled = np.flatnonzero(flag)
    first, last = read.bounds[:-1].copy(), read.bounds[:-1].copy()
    if filled.size:
        low, high = np.searchsorted(filled, read.bounds[:-1]), np.searchsorted(filled, read.bounds[1:])
        first = np.where(low < high, filled[np.minimum(low, filled.size - 1)], first)
        last = np.where(low < high, filled[np.maximum(high - 1, 0)], last)
    return first[read.document], last[read.document]


def prose_around(prose: Ints, read: Segments) -> Ints:
    """The prose of the densest stretch of five segments that holds each."""
    total = np.append(0, np.cumsum(prose))
    at = np.arange(prose.size)
    low, high = read.bounds[read.document], read.bounds[read.document + 1]
    sums = [total[np.minimum(at + 5 - by, high)] - total[np.maximum(at - by, low)] for by in range(5)]
    found: Ints = np.max(sums, axis=0)
    return found


def document_columns(read: Segments, prose: Ints, length: Ints, lore: Ints) -> Columns:
    """What the whole document is like, and where in it the segment stands."""
    one, own_words = np.ones_like(length), np.diff(read.word_start)
    segments, chars = per_document(one, read), np.maximum(per_document(length, read), 1)
    all_prose = per_document(prose, read)
    at = np.arange(length.size) - read.bounds[read.document]
    before, _ = around(prose, read, length.size)
    return {
        # Roughly, so that a forest cannot know a document again by its size.
        "size": np.round(np.log2(chars)),
        "lines": np.round(np.log2(segments + 1)),
        "prose-share": np.round(10 * all_prose / chars),
        "prose-segments": np.round(10 * per_document((prose > 0).astype(np.int64), read) / np.maximum(segments, 1)),
        "lore-all": np.round(per_document(lore, read) / (2 * per_document(own_words, read) + 1)),
        "from-top": at,
        "from-end": segments - 1 - at,
        "place": at / np.maximum(segments, 1),
        "prose-above": before / np.maximum(all_prose, 1),
        "prose-below": (all_prose - before - prose) / np.maximum(all_prose, 1),
        "copies": copies(read),
        **topic_columns(read, prose),
    }


def copies(read: Segments) -> Ints:
    """How often the segment's line stands in its document."""
    keys = read.lines ^ (read.document.astype(np.uint64) * MULTIPLIER)
    _, inverse, found = np.unique(keys, return_inverse=True, return_counts=True)
    return np.minimum(found[inverse], 20).astype(np.int64)


def topic_columns(read: Segments, prose: Ints) -> Columns:
    """How many of a segment's longer words the prose of its document has elsewhere."""
    in_prose = prose[read.word_segment] > 0
    found = np.bincount(read.numbers[in_prose], minlength=read.words.size)[read.numbers] - in_prose
    total = np.maximum(np.diff(read.word_start), 1)
    size = read.lines.size
    return {
        "shared-words": np.bincount(read.word_segment[found > 0], minlength=size) / total,
        "rare-shared": np.bincount(read.word_segment[(found > 0) & (found < 6)], minlength=size) / total,
    }


def table(columns: Columns, names: tuple[str, ...]) -> NDArray[np.float32]:
    """The named columns as a table, a column at a stretch of memory."""
    out = np.empty((len(names), next(iter(columns.values())).size), np.float32)
    for row, name in zip(out, names, strict=True):
        row[:] = columns[name]
    return out.T


def distance(flag: Ints, read: Segments, step: int) -> Ints:
    """How many segments lie between each and the nearest flagged one above it (`step` 1) or below (`step` -1)."""
    size = flag.size
    at = np.arange(size)
    if step > 0:
        nearest = np.maximum.accumulate(np.where(flag > 0, at, -1))
        nearest = np.append(-1, nearest[:-1])
        inside = nearest >= read.bounds[read.document]
        return np.minimum(np.where(inside, at - nearest, FAR), FAR)
    nearest = np.minimum.accumulate(np.where(flag > 0, at, size)[::-1])[::-1]
    nearest = np.append(nearest[1:], size)
    inside = nearest < read.bounds[read.document + 1]
    return np.minimum(np.where(inside, nearest - at, FAR), FAR)
