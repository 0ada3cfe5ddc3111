"""Trains the labeller of `strip` on pages of known main text.

    python benchmarks/train_strip.py CORPORA WORK [--out tasks/strip/labeller.npz] [--folds 2]

CORPORA holds `extraction-dev/*.jsonl.gz` as its README describes them; WORK keeps what is slow to make (trafilatura's
verdict on every page). CatBoost grows forests of oblivious trees (Prokhorenkova et al. 2018), which numpy evaluates by
itself; it is needed here only. All that is learnt is split by host: the lexicon that a training row is looked up in was
counted on the hosts of other folds, and with `--folds` forests are grown without each fold, for `benchmarks/strip.py`.
"""

import argparse
import gzip
import json
import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from catboost import CatBoostClassifier, Pool

from tasks.page import Layout, lay_out, parse
from tasks.strip import features, labeller, tokens
from tasks.strip.features import Lexicon
from tasks.strip.segments import segments
from tasks.strip.verdict import kept_shares
from tasks.text import Piece, lines, words

# News weighs most: the references of wcxb count captions and lists as main text that news leaves out.
WEIGHTS = {"fundus": 3.0, "sites": 1.5, "wcxb": 0.7}
SIZES = {"words": 1 << 18, "pairs": 1 << 17, "lines": 1 << 17, "marks": 1 << 16}
LEXICON_FOLDS = 5
TREES = 220


class Sample(NamedTuple):
    """A document of known labels: its segments, which of them are body (1), not (0), unsure (-1)."""

    name: str
    host: str
    text: str
    pieces: list[Piece]
    labels: list[int]
    layout: Layout | None = None
    kept: Sequence[float] = ()

    @property
    def weight(self) -> float:
        return WEIGHTS[self.name.split("/")[0]]


class Count(NamedTuple):
    """In which slots of a table a host has entries, and which share of each stands outside the body."""

    slots: np.ndarray
    outside: np.ndarray


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("work", type=Path)
    arg.add_argument("--out", type=Path, default=Path("tasks/strip/labeller.npz"))
    arg.add_argument("--folds", type=int, default=0, help="also grow forests without each fold, into WORK")
    arg.add_argument("--threads", type=int, default=1)
    args = arg.parse_args()
    text, page = list(text_samples(args.corpora)), list(page_samples(args.corpora, args.work))
    folds = {host: number % LEXICON_FOLDS for number, host in enumerate(shuffled({s.host for s in text + page}))}
    counts = {"text": host_counts(text, text_entries), "page": host_counts(page, mark_entries)}
    save(args.out, grown(text, page, counts, folds, set(), args.threads), args)
    for fold in range(args.folds):
        out = {host for host, number in folds.items() if number % args.folds == fold}
        made = grown(text, page, counts, folds, out, args.threads)
        save(args.work / f"fold{fold}.npz", made, args)
        (args.work / f"fold{fold}.json").write_text(json.dumps(sorted(out)))


