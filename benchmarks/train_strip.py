"""Trains the labeller of `strip` on documents of known main text.

    python -m benchmarks.train_strip CORPORA WORK [--out tasks/strip/labeller.npz] [--threads 1]

CORPORA holds `extraction-dev/*.jsonl.gz` as its README describes them; WORK keeps what is slow to make (trafilatura's
verdict on every page) and gets the labellers that have not seen a fold of hosts, for `benchmarks/strip.py --folds`.

CatBoost grows forests of oblivious trees (Prokhorenkova et al. 2018), which numpy evaluates by itself; it is needed
here only. All that is learnt is split by host: a row is looked up in a lexicon that was counted on the hosts of the
other folds, and the second forest for plain text learns from the scores of first ones that have not seen the host. The
two for pages learn from the same rows, the second with trafilatura's verdict on each.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from catboost import CatBoostClassifier, Pool

from benchmarks.strip_samples import Sample, page_samples, text_samples
from tasks.page import Layout
from tasks.strip import features, labeller, tokens
from tasks.strip.features import Columns, Lexicon
from tasks.strip.markup import kept_columns
from tasks.strip.rereading import rereading_columns
from tasks.text import Piece

FOLDS = 5
# A third of the weight each: the references of wcxb count captions and lists as main text that news leaves out.
SETS = {"fundus": 4.0, "sites": 2.0, "wcxb": 0.6}
# Three dumps of a page are nearly the same text; of the rows far from any prose a few are enough.
SHARES = {"html": 0.9, "full": 0.35, "strings": 0.25, "glued": 0.12}
PARTIAL_SHARE = 0.5
FAR_SHARE = 0.25
SIZES = {"words": 1 << 18, "pairs": 1 << 17, "runs": 1 << 19, "lines": 1 << 17, "marks": 1 << 16, "hosts": 1 << 17}
# What fewer hosts have is one outlet's habit.
LEAST_HOSTS = 3
# A paragraph lost costs a reader more than a line too much; the F1 of held-out hosts is flat from .3 to .4.
KEPT_FROM = 0.3


class Shape(NamedTuple):
    """How a forest is grown. Chosen by the scores of held-out hosts."""

    trees: int
    depth: int
    rate: float


# Few deep trees at a high rate for plain text: of 160 of depth 6 at .12, the last still told the most. For pages they
# lose .001 to .004 of F1 against more, shallower, slower ones.
OF_TEXT, OF_PAGES = Shape(150, 7, 0.3), Shape(220, 6, 0.12)
SHAPES = {"text": OF_TEXT, "again": OF_TEXT, "page": OF_PAGES, "voted": OF_PAGES}
# A plain text is read, and read again, by the mean of two forests, which err on different pages.
SEEDS = {"text": (1, 2), "again": (1, 2), "page": (1,), "voted": (1,)}


class Counts(NamedTuple):
    """The entries of some hosts, each once a host."""

    hashes: np.ndarray
    outside: np.ndarray
    """which share of the entry stands outside the host's bodies"""
    fold: np.ndarray


class Batch(NamedTuple):
    """The samples of one fold as rows, looked up in a lexicon that does not know their hosts."""

    read: tokens.Segments
    columns: Columns
    label: np.ndarray
    weight: np.ndarray
    taken: np.ndarray
    """which rows a forest learns from"""


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("work", type=Path)
    arg.add_argument("--out", type=Path, default=Path("tasks/strip/labeller.npz"))
    arg.add_argument("--threads", type=int, default=1)
    args = arg.parse_args()
    text, page = list(text_samples(args.corpora)), page_samples(args.corpora, args.work)
    folds = {host: number % FOLDS for number, host in enumerate(shuffled({s.host for s in text + page}))}
    lexicons = lexicons_of(text, page, folds)
    made = text_forests(text, folds, lexicons, args.threads)
    made |= page_forests(page, folds, lexicons, args.threads)
    for fold in range(FOLDS + 1):
        path = args.work / f"fold{fold}.npz" if fold < FOLDS else args.out
        save(path, lexicons[fold], {form: made[f"{form}.{fold}"] for form in labeller.FORMS})
        out = sorted(host for host, number in folds.items() if number == fold)
        if fold < FOLDS:
            path.with_suffix(".json").write_text(json.dumps(out))


