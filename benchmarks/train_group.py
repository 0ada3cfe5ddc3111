"""Makes what `tasks/group` has learnt: the background of word frequencies, and the trees of the likeness.

    python benchmarks/train_group.py background           needs wordfreq 3.1.1 (CC BY-SA 4.0)
    python benchmarks/train_group.py forest CORPORA       needs lightgbm; CORPORA has dedup-dev/story.jsonl

The stories: ECB+ (CC BY 3.0), BASIL and AllSides round-ups (research); no text of theirs is kept, only the trees.
"""

import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tasks.group.likeness import terms_of
from tasks.group.rows import GroupSettings
from tasks.group.vector import KINDS, vector
from tasks.group.window import Article, Window, pair_features

GROUP = Path(__file__).parents[1] / "tasks" / "group"
DEEP = {"en": 3.0}  # the zipf frequency down to which words are kept; 4.0 in the other languages
SHALLOW = 4.0
LATER = (0.55, 0.35, 0.1)  # how often a paper prints an event the same day, the next, the one after
TREES: dict[str, Any] = {
    "n_estimators": 60,
    "num_leaves": 15,
    "learning_rate": 0.1,
    "min_child_samples": 40,
    "monotone_constraints": [1] * (3 * len(KINDS)) + [0, -1],
    "deterministic": True,
    "force_row_wise": True,
    "n_jobs": 1,
    "seed": 0,
    "verbose": -1,
}


def background() -> None:
    """Writes the zipf frequency of stems, in tenths, language by language, from wordfreq."""
    import wordfreq

    from tasks.group.terms import stems

    lines = []
    for language in sorted(wordfreq.available_languages("small")):
        share: dict[str, float] = defaultdict(float)
        for word, frequency in wordfreq.get_frequency_dict(language, "best").items():
            if frequency < 10 ** (2.0 - 9):
                continue
            for stem in set(stems(word)):
                share[stem] += frequency
        floor = DEEP.get(language, SHALLOW)
        by_zipf = defaultdict(list)
        for stem, frequency in share.items():
            zipf = round(math.log10(frequency) + 9, 1)
            if zipf >= floor and not stem.isdigit():
                by_zipf[zipf].append(stem)
        lines += [f"{language}\t{zipf}\t{' '.join(sorted(found))}" for zipf, found in sorted(by_zipf.items())]
    packed = gzip.compress("\n".join(lines).encode(), 9, mtime=0)
    (GROUP / "background.tsv.gz").write_bytes(packed)
    print(f"{len(lines)} lines, {len(packed)} bytes")


