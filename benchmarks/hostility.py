"""What is thrown at the whole program, and what becomes of it: bad inputs, faults, kills, readers, and what others do.

    python -m benchmarks.hostility WORK [--only files kills faults readers others fuzz] [--files 10000] [--kills 500]
        [--publications 200] [--peers VENV] [--fuzzed FOLDER]

WORK is a folder that may be filled and emptied. Each part keeps its figures in WORK/figures.json, so they can be made
in several goes; at the end comes the Markdown table of all that are there. VENV has trafilatura and datatrove, FOLDER
is what `benchmarks.fuzz` left. All files are made here (`benchmarks.hostile`), the same for the same seed.
"""

import argparse
import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from benchmarks.hostile import BAD, GOOD, odd_places, plain, written
from flows.settings import Settings, load
from tests.conftest import PLAIN, clean, write_folder
from tests.flows.dying import CHANGES, in_a_child, run, state

Figures = dict[str, Any]
TABLES = ("articles", "stories", "relations", "documents", "spans", "facts", "quarantine")


def main() -> None:
    parts: dict[str, Callable[[argparse.Namespace, Path], Figures]] = {
        "files": files,
        "others": others,
        "kills": kills,
        "faults": faults,
        "readers": readers,
        "fuzz": fuzz,
    }
    given = arguments(list(parts))
    given.work.mkdir(parents=True, exist_ok=True)
    kept = given.work / "figures.json"
    for part in given.only:
        figures = json.loads(kept.read_text()) if kept.exists() else {}
        figures[part] = parts[part](given, given.work / part)
        kept.write_text(json.dumps(figures, indent=1))
    print("\n".join(table(json.loads(kept.read_text()))))


