"""What grouping takes as the corpus grows: processor time a document and peak memory, by the number of documents.

    python -m benchmarks.group_scale CORPORA SCRATCH [--documents 100000]

The development articles are repeated over a year of days. Each turn of them is other news: its names, figures and
pairs of words are changed, its words, places and weekdays are not, so that the days are full of articles that look
alike. One in fifty has no date. What one process takes is told by the process that did it, so each size is one.
"""

import argparse
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

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


def read(corpora: Path) -> list[Sign]:
    """The signs of the development articles, with what it took to read them."""
    rows = (
        records(corpora, "story.jsonl")
        + [row for row in records(corpora, "neardup.jsonl") if not row["wrapped"]][:3000]
    )
    documents = [
        Document(row["doc_id"], row["doc_id"], "text", None, len(row["text"]), "", row["text"], 0) for row in rows
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


def shifted(sign: Sign, number: int, turn: int, chance: random.Random) -> Sign:
    """The sign of another article like this one, printed on some day of the year."""
    day = None if chance.randrange(UNDATED) == 0 else date(2021, 1, 1) + timedelta(chance.randrange(YEAR))
    weights = dict(zip((changed(term, turn) for term in sign.terms), sign.weights, strict=True))
    moved = [
        one._replace(
            first_day=day - timedelta(2), last_day=day - timedelta(2), names=[changed(t, turn) for t in one.names]
        )
        for one in (sign.references if day else ())
    ]
    return sign._replace(
        doc_id=f"{number:016x}",
        day=day,
        published=str(day) if day else None,
        terms=sorted(weights),
        weights=[weights[term] for term in sorted(weights)],
        references=moved,
    )


def changed(term: int, turn: int) -> int:
    """A term of another turn: another number where its kind is what marks one event."""
    kind = term & KIND_MASK
    return ((term >> 4) ^ (turn * 0x9E3779B1 & 0xFFFFFFFF)) << 4 | kind if kind in OWN else term


def fill(store: Store, signs: list[Sign], documents: int) -> None:
    """Writes the signs of so many documents, part by part."""
    for first in range(0, documents, PART):
        numbers = range(first, min(first + PART, documents))
        rows = [
            shifted(signs[number % len(signs)], number, number // len(signs), random.Random(number))
            for number in numbers
        ]
        store.write(SIGN, Sign, f"{first:09}", rows, "scale")
    store.write(dedupe.STAGE, Fate, "000000000", [], "scale")


def sizes(documents: int) -> Iterator[int]:
    """The sizes that are tried: each four times the one before."""
    yield from (size for size in (documents // 16, documents // 4, documents) if size)


def work(folder: Path) -> None:
    """Groups what lies in a folder, and prints what it took."""
    began, count = time.process_time(), [0, 0, 0]
    for _, stories, members, relations in group.group(Store(folder), GroupSettings()):
        count = [old + len(new) for old, new in zip(count, (stories, members, relations), strict=True)]
    spent = 1000 * (time.process_time() - began) / count[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {count[1]:,} | {count[0]:,} | {count[2]:,} | {spent:.2f} | {peak:.0f} |", flush=True)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--documents", type=int, default=100_000)
    asked = parser.parse_args()
    signs = read(asked.corpora)
    print("\n| documents | stories | relations | CPU ms a document | peak MB |\n|---:|---:|---:|---:|---:|", flush=True)
    for size in sizes(asked.documents):
        folder = asked.scratch / f"signs-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        fill(Store(folder), signs, size)
        subprocess.run([sys.executable, "-m", "benchmarks.group_scale", "--work", str(folder)], check=True)


if __name__ == "__main__":
    work(Path(sys.argv[2])) if sys.argv[1] == "--work" else main()
