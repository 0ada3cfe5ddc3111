"""What a page's markup says of its blocks, as columns for the labeller: tags, links, names, trafilatura's verdict."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks.page import Block, Layout
from tasks.strip.features import Columns, Lexicon, looked_up, per_document, shifted
from tasks.strip.tokens import Ints, Segments, read
from tasks.text import Piece

TAGS: tuple[str, ...] = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "figcaption",
    "blockquote",
    "section",
)
TAGS += ("article", "button", "ul", "dd", "dt", "pre", "header", "footer", "aside", "main", "nav", "body")
INSIDE: tuple[str, ...] = (
    "a",
    "article",
    "aside",
    "blockquote",
    "button",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "li",
)
INSIDE += ("main", "nav", "p", "section", "table", "time", "ul", "ol", "h2", "h3")


def markup_columns(segments: Segments, layouts: Sequence[Layout], lexicon: Lexicon, prose: Ints) -> Columns:
    """What the markup says of each block of some pages, and of the blocks beside it."""
    blocks = blocks_of(layouts)
    columns: Columns = {
        "tag": np.array([TAGS.index(block.tag) if block.tag in TAGS else len(TAGS) for block in blocks], np.int64),
        "depth": np.array([block.depth for block in blocks], np.int64),
        "linked": np.array([round(1000 * block.linked) for block in blocks], np.int64),
        "marked": np.array([round(1000 * block.marked) for block in blocks], np.int64),
    }
    columns |= inside_columns(blocks)
    for name in ("linked", "tag", "depth"):
        columns |= {f"{name}{by:+d}": shifted(columns[name], segments, by, -1) for by in (-2, -1, 1, 2)}
    return columns | mark_columns(blocks, lexicon) | family_columns(segments, blocks, columns["linked"], prose)


def blocks_of(layouts: Sequence[Layout]) -> list[Block]:
    """The blocks of some pages, one after the other."""
    return [block for layout in layouts for block in layout.blocks]


def inside_columns(blocks: Sequence[Block]) -> Columns:
    """Which of the tags that carry meaning are around each block."""
    distinct, which = numbered([block.inside for block in blocks])
    around = [frozenset(inside.split()) for inside in distinct]
    return {f"in-{tag}": np.array([tag in tags for tags in around], np.int64)[which] for tag in INSIDE}


def numbered(values: Sequence[str]) -> tuple[list[str], Ints]:
    """The distinct values, and for each value the place of its like among them."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return list(places), np.array([places[value] for value in values], np.int64)


def mark_columns(blocks: Sequence[Block], lexicon: Lexicon) -> Columns:
    """How the class names around each block stand in the lexicon: the nearest, the mean, the extremes."""
    distinct, which = numbered([block.marks for block in blocks])
    values, start = mark_values(distinct, lexicon)
    size = np.diff(start)
    low, high, near, total = (np.zeros(len(distinct), np.int64) for _ in range(4))
    if values.size:
        filled = np.flatnonzero(size)
        first = start[filled]
        low[filled] = np.minimum.reduceat(values, first)
        high[filled] = np.maximum.reduceat(values, first)
        near[filled] = values[first]
        total[filled] = np.add.reduceat(values, first)
    mean = total / np.maximum(size, 1)
    return {
        "marks-low": low[which],
        "marks-high": high[which],
        "marks-near": near[which],
        "marks-mean": mean[which],
        "marks-sum": total[which],
    }


def mark_values(marks: Sequence[str], lexicon: Lexicon) -> tuple[Ints, Ints]:
    """How each word of some marks stands in the lexicon, and where those of each begin.

    A page has some twenty names around each block, and a hundred in all: each is read once.
    """
    named = pc.split_pattern(pa.array(marks, pa.string()), " ")
    distinct = named.values.dictionary_encode()
    texts = [f"{name}\n" for name in distinct.dictionary.to_pylist()]
    names = read(texts, [[Piece(0, len(text))] for text in texts])
    which = distinct.indices.to_numpy()
    size = np.diff(names.word_start)[which]
    until = np.append(0, np.cumsum(size))
    words = np.arange(until[-1]) + np.repeat(names.word_start[which] - until[:-1], size)
    return looked_up(lexicon.marks, names.words)[words], until[named.offsets.to_numpy()]


def family_columns(segments: Segments, blocks: Sequence[Block], linked: Ints, prose: Ints) -> Columns:
    """How much text, prose and links the blocks of one parent or holder have together."""
    length = segments.counts.sum(axis=1)
    all_prose = np.maximum(per_document(prose, segments), 1)
    found: Columns = {}
    for name, family in families(segments, blocks).items():
        members, chars = np.bincount(family), np.maximum(np.bincount(family, length), 1)
        found |= {
            f"{name}-members": members[family],
            f"{name}-chars": chars[family],
            f"{name}-prose": np.bincount(family, prose)[family] / all_prose,
            f"{name}-linked": np.bincount(family, linked * length)[family] / chars[family],
        }
    return found


def families(segments: Segments, blocks: Sequence[Block]) -> dict[str, Ints]:
    """For each block the number of its parent, and that of its holder, no number twice in a batch."""
    named = {"parent": [block.parent for block in blocks], "holder": [block.holder for block in blocks]}
    return {
        name: np.unique(segments.document * (1 << 32) + np.array(family, np.int64), return_inverse=True)[1]
        for name, family in named.items()
    }


def kept_columns(segments: Segments, layouts: Sequence[Layout], kept: Ints) -> Columns:
    """What trafilatura keeps, in thousandths, of each block, of those beside it, of its family, of the page."""
    length = segments.counts.sum(axis=1)
    kept_length = kept * length
    columns: Columns = {"kept": kept}
    columns |= {f"kept{by:+d}": shifted(kept, segments, by, -1) for by in (-2, -1, 1, 2)}
    for name, family in families(segments, blocks_of(layouts)).items():
        chars = np.maximum(np.bincount(family, length), 1)
        columns[f"{name}-kept"] = np.bincount(family, kept_length)[family] / chars[family]
    columns["kept-all-share"] = per_document(kept_length, segments) / np.maximum(per_document(length, segments), 1)
    return columns
