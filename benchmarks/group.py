"""How well stories are told apart: B-cubed and pairwise by source, and AUC on graded pairs, beside peers.

    python -m benchmarks.group CORPORA [--folds 5] [--peers]

CORPORA has `dedup-dev/story.jsonl` and `dedup-dev/pairs.jsonl`. The likeness is learnt anew for each fold, so that no
topic is both learnt and tried (`benchmarks/train_group.py` says what a topic is). The peers (`benchmarks/
group_peers.py`) see the same texts: TF-IDF and, with --peers, sentence embeddings, each with connected components, and
with a window of days and average linkage, at the threshold that is best for it on these very stories.

The graded pairs are SemEval's, who judged likeness as a whole: places, style and tone too, and the time of printing,
which these pairs no longer tell. What all of this together can tell of them, learnt on such pairs alone, is the last
column with --peers: a bound, for no stories could be gathered by it.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.group_peers import Clusters, Vectors, average, bound, connected, members_of, peers
from benchmarks.train_group import (
    SAME,
    Lesson,
    Pairs,
    apart_lesson,
    articles,
    candidate_pairs,
    graded_lesson,
    joined,
    learn,
    records,
    stories,
    story_lesson,
    topic_of,
)
from tasks.group.groups import Articles
from tasks.group.likeness import OF_KIND, is_kind_only
from tasks.group.linkage import gathered
from tasks.group.looks import LEAST
from tasks.group.noted import REFERRED
from tasks.group.rows import GroupSettings
from tasks.group.vector import KIND_MASK
from tasks.group.window import EDGE, Article

ALIKE = np.arange(0.10, 0.94, 0.04)


class Score(NamedTuple):
    """B-cubed (Bagga and Baldwin 1998) and pairwise precision, recall and F1."""

    precision: float
    recall: float
    f1: float
    pair_f1: float


def score(gold: Sequence[str], found: Sequence[int]) -> Score:
    """How well the found clusters agree with the gold ones, both given an article each."""
    both = Counter(zip(gold, found, strict=True))
    of_gold, of_found = Counter(gold), Counter(found)
    precision = sum(count * count / of_found[one] for (_, one), count in both.items()) / len(gold)
    recall = sum(count * count / of_gold[one] for (one, _), count in both.items()) / len(gold)
    right, said, true = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, of_found, of_gold))
    return Score(precision, recall, f1(precision, recall), f1(right / max(said, 1), right / max(true, 1)))


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def by_source(rows: Sequence[dict[str, Any]], clusters: Clusters) -> Iterator[tuple[str, Score]]:
    """The scores of all articles, and of those of each source."""
    cluster_of = {number: place for place, members in enumerate(clusters) for number in members}
    for source in ("all", *sorted({row["source"] for row in rows})):
        of = [number for number, row in enumerate(rows) if source in ("all", row["source"])]
        yield source, score([rows[number]["story_cluster"] for number in of], [cluster_of[number] for number in of])


class Tried(NamedTuple):
    """The stories' articles and pairs and the graded pairs, each with the likeness that a fold without their topics
    gave, and what is seen of the graded ones."""

    articles: list[Article]
    pairs: Pairs
    likeness: np.ndarray
    graded: np.ndarray
    graded_seen: np.ndarray


def tried(corpora: Path, rows: list[dict[str, Any]], folds: int) -> Tried:
    """Learns and tries, fold by fold."""
    of_stories, of_pairs = story_lesson(rows), graded_lesson(records(corpora, "pairs.jsonl"))
    told = joined([of_stories, of_pairs])
    told = joined([told, apart_lesson(corpora, learn(told.seen, told.same, told.importance))])
    of_rows = articles(rows)
    pairs = candidate_pairs(of_rows)
    topics = np.array([topic_of(row) for row in rows])[pairs.numbers]
    fold_of = split({*topics.ravel().tolist(), *of_pairs.topics.ravel().tolist(), *map(topic_of, rows)}, folds)
    likeness, graded = np.zeros(len(pairs.seen)), np.zeros(len(of_pairs.seen))
    for fold in range(folds):
        learnt = learn(*without(told, fold_of, fold))
        here, there = (in_fold(names, fold_of, fold) for names in (topics, of_pairs.topics))
        likeness[here], graded[there] = learnt.of(pairs.seen[here]), learnt.of(of_pairs.seen[there])
    likeness[is_kind_only(pairs.seen)] *= OF_KIND
    graded[is_kind_only(of_pairs.seen)] *= OF_KIND
    return Tried(of_rows, pairs, likeness, graded, of_pairs.seen)


def split(topics: set[str], folds: int) -> dict[str, int]:
    """A fold for each topic, the same on every run."""
    ordered = sorted(topics)
    places = np.random.default_rng(0).permutation(len(ordered)) % folds
    return dict(zip(ordered, places.tolist(), strict=True))


def without(told: Lesson, fold_of: dict[str, int], fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs to learn from that have no topic of a fold."""
    folds = np.vectorize(lambda topic: fold_of.get(topic, -1))(told.topics)
    kept = (folds != fold).all(axis=1)
    return told.seen[kept], told.same[kept], told.importance[kept]