def arguments(parts: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--publications", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=20, help="after so long, a part ends with what it has reached")
    parser.add_argument("--stride", type=int, default=1, help="of the faults: 1 for each change, 5 for every fifth")
    parser.add_argument("--peers", type=Path, default=Path(sys.prefix))
    parser.add_argument("--fuzzed", type=Path)
    return parser.parse_args()


# 10,000 files, good and bad: every good one comes out as it does alone


def files(given: argparse.Namespace, work: Path) -> Figures:
    """Good files cleaned alone and among bad ones, and the tables of both compared row by row."""
    half = given.files // 2
    good = {name for folder in ("alone", "mixed") for name in fill(work / folder / "raw", GOOD, half, 1)}
    fill(work / "mixed" / "raw", BAD, half, 2)
    odd = odd_places(work / "mixed" / "raw" / "odd")
    codes = [copydesk(work / folder / "raw", work / folder / "data") for folder in ("alone", "mixed")]
    alone, mixed = (rows_of_good(work / folder / "data", good) for folder in ("alone", "mixed"))
    status = Counter(column(work / "mixed" / "data", "documents", "status"))
    return {
        "files": 2 * half + odd,
        "kinds": [len(GOOD), len(BAD)],
        "good documents": len(alone["documents"]),
        "other rows": {name: len(alone[name] ^ mixed[name]) for name in TABLES},
        "exit codes": codes,
        "status": status,
        "documents": sum(status.values()),
        "reasons": dict(Counter(column(work / "mixed" / "data", "quarantine", "reason")).most_common()),
    }


def fill(folder: Path, kinds: Mapping[str, Any], count: int, seed: int) -> set[str]:
    """The names of files of these kinds, made where they are not there yet."""
    made = folder / f".made-{seed}"
    if not made.exists():
        names = sorted(written(folder, kinds, count, seed))
        made.write_text("\n".join(names))
    return set(made.read_text().splitlines())


def copydesk(raw: Path, data: Path, *more: str) -> int:
    """The exit code of a run, which goes on where an earlier one stopped."""
    command = [sys.executable, "-m", "flows.command", "run", str(raw), "--data", str(data), "--run.prefect", "off"]
    return subprocess.run([*command, "--run.report", "off", *more], check=False).returncode


def rows_of_good(data: Path, good: set[str]) -> dict[str, set[str]]:
    """Every table's rows on the documents of good files; a story counts where all its articles are such."""
    clean = (data / "clean").resolve()
    tables = {name: ds.dataset(clean / name).to_table().to_pylist() for name in TABLES}
    known = {row["doc_id"] for row in tables["documents"] if file_of(row["source"]) in good}
    keys = {"stories": "lead"}
    return {
        name: {json.dumps(row, default=str) for row in rows if row[keys.get(name, "doc_id")] in known}
        for name, rows in tables.items()
    }


def file_of(source: str) -> str:
    """The file of a source, from the folder that was given."""
    return source.partition("/")[2].partition("!")[0].partition("#")[0]


def column(data: Path, table: str, name: str) -> list[Any]:
    """A column of a published table."""
    found: list[Any] = ds.dataset((data / "clean").resolve() / table).to_table(columns=[name]).column(0).to_pylist()
    return found


# What others do with one file of each kind


def others(given: argparse.Namespace, work: Path) -> Figures:
    """trafilatura's command line and datatrove over the kinds that they read, the good ones among the bad."""
    shutil.rmtree(work, ignore_errors=True)
    pages = {name: make for name, make in {**GOOD, **BAD}.items() if name.rpartition(".")[2] in ("html", "xhtml")}
    lines = {name: make for name, make in {**GOOD, **BAD}.items() if name.endswith(".jsonl")}
    found = {}
    for kind, kinds in (("html", pages), ("jsonl", lines)):
        raw = work / kind / "raw"
        names = list(written(raw, kinds, 4 * len(kinds), 3))
        good = [name for name in names if name.partition("-")[2] in GOOD]
        found[kind] = {"files": len(names), "good": len(good), "copydesk": ours(raw, work / kind / "data", good)}
    found["html"]["trafilatura"] = trafilatura(given.peers, work / "html" / "raw", work / "html" / "out")
    found["jsonl"]["datatrove"] = datatrove(given.peers, work / "jsonl" / "raw", work / "jsonl" / "out")
    return found


def ours(raw: Path, data: Path, good: list[str]) -> Figures:
    """What copydesk makes of the same files."""
    code = copydesk(raw, data)
    status = dict(zip(column(data, "documents", "source"), column(data, "documents", "status"), strict=True))
    came = {file_of(source) for source, what in status.items() if what != "quarantined"}
    return {
        "exit": code,
        "good files that came out": len(came & set(good)),
        "bad files of which something came out": len(came - set(good)),
        "inputs put aside with a reason": sum(what == "quarantined" for what in status.values()),
    }


def trafilatura(peers: Path, raw: Path, out: Path) -> Figures:
    """Its command line over a folder of pages; with --keep-dirs, which would say what came of which, it writes none."""
    command = [str(peers / "bin/trafilatura"), "--input-dir", str(raw), "--output-dir", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    return {"exit": done.returncode, "outputs": sum(path.is_file() for path in out.rglob("*"))}


DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
raw, out = sys.argv[1:]
steps = [JsonlReader(raw, glob_pattern="**/*.jsonl"), JsonlWriter(out, compression=None)]
LocalPipelineExecutor(pipeline=steps, tasks=1, logging_dir=out + "-logs").run()
"""


def datatrove(peers: Path, raw: Path, out: Path) -> Figures:
    """Its reader and writer over files of JSON lines."""
    command = [str(peers / "bin/python"), "-c", DATATROVE, str(raw), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
    lines = [line for path in out.rglob("*.jsonl") for line in path.read_text(errors="replace").splitlines()]
    says = done.stderr.strip().splitlines()[-1:]
    return {"exit": done.returncode, "records that came out": len(lines), "says": " ".join(says)[-200:]}


# kill -9 and faults, and the same bytes after


def kills(given: argparse.Namespace, work: Path) -> Figures:
    """Small runs killed at each change to the disk and at random moments, again and again; where they end, compared."""
    raws, until = small(work), time.monotonic() + 60 * given.minutes
    wanted = whole(work, raws)
    duration = timed(partial(run, work / "timing", raws[0]))
    chance, found = random.Random(2013), Counter[str]()
    for number in range(1, 200):
        killed = trial(work / "data", raws, wanted, found, partial(killed_at, number))
        found["at a change"] += killed
        if not killed or time.monotonic() > until:
            break
    while found["at a change"] + found["at a moment"] < given.kills and time.monotonic() < until:
        dying = partial(killed_after, chance, 1.2 * duration)
        found["at a moment"] += trial(work / "data", raws, wanted, found, dying, times=4)
    return dict(found)


def small(work: Path) -> list[Path]:
    """Two folders of three small files, cleaned one after the other."""
    shutil.rmtree(work, ignore_errors=True)
    chance = random.Random(7)
    texts = [plain(chance) for _ in range(4)]
    first: dict[str, str | bytes] = {"a.txt": texts[0], "b.txt": texts[1], "zeros": bytes(99)}
    page = f"<html><body><p>{texts[3]}</p></body></html>"
    second: dict[str, str | bytes] = {"c.txt": texts[2], "copy.txt": texts[1][:-300], "d.html": page}
    return [write_folder(work / "first", first), write_folder(work / "second", second)]


def whole(work: Path, raws: list[Path]) -> list[dict[str, bytes]]:
    """What undisturbed runs end in; made in this process, so that what is loaded once is loaded for all children."""
    for raw in raws:
        clean(work / "whole", raw, settings=PLAIN)
    return state(work / "whole")


def timed(does: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.monotonic()
    does()
    return time.monotonic() - began


def trial(
    data: Path,
    raws: list[Path],
    wanted: list[dict[str, bytes]],
    found: Counter[str],
    dying: Callable[[Path, Path], int],
    times: int = 1,
) -> int:
    """How many runs were killed until all folders were cleaned; counts what did not end as it should."""
    shutil.rmtree(data, ignore_errors=True)
    killed = 0
    for raw in raws:
        killed += sum(dying(data, raw) == -signal.SIGKILL for _ in range(times))
        found["runs that failed"] += run(data, raw) != 0
    found["trials"] += 1
    found["other bytes"] += state(data) != wanted
    return killed


def killed_at(number: int, data: Path, raw: Path) -> int:
    """How a run ended that is killed as it is about to make its n-th change to the disk."""
    return run(data, raw, dies_at=number)


def killed_after(chance: random.Random, longest: float, data: Path, raw: Path) -> int:
    """How a run ended that is killed after a random time; 0 where it was done before."""
    child = os.fork()
    if child == 0:
        os._exit(quietly(data, raw))
    time.sleep(chance.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def quietly(data: Path, raw: Path) -> int:
    """The exit code of a run in this process, which is a child."""
    try:
        clean(data, raw, settings=PLAIN)
    except BaseException:  # noqa: BLE001  # the child must end here, whatever happened
        return 1
    return 0


def faults(given: argparse.Namespace, work: Path) -> Figures:
    """Small runs in which one change to the disk fails, each in turn, with no room and with a broken disk."""
    raws, until = small(work), time.monotonic() + 60 * given.minutes
    wanted, found = whole(work, raws), Counter[str]()
    for number in range(1, 200, given.stride):
        for code in (errno.ENOSPC, errno.EIO):
            data = work / "data"
            shutil.rmtree(data, ignore_errors=True)
            ends = [in_a_child(partial(failing, number, code, data, raw)) for raw in raws]
            if ends == [2, 2] or time.monotonic() > until:
                return dict(found)
            found["injected"] += ends.count(0) + ends.count(1) + ends.count(3)
            found["told in a message"] += ends.count(1)
            found["made good by itself"] += ends.count(0)
            found["ended without a message"] += ends.count(3)
            for raw in raws:
                found["runs that failed after"] += run(data, raw) != 0
            found["other bytes after"] += state(data) != wanted
    return dict(found)


def failing(number: int, code: int, data: Path, raw: Path) -> None:
    """A run whose n-th change to the disk fails; ends with 0, 1 for an error that is told, 2 for too few changes."""
    from tasks.errors import CopydeskError

    left = [number]
    for name in CHANGES:
        setattr(os, name, fails(getattr(os, name), left, code))
    try:
        clean(data, raw, settings=PLAIN)
    except CopydeskError:
        os._exit(1)
    except BaseException:  # noqa: BLE001  # what is told by a traceback only is what we look for
        os._exit(3)
    os._exit(2 if left[0] > 0 else 0)


def fails(change: Callable[..., object], left: list[int], code: int) -> Callable[..., object]:
    """The change, which fails once its turn has come."""

    def changed(*given: object, **named: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(code, os.strerror(code))
        return change(*given, **named)

    return changed


# Readers in a loop while tables are published


def readers(given: argparse.Namespace, work: Path) -> Figures:
    """Four readers of all tables, over and over, while one document after the other comes and goes."""
    shutil.rmtree(work, ignore_errors=True)
    spawn = multiprocessing.get_context("spawn")
    raw, data, done = work / "raw", work / "data", spawn.Event()
    settings: Settings = load(None, {"run.prefect": "off", "run.report": "off", "run.workers": "1"})
    settings = settings.model_copy(update={"ingest": settings.ingest.model_copy(update={"mirror": True})})
    chance, snapshots = random.Random(11), set()
    write_folder(raw, {"0.txt": plain(chance)})
    clean(data, raw, settings=settings)
    waiting = [spawn.Process(target=reads, args=(name, data, work / f"{name}.json", done)) for name in READERS]
    for process in waiting:
        process.start()
    until = time.monotonic() + 60 * given.minutes
    for number in range(1, given.publications + 1):
        if time.monotonic() > until:
            break
        write_folder(raw, {f"{number}.txt": plain(chance)})
        (raw / f"{number - 3}.txt").unlink(missing_ok=True)
        snapshots.add(clean(data, raw, settings=settings).snapshot)
    done.set()
    for process in waiting:
        process.join()
    found = {name: json.loads((work / f"{name}.json").read_text()) for name in READERS}
    return {"publications": len(snapshots), "readers": found}


def with_pandas(folder: Path) -> int:
    import pandas as pd

    return len(pd.read_parquet(folder))


def with_polars(folder: Path) -> int:
    import polars as pl

    return int(pl.scan_parquet(folder).collect().height)


def with_duckdb(folder: Path) -> int:
    import duckdb

    return len(duckdb.read_parquet(f"{folder}/*.parquet").fetchall())


def with_pyarrow(folder: Path) -> int:
    return int(ds.dataset(folder).to_table().num_rows)


READERS: dict[str, Callable[[Path], int]] = {
    "pandas": with_pandas,
    "polars": with_polars,
    "DuckDB": with_duckdb,
    "pyarrow": with_pyarrow,
}


def reads(name: str, data: Path, place: Path, done: Any) -> None:
    """Reads all tables until it is over; a table that cannot be read, or has not the rows it should have, counts."""
    found, seen = Counter[str](), set[Path]()
    parent = os.getppid()
    while not done.is_set() and os.getppid() == parent:
        clean = (data / "clean").resolve()
        seen.add(clean)
        wanted = json.loads((clean / "manifest.json").read_text())["rows"]
        for table in TABLES:
            try:
                found["half read"] += READERS[name](clean / table) != wanted[table]
            except Exception as wrong:  # noqa: BLE001  # whatever a reader raises is what we look for
                found["failed"] += 1
                print(f"{name}, {table}: {wrong}", file=sys.stderr)
            found["tables read"] += 1
        time.sleep(0.05)
    place.write_text(json.dumps({"failed": 0, "half read": 0, **found, "snapshots seen": len(seen)}))


# What fuzzing left


def fuzz(given: argparse.Namespace, _: Path) -> Figures:
    """The legs of `benchmarks.fuzz` added up."""
    legs = [json.loads(path.read_text()) for path in sorted(given.fuzzed.glob("leg-*.json"))] if given.fuzzed else []
    found: dict[str, Counter[str]] = {}
    for leg in legs:
        only = leg.pop("only")
        found.setdefault(only, Counter()).update(leg)
    return found


def table(figures: Figures) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| what was done | how much | what came of it |"
    yield "|---|---|---|"
    for part, rows in ROWS.items():
        if part in figures:
            yield from (f"| {' | '.join(map(str, row))} |" for row in rows(figures[part]))


def rows_of_files(found: Figures) -> Iterator[tuple[str, str, str]]:
    good, bad = found["kinds"]
    status = found["status"]
    wrong = sum(found["other rows"].values())
    yield (
        f"files of {good} good and {bad} bad kinds in one folder",
        f"{found['files']:,}",
        f"exit {found['exit codes'][1]}; {found['documents']:,} documents = {status.get('article', 0):,} articles + "
        f"{status.get('duplicate', 0):,} duplicates + {status.get('quarantined', 0):,} in quarantine",
    )
    yield (
        "rows of the good ones, compared with a run over them alone",
        f"{found['good documents']:,} documents, {len(TABLES)} tables",
        f"{wrong:,} rows differ",
    )


def rows_of_kills(found: Figures) -> Iterator[tuple[str, str, str]]:
    other = f"{found['other bytes']} of {found['trials']} ended in other bytes"
    came = f"{found['runs that failed']} runs failed after, {other}"
    yield "`kill -9` at each change to the disk", f"{found['at a change']:,}", came
    yield "`kill -9` at random moments", f"{found['at a moment']:,}", "counted above"


def rows_of_faults(found: Figures) -> Iterator[tuple[str, str, str]]:
    yield (
        "a write, rename, link or flush fails (no room, broken disk), each in turn",
        f"{found['injected']:,}",
        f"{found['told in a message']:,} told and exit 1, {found['made good by itself']:,} made good, "
        f"{found.get('ended without a message', 0):,} otherwise; {found['runs that failed after']} runs failed after, "
        f"{found['other bytes after']} ended in other bytes",
    )


def rows_of_readers(found: Figures) -> Iterator[tuple[str, str, str]]:
    for name, seen in found["readers"].items():
        came = f"{seen['failed']} failed, {seen['half read']} half read; {seen['snapshots seen']} snapshots seen"
        yield f"{name} in a loop over {found['publications']} publications", f"{seen['tables read']:,} tables", came


def rows_of_others(found: Figures) -> Iterator[tuple[str, str, str]]:
    for kind, about in found.items():
        much = f"{about['files']:,} files, {about['good']:,} good"
        for name in about:
            if name not in ("files", "good"):
                yield f"{name} on .{kind}", much, "; ".join(f"{what}: {value}" for what, value in about[name].items())


def rows_of_fuzz(found: Figures) -> Iterator[tuple[str, str, str]]:
    for only, seen in found.items():
        much = f"{seen['inputs']:,} inputs, {seen['seconds'] / 60:.0f} processor minutes"
        came = f"{seen['documents']:,} documents, {seen['put_aside']:,} put aside; {seen['findings']:,} findings"
        yield f"coverage-guided fuzzing: {only}", much, came


ROWS: dict[str, Callable[[Figures], Iterator[tuple[str, str, str]]]] = {
    "files": rows_of_files,
    "kills": rows_of_kills,
    "faults": rows_of_faults,
    "readers": rows_of_readers,
    "fuzz": rows_of_fuzz,
    "others": rows_of_others,
}


if __name__ == "__main__":
    main()
