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
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tasks.extract.dating import dated
from tasks.extract.language import language_reading
from tasks.extract.layout import Layout, lay_out, squash
from tasks.extract.titles import candidates, title_readings
from tasks.ingest import Document
from tasks.strip import StripSettings, replay, strip

FOLDS = 5
RIDGE = 1.0
ROUNDS = 300
LEAST_PAGES = 12
KINDS = {"full": "full", "part": "partial_resiliparse"}
HEAD = """# What each feature of a candidate weighs, in log odds; learned by `benchmarks/extract_train.py` from the development pages
# (fundus and htmldate test pages, WCXB and article-extraction-dataset, whose texts are not ours to ship).
"""


class Page(NamedTuple):
    """A labelled text: each field's candidates by their features, and which of them are right."""

    group: str
    weight: float
    candidates: dict[str, list[list[str]]]
    right: dict[str, list[bool]]


def main() -> None:
    corpora = Path(sys.argv[1])
    pages = list(labelled(corpora))
    learned = {}
    for field in ("title", "published"):
        for fold in range(FOLDS):
            train = [page for page in pages if zlib.crc32(page.group.encode()) % FOLDS != fold]
            test = [page for page in pages if zlib.crc32(page.group.encode()) % FOLDS == fold]
            print(field, fold, report(field, test, learn(field, train)))
        learned[field] = learn(field, pages)
        print(field, "all", report(field, pages, learned[field]))
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
            gold = row["gold"]
            for kind in KINDS:
                if row[f"text_{kind}"] is not None:
                    yield page(
                        row["group"],
                        3.0 if name == "fundus" else 1.0,
                        row[f"text_{kind}"],
                        gold["title"],
                        gold["days_ok"],
                    )
    for name in ("wcxb", "sites"):
        for row in rows(corpora / "extraction-dev" / f"{name}.jsonl.gz"):
            gold = row["gold"]
            for dump in KINDS.values():
                if dump in row["dumps"]:
                    day = gold["publishing_date"]
                    yield page(
                        row["outlet"], 0.5, row["dumps"][dump]["text"], gold["title"], [day[:10]] if day else None
                    )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def page(group: str, weight: float, text: str, title: str | None, days: list[str] | None) -> Page:
    """The candidates of a text and which of them are right; a field without a label has none."""
    document = Document("d", "d.txt", "text", "utf-8", len(text), "", text, 0)
    spans = strip([document], {}, StripSettings())[0]
    language = language_reading(replay(text, spans))
    layout = lay_out(text, spans, language.value if language else None)
    found: dict[str, list[list[str]]] = {}
    right: dict[str, list[bool]] = {}
    if title:
        titles = candidates(layout)
        wanted = {squash(title), *(squash(part) for part in re.split(r"\s[|–—-]\s", title)[:1])}
        found["title"] = [one.features for one in titles]
        right["title"] = [squash(text[one.start : one.end]) in wanted for one in titles]
    if days:
        dates = dated(layout, true_headline(layout))
        found["published"] = [one.features for one in dates]
        right["published"] = [one.printed.day.isoformat() in days for one in dates]
    return Page(group, weight, found, right)


def true_headline(layout: Layout) -> Any:
    """The headline as the room itself finds it, so that dates are learned in the company they will have."""
    return title_readings(layout)[1]


def learn(field: str, pages: list[Page]) -> dict[str, float]:
    """The weights that make the right candidates likeliest, or "none" where no candidate is right."""
    used = [one for one in pages if field in one.candidates]
    counts: dict[str, int] = {}
    for one in used:
        for name in {name for features in one.candidates[field] for name in features}:
            counts[name] = counts.get(name, 0) + 1
    names = sorted(name for name, count in counts.items() if count >= LEAST_PAGES)
    index = {name: place for place, name in enumerate(names)}
    flat, owner, right = [], [], []
    for number, one in enumerate(used):
        for features, is_right in zip(one.candidates[field], one.right[field], strict=True):
            flat.append([index[name] for name in set(features) if name in index])
            owner.append(number)
            right.append(is_right)
    return dict(
        zip(
            names,
            descend(flat, np.array(owner), np.array(right), np.array([one.weight for one in used]), len(names)),
            strict=True,
        )
    )


def descend(flat: list[list[int]], owner: Any, right: Any, weight: Any, width: int) -> list[float]:
    """The weights after gradient ascent (Adam) on the conditional likelihood, with a ridge."""
    rows_of = np.repeat(np.arange(len(flat)), [len(one) for one in flat])
    columns = np.concatenate([np.array(one, dtype=int) for one in flat])
    pages = len(weight)
    has_right = np.bincount(owner, right, pages) > 0
    values, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    for step in range(1, ROUNDS + 1):
        odds = np.bincount(rows_of, values[columns], len(flat))
        parts = np.exp(np.clip(odds, -30, 30))
        whole = 1.0 + np.bincount(owner, parts, pages)
        chance = parts / whole[owner]
        good = np.bincount(owner, parts * right, pages)
        wanted = np.where(right & (good[owner] > 0), parts / np.maximum(good[owner], 1e-12), 0.0) * has_right[owner]
        gradient = np.bincount(columns, ((wanted - chance) * weight[owner])[rows_of], width) - RIDGE * values
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        values = values + 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return [float(value) for value in values]


def report(field: str, pages: list[Page], weights: dict[str, float]) -> str:
    """How often the likeliest candidate is right, where one is, and how often a wrong one is given."""
    asked = right = wrong = total = 0
    for one in pages:
        if field not in one.candidates:
            continue
        total += 1
        odds = [sum(weights.get(name, 0.0) for name in features) for features in one.candidates[field]]
        best = max(range(len(odds)), key=lambda place: odds[place], default=None)
        given = best is not None and odds[best] > 0
        asked += any(one.right[field])
        right += given and one.right[field][best or 0]
        wrong += given and not one.right[field][best or 0]
    return f"right {100 * right / max(1, asked):.1f} of {asked}, wrong {100 * wrong / max(1, total):.1f} of {total}"


if __name__ == "__main__":
    main()
