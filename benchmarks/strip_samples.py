"""The documents that the labeller of `strip` learns from: text dumps and pages of known main text, cut and labelled."""

import gzip
import json
import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tasks.page import Layout, lay_out
from tasks.strip.segments import segments
from tasks.strip.verdict import kept_shares
from tasks.text import Piece, lines, words

SETS = ("fundus", "wcxb", "sites")


class Sample(NamedTuple):
    """A document of known labels: its segments, which of them are body (1), not (0), unsure (-1)."""

    name: str
    host: str
    form: str
    text: str
    pieces: list[Piece]
    labels: list[int]
    layout: Layout | None = None
    kept: Sequence[float] = ()


def records(corpora: Path, names: Iterable[str] = SETS) -> Iterator[dict[str, Any]]:
    for name in names:
        with gzip.open(corpora / "extraction-dev" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as found:
            yield from map(json.loads, found)


def host_of(record: dict[str, Any]) -> str:
    """The site of a page, `www.` aside."""
    return (urlsplit(record.get("url") or "").hostname or record["outlet"]).removeprefix("www.")


def text_samples(corpora: Path) -> Iterator[Sample]:
    """The text dumps of all pages, with the label of each segment."""
    for record in records(corpora):
        for dump, made in record["dumps"].items():
            pieces = segments(made["text"])
            labels = segment_labels(made["text"], made["labels"], pieces)
            yield Sample(record["id"], host_of(record), dump, made["text"], pieces, labels)


def segment_labels(text: str, labels: str, pieces: list[Piece]) -> list[int]:
    """1 for a segment of which most is body, 0 for one of which most is not, -1 for one that is unsure."""
    found, line = [], 0
    for piece in pieces:
        weight = {"K": 0, "U": 0, "-": 0}
        for at, shown in enumerate(text[piece.start : piece.end].split("\n")):
            label = labels[line + at] if line + at < len(labels) else "-"
            weight[label] = weight.get(label, 0) + len(shown.strip())
        line += text.count("\n", piece.start, piece.end)
        most = max(weight, key=lambda label: weight[label])
        found.append({"K": 1, "U": -1, "-": -1, "?": -1}.get(most, 0))
    return found


def page_samples(corpora: Path, work: Path) -> list[Sample]:
    """The pages laid out, with trafilatura's verdict and the label of each block; kept in the work folder."""
    kept = work / "pages.pickle"
    if not kept.exists():
        made = [page_sample(record) for record in records(corpora)]
        kept.write_bytes(pickle.dumps([tuple(sample) for sample in made if sample.pieces]))
    return [Sample(*fields) for fields in pickle.loads(kept.read_bytes())]


def page_sample(record: dict[str, Any]) -> Sample:
    layout = lay_out(record["html"])
    labels = block_labels(layout, "\n".join(p["text"] for p in record["gold"]["body_paragraphs"]))
    pieces = list(lines(layout.text))
    kept = kept_shares(record["html"], layout)
    return Sample(record["id"], host_of(record), "html", layout.text, pieces, labels, layout, kept)


def block_labels(layout: Layout, gold: str) -> list[int]:
    """Which blocks are in the reference: by their runs of four words, short ones whole and amid others that are."""
    whole, running = {tuple(words(line)) for line in gold.split("\n")}, words(gold)
    runs, flat = set(zip(*(running[at:] for at in range(4)), strict=False)), f" {' '.join(running)} "
    found = []
    for block in layout.blocks:
        own = words(layout.text[block.start : block.end])
        if not own:
            found.append(-1)
        elif tuple(own) in whole:
            found.append(1)
        elif len(own) < 4:
            found.append(2 if f" {' '.join(own)} " in flat else 0)
        else:
            covered = {at + by for at in range(len(own) - 3) if tuple(own[at : at + 4]) in runs for by in range(4)}
            found.append(1 if len(covered) >= 0.6 * len(own) else 0 if len(covered) <= 0.25 * len(own) else -1)
    return without_copies(layout, [amid(found, at) if label == 2 else label for at, label in enumerate(found)])


def amid(labels: list[int], at: int) -> int:
    """1 where the nearest sure blocks on both sides are body."""
    above = next((label for label in labels[at::-1] if label in (0, 1)), 0)
    below = next((label for label in labels[at:] if label in (0, 1)), 0)
    return int(above == below == 1)


def without_copies(layout: Layout, labels: list[int]) -> list[int]:
    """The labels with a second copy of a body block unsure, where it has less body around it than the first."""
    places: dict[str, list[int]] = {}
    for at, block in enumerate(layout.blocks):
        if labels[at] == 1:
            places.setdefault(layout.text[block.start : block.end], []).append(at)
    sure = list(labels)
    for found in places.values():
        near = [labels[max(0, at - 4) : at + 5].count(1) for at in found]
        for at, count in zip(found, near, strict=True):
            sure[at] = -1 if count < max(near) else 1
    return sure
