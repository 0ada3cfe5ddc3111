"""Makes what `tasks/group` has learnt: the background of word frequencies, and the weights of the likeness.

    python -m benchmarks.train_group background           needs wordfreq 3.1.1 (CC BY-SA 4.0)
    python -m benchmarks.train_group places               needs babel 2.18 (CLDR 47, Unicode License)
    python -m benchmarks.train_group weights CORPORA      needs scipy; CORPORA has dedup-dev

The stories: ECB+ (CC BY 3.0), BASIL and AllSides round-ups (research); no text of theirs is kept, only the weights.
"""

import gzip
import json
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tasks.group.likeness import terms_of
from tasks.group.looks import Watch, all_postings, looks
from tasks.group.rows import GroupSettings
from tasks.group.vector import reading, vector
from tasks.group.window import Article, measures

GROUP = Path(__file__).parents[1] / "tasks" / "group"
DEEP = {"en": 3.0}  # the zipf frequency down to which words are kept; 4.0 in the other languages
SHALLOW = 4.0
LOCALE = {"sh": "hr"}  # what CLDR calls it
LATER = (0.55, 0.35, 0.1)  # how often a paper prints an event the same day, the next, the one after
SAME = 2.0  # the grade (1 same story, 4 unrelated) up to which a pair of SemEval 2022 task 8 is one event
GRADED, APART = 1.0, 0.3  # how much a graded pair, and one of other news, counts beside a pair of the stories
DOUBTFUL = 0.5  # a pair of other news that looks this much like one event may be one
RIDGE = 1e-5  # on the squared weights of the measures, each by its spread
LEAST_SPREAD = 0.05


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


def places() -> None:
    """Writes what countries and large cities are called in the background's languages, folded, from CLDR."""
    from babel import Locale

    from tasks.group.names import folded_name
    from tasks.group.rarity import tables

    called: dict[str, set[str]] = defaultdict(set)
    for language in tables():
        locale = Locale.parse(LOCALE.get(language, language))
        for code, name in locale.territories.items():
            if len(code) == 2:
                called[code].add(folded_name(name))
        for zone, about in locale.time_zones.items():
            if "city" in about:
                called[zone.split("/")[-1]].add(folded_name(about["city"]))
    called["Washington"].add(folded_name("Washington"))
    for zone in [zone for zone in map(str, Locale("en").time_zones) if "/" in zone and not zone.startswith("Etc")]:
        called[zone.split("/")[-1]].add(folded_name(zone.split("/")[-1].replace("_", " ")))
    lines = [f"{code}\t{' '.join(sorted(filter(is_telling, names)))}" for code, names in sorted(called.items())]
    packed = gzip.compress("\n".join(lines).encode(), 9, mtime=0)
    (GROUP / "places.tsv.gz").write_bytes(packed)
    print(f"{len(lines)} places, {len(packed)} bytes")


def is_telling(name: str) -> bool:
    """Whether a folded name is long enough to be no other word; two characters are where they are no letters."""
    return len(name) > 3 or (len(name) > 1 and not name.isascii())


class Pairs(NamedTuple):
    """Pairs of articles by number, and what the regression sees of each."""

    numbers: np.ndarray
    seen: np.ndarray


class Lesson(NamedTuple):
    """Pairs to learn from: what is seen, whether they tell one event, how much each counts, the topics of both."""

    seen: np.ndarray
    same: np.ndarray
    importance: np.ndarray
    topics: np.ndarray


class Learnt(NamedTuple):
    """Weights, and what an unlike pair starts from."""

    measures: np.ndarray
    start: float

    def of(self, seen: np.ndarray) -> np.ndarray:
        """The probability that each pair tells one event."""
        return 1 / (1 + np.exp(-(seen @ self.measures + self.start)))


