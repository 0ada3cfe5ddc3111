"""Trains the judge of `strip` that tells articles from other pages.

    python -m benchmarks.train_article CORPORA WORK [--out tasks/strip/article.npz]

Learns from the `full` dumps of the articles against those of `wcxb_other`, labelled by the labellers in WORK that have
not seen their hosts (`benchmarks/train_strip.py` leaves them there). The others are all English: without news in other
languages among the articles, a word that no English page has spoke against one. Prints what held-out hosts show.
scikit-learn is needed here only.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.strip_samples import SETS, host_of, records
from benchmarks.strip_scores import auc
from tasks.ingest import Document
from tasks.strip import text_labels
from tasks.strip.article import SIXTEENTHS, SIZE, Judge, figures, in_columns, lore, vocabulary
from tasks.strip.labeller import Labeller, load, shipped

FOLDS = 5
LEAST = 5
OTHERS = "wcxb_other"
# Of the articles, one in two hundred may be lost.
LOST = 0.005
BARS = (0.01, 0.015, 0.02, 0.03, 0.05)


class Page(NamedTuple):
    """A labelled page: the set it is of, what it shows, and where its words and short lines are in the lexicon."""

    source: str
    host: str
    figures: np.ndarray
    words: np.ndarray
    lines: np.ndarray

    @property
    def is_article(self) -> bool:
        """Whether the page is an article."""
        return self.source != OTHERS


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("work", type=Path)
    arg.add_argument("--out", type=Path, default=Path("tasks/strip/article.npz"))
    args = arg.parse_args()
    pages = labelled(args.corpora, args.work)
    report(pages, held_out(pages))
    judge = learnt(pages)
    np.savez_compressed(args.out, **judge._asdict())
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")


def labelled(corpora: Path, work: Path) -> list[Page]:
    """The pages of all sets, each labelled by a labeller that has not seen its host."""
    known = {host: number for number in range(FOLDS) for host in json.loads((work / f"fold{number}.json").read_text())}
    labellers = [*(load(work / f"fold{number}.npz") for number in range(FOLDS)), shipped()]
    found = []
    for name in (*SETS, OTHERS):
        for record in records(corpora, [name]):
            if text := record["dumps"].get("full", {}).get("text"):
                host = host_of(record)
                found.append(page(name, host, text, labellers[known.get(host, FOLDS)]))
    return found


def page(source: str, host: str, text: str, known: Labeller) -> Page:
    document = Document("d", "d", "text", "utf-8", 0, "", text, 0)
    labels = text_labels([document], known)
    columns = in_columns(labels.spans, labels.seen)
    return Page(source, host, figures([text], columns)[0], *vocabulary(columns))


def held_out(pages: Sequence[Page]) -> np.ndarray:
    """How probable each page is an article by judges that have not seen its host."""
    found = np.zeros(len(pages))
    for seen, unseen in GroupKFold(FOLDS).split(pages, groups=[one.host for one in pages]):
        judge = learnt([pages[at] for at in seen])
        rows = np.array([row(judge, pages[at]) for at in unseen])
        found[unseen] = 1 / (1 + np.exp(-judge.bias - rows @ judge.weights))
    return found


def report(pages: Sequence[Page], found: np.ndarray) -> None:
    """Prints how well articles are told from the others, all of them and those of each set, and what each bar costs."""
    of_set = {name: found[[page.source == name for page in pages]] for name in (*SETS, OTHERS)}
    others = of_set.pop(OTHERS)
    for name, some in {"all": np.concatenate(list(of_set.values())), **of_set}.items():
        bar = float(np.quantile(some, LOST))
        area = auc(some.tolist(), others.tolist())
        print(f"{name}: {some.size} articles, {others.size} others, by hosts not seen: AUC {area:.3f}; ", end="")
        print(f"{LOST:.1%} of the articles and {(others < bar).mean():.0%} of the others below {bar:.4f}")
    for bar in BARS:
        lost = ", ".join(f"{name} {(some < bar).mean():.2%}" for name, some in of_set.items())
        print(f"below {bar}: {lost}, others {(others < bar).mean():.0%}")


def learnt(pages: Sequence[Page]) -> Judge:
    """A judge that has seen some pages; each is looked up in a lexicon that does not know its host."""
    told, judge = np.array([page.is_article for page in pages]), lexicon(pages)
    rows = np.zeros((len(pages), len(row(judge, pages[0]))))
    for seen, unseen in GroupKFold(FOLDS).split(pages, groups=[one.host for one in pages]):
        known = lexicon([pages[at] for at in seen])
        rows[unseen] = [row(known, pages[at]) for at in unseen]
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(max_iter=1000, C=0.05, class_weight="balanced").fit(scale.transform(rows), told)
    weights = model.coef_[0] / scale.scale_
    return judge._replace(weights=weights, bias=float(model.intercept_[0] - weights @ scale.mean_))


def row(judge: Judge, page: Page) -> np.ndarray:
    return np.concatenate((page.figures, lore(judge, 1, page.words, page.lines)[0]))


def lexicon(pages: Sequence[Page]) -> Judge:
    """A judge that knows words and lines, and has no weights yet."""
    return Judge(table(pages, "words"), table(pages, "lines"), leanings(pages), np.zeros(0), 0.0)


def leanings(pages: Sequence[Page]) -> np.ndarray:
    """Sixteenths of what each slot weighs by a logistic regression over the words of a page, each once."""
    sizes = np.array([page.words.size for page in pages])
    values = np.repeat(1 / np.sqrt(np.maximum(1, sizes)), sizes)
    places = np.concatenate([page.words for page in pages])
    words = csr_matrix((values, places, np.append(0, np.cumsum(sizes))), (len(pages), SIZE))
    model = LogisticRegression(C=100, solver="liblinear", class_weight="balanced")
    model.fit(words, [page.is_article for page in pages])
    return np.clip(np.round(SIXTEENTHS * model.coef_[0]), -127, 127).astype(np.int8)


def table(pages: Sequence[Page], name: str) -> np.ndarray:
    """Sixteenths of how much more often each slot is in articles than in others, as log odds; 0 for the rare."""
    counts = {True: np.zeros(SIZE), False: np.zeros(SIZE)}
    for one in pages:
        counts[one.is_article][getattr(one, name)] += 1
    totals = {kind: sum(one.is_article == kind for one in pages) for kind in (True, False)}
    share = {kind: (counts[kind] + 1) / (totals[kind] + 2) for kind in (True, False)}
    values = np.round(SIXTEENTHS * np.log(share[True] / share[False]))
    return np.clip(np.where(counts[True] + counts[False] < LEAST, 0, values), -127, 127).astype(np.int8)


if __name__ == "__main__":
    main()