def stories(corpora: Path) -> list[dict[str, Any]]:
    """The labelled stories, undated first, then by day."""
    with open(corpora / "dedup-dev" / "story.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return sorted(rows, key=lambda row: ((row["published_at"] or "")[:10], row["doc_id"]))


def articles(rows: list[dict[str, Any]]) -> list[Article]:
    """The stories' articles as the window takes them."""
    found = []
    for number, row in enumerate(rows):
        day = date.fromisoformat(row["published_at"][:10]) if row["published_at"] else None
        terms, weights = vector(row["title"] or "", row["text"], row["lang"], day)
        arrays = terms_of(np.array(terms, np.int64), np.array(weights, np.float32))
        found.append(Article(number, day.toordinal() if day else None, arrays))
    return found


class Pairs(NamedTuple):
    """Pairs of articles by number, and what the forest sees of each."""

    numbers: np.ndarray
    seen: np.ndarray


def candidate_pairs(found: Sequence[Article]) -> Pairs:
    """The pairs that the window would compare."""
    window, settings = Window(), GroupSettings()
    pairs, seen = [], []
    for article in found:
        if article.day is not None:
            window.forget(article.day - settings.window_days)
        others = window.candidates(article, 10**6)
        if others:
            pairs += [(other.number, article.number) for other in others]
            seen.append(pair_features(article, others))
        window.add(article)
    return Pairs(np.array(pairs), np.concatenate(seen))


def lesson(found: Sequence[Article]) -> Pairs:
    """The pairs to learn from: with their days, with days as other papers might print them, and without any.

    AllSides gives the three articles of a round-up one day, its own; without other days the trees would learn that an
    event is told on one day only. Without dates the same topic of another month is in reach, which is what an undated
    article has to be told from.
    """
    undated = [article._replace(day=None) for article in found]
    taught = [candidate_pairs(found), candidate_pairs(other_days(found, 1)), candidate_pairs(undated)]
    dated = np.array([article.day is not None for article in found])
    news = [slice(None), *(dated[pairs.numbers].any(axis=1) for pairs in taught[1:])]
    numbers = [pairs.numbers[new] for pairs, new in zip(taught, news, strict=True)]
    return Pairs(
        np.concatenate(numbers), np.concatenate([pairs.seen[new] for pairs, new in zip(taught, news, strict=True)])
    )


def other_days(found: Sequence[Article], seed: int) -> list[Article]:
    """The articles as if printed up to two days later, in the order of the numbers."""
    later = np.random.default_rng(seed).choice(3, len(found), p=LATER)
    return sorted(
        (
            article._replace(day=article.day and article.day + int(days))
            for article, days in zip(found, later, strict=True)
        ),
        key=lambda article: (article.day or 0, article.number),
    )


def topic_of(row: dict[str, Any]) -> str:
    """What must not be split between learning and trying: the ECB+ topic, the BASIL event, the AllSides month."""
    if row["source"] == "ecb":
        return row["story_cluster"].rsplit("-", 1)[0]
    return row["story_cluster"] if row["source"] == "basil" else row["published_at"][:7]


def learn(seen: np.ndarray, same: np.ndarray) -> Any:
    """Boosted trees that tell pairs of one event from others."""
    from lightgbm import LGBMClassifier

    return LGBMClassifier(**TREES).fit(seen, same)


def packed_trees(model: Any) -> dict[str, Any]:
    """The trees as arrays of (tree, node), padded; a leaf is its own child."""
    trees = [flat_tree(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]
    longest = max(len(tree) for tree in trees)
    padded = [tree + [(0, 0.0, 0, 0, 0.0)] * (longest - len(tree)) for tree in trees]
    columns = zip(["feature", "threshold", "left", "right", "value"], np.array(padded).transpose(2, 0, 1), strict=True)
    whole = ("feature", "left", "right")
    kept = {name: (values.astype(int) if name in whole else values.round(6)).tolist() for name, values in columns}
    return {
        "depth": max(map(depth_of, (t["tree_structure"] for t in model.booster_.dump_model()["tree_info"]))),
        **kept,
    }


def flat_tree(root: dict[str, Any]) -> list[tuple[int, float, int, int, float]]:
    """A tree as rows of feature, threshold, left, right, value."""
    rows: list[tuple[int, float, int, int, float]] = []

    def lay(node: dict[str, Any]) -> int:
        place = len(rows)
        rows.append((0, 0.0, place, place, float(node.get("leaf_value", 0.0))))
        if "split_feature" in node:
            left, right = lay(node["left_child"]), lay(node["right_child"])
            rows[place] = (node["split_feature"], node["threshold"], left, right, 0.0)
        return place

    lay(root)
    return rows


def depth_of(node: dict[str, Any]) -> int:
    """How many questions lie between the root and its farthest leaf."""
    return 1 + max(depth_of(node["left_child"]), depth_of(node["right_child"])) if "split_feature" in node else 0


def forest(corpora: Path) -> None:
    """Learns from all the stories and writes the trees."""
    rows = stories(corpora)
    pairs = lesson(articles(rows))
    clusters = np.array([row["story_cluster"] for row in rows])
    model = learn(pairs.seen, clusters[pairs.numbers[:, 0]] == clusters[pairs.numbers[:, 1]])
    kept = json.dumps(packed_trees(model), separators=(",", ":"))
    (GROUP / "forest.json").write_text(kept + "\n")
    print(f"{len(pairs.seen)} pairs, {len(kept)} bytes")


if __name__ == "__main__":
    background() if sys.argv[1] == "background" else forest(Path(sys.argv[2]))
