"""Measures dedupe: how many copies are found, by kind of edit, and how fast, beside its peers.

    python -m benchmarks.dedupe CORPORA [--score FOLDER] [--peers VENV] [--sizes 10000 100000]
        [--plot FILE.svg] [--whole]

CORPORA holds dedup-dev/neardup.jsonl; with --score the figures are those of score_dedup.py in that folder. The peers
are datasketch and rensa, where they are installed, and text-dedup, where VENV has it. Prints Markdown tables.
"""

import argparse
import hashlib
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedupe_peers import Peer, peers
from benchmarks.growth import Point, plotted
from benchmarks.synthetic import News
from tasks.dedupe import SKETCH, DedupeSettings, Sketch, dedupe, sketch
from tasks.extract import STAGE as EXTRACT
from tasks.extract import Fact
from tasks.ingest import STAGE as INGEST
from tasks.ingest import Document
from tasks.store import Store
from tasks.strip import STAGE as STRIP
from tasks.strip import Span

PART = 4000
STEPS = ("sketch", "join and compare", "adding")
MOST = 10_000  # documents that the peers are given

Clusters = dict[str, str]


class Raw(NamedTuple):
    """A document of either corpus."""

    name: str
    text: str
    outlet: str | None
    cluster: str


class Cost(NamedTuple):
    """What a run took: CPU seconds by step, the most memory, the bytes of its sketches, and the clusters it found."""

    seconds: Mapping[str, float]
    megabytes: float
    sketch_bytes: int
    found: Clusters


def ours(rows: Iterable[Raw], settings: DedupeSettings, later: Sequence[Raw] = ()) -> Cost:
    """What dedupe makes of some documents, whole texts taken for bodies: of all but the later ones, then of all."""
    with tempfile.TemporaryDirectory() as folder:
        store, seconds = Store(Path(folder) / "store"), dict.fromkeys(STEPS, 0.0)
        for number, batch in enumerate(batched(rows, PART)):
            seconds["sketch"] += put(store, f"{number:05d}", batch, settings)
        found, seconds["join and compare"] = taken(lambda: fates(store, settings, Path(folder)))
        if later:
            added = put(store, "later", later, settings)
            found, again = taken(lambda: fates(store, settings, Path(folder)))
            seconds["adding"] = added + again
        size = sum(path.stat().st_size for path in store.paths(SKETCH, Sketch))
    return Cost(seconds, peak(), size, found)


def peak() -> float:
    """The most megabytes that this process held; what getrusage says begins with those of the one that started it."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024


def batched(rows: Iterable[Raw], size: int) -> Iterable[list[Raw]]:
    """The rows in lists of a size."""
    batch: list[Raw] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def put(store: Store, part: str, rows: Sequence[Raw], settings: DedupeSettings) -> float:
    """Writes a part; the CPU seconds of its sketches."""
    ids = [id_of(row.name) for row in rows]
    named = list(zip(ids, rows, strict=True))
    documents = [Document(key, row.name, "text", "utf-8", len(row.text), "0" * 64, row.text, 0) for key, row in named]
    spans = {key: [Span(key, 0, len(row.text), "body", "all", 1.0)] for key, row in named}
    facts = {key: [outlet_fact(key, row.outlet)] for key, row in named if row.outlet}
    store.write(INGEST, Document, part, documents, "")
    store.write(STRIP, Span, part, [span for of in spans.values() for span in of], "")
    store.write(EXTRACT, Fact, part, [fact for of in facts.values() for fact in of], "")
    made, seconds = taken(lambda: sketch(documents, spans, facts, settings))
    store.write(SKETCH, Sketch, part, made, "")
    return seconds


def id_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def outlet_fact(key: str, outlet: str) -> Fact:
    return Fact(key, "outlet", outlet, None, None, "sidecar", "outlet", "sidecar", 1.0, True, "given")


def taken(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and the CPU seconds it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def fates(store: Store, settings: DedupeSettings, folder: Path) -> Clusters:
    """Whom each duplicate in the store is kept as."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        told = pa.concat_tables([fates for _, _, fates in dedupe(store, settings, Path(scratch))])
        return dict(zip(*(column.to_pylist() for column in told.columns), strict=True))