def shuffled(hosts: set[str]) -> list[str]:
    return [str(host) for host in np.random.default_rng(0).permutation(sorted(hosts))]


def lexicons_of(text: Sequence[Sample], page: Sequence[Sample], folds: dict[str, int]) -> list[Lexicon]:
    """The lexicon counted without the hosts of each fold, and the one counted on all."""
    found: dict[str, list[Counts]] = {}
    for samples, entries in ((text, text_entries), (page, mark_entries)):
        for own in by_host(samples):
            for name, hashes, labels in entries(own):
                found.setdefault(name, []).append(count(hashes, labels, folds[own[0].host]))
    made = {name: tables_of(counts, SIZES[name], log_odds) for name, counts in found.items()}
    made["hosts"] = tables_of(found["words"], SIZES["hosts"], octaves)
    return [Lexicon(**{name: tables[out] for name, tables in made.items()}) for out in range(FOLDS + 1)]


def tables_of(counts: Sequence[Counts], size: int, told: Callable[..., np.ndarray]) -> list[np.ndarray]:
    """A table without the hosts of each fold, and one of all.

    An entry that fewer than LEAST_HOSTS have is left out, so that it does not speak for others of its slot.
    """
    hashes, outside, fold = map(np.concatenate, zip(*counts, strict=True))
    entries, entry = np.unique(hashes, return_inverse=True)
    slots, made = features.slots(entries, size), []
    for out in range(FOLDS + 1):
        hosts = np.bincount(entry, fold != out, entries.size)
        apart = np.bincount(entry, outside * (fold != out), entries.size)
        known = hosts >= LEAST_HOSTS
        made.append(told(*(np.bincount(slots[known], column[known], size) for column in (apart, hosts))))
    return made


def by_host(samples: Sequence[Sample]) -> list[list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.host, []).append(sample)
    return list(found.values())


