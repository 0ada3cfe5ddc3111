"""The door for readers elsewhere: a snapshot put under a URL, object by object, and a pointer to it put there last.

    <URL>/snapshots/<id>/<table>/part-<part>.parquet and manifest.json
    <URL>/clean.json    {"snapshot": "snapshots/<id>", "left": {"snapshots/<id>": <seconds since 1970>, …}}

In object storage nothing can be linked or renamed, but an object is there whole or not at all: who has read the pointer
reads objects that nobody changes. What the snapshot before holds already is copied over there and not sent again. One
data folder publishes to one URL.
"""

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.fs as pafs

from tasks.errors import UnreachableError, UsageError
from tasks.places import Place, place
from tasks.publish.snapshot import MANIFEST

POINTER = "clean.json"
# Kinds of places where what is written is seen whole or not at all.
WHOLE = ("s3", "gcs", "abfs")
AT_ONCE = 8
CHUNK = 2**20


class Pointer(NamedTuple):
    """What readers are shown, and since when they are no longer shown what was there before."""

    snapshot: str | None = None
    left: Mapping[str, float] = {}


def destination(url: str) -> Place:
    """The place to publish to; raises UsageError for one where readers could see half a file."""
    to = place(url)
    if to.files.type_name not in WHOLE:
        raise UsageError(f"publish.to: {to.shown} is no object storage; give s3://BUCKET/PREFIX, or use --data")
    return to


def send(snapshot: Path, url: str, now: float, grace: float) -> int:
    """Publishes a snapshot under a URL; returns how many bytes had to be sent.

    What readers were shown until more than `grace` seconds before `now` (since 1970) is removed. Raises
    UnreachableError where the place does not answer: its readers go on with what they had, and the next run sends it.
    """
    to, name = destination(url), f"snapshots/{snapshot.name}"
    try:
        before, size = pointer(to), 0
        if before.snapshot != name:
            if to.read(f"{name}/{MANIFEST}") is None:
                size = fill(snapshot, to, name, before.snapshot)
            point(to, Pointer(name, left(before, name, now)))
        clear(to, now - grace)
    except OSError as wrong:
        raise UnreachableError(f"{to.shown}: cannot be published to ({wrong}); see to it, and run again") from wrong
    return size


def pointer(to: Place) -> Pointer:
    """What readers of a place are shown; nothing before the first time."""
    content = to.read(POINTER)
    return Pointer(**json.loads(content)) if content else Pointer()


def point(to: Place, new: Pointer) -> None:
    """Shows readers another snapshot."""
    to.write(POINTER, json.dumps(new._asdict(), indent=1).encode())


def left(before: Pointer, name: str, now: float) -> dict[str, float]:
    """Since when the snapshots that are there are no longer shown, once `name` is."""
    old = {before.snapshot: now} if before.snapshot else {}
    return {snapshot: since for snapshot, since in {**before.left, **old}.items() if snapshot != name}


def fill(snapshot: Path, to: Place, name: str, before: str | None) -> int:
    """Puts the files of a snapshot there, and its manifest last; returns how many bytes had to be sent."""
    manifest = (snapshot / MANIFEST).read_bytes()
    new, there = digests(manifest), digests(to.read(f"{before}/{MANIFEST}") if before else None)

    def put(path: Path) -> int:
        file = f"{path.parent.name}/{path.name}"
        is_there = file in there and there[file] == new.get(file)
        return copied(to, f"{before}/{file}", f"{name}/{file}") if is_there else sent(path, to, f"{name}/{file}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        size = sum(pool.map(put, snapshot.glob("*/*.parquet")))
    to.write(f"{name}/{MANIFEST}", manifest)
    return size


def digests(manifest: bytes | None) -> dict[str, str]:
    """The files that a manifest lists, each with the digest of its rows; none without a manifest."""
    tables: dict[str, Any] = json.loads(manifest)["tables"] if manifest else {}
    return {f"{table}/{part['file']}": part["digest"] for table, parts in tables.items() for part in parts}


def copied(to: Place, name: str, copy: str) -> int:
    """Copies an object over there; 0, for nothing is sent."""
    to.files.copy_file(to.under(name), to.under(copy))
    return 0


def sent(path: Path, to: Place, name: str) -> int:
    """Sends a file; returns its size."""
    with open(path, "rb") as file, to.files.open_output_stream(to.under(name), compression=None) as stream:
        shutil.copyfileobj(file, stream, CHUNK)
        return file.tell()


def clear(to: Place, older_than: float) -> None:
    """Removes what readers left before the given time, and what a killed run did not finish."""
    shown = pointer(to)
    kept = {snapshot: since for snapshot, since in shown.left.items() if since >= older_than}
    if kept != shown.left:
        point(to, shown._replace(left=kept))
    for folder in to.files.get_file_info(pafs.FileSelector(to.under("snapshots"), allow_not_found=True)):
        if f"snapshots/{folder.base_name}" not in (shown.snapshot, *kept):
            to.files.delete_dir(folder.path)
