"""Whether the five seeds come out right amid other news, dropped into a cleaned folder one by one, in any order.

    python -m benchmarks.group_seeds CORPORA SEEDS GOLD SCRATCH [--documents 5000] [--orders 2]

CORPORA has `dedup-dev`, whose articles are the other news; GOLD is the right answer, a list with `file`, `story` and
`mentions_story` of each seed. Each run is the whole of `copydesk run`.
"""

import argparse
import json
import random
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from benchmarks.speed import run_of
from benchmarks.train_group import day_of, records

Rows = list[dict[str, Any]]


def fill(folder: Path, corpora: Path, count: int) -> None:
    """Writes so many articles, those of the stories and then others, as JSON lines."""
    rows = records(corpora, "story.jsonl") + [row for row in records(corpora, "neardup.jsonl") if not row["wrapped"]]
    folder.mkdir(parents=True)
    with open(folder / "other.jsonl", "w", encoding="utf-8") as file:
        for row in rows[:count]:
            day = day_of(row)
            known = {"id": row["doc_id"], "title": row["title"], "language": row["lang"], "text": row["text"]}
            file.write(json.dumps(known | ({"published": str(day)} if day else {})) + "\n")


def clean(folder: Path, data: Path) -> None:
    """Runs copydesk over a folder."""
    subprocess.run(run_of([folder], data), check=True, capture_output=True)


def wrong(data: Path, gold: Rows) -> list[str]:
    """What is not as it should be in the stories of the seeds."""
    columns = ["doc_id", "source", "story_id", "story_role"]
    articles = ds.dataset(data / "clean" / "articles").to_table(columns=columns).to_pylist()
    name_of = {row["doc_id"]: row["source"].rpartition("/")[2] for row in articles}
    told: dict[str, set[str]] = defaultdict(set)
    for row in articles:
        told[row["story_id"]].add(name_of[row["doc_id"]])
    story_of = {name: members for members in told.values() for name in members}
    mentions = ds.dataset(data / "clean" / "relations").to_table(filter=ds.field("kind") == "mentions").to_pylist()
    mentioned = {(name_of[row["doc_id"]], name_of[row["other"]]) for row in mentions}
    return [*wrong_stories(gold, story_of), *wrong_mentions(gold, mentioned)]


def wrong_stories(gold: Rows, story_of: dict[str, set[str]]) -> Iterator[str]:
    """The seeds whose story has other articles than it should."""
    for seed in gold:
        wanted = {other["file"] for other in gold if other["story"] == seed["story"]}
        if story_of.get(seed["file"]) != wanted:
            yield f"{seed['file']} is told with {sorted(story_of.get(seed['file'], ()))}, not {sorted(wanted)}"


def wrong_mentions(gold: Rows, mentioned: set[tuple[str, str]]) -> Iterator[str]:
    """The mentions among seeds that are missing or should not be."""
    for seed in gold:
        found = {other["story"] for other in gold if (seed["file"], other["file"]) in mentioned}
        if found != set(seed["mentions_story"]):
            yield f"{seed['file']} mentions {sorted(found)}, not {seed['mentions_story']}"


def dropped(order: Sequence[Path], cleaned: Path, work: Path) -> Path:
    """The data folder after the seeds were dropped one by one, in this order, each followed by a run."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(cleaned, work, symlinks=True)
    for seed in order:
        shutil.copy(seed, work / "raw")
        clean(work / "raw", work / "data")
    return work / "data"


def main() -> None:
    """Prints what is wrong after each order."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for name in ("corpora", "seeds", "gold", "scratch"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--orders", type=int, default=2)
    asked = parser.parse_args()
    gold, seeds = json.loads(asked.gold.read_text()), sorted(asked.seeds.glob("*.txt"))
    cleaned = asked.scratch / "cleaned"
    shutil.rmtree(cleaned, ignore_errors=True)
    fill(cleaned / "raw", asked.corpora, asked.documents)
    clean(cleaned / "raw", cleaned / "data")
    for turn in range(asked.orders):
        order = random.Random(turn).sample(seeds, len(seeds))
        found = wrong(dropped(order, cleaned, asked.scratch / "work"), gold)
        names = " ".join(seed.name[:3] for seed in order)
        print(f"{asked.documents:,} others, then {names}: {'; '.join(found) or 'as they should be'}", flush=True)


if __name__ == "__main__":
    main()
