"""Trains the judge of `strip` that tells articles from other pages.

    python -m benchmarks.train_article CORPORA WORK [--out tasks/strip/article.npz]

Learns from the `full` dumps of `wcxb` against those of `wcxb_other`, labelled by the labellers in WORK that have not
seen their hosts (`benchmarks/train_strip.py` leaves them there). Prints what held-out hosts show. scikit-learn is
needed here only.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.strip_samples import host_of, records
from tasks.ingest import Document
from tasks.strip import Span, text_spans
from tasks.strip.article import SIXTEENTHS, Judge, figures, lore, vocabulary
from tasks.strip.features import slots
from tasks.strip.labeller import Labeller, load, shipped

FOLDS = 5
SIZE = 1 << 15
LEAST = 5
# Of the articles, one in two hundred may be lost.
LOST = 0.005


class Page(NamedTuple):
    """A labelled page: whether it is an article, what it shows, and where its words and lines are in the lexicon."""

    host: str
    is_article: bool
    figures: tuple[float, ...]
    words: np.ndarray
    lines: np.ndarray


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("work", type=Path)
    arg.add_argument("--out", type=Path, default=Path("tasks/strip/article.npz"))
    args = arg.parse_args()
    pages = labelled(args.corpora, args.work)
    told = np.array([page.is_article for page in pages])
    found = held_out(pages, told)
    report(told, found)
    judge = learnt(pages)
    np.savez_compressed(args.out, **judge._asdict())
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


def labelled(corpora: Path, work: Path) -> list[Page]:
    """The pages of both sets, each labelled by a labeller that has not seen its host."""
    known = {host: number for number in range(FOLDS) for host in json.loads((work / f"fold{number}.json").read_text())}
    labellers = [*(load(work / f"fold{number}.npz") for number in range(FOLDS)), shipped()]
    found = []
    for name in ("wcxb", "wcxb_other"):
        for record in records(corpora, [name]):
            if "full" in record["dumps"]:
                host, text = host_of(record), record["dumps"]["full"]["text"]
                found.append(page(name == "wcxb", host, text, labellers[known.get(host, FOLDS)]))
    return found


def page(is_article: bool, host: str, text: str, known: Labeller) -> Page:
    document = Document("d", "d", "text", "utf-8", 0, "", text, 0)
    spans: Sequence[Span] = text_spans([document], known)["d"]
    return Page(host, is_article, figures(text, spans), *vocabulary(text, spans))


def held_out(pages: Sequence[Page], told: np.ndarray) -> np.ndarray:
    """How probable each page is an article by judges that have not seen its host."""
    found = np.zeros(len(pages))
    for seen, unseen in GroupKFold(FOLDS).split(pages, told, [one.host for one in pages]):
        judge = learnt([pages[at] for at in seen])
        rows = np.array([row(judge, pages[at]) for at in unseen])
        found[unseen] = 1 / (1 + np.exp(-judge.bias - rows @ judge.weights))
    return found


def report(told: np.ndarray, found: np.ndarray) -> None:
    threshold = float(np.quantile(found[told], LOST))
    caught = float((found[~told] < threshold).mean())
    print(f"{told.sum()} articles, {(~told).sum()} others, by hosts not seen: AUC {roc_auc_score(told, found):.3f}")
    print(f"below {threshold:.4f}: {LOST:.1%} of the articles, {caught:.0%} of the others")


def learnt(pages: Sequence[Page]) -> Judge:
    """A judge that has seen some pages; each is looked up in a lexicon that does not know its host."""
    told = np.array([page.is_article for page in pages])
    rows = np.zeros((len(pages), len(pages[0].figures) + 10))
    for seen, unseen in GroupKFold(FOLDS).split(pages, told, [one.host for one in pages]):
        known = lexicon([pages[at] for at in seen])
        rows[unseen] = [row(known, pages[at]) for at in unseen]
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(max_iter=1000, C=0.05, class_weight="balanced").fit(scale.transform(rows), told)
    weights = model.coef_[0] / scale.scale_
    return lexicon(pages)._replace(weights=weights, bias=float(model.intercept_[0] - weights @ scale.mean_))


def row(judge: Judge, page: Page) -> tuple[float, ...]:
    return page.figures + lore(judge, page.words, page.lines)


def lexicon(pages: Sequence[Page]) -> Judge:
    """A judge that knows words and lines, and has no weights yet."""
    return Judge(table(pages, "words"), table(pages, "lines"), np.zeros(0), 0.0)


def table(pages: Sequence[Page], name: str) -> np.ndarray:
    """Sixteenths of how much more often each slot is in articles than in others, as log odds; 0 for the rare."""
    counts = {True: np.zeros(SIZE), False: np.zeros(SIZE)}
    for one in pages:
        counts[one.is_article][np.unique(slots(getattr(one, name), SIZE))] += 1
    totals = {kind: sum(one.is_article == kind for one in pages) for kind in (True, False)}
    share = {kind: (counts[kind] + 1) / (totals[kind] + 2) for kind in (True, False)}
    values = np.round(SIXTEENTHS * np.log(share[True] / share[False]))
    return np.clip(np.where(counts[True] + counts[False] < LEAST, 0, values), -127, 127).astype(np.int8)


if __name__ == "__main__":
    main()