def records(corpora: Path, name: str) -> list[dict[str, Any]]:
    """The records of a file of the de-duplication corpus."""
    with open(corpora / "dedup-dev" / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def stories(corpora: Path) -> list[dict[str, Any]]:
    """The labelled stories, undated first, then by day."""
    return sorted(records(corpora, "story.jsonl"), key=lambda row: (str(day_of(row) or ""), row["doc_id"]))


def day_of(row: dict[str, Any]) -> date | None:
    """The day on which an article was published; in the Reuters part as `4-MAR-1987`."""
    found = re.match(r"\d{4}-\d\d-\d\d", row["published_at"] or "")
    if found:
        return date.fromisoformat(found.group())
    found = re.match(r"\s*\d{1,2}-[A-Z]{3}-\d{4}", row["published_at"] or "")
    return datetime.strptime(found.group().strip().title(), "%d-%b-%Y").date() if found else None


def article(number: int, title: str, text: str, language: str | None, day: date | None) -> Article:
    """An article as the window takes it."""
    terms, heavy = vector(reading(title, text, language, day))
    arrays = terms_of(np.array(terms, np.int64), np.array(heavy, np.float32))
    return Article(number, day.toordinal() if day else None, language, arrays)


def articles(rows: Iterable[dict[str, Any]]) -> list[Article]:
    """The articles of records, numbered."""
    return [article(n, row["title"] or "", row["text"], row["lang"], day_of(row)) for n, row in enumerate(rows)]


def candidate_pairs(found: Sequence[Article]) -> Pairs:
    """The pairs that would be compared of articles that come undated first, then by day."""
    settings = GroupSettings()
    placed = [replace(one, number=place) for place, one in enumerate(found)]
    every = looks(np.array([one.day or 0 for one in placed], np.int64), settings.window_days)
    postings = np.sort(all_postings(np.arange(len(placed)), placed.__getitem__, map))
    watch, all_of_them = Watch(every, postings, placed.__getitem__), slice(0, len(every.articles))
    beside = [pair for some, _ in watch.sights(all_of_them, settings.candidates) for pair in some]
    pairs = [(found[other.number].number, found[one.number].number) for one, others in beside for other in others]
    return Pairs(np.array(pairs), measures(beside))


def lesson(corpora: Path) -> Lesson:
    """All there is to learn from: stories, graded pairs in many languages, and other news to be told apart."""
    told = joined([story_lesson(stories(corpora)), graded_lesson(records(corpora, "pairs.jsonl"))])
    return joined([told, apart_lesson(corpora, learn(told.seen, told.same, told.importance))])


def joined(lessons: Sequence[Lesson]) -> Lesson:
    """Several lessons as one."""
    return Lesson(*(np.concatenate(column) for column in zip(*lessons, strict=True)))


def story_lesson(rows: list[dict[str, Any]]) -> Lesson:
    """The pairs of the stories: with their days, with days as other papers might print them, and without any.

    AllSides gives the three articles of a round-up one day, its own; without other days it would be learnt that an
    event is told on one day only. Without dates the same topic of another month is in reach, which is what an undated
    article has to be told from.
    """
    found = articles(rows)
    undated = [replace(one, day=None) for one in found]
    taught = [candidate_pairs(found), candidate_pairs(other_days(found, 1)), candidate_pairs(undated)]
    dated = np.array([one.day is not None for one in found])
    new = [slice(None), *(dated[pairs.numbers].any(axis=1) for pairs in taught[1:])]
    numbers = np.concatenate([pairs.numbers[kept] for pairs, kept in zip(taught, new, strict=True)])
    seen = np.concatenate([pairs.seen[kept] for pairs, kept in zip(taught, new, strict=True)])
    clusters, topics = (
        np.array(column) for column in ([row["story_cluster"] for row in rows], list(map(topic_of, rows)))
    )
    same = clusters[numbers[:, 0]] == clusters[numbers[:, 1]]
    return Lesson(seen, same, np.ones(len(seen)), topics[numbers])


def other_days(found: Sequence[Article], seed: int) -> list[Article]:
    """The articles as if printed up to two days later, in the order of the new days."""
    later = np.random.default_rng(seed).choice(3, len(found), p=LATER).tolist()
    moved = [replace(one, day=one.day and one.day + days) for one, days in zip(found, later, strict=True)]
    return sorted(moved, key=lambda one: (one.day or 0, one.number))


def graded_lesson(pairs: list[dict[str, Any]]) -> Lesson:
    """The graded pairs: those that are graded as one story or nearly so are one event."""
    seen, same = graded(pairs)
    topics = np.array([[pair["pair_id"]] * 2 for pair in pairs])
    return Lesson(seen, same, np.full(len(seen), GRADED), topics)


def graded(pairs: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """What is seen of graded pairs, and whether each is one event. They have no dates and no titles of their own."""
    texts = [
        (article(0, "", pair["text1"], pair["lang1"], None), [article(1, "", pair["text2"], pair["lang2"], None)])
        for pair in pairs
    ]
    return measures(texts), np.array([pair["overall"] <= SAME for pair in pairs])


def apart_lesson(corpora: Path, before: Learnt) -> Lesson:
    """Pairs of other news, taken to be different events unless they look much like one (these are left out)."""
    kinds = ("single", "original", "template", "quoting")
    rows = [row for row in records(corpora, "neardup.jsonl") if not row["wrapped"] and row["edit"] in kinds]
    pairs = candidate_pairs(articles(sorted(rows, key=lambda row: (str(day_of(row) or ""), row["doc_id"]))))
    seen = pairs.seen[before.of(pairs.seen) < DOUBTFUL]
    return Lesson(seen, np.zeros(len(seen), bool), np.full(len(seen), APART), np.full((len(seen), 2), "other news"))


def topic_of(row: dict[str, Any]) -> str:
    """What must not be split between learning and trying: the ECB+ topic, the BASIL event, the AllSides month."""
    if row["source"] == "ecb":
        return row["story_cluster"].rsplit("-", 1)[0]
    return row["story_cluster"] if row["source"] == "basil" else row["published_at"][:7]


def learn(seen: np.ndarray, same: np.ndarray, importance: np.ndarray) -> Learnt:
    """A logistic regression that tells pairs of one event from others.

    No measure speaks against what it measures: left free, the weights fit the stories a little better (B-cubed F1
    .929 for .920) by playing measures off against each other, and tell other news apart worse.
    """
    from scipy.optimize import minimize

    columns = np.column_stack([seen, np.ones(len(seen))]).astype(np.float64)
    share = importance / importance.sum()
    ridge = RIDGE * np.maximum(columns.std(axis=0), LEAST_SPREAD) ** 2
    ridge[-1] = 0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = columns @ weights
        missed = 1 / (1 + np.exp(-odds)) - same
        value = share @ (np.logaddexp(0, odds) - same * odds) + ridge @ weights**2
        return value, columns.T @ (share * missed) + 2 * ridge * weights

    bounds = [(0.0, None)] * (seen.shape[1] - 1) + [(None, None)] * 2
    start = np.append(np.full(seen.shape[1], 0.1), -3)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 250}).x
    return Learnt(found[:-1], float(found[-1]))


def weights(corpora: Path) -> None:
    """Learns from all the stories and writes the weights."""
    taught = lesson(corpora)
    learnt = learn(taught.seen, taught.same, taught.importance)
    kept = {"start": round(learnt.start, 4), "measures": learnt.measures.round(4).tolist()}
    (GROUP / "weights.json").write_text(json.dumps(kept) + "\n")
    print(f"{len(taught.seen)} pairs, {len(learnt.measures)} weights")


if __name__ == "__main__":
    made = {"background": background, "places": places}.get(sys.argv[1])
    made() if made else weights(Path(sys.argv[2]))
