"""What others find of the same documents: MinHash of 128 permutations over shingles of five words, alike from .5.

datasketch and rensa are used where they are installed; text-dedup, which wants older libraries than ours, in an
environment of its own. semhash is not among them: it tells texts by a model that has to be downloaded.
"""

import importlib.util
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tasks.text import words

SHINGLE, PERMUTATIONS, LIKE = 5, 128, 0.5
DUMPED = "import json, pickle, sys; print(json.dumps(pickle.load(open(sys.argv[1], 'rb')).parent))"

Groups = dict[int, int]
Peer = Callable[[Sequence[str]], tuple[Groups, float]]


def peers(environment: Path | None) -> dict[str, Peer]:
    """The peers that there are: each gives the head of the group of each text that has one, and its CPU seconds."""
    found = {name: work for name, work in PEERS.items() if importlib.util.find_spec(name)}
    return found | ({"text-dedup": partial(text_dedup, environment=environment)} if environment else {})


def datasketch(texts: Sequence[str]) -> tuple[Groups, float]:
    """What datasketch finds."""
    from datasketch import MinHash, MinHashLSH

    def sketched(shingles: set[str]) -> Any:
        made = MinHash(num_perm=PERMUTATIONS)
        made.update_batch([shingle.encode() for shingle in shingles])
        return made

    return indexed(texts, sketched, MinHashLSH(threshold=LIKE, num_perm=PERMUTATIONS))


def rensa(texts: Sequence[str]) -> tuple[Groups, float]:
    """What rensa finds."""
    from rensa import RMinHash, RMinHashLSH

    def sketched(shingles: set[str]) -> Any:
        made = RMinHash(num_perm=PERMUTATIONS, seed=42)
        made.update(list(shingles))
        return made

    return indexed(texts, sketched, RMinHashLSH(threshold=LIKE, num_perm=PERMUTATIONS, num_bands=16))


PEERS: dict[str, Peer] = {"datasketch": datasketch, "rensa": rensa}


def indexed(texts: Sequence[str], sketcher: Callable[[set[str]], Any], index: Any) -> tuple[Groups, float]:
    """The groups of a MinHash index, pairs of an estimated Jaccard of .5 joined, and its CPU seconds, all told."""
    began = time.process_time()
    joined: Groups = {}
    kept: list[Any] = []
    for number, text in enumerate(texts):
        kept.append(sketcher(shingled(text)))
        for other in index.query(kept[-1]):
            if kept[-1].jaccard(kept[other]) >= LIKE:
                joined[head(joined, number)] = head(joined, other)
        index.insert(number, kept[-1])
    return {key: head(joined, key) for key in list(joined)}, time.process_time() - began


def shingled(text: str) -> set[str]:
    """The shingles of a text."""
    found = words(text)
    return {" ".join(found[at : at + SHINGLE]) for at in range(max(1, len(found) - SHINGLE + 1))}


def head(joined: Groups, key: int) -> int:
    """The head of a text's group; shortens the way to it."""
    while joined.setdefault(key, key) != key:
        joined[key] = joined[joined[key]]
        key = joined[key]
    return key


def text_dedup(texts: Sequence[str], environment: Path) -> tuple[Groups, float]:
    """What text-dedup finds, with the Python of its environment; its start and imports count."""
    with tempfile.TemporaryDirectory() as folder:
        lines, out = Path(folder) / "texts.jsonl", Path(folder) / "out"
        lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
        given = ["--path", "json", "--data_files", str(lines), "--split", "train", "--column", "text"]
        given += ["--cache_dir", f"{folder}/cache", "--output", str(out), "--debug", "--num_proc", "1"]
        chosen = ["--num_perm", str(PERMUTATIONS), "--ngram", str(SHINGLE), "--threshold", str(LIKE)]
        python, began = str(environment / "bin/python"), of_children()
        subprocess.run([python, "-m", "text_dedup.minhash", *given, *chosen], check=True, capture_output=True)
        seconds = of_children() - began
        told = subprocess.run([python, "-c", DUMPED, out / "uf.pkl"], check=True, capture_output=True).stdout
    joined = {int(one): other for one, other in json.loads(told).items()}
    return {key: head(joined, key) for key in list(joined)}, seconds


def of_children() -> float:
    """The CPU seconds of all processes that this one started and that are gone."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
