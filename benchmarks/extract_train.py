"""Learns the weights of `tasks/extract/weights.toml` from labelled pages: a conditional logit by gradient descent.

    python benchmarks/extract_train.py CORPORA [--write]

CORPORA is the folder that holds `metadata-dev` and `extraction-dev`. Pages are split by outlet or host, five folds; the
figures printed are those of held-out folds. With --write the weights of all pages replace the file's.
"""

import gzip
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tasks.extract.dating import BRAKES, dated
from tasks.extract.language import language_reading
from tasks.extract.layout import lay_out, squash
from tasks.extract.outlets import known_outlets
from tasks.extract.people import named_people
from tasks.extract.titles import candidates, title_readings
from tasks.ingest import Document
from tasks.strip import StripSettings, replay, strip

FOLDS = 5
RIDGE = 1.0
ROUNDS = 300
LEAST_PAGES = 12
KINDS = {"full": "full", "part": "partial_resiliparse"}
HEAD = """# What each feature of a candidate weighs, in log odds; by `benchmarks/extract_train.py` from the pages of
# fundus, htmldate, WCXB and article-extraction-dataset, whose texts are not ours to ship.
"""


class Page(NamedTuple):
    """The candidates of a text for a field by their features, which of them are right, and what weighs beforehand."""

    group: str
    weight: float
    field: str
    candidates: list[list[str]]
    right: list[bool]
    brakes: list[float]


def main() -> None:
    corpora = Path(sys.argv[1])
    pages = list(labelled(corpora))
    learned = {}
    for field in ("title", "published", "author"):
        asked = [one for one in pages if one.field == field]
        for fold in range(FOLDS):
            held_out = [zlib.crc32(one.group.encode()) % FOLDS == fold for one in asked]
            weights = learn([one for one, out in zip(asked, held_out, strict=True) if not out])
            print(field, fold, report([one for one, out in zip(asked, held_out, strict=True) if out], weights))
        learned[field] = learn(asked)
        print(field, "all", report(asked, learned[field]))
    if "--write" in sys.argv:
        rows = [
            f"\n[{field}]\n" + "".join(f'"{name}" = {value:.2f}\n' for name, value in sorted(of.items()))
            for field, of in learned.items()
        ]
        Path("tasks/extract/weights.toml").write_text(HEAD + "".join(rows), encoding="utf-8")


def labelled(corpora: Path) -> Iterator[Page]:
    """The labelled texts of every development set, whole pages and partial dumps."""
    for name in ("fundus", "htmldate-default"):
        for row in rows(corpora / "metadata-dev" / f"{name}.jsonl.gz"):
            for kind in KINDS:
                if row[f"text_{kind}"] is not None:
                    gold = {key: row["gold"][key] for key in ("title", "authors")} | {"days": row["gold"]["days_ok"]}
                    yield from pages_of(row["group"], 3.0 if name == "fundus" else 1.0, row[f"text_{kind}"], gold)
    for name in ("wcxb", "sites"):
        for row in rows(corpora / "extraction-dev" / f"{name}.jsonl.gz"):
            day = row["gold"]["publishing_date"]
            gold = {
                "title": row["gold"]["title"],
                "days": [day[:10]] if day else None,
                "authors": row["gold"]["authors"] or None,
            }
            for dump in KINDS.values():
                if dump in row["dumps"]:
                    yield from pages_of(row["outlet"], 0.5, row["dumps"][dump]["text"], gold)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def pages_of(group: str, weight: float, text: str, gold: dict[str, Any]) -> Iterator[Page]:
    """The candidates of a text and which of them are right; a field without a label has none.

    Of titles and dates one candidate is right at most; each name is a question of its own.
    """
    document = Document("d", "d.txt", "text", "utf-8", len(text), "", text, 0)
    spans = strip([document], {}, StripSettings())[0]
    language = language_reading(replay(text, spans))
    layout = lay_out(text, spans, language.value if language else None)
    headline = title_readings(layout)[1]
    if gold["title"]:
        wanted = {squash(gold["title"]), squash(re.split(r"\s[|–—-]\s", gold["title"])[0])}
        titles = candidates(layout)
        right = [squash(text[one.start : one.end]) in wanted for one in titles]
        yield Page(group, weight, "title", [one.features for one in titles], right, [0.0] * len(titles))
    if gold["days"]:
        dates = dated(layout, headline)
        right = [one.printed.day.isoformat() in gold["days"] for one in dates]
        brakes = [sum(BRAKES.get(name, 0.0) for name in one.features) for one in dates]
        yield Page(group, weight, "published", [one.features for one in dates], right, brakes)
    if gold["authors"] is not None:
        names = {squash(name) for name in gold["authors"]}
        for one in named_people(layout, headline, known_outlets()):
            yield Page(group, weight, "author", [one.features], [squash(text[one.start : one.end]) in names], [0.0])


def learn(pages: list[Page]) -> dict[str, float]:
    """The weights that make the right candidates likeliest, or "none" where no candidate is right."""
    counts = Counter(name for one in pages for name in {name for features in one.candidates for name in features})
    names = sorted(name for name, count in counts.items() if count >= LEAST_PAGES and name not in BRAKES)
    index = {name: place for place, name in enumerate(names)}
    flat = [[index[name] for name in set(features) if name in index] for one in pages for features in one.candidates]
    owner = np.repeat(np.arange(len(pages)), [len(one.candidates) for one in pages])
    right = np.array([is_right for one in pages for is_right in one.right])
    brakes = np.array([brake for one in pages for brake in one.brakes])
    weight = np.array([one.weight for one in pages])
    return dict(zip(names, descend(flat, owner, right, brakes, weight, len(names)), strict=True))


def descend(flat: list[list[int]], owner: Any, right: Any, brakes: Any, weight: Any, width: int) -> list[float]:
    """The weights after gradient ascent (Adam) on the conditional likelihood, with a ridge."""
    rows_of = np.repeat(np.arange(len(flat)), [len(one) for one in flat])
    columns = np.concatenate([np.array(one, dtype=int) for one in flat])
    pages = len(weight)
    has_right = np.bincount(owner, right, pages) > 0
    values, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    for step in range(1, ROUNDS + 1):
        odds = np.bincount(rows_of, values[columns], len(flat)) + brakes
        parts = np.exp(np.clip(odds, -30, 30))
        whole = 1.0 + np.bincount(owner, parts, pages)
        chance = parts / whole[owner]
        good = np.bincount(owner, parts * right, pages)
        wanted = np.where(right & (good[owner] > 0), parts / np.maximum(good[owner], 1e-12), 0.0) * has_right[owner]
        gradient = np.bincount(columns, ((wanted - chance) * weight[owner])[rows_of], width) - RIDGE * values
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        values = values + 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return [float(value) for value in values]


def report(pages: list[Page], weights: dict[str, float]) -> str:
    """How often the likeliest candidate is right, where one is, and how often a wrong one is given."""
    asked = right = wrong = 0
    for one in pages:
        odds = [
            sum(weights.get(name, 0.0) for name in features) + brake
            for features, brake in zip(one.candidates, one.brakes, strict=True)
        ]
        best = max(range(len(odds)), key=lambda place: odds[place], default=None)
        given = best is not None and odds[best] > 0
        asked += any(one.right)
        right += given and one.right[best or 0]
        wrong += given and not one.right[best or 0]
    shares = 100 * right / max(1, asked), 100 * wrong / max(1, len(pages))
    return f"right {shares[0]:.1f} of {asked}, wrong {shares[1]:.1f} of {len(pages)}"


if __name__ == "__main__":
    main()
