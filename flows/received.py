"""Standard input: kept as a file in the data folder until what was piped in is published.

A pipe can be read but once. What came through it whole is a file first, `<data>/stdin/<its hash>`, so that a run that
is killed leaves it to the next one. Its source is `stdin/<hash>`: the same bytes are always the same documents, and
other bytes are never taken for a newer state of them.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flows.progress import warned
from tasks.ingest import Given
from tasks.store import unwritable

DASH = "-"
FOLDER = "stdin"
CHUNK = 2**20


@contextmanager
def received(sources: Sequence[Given], data: Path, stream: BinaryIO) -> Iterator[list[Given]]:
    """The sources, with what comes through the stream in place of `-`, and what a killed run left of it.

    What came is removed once the context ends well: it is published then. Raises StoreError where it cannot be kept.
    """
    left = waiting(data)
    if left:
        warned(f"{len(left)} inputs were piped into a run that did not end; this run reads them")
    came = sorted({*left, *([keep(stream, data / FOLDER)] if DASH in map(str, sources) else [])})
    yield [*(source for source in sources if str(source) != DASH), *came]
    for path in came:
        path.unlink(missing_ok=True)


def waiting(data: Path) -> list[Path]:
    """What came whole and is not known to be published."""
    return sorted(path for path in (data / FOLDER).glob("*") if not path.name.startswith("."))


def keep(stream: BinaryIO, folder: Path) -> Path:
    """The file in which all that comes through a stream is kept, named by its hash."""
    if stream.isatty():
        warned("reading standard input; end it with Ctrl-D")
    beside, seen = folder / f".{os.getpid()}", hashlib.sha256()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(beside, "wb") as file:
            while chunk := stream.read(CHUNK):
                seen.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.utime(beside, (0, 0))  # nobody writes to it any more: run.settle_seconds need not wait for it
        return beside.replace(folder / seen.hexdigest()[:16])
    except OSError as wrong:
        beside.unlink(missing_ok=True)
        raise unwritable(folder, wrong) from wrong


def standard_input() -> BinaryIO:
    """What is piped in."""
    return sys.stdin.buffer
