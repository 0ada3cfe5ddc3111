"""What grouping takes as the corpus grows: processor time a document and peak memory, by the number of documents.

    python -m benchmarks.group_scale CORPORA SCRATCH [--documents 100000]

The development articles are repeated over a year of days. Each turn of them is other news: its names, figures and
pairs of words are changed, its words, places and weekdays are not, so that the days are full of articles that look
alike. One in fifty has no date. Then a hundred articles of one day are added, and all is grouped again. What a process
takes is told by the process that did it, so each run is one.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.train_group import day_of, records
from tasks import dedupe, group
from tasks.dedupe import Fate
from tasks.extract import Fact
from tasks.group import SIGN, GroupSettings, Sign
from tasks.group.vector import FIGURES, KIND_MASK, LEAD_FIGURES, LEAD_NAMES, NAMES, PAIRS
from tasks.ingest import Document
from tasks.store import Store
from tasks.strip import Span

OWN = (NAMES, LEAD_NAMES, FIGURES, LEAD_FIGURES, PAIRS)
PART = 2_000
UNDATED = 50
YEAR = 365
MORE = 100


def read(corpora: Path) -> list[Sign]:
    """The signs of the development articles, with what it took to read them."""
    rows = (
        records(corpora, "story.jsonl")
        + [row for row in records(corpora, "neardup.jsonl") if not row["wrapped"]][:3000]
    )
    documents = [
        Document(row["doc_id"], row["doc_id"], "text", "utf-8", len(row["text"]), "", row["text"], 0) for row in rows
    ]
    spans = {doc.doc_id: [Span(doc.doc_id, 0, len(doc.text), "body", "all", 1.0)] for doc in documents}
    began = time.process_time()
    signs = group.sign(documents, spans, {row["doc_id"]: facts(row) for row in rows}, GroupSettings())
    letters = sum(map(len, (doc.text for doc in documents)))
    spent = 1000 * (time.process_time() - began) / len(rows)
    print(f"sign: {len(rows):,} articles of {letters / len(rows):,.0f} letters, {spent:.2f} ms of processor time each")
    return signs


def facts(row: dict[str, str]) -> list[Fact]:
    """What the corpus knows of an article."""
    day = day_of(row)
    known = {"title": row["title"], "language": row["lang"], "published": str(day) if day else None}
    return [
        Fact(row["doc_id"], field, value, None, None, "sidecar", field, "given", 1.0, True, "given")  # type: ignore[arg-type]
        for field, value in known.items()
        if value
    ]


def some_day(chance: random.Random) -> date | None:
    """A day of the year, or none."""
    return None if chance.randrange(UNDATED) == 0 else date(2021, 1, 1) + timedelta(chance.randrange(YEAR))


def shifted(sign: Sign, number: int, turn: int, day: date | None) -> Sign:
    """The sign of another article like this one, printed on that day."""
    weights = dict(zip((changed(term, turn) for term in sign.terms), sign.weights, strict=True))
    earlier = day - timedelta(2) if day else date.min
    names = [[changed(term, turn) for term in one.names] for one in sign.references]
    moved = [
        one._replace(first_day=earlier, last_day=earlier, names=of)
        for one, of in zip(sign.references, names, strict=True)
    ]
    return sign._replace(
        doc_id=f"{number:016x}",
        day=day,
        published=str(day) if day else None,
        terms=sorted(weights),
        weights=[weights[term] for term in sorted(weights)],
        references=moved if day else [],
    )


def changed(term: int, turn: int) -> int:
    """A term of another turn: another number where its kind is what marks one event."""
    kind = term & KIND_MASK
    return ((term >> 4) ^ (turn * 0x9E3779B1 & 0xFFFFFFFF)) << 4 | kind if kind in OWN else term


def fill(store: Store, signs: list[Sign], documents: int) -> None:
    """Writes the signs of so many documents, part by part."""
    for first in range(0, documents, PART):
        numbers = range(first, min(first + PART, documents))
        write(store, signs, {number: some_day(random.Random(number)) for number in numbers})
    store.write(dedupe.STAGE, Fate, "000000000", [], "scale")


def write(store: Store, signs: list[Sign], days: dict[int, date | None]) -> None:
    """Writes a part of the documents of these numbers and days."""
    rows = [shifted(signs[n % len(signs)], n, n // len(signs), day) for n, day in days.items()]
    store.write(SIGN, Sign, f"{min(days):09}", rows, "scale")


def sizes(documents: int) -> Iterator[int]:
    """The sizes that are tried: each four times the one before."""
    yield from (size for size in (documents // 16, documents // 4, documents) if size)


class Took(NamedTuple):
    """What grouping made, and took."""

    documents: int
    stories: int
    relations: int
    seconds: float
    megabytes: float


def work(folder: Path) -> Took:
    """Groups what lies in a folder."""
    began, count = time.process_time(), [0, 0, 0]
    for _, stories, members, relations in group.group(Store(folder), GroupSettings()):
        count = [old + len(new) for old, new in zip(count, (stories, members, relations), strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Took(count[1], count[0], count[2], time.process_time() - began, peak)


def apart(folder: Path) -> Took:
    """The same by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.group_scale", "--work", str(folder)]
    return Took(*json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    asked = parser.parse_args()
    signs = read(asked.corpora)
    print(
        "\n| documents | stories | relations | CPU ms a document | peak MB | CPU ms, 100 more | peak MB |", flush=True
    )
    print("|---:|---:|---:|---:|---:|---:|---:|", flush=True)
    for size in sizes(asked.documents):
        folder = asked.scratch / f"signs-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        fill(Store(folder), signs, size)
        first = apart(folder)
        write(Store(folder), signs, dict.fromkeys(range(size, size + MORE), date(2021, 7, 1)))
        again = apart(folder)
        shutil.rmtree(folder)
        spent, respent = (1000 * took.seconds / took.documents for took in (first, again))
        told = f"{first.documents:,} | {first.stories:,} | {first.relations:,} | {spent:.2f} | {first.megabytes:.0f}"
        print(f"| {told} | {respent:.2f} | {again.megabytes:.0f} |", flush=True)


if __name__ == "__main__":
    print(json.dumps(work(Path(sys.argv[2])))) if sys.argv[1] == "--work" else main()