def records(corpora: Path, names: Iterable[str] = tuple(WEIGHTS)) -> Iterator[dict[str, Any]]:
    for name in names:
        with gzip.open(corpora / "extraction-dev" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as found:
            yield from map(json.loads, found)


def shuffled(hosts: set[str]) -> list[str]:
    return [str(host) for host in np.random.default_rng(0).permutation(sorted(hosts))]


def host_of(record: dict[str, Any]) -> str:
    """The site of a page, `www.` aside."""
    return (urlsplit(record.get("url") or "").hostname or record["outlet"]).removeprefix("www.")


def text_samples(corpora: Path) -> Iterator[Sample]:
    """The text dumps of all pages, with the label of each segment."""
    for record in records(corpora):
        for made in record["dumps"].values():
            pieces = segments(made["text"])
            labels = segment_labels(made["text"], made["labels"], pieces)
            yield Sample(record["id"], host_of(record), made["text"], pieces, labels)


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
    tree = parse(record["html"])
    layout = lay_out(tree)
    labels = block_labels(layout, "\n".join(p["text"] for p in record["gold"]["body_paragraphs"]))
    pieces = list(lines(layout.text))
    return Sample(record["id"], host_of(record), layout.text, pieces, labels, layout, kept_shares(tree, layout))


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


def text_entries(samples: Sequence[Sample]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The hashes that a host's texts have for each table of the lexicon, with the label of each."""
    read = tokens.read([sample.text for sample in samples], [sample.pieces for sample in samples])
    labels = np.array([label for sample in samples for label in sample.labels])
    filled = read.lines > 0
    opening, closing = features.pair_hashes(read)
    yield "words", read.words, labels[read.word_segment]
    yield "pairs", np.concatenate([opening[filled], closing[filled]]), np.tile(labels[filled], 2)
    yield "lines", read.lines[filled], labels[filled]


def mark_entries(samples: Sequence[Sample]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The hashes of the class names around a host's blocks, with the label of each block."""
    blocks = [block for sample in samples if sample.layout for block in sample.layout.blocks]
    labels = np.array([label for sample in samples for label in sample.labels])
    texts = [f"{block.marks}\n" for block in blocks]
    read = tokens.read(texts, [[Piece(0, len(text))] for text in texts])
    yield "marks", read.words, labels[read.word_segment]


def host_counts(samples: Sequence[Sample], entries: Any) -> dict[str, dict[str, Count]]:
    """For each host and table, how often each slot is outside the body."""
    by_host: dict[str, list[Sample]] = {}
    for sample in samples:
        by_host.setdefault(sample.host, []).append(sample)
    return {
        host: {name: count(hashes, labels, SIZES[name]) for name, hashes, labels in entries(found)}
        for host, found in by_host.items()
    }


def count(hashes: np.ndarray, labels: np.ndarray, size: int) -> Count:
    known = labels >= 0
    slots, inverse = np.unique(features.slots(hashes[known], size), return_inverse=True)
    total = np.maximum(np.bincount(inverse, minlength=slots.size), 1)
    return Count(slots, np.bincount(inverse, labels[known] == 0, minlength=slots.size) / total)


def lexicon(counts: dict[str, dict[str, dict[str, Count]]], hosts: set[str]) -> Lexicon:
    """The lexicon counted on some hosts."""
    tables = {}
    for name, size in SIZES.items():
        outside, seen = np.zeros(size), np.zeros(size, np.int64)
        for host, found in counts["page" if name == "marks" else "text"].items():
            if host in hosts:
                outside[found[name].slots] += found[name].outside
                seen[found[name].slots] += 1
        tables[name] = log_odds(outside, seen)
    return Lexicon(**tables)


def log_odds(outside: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Sixteenths of the log odds of standing outside the body; 0 for what fewer than three hosts have."""
    share = (outside + 0.75) / (seen + 1.5)
    values = np.round(16 * np.log(share / (1 - share)))
    return np.clip(np.where(seen < 3, 0, values), -127, 127).astype(np.int8)


def grown(text: Any, page: Any, counts: Any, folds: dict[str, int], out: set[str], threads: int) -> dict[str, Any]:
    """The arrays of a labeller that has not seen the hosts in `out`."""
    inside = set(folds) - out
    made = {f"lexicon.{name}": value for name, value in lexicon(counts, inside)._asdict().items()}
    for form, samples in (("text", text), ("page", page)):
        made |= forest(form, [s for s in samples if s.host in inside], counts, folds, inside, threads)
    return made


def forest(form: str, samples: Any, counts: Any, folds: Any, inside: set[str], threads: int) -> dict[str, Any]:
    """The arrays of the forest for one form of document."""
    tables, labels, weights = [], [], []
    names: tuple[str, ...] = ()
    for fold in range(LEXICON_FOLDS):
        own = [sample for sample in samples if folds[sample.host] == fold]
        known = lexicon(counts, {host for host in inside if folds[host] != fold})
        columns = sample_columns(form, own, known)
        names = tuple(columns)
        tables.append(features.table(columns, names))
        labels.append(np.array([label for sample in own for label in sample.labels]))
        weights.append(row_weights(own, columns["length"]))
    table, label, weight = np.concatenate(tables), np.concatenate(labels), np.concatenate(weights)
    rows = sampled(table, names, label, 0.9 if form == "page" else 0.5)
    return exported(form, fitted(table[rows], label[rows], weight[rows], threads), names)


def sample_columns(form: str, samples: Any, known: Lexicon) -> features.Columns:
    read = tokens.read([sample.text for sample in samples], [sample.pieces for sample in samples])
    if form == "text":
        return labeller.text_columns(read, known)
    return labeller.page_columns(read, [s.layout for s in samples], [s.kept for s in samples], known)


def row_weights(samples: Any, length: np.ndarray) -> np.ndarray:
    """By the root of a row's length, so that a page of a thousand menu lines weighs little more than one of ten."""
    sizes = np.array([len(sample.labels) for sample in samples])
    weight, document = np.sqrt(length + 10), np.repeat(np.arange(sizes.size), sizes)
    total = np.bincount(document, weight, sizes.size)
    return weight / total[document] ** 0.6 * np.repeat([sample.weight for sample in samples], sizes)


def sampled(table: np.ndarray, names: tuple[str, ...], label: np.ndarray, share: float) -> np.ndarray:
    """The rows to learn from: a share of those with a label, a third of it of those far from any prose."""
    prose = table[:, names.index("prose-before-10")] + table[:, names.index("prose-after-10")]
    chance = np.where(prose == 0, share / 3, share)
    return np.flatnonzero((np.random.default_rng(1).random(label.size) < chance) & (label >= 0))


def fitted(table: np.ndarray, label: np.ndarray, weight: np.ndarray, threads: int) -> CatBoostClassifier:
    model = CatBoostClassifier(
        iterations=TREES,
        depth=6,
        learning_rate=0.12,
        border_count=48,
        l2_leaf_reg=8,
        rsm=0.35,
        bootstrap_type="Bernoulli",
        subsample=0.5,
        boosting_type="Plain",
        score_function="L2",
        leaf_estimation_iterations=1,
        random_seed=1,
        thread_count=threads,
        verbose=0,
    )
    model.fit(Pool(table, label, weight=weight))
    return model


def exported(form: str, model: CatBoostClassifier, names: tuple[str, ...]) -> dict[str, Any]:
    """The forest as arrays; a tree of fewer levels asks a question that all rows answer with no."""
    path = Path(f"{form}.forest.json")
    model.save_model(str(path), format="json")
    grown = json.loads(path.read_text())
    path.unlink()
    feature = np.zeros((TREES, 6), np.int16)
    border = np.full((TREES, 6), np.inf, np.float32)
    leaf = np.zeros((TREES, 64), np.float16)
    for number, tree in enumerate(grown["oblivious_trees"]):
        for level, split in enumerate(tree["splits"]):
            feature[number, level], border[number, level] = split["float_feature_index"], split["border"]
        leaf[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = grown["scale_and_bias"]
    used = {"names": np.array(" ".join(names)), "feature": feature, "border": border}
    used |= {"leaf": leaf * np.float16(scale), "bias": np.array(bias[0] if isinstance(bias, list) else bias)}
    return {f"{form}.{name}": value for name, value in used.items()}


def save(path: Path, made: dict[str, Any], args: argparse.Namespace) -> None:
    np.savez_compressed(path, **made)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