def score(gold: Mapping[str, str], found: Clusters) -> dict[str, float]:
    """Pairwise precision, recall and F1, and B-cubed F1."""
    said = {key: found.get(key, key) for key in gold}
    both, of_gold, of_said = Counter((gold[k], said[k]) for k in gold), Counter(gold.values()), Counter(said.values())
    right, wanted, given = (pairs(counts) for counts in (both, of_gold, of_said))
    precise = sum(n * n / of_said[key] for (_, key), n in both.items()) / len(gold)
    recalled = sum(n * n / of_gold[key] for (key, _), n in both.items()) / len(gold)
    p, r = right / given if given else 1.0, right / wanted if wanted else 1.0
    return {"P": p, "R": r, "F1": harmonic(p, r), "B3 F1": harmonic(precise, recalled)}


def pairs(counts: Mapping[Any, int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def harmonic(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def referee(folder: Path) -> Callable[[Mapping[str, str], Clusters], dict[str, float]]:
    """The scoring function of score_dedup.py, with our names for its figures."""
    sys.path.insert(0, str(folder))
    judge = __import__("score_dedup").score
    names = {"P": "pair_p", "R": "pair_r", "F1": "pair_f1", "B3 F1": "b3_f1"}

    def scored(gold: Mapping[str, str], found: Clusters) -> dict[str, float]:
        figures = judge(gold, {key: found.get(key, key) for key in gold})
        return {ours: figures[theirs] for ours, theirs in names.items()}

    return scored


def named(rows: Sequence[Raw], work: Peer) -> Clusters:
    """What a peer finds of some documents, by their ids."""
    groups, _ = work([row.text for row in rows])
    return {id_of(rows[one].name): id_of(rows[other].name) for one, other in groups.items()}


def whole(rows: Iterable[Raw]) -> Clusters:
    """What a run of the whole pipeline over the documents, as JSON lines, finds, by their ids."""
    with tempfile.TemporaryDirectory() as folder:
        lines, data = Path(folder) / "news.jsonl", Path(folder) / "data"
        written = (json.dumps({"id": row.name, "text": row.text, "outlet": row.outlet}) for row in rows)
        lines.write_text("\n".join(written), encoding="utf-8")
        command = ["run", str(lines), "--data", str(data), "--run.prefect", "off"]
        subprocess.run([sys.executable, "-m", "flows.command", *command], check=True, capture_output=True)
        made = pq.read_table(data / "clean" / "documents", columns=["doc_id", "source", "kept_as"]).to_pylist()
    name_of = {row["doc_id"]: row["source"].partition("#")[2] for row in made}
    return {id_of(name_of[row["doc_id"]]): id_of(name_of[row["kept_as"]]) for row in made if row["kept_as"]}


def quality(
    corpora: Path,
    judge: Callable[[Mapping[str, str], Clusters], dict[str, float]],
    others: Mapping[str, Peer],
    through_all: bool,
) -> None:
    """Prints how well copies are found on the development set."""
    lines = (corpora / "dedup-dev" / "neardup.jsonl").read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    raws = [Raw(row["doc_id"], row["text"], row["outlet"], row["copy_cluster"]) for row in rows]
    gold = {id_of(raw.name): raw.cluster for raw in raws}
    found = {"ours, outlets known": ours(raws, DedupeSettings()).found}
    found["ours, outlets unknown"] = ours([raw._replace(outlet=None) for raw in raws], DedupeSettings()).found
    found |= {"ours, through the whole pipeline": whole(raws)} if through_all else {}
    found |= {name: named(raws, work) for name, work in others.items()}
    other = {id_of(row["doc_id"]): row["copy_cluster"] for row in rows if row["lang"] != "en"}
    print(f"| {' | '.join(['', 'P', 'R', 'F1', 'B3 F1', 'not English F1', 'templates merged', *EDITS])} |")
    print("|---" * (7 + len(EDITS)) + "|")
    for name, clusters in found.items():
        figures = [*judge(gold, clusters).values(), judge(other, clusters)["F1"]]
        sizes = Counter(clusters.get(key, key) for key in gold)
        merged = sum(sizes[clusters.get(id_of(row["doc_id"]), "")] > 1 for row in rows if row["edit"] == "template")
        recall = recall_by_edit(rows, clusters)
        cells = [f"{value:.4f}" for value in figures] + [str(merged)] + [f"{recall[edit]:.3f}" for edit in EDITS]
        print(f"| {name} | {' | '.join(cells)} |")

    print()
    print("| source | documents | F1 |\n|---|---|---|")
    for source in sorted({row["source"] for row in rows}):
        some = {id_of(row["doc_id"]): row["copy_cluster"] for row in rows if row["source"] == source}
        print(f"| {source} | {len(some)} | {judge(some, found['ours, outlets known'])['F1']:.4f} |")


EDITS = ("original", "light", "truncated", "brief", "edited", "heavy", "reordered", "noisy", "updated")


def recall_by_edit(rows: Sequence[Mapping[str, Any]], found: Clusters) -> dict[str, float]:
    """For each kind of edit the share of its documents' gold pairs that are found."""
    members: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        members[row["copy_cluster"]].append(row)
    hit: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for cluster in members.values():
        said = Counter(found.get(id_of(row["doc_id"]), id_of(row["doc_id"])) for row in cluster)
        for row in cluster:
            hit[row["edit"]] += said[found.get(id_of(row["doc_id"]), id_of(row["doc_id"]))] - 1
            every[row["edit"]] += len(cluster) - 1
    return {edit: hit[edit] / every[edit] for edit in every if every[edit]}


def synthetic(size: int, first: int, last: int) -> Iterable[Raw]:
    """Some of the articles of a newsroom that has so many."""
    articles = News(size).articles(first, last)
    return (Raw(str(row.number), row.text, row.outlet, str(row.story)) for row in articles)


def measured(size: int, send: Any) -> None:
    """Runs ours in a process of its own, so that its memory is its own, and sends what it took."""
    ours(synthetic(100, 0, 100), DedupeSettings())  # imports and tables are made once a process
    first = size - size // 100
    cost = ours(synthetic(size, 0, first), DedupeSettings(), list(synthetic(size, first, size)))
    gold = {id_of(str(number)): str(story) for number, story in enumerate(News(size).stories.tolist())}
    send.send((cost.seconds, cost.megabytes, cost.sketch_bytes, score(gold, cost.found)))


def speed(sizes: Sequence[int], plot: Path | None, others: Mapping[str, Peer]) -> None:
    """Prints what the steps cost at each size, and the peers on as many of the smallest's articles as they can do."""
    sample = [row.text for row in synthetic(min(sizes), 0, min(*sizes, MOST))]
    rows, points = [], []
    for name, work in others.items():
        work(sample[:10])
        rows.append((name, len(sample), work(sample)[1] / len(sample), "", "", ""))
    for size in sizes:
        receive, send = multiprocessing.get_context("spawn").Pipe()
        child = multiprocessing.get_context("spawn").Process(target=measured, args=(size, send))
        child.start()
        seconds, megabytes, stored, figures = receive.recv()
        child.join()
        whole = seconds["sketch"] + seconds["join and compare"]
        rows.append(
            ("ours", size, whole / size, f"{megabytes:.0f}", f"{stored / size:.0f}", f"{seconds['adding'] / whole:.1%}")
        )
        points.append(Point(size, whole / size * 1e6, megabytes))
        print(f"{size}: { ({name: f'{value / size * 1e6:.1f} us' for name, value in seconds.items()}) }, {figures}")
    print("| | documents | CPU us a document | documents a CPU second | peak MB | sketch bytes | adding 1 % |")
    print("|---|---|---|---|---|---|---|")
    for name, size, each, *rest in rows:
        print(f"| {name} | {size:,} | {each * 1e6:.0f} | {1 / each:,.0f} | {' | '.join(rest)} |")
    if plot:
        plot.write_text(plotted(points, "CPU µs a document"))


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("corpora", type=Path)
    asked.add_argument("--score", type=Path)
    asked.add_argument("--sizes", type=int, nargs="*", default=[10_000])
    asked.add_argument("--plot", type=Path)
    asked.add_argument("--peers", type=Path, help="an environment that has text-dedup")
    asked.add_argument("--whole", action="store_true", help="through the whole pipeline, too, which takes minutes")
    given = asked.parse_args()
    others = peers(given.peers)
    quality(given.corpora, referee(given.score) if given.score else score, others, given.whole)
    if given.sizes:
        print()
        speed(given.sizes, given.plot, others)


if __name__ == "__main__":
    main()