def text_entries(samples: Sequence[Sample]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The hashes that a host's texts have for each table of the lexicon, with the label of each."""
    read, labels = read_samples(samples), labels_of(samples)
    filled = read.lines > 0
    opening, closing = features.pair_hashes(read)
    yield "words", read.words, labels[read.word_segment]
    yield "runs", features.run_hashes(read), labels[read.word_segment]
    yield "pairs", np.concatenate([opening[filled], closing[filled]]), np.tile(labels[filled], 2)
    yield "lines", read.lines[filled], labels[filled]


def mark_entries(samples: Sequence[Sample]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """The hashes of the class names around a host's blocks, with the label of each block."""
    blocks = [block for sample in samples if sample.layout for block in sample.layout.blocks]
    texts = [f"{block.marks}\n" for block in blocks]
    read = tokens.read(texts, [[Piece(0, len(text))] for text in texts])
    yield "marks", read.words, labels_of(samples)[read.word_segment]


def read_samples(samples: Sequence[Sample]) -> tokens.Segments:
    return tokens.read([sample.text for sample in samples], [sample.pieces for sample in samples])


def labels_of(samples: Sequence[Sample]) -> np.ndarray:
    return np.array([label for sample in samples for label in sample.labels])


def count(hashes: np.ndarray, labels: np.ndarray, fold: int) -> Counts:
    known = labels >= 0
    entries, which = np.unique(hashes[known], return_inverse=True)
    total = np.maximum(np.bincount(which, minlength=entries.size), 1)
    outside = np.bincount(which, labels[known] == 0, minlength=entries.size) / total
    return Counts(entries, outside.astype(np.float32), np.full(entries.size, fold, np.int8))


def log_odds(outside: np.ndarray, hosts: np.ndarray) -> np.ndarray:
    """Sixteenths of the log odds of standing outside the body."""
    share = (outside + 0.75) / (hosts + 1.5)
    return np.clip(np.round(16 * np.log(share / (1 - share))), -127, 127).astype(np.int8)


def octaves(_: np.ndarray, hosts: np.ndarray) -> np.ndarray:
    """How many hosts have what is in each slot, on a scale of doublings."""
    return np.round(features.OCTAVE * np.log2(1 + hosts)).astype(np.int8)


def text_forests(samples: Sequence[Sample], folds: Any, lexicons: Sequence[Lexicon], threads: int) -> dict[str, Any]:
    """The first and the second forest for plain text, without each fold and with all."""
    batches = [text_batch(in_fold(samples, folds, fold), lexicons[fold]) for fold in range(FOLDS)]
    made = grown("text", batches, threads)
    for fold, batch in enumerate(batches):
        scores = labeller.scored(labeller.forest(made[f"text.{fold}"]), batch.columns)
        batches[fold] = batch._replace(
            columns=batch.columns | rereading_columns(batch.read, batch.columns, scores, lexicons[fold])
        )
    return made | {name: leaning(forest) for name, forest in grown("again", batches, threads).items()}


def leaning(forest: dict[str, Any]) -> dict[str, Any]:
    """A forest that takes what is body as often as KEPT_FROM for body more often than not."""
    return forest | {"bias": forest["bias"] - np.log(KEPT_FROM / (1 - KEPT_FROM))}


def in_fold(samples: Sequence[Sample], folds: dict[str, int], fold: int) -> list[Sample]:
    return [sample for sample in samples if folds[sample.host] == fold]


def text_batch(samples: Sequence[Sample], known: Lexicon) -> Batch:
    read = read_samples(samples)
    columns = labeller.text_columns(read, known)
    return Batch(read, columns, *row_values(samples, columns))


def page_forests(samples: Sequence[Sample], folds: Any, lexicons: Sequence[Lexicon], threads: int) -> dict[str, Any]:
    """The first and the second forest for pages, without each fold and with all."""
    by_fold = [in_fold(samples, folds, fold) for fold in range(FOLDS)]
    batches = [page_batch(own, known) for own, known in zip(by_fold, lexicons, strict=False)]
    made = grown("page", batches, threads)
    batches = [voted_batch(own, batch) for own, batch in zip(by_fold, batches, strict=True)]
    return made | grown("voted", batches, threads)


def page_batch(samples: Sequence[Sample], known: Lexicon) -> Batch:
    read = read_samples(samples)
    columns = labeller.page_columns(read, layouts_of(samples), known)
    return Batch(read, columns, *row_values(samples, columns))


def voted_batch(samples: Sequence[Sample], batch: Batch) -> Batch:
    """The batch with what trafilatura says of each row."""
    kept = labeller.thousandths([share for sample in samples for share in sample.kept])
    return batch._replace(columns=batch.columns | kept_columns(batch.read, layouts_of(samples), kept))


def layouts_of(samples: Sequence[Sample]) -> list[Layout]:
    return [sample.layout for sample in samples if sample.layout]


def row_values(samples: Sequence[Sample], columns: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The label of each row, its weight, and whether a forest learns from it."""
    label, sizes = labels_of(samples), np.array([len(sample.labels) for sample in samples])
    document = np.repeat(np.arange(sizes.size), sizes)
    far = (columns["prose-before-10"] + columns["prose-after-10"]) == 0
    share = np.array([SHARES.get(sample.form, PARTIAL_SHARE) for sample in samples])[document]
    chance = np.where(far, FAR_SHARE * share, share)
    taken = (np.random.default_rng(1).random(label.size) < chance) & (label >= 0)
    of_set = np.array([SETS[sample.name.split("/")[0]] for sample in samples])[document]
    # By stake, too, the page's forest lost .001 to .004 of F1.
    is_page = samples[0].form == "html"
    cost = np.sqrt(columns["words"]) if is_page else stake(columns["words"], label, document)
    return label, cost * of_set * np.where(far, 2, 1), taken


def stake(words: np.ndarray, label: np.ndarray, document: np.ndarray) -> np.ndarray:
    """What a mistake in each row costs: its words against those of its document's body, as the referee counts."""
    size = (words + 5) ** 0.65
    body = np.bincount(document, np.where(label == 1, size, 0))
    weight: np.ndarray = size / (body + 20)[document]
    return weight


def grown(form: str, batches: Sequence[Batch], threads: int) -> dict[str, Any]:
    """The arrays of a forest without each fold, and of one that has seen all."""
    names = tuple(batches[0].columns)
    tables = [features.table({name: batch.columns[name][batch.taken] for name in names}, names) for batch in batches]
    labels, weights = [b.label[b.taken] for b in batches], [b.weight[b.taken] for b in batches]
    made = {}
    for out in range(FOLDS + 1):
        seen = [fold for fold in range(FOLDS) if fold != out]
        pool = Pool(
            np.concatenate([tables[fold] for fold in seen]),
            np.concatenate([labels[fold] for fold in seen]),
            weight=np.concatenate([weights[fold] for fold in seen]),
        )
        models = [fitted(pool, SHAPES[form], seed, threads) for seed in SEEDS[form]]
        made[f"{form}.{out}"] = exported(models, names)
        print(form, out, pool.num_row(), "rows", flush=True)
    return made


def fitted(pool: Pool, shape: Shape, seed: int, threads: int) -> CatBoostClassifier:
    model = CatBoostClassifier(
        iterations=shape.trees,
        depth=shape.depth,
        learning_rate=shape.rate,
        border_count=48,
        l2_leaf_reg=8,
        rsm=0.35,
        bootstrap_type="Bernoulli",
        subsample=0.5,
        boosting_type="Plain",
        score_function="L2",
        leaf_estimation_iterations=1,
        random_seed=seed,
        thread_count=threads,
        verbose=0,
        allow_writing_files=False,
    )
    model.fit(pool)
    return model


def exported(models: Sequence[CatBoostClassifier], names: tuple[str, ...]) -> dict[str, Any]:
    """The mean of some forests as the arrays of one, the first trees of each first.

    A tree of fewer levels asks what all rows answer with no.
    """
    dumped = [dump(model) for model in models]
    trees = [*chain.from_iterable(zip(*(one["oblivious_trees"] for one in dumped), strict=True))]
    depth = max(len(tree["splits"]) for tree in trees)
    shape = (len(trees), depth)
    feature, border = np.zeros(shape, np.int16), np.full(shape, np.inf, np.float32)
    leaf = np.zeros((shape[0], 1 << depth), np.float16)
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            feature[number, level], border[number, level] = split["float_feature_index"], split["border"]
        leaf[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    asked, places = np.unique(feature, return_inverse=True)
    return {
        "names": np.array(" ".join(names[number] for number in asked)),
        "feature": places.reshape(shape).astype(np.int16),
        "border": border,
        "leaf": leaf / np.float16(len(models)),
        "bias": np.mean([one["scale_and_bias"][1] for one in dumped]),
    }


def dump(model: CatBoostClassifier) -> dict[str, Any]:
    """A forest as CatBoost writes it."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "forest.json"
        model.save_model(str(path), format="json")
        found: dict[str, Any] = json.loads(path.read_text())
    return found


def save(path: Path, known: Lexicon, forests: dict[str, Any]) -> None:
    tables = {f"lexicon.{name}": table for name, table in known._asdict().items()}
    arrays = {f"{form}.{name}": array for form, forest in forests.items() for name, array in forest.items()}
    np.savez_compressed(path, **tables, **arrays)
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