def in_fold(topics: np.ndarray, fold_of: dict[str, int], fold: int) -> np.ndarray:
    """Which pairs are tried in a fold: those whose first topic in the order of folds is of it."""
    return np.asarray(np.vectorize(fold_of.__getitem__)(topics).min(axis=1) == fold)


def ours(found: Tried, settings: GroupSettings) -> Clusters:
    """The stories that copydesk gathers."""
    said = [one.terms.terms[REFERRED[one.terms.terms & KIND_MASK]] for one in found.articles]
    near = found.likeness >= LEAST
    edges = np.empty(int(near.sum()), EDGE)
    edges["one"], edges["other"] = found.pairs.numbers[near].T
    edges["likeness"] = found.likeness[near]
    days = np.array([one.day or 0 for one in found.articles])
    return members_of(gathered(Articles(days, said.__getitem__, settings), edges))


def auc(same: np.ndarray, values: np.ndarray) -> float:
    """The chance that a pair of one event has a higher value than one of two (ties count half)."""
    wins = (values[same][:, None] > values[~same][None, :]).mean()
    return float(wins + 0.5 * (values[same][:, None] == values[~same][None, :]).mean())


def at_best(rows: list[dict[str, Any]], make: Callable[[float], Clusters]) -> tuple[float, Clusters]:
    """A peer's clusters at the threshold that is best for it."""
    made = [(float(alike), make(float(alike))) for alike in ALIKE]
    return max(made, key=lambda one: dict(by_source(rows, one[1]))["all"].f1)


def print_stories(rows: list[dict[str, Any]], found: Tried, beside: Mapping[str, Vectors]) -> None:
    """Prints the table of stories."""
    methods = [("copydesk", ours(found, GroupSettings()))]
    days = np.array([np.nan if one.day is None else one.day for one in found.articles])
    for name, vectors in beside.items():
        of_all = vectors([f"{row['title']}\n{row['text']}" for row in rows])
        cosines = np.asarray((of_all @ of_all.T).todense())
        for how, peer in (("connected components", connected), ("window, average linkage", average)):
            alike, clusters = at_best(rows, lambda at, peer=peer, of=cosines: peer(of, days, at))  # type: ignore[misc]
            methods.append((f"{name}, {how} (≥ {alike:.2f})", clusters))
    print("| stories | source | B³ precision | B³ recall | B³ F1 | pair F1 |\n|---|---|---|---|---|---|")
    for name, clusters in methods:
        for source, of in by_source(rows, clusters):
            print(f"| {name} | {source} | {of.precision:.3f} | {of.recall:.3f} | {of.f1:.3f} | {of.pair_f1:.3f} |")


def print_pairs(pairs: list[dict[str, Any]], found: Tried, beside: Mapping[str, Vectors], with_bound: bool) -> None:
    """Prints the table of graded pairs; a pair graded 2 or less is one event."""
    same = np.array([pair["overall"] <= SAME for pair in pairs])
    told = {"copydesk": found.graded}
    for name, vectors in beside.items():
        of_all = vectors([pair[text] for text in ("text1", "text2") for pair in pairs])
        told[name] = np.asarray(of_all[: len(pairs)].multiply(of_all[len(pairs) :]).sum(axis=1)).ravel()
    if with_bound:
        told["all of it, learnt on such pairs"] = bound(np.column_stack([found.graded_seen, *told.values()]), same)
    print(f"\n| pairs, AUC | number | {' | '.join(told)} |\n|---|---|{'---|' * len(told)}")
    for name, of in by_languages(pairs):
        reached = " | ".join(f"{auc(same[of], likely[of]):.3f}" for likely in told.values())
        print(f"| {name} | {int(of.sum())} | {reached} |")


def by_languages(pairs: list[dict[str, Any]]) -> Iterator[tuple[str, np.ndarray]]:
    """Which pairs are in one language, which in two, and which in each that there are."""
    languages = np.array([" ".join(sorted({pair["lang1"], pair["lang2"]})) for pair in pairs])
    across = np.array([pair["lang1"] != pair["lang2"] for pair in pairs])
    yield from (("one language", ~across), ("two languages", across))
    yield from ((name, languages == name) for name in sorted(set(languages.tolist())))


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="sentence embeddings too, and the bound")
    asked = parser.parse_args()
    rows = stories(asked.corpora)
    found, beside = tried(asked.corpora, rows, asked.folds), peers(asked.peers)
    print_stories(rows, found, beside)
    print_pairs(records(asked.corpora, "pairs.jsonl"), found, beside, asked.peers)


if __name__ == "__main__":
    main()
