"""How fast, how large, by stage, beside the floor and beside peers, on documents made from the development pages.

    python benchmarks/speed.py CORPORA SCRATCH [--text 1000] [--html 150] [--peers VENV]

CORPORA is the folder of the development data, SCRATCH one that may be filled and emptied. The documents are drawn with
a seed: text is the pages' dumps as scrapers leave them, HTML the pages themselves; beyond their number they are
repeated with other words, so that they are no copies. Prints Markdown tables. Seconds are processor time unless
they are called wall time, for machines are shared.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from flows import corpus, parts
from flows.settings import load
from tasks import ingest
from tasks.ingest import Input
from tasks.store import Store

PAGES = ("fundus", "sites", "wcxb")
DUMPS = ("full", "glued", "strings", "partial_trafilatura")
WORD = re.compile(r"[^\W\d_]{5,}")


class Cost(NamedTuple):
    """What a stage took."""

    stage: str
    seconds: float
    megabytes: float


def main() -> None:
    given = arguments()
    texts, pages = documents(given.corpora)
    for form, pool, count, suffix in (("text", texts, given.text, "txt"), ("HTML", pages, given.html, "html")):
        if count:
            folder = given.scratch / f"{suffix}-{count}"
            written = fill(folder, pool, count, suffix)
            print(f"\n## {count:,} {form} documents, {written / count / 1000:.1f} kB each\n")
            report(folder, given.scratch, count, given.peers)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--text", type=int, default=1000)
    parser.add_argument("--html", type=int, default=150)
    parser.add_argument("--peers", type=Path, help="a virtual environment that has trafilatura, datatrove, …")
    return parser.parse_args()


def documents(corpora: Path) -> tuple[list[str], list[str]]:
    """The dumps and the pages of the development data, in an order drawn with a seed."""
    texts, pages = [], []
    for name in PAGES:
        with gzip.open(corpora / "extraction-dev" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for page in map(json.loads, lines):
                texts += [page["dumps"][kind]["text"] for kind in DUMPS if kind in page["dumps"]]
                pages.append(page["html"])
    seed = random.Random(7)
    seed.shuffle(texts)
    seed.shuffle(pages)
    return texts, pages


def fill(folder: Path, pool: Sequence[str], count: int, suffix: str) -> int:
    """Writes so many documents; returns their size. What is there is left."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in range(count):
        path = folder / f"{number:07}.{suffix}"
        if not path.exists():
            text = pool[number % len(pool)]
            path.write_text(text if number < len(pool) else reworded(text, number // len(pool)), encoding="utf-8")
        size += path.stat().st_size
    return size


def reworded(text: str, turn: int) -> str:
    """The text with a third of its longer words changed, each always in the same way: another text of one length."""

    def other(word: re.Match[str]) -> str:
        key = hashlib.blake2b(f"{turn} {word.group()}".encode(), digest_size=2).digest()[0]
        return word.group() if key % 3 else word.group()[::-1]

    return WORD.sub(other, text)


def report(folder: Path, scratch: Path, count: int, peers: Path | None) -> None:
    """Prints what the documents of a folder cost."""
    floor_seconds, floor_size = floor(folder, scratch)
    costs = [*by_stage(folder, scratch / "data-stages")]
    print("| stage | CPU ms a document | × floor | MB written |\n|---|---:|---:|---:|")
    for name, seconds, size in [("floor: read, hash, write", floor_seconds, floor_size), *costs, total(costs)]:
        print(f"| {name} | {1000 * seconds / count:.3f} | {seconds / floor_seconds:.1f} | {size:.1f} |")
    print("\n| run | documents/s (wall) | documents/CPU s | peak MB, largest process | peak MB, all |")
    print("|---|---:|---:|---:|---:|")
    for name, command in runs(folder, scratch, peers):
        print(f"| {name} | {told(measured(command), count)} |", flush=True)


def total(costs: Sequence[Cost]) -> Cost:
    return Cost("**all**", sum(cost.seconds for cost in costs), sum(cost.megabytes for cost in costs))


def floor(folder: Path, scratch: Path) -> tuple[float, float]:
    """The seconds and megabytes of reading, hashing and writing the documents as Parquet, and nothing else."""
    pa.array([1])  # loads pandas where it is installed, which is not what is measured
    began = time.process_time()
    rows = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    hashes = [hashlib.sha256(raw).hexdigest() for _, raw in rows]
    table = pa.table({"name": [name for name, _ in rows], "sha256": hashes, "raw": [raw for _, raw in rows]})
    place = scratch / "floor.parquet"
    pq.write_table(table, place, compression="zstd", compression_level=3, use_dictionary=False)
    return time.process_time() - began, place.stat().st_size / 1e6


def by_stage(folder: Path, data: Path) -> Iterator[Cost]:
    """What each stage costs, in this process, one after the other."""
    shutil.rmtree(data, ignore_errors=True)
    settings = load(None, {})
    store = Store(data / "store")

    def timed(name: str, does: Callable[[], object]) -> Cost:
        before, began = size_of(data), time.process_time()
        does()
        return Cost(name, time.process_time() - began, size_of(data) - before)

    def ingest_all() -> None:
        for job in ingest.plan([folder], store, settings.ingest):
            parts.read(store, job, settings)

    yield timed("ingest", ingest_all)
    names = store.parts(ingest.STAGE, Input)
    desks = {part: parts.Desk(store, part) for part in names}
    for room in parts.ROOMS:
        if room is parts.OTHERS[0]:
            yield timed(corpus.LEARN.title, partial(corpus.make, corpus.LEARN, store, settings))
        made: dict[str, Any] = {}
        yield timed(room.stage.name, partial(work, room, desks, parts.section_of(room, settings), made))
        origins = {part: parts.origin_of(room, store, part, settings) for part in names}
        yield timed(f"{room.stage.name}: write", partial(write, room, desks, made, origins))
    for hall in corpus.BEHIND:
        yield timed(hall.title, partial(corpus.make, hall, store, settings))
    yield timed("compose", lambda: [parts.compose(store, part, settings) for part in names])


def work(room: parts.Room, desks: dict[str, parts.Desk], section: Any, made: dict[str, Any]) -> None:
    """Makes a room's tables of every part."""
    made.update((part, list(parts.worked(room, desk, section))) for part, desk in desks.items())


def write(room: parts.Room, desks: dict[str, parts.Desk], made: dict[str, Any], origins: dict[str, str]) -> None:
    """Writes a room's tables of every part."""
    for part, desk in desks.items():
        desk.write(room.stage, made[part], origins[part])


def size_of(folder: Path) -> float:
    """Megabytes of the files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6


class Measure(NamedTuple):
    """What a command took: wall and processor seconds, peak megabytes of its largest process and of all at once."""

    code: int
    wall: float
    cpu: float
    largest: float
    together: float


def runs(folder: Path, scratch: Path, peers: Path | None) -> Iterator[tuple[str, list[str]]]:
    """The commands that are compared, each with its name."""
    data = scratch / "data-run"
    shutil.rmtree(data, ignore_errors=True)
    run = [sys.executable, "-m", "flows.command", "run", str(folder), "--data", str(data), "--run.prefect", "off"]
    yield "copydesk, two workers", [*run, "--run.workers", "2"]
    yield "copydesk, second run, nothing changed", [*run, "--run.workers", "2"]
    if peers and next(folder.iterdir()).suffix == ".html":
        out = scratch / "trafilatura-out"
        shutil.rmtree(out, ignore_errors=True)
        words = ["--input-dir", str(folder), "--output-dir", str(out), "--parallel", "2"]
        yield "trafilatura CLI with metadata", [str(peers / "bin/trafilatura"), *words, "--with-metadata", "--json"]


def measured(command: Sequence[str]) -> Measure:
    """What a command takes, its children included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    peaks = [0.0, 0.0]
    watcher = threading.Thread(target=watch, args=(process, peaks), daemon=True)
    watcher.start()
    code = process.wait()
    watcher.join()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measure(code, wall, cpu, *peaks)


def watch(process: "subprocess.Popen[bytes]", peaks: list[float]) -> None:
    """Notes the peaks of memory of a session while its leader runs."""
    while process.poll() is None:
        sizes = [size for pid in Path("/proc").glob("[0-9]*") if (size := resident(pid, process.pid))]
        peaks[:] = max(peaks[0], max(sizes, default=0)), max(peaks[1], sum(sizes))
        time.sleep(0.2)


def resident(process: Path, session: int) -> float:
    """The megabytes that a process of the session holds; 0 for any other."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        mine = int(fields[3]) == session
        return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if mine else 0
    except OSError:
        return 0


def told(found: Measure, count: int) -> str:
    """A measure as the cells of a row."""
    failed = f" (exit {found.code})" if found.code else ""
    speed = f"{count / found.wall:.1f}{failed} | {count / found.cpu:.1f}"
    return f"{speed} | {found.largest:.0f} | {found.together:.0f}"


if __name__ == "__main__":
    main()
