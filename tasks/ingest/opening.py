"""Files opened, and objects fetched, many at a time, ahead of their reading."""

import errno
import io
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

from tasks.ingest.discover import Slice
from tasks.ingest.listing import SIDECAR
from tasks.places import place

SMALL = 2**20
# One object after the other takes a round trip each, some 30 ms; a worker reads a document in 1.
AHEAD = 32


class Opened(NamedTuple):
    """The file of a slice, and its sidecar."""

    file: io.BufferedReader
    beside: bytes | None


Opener = Callable[[], Opened]
"""opens a file when it is called; raises OSError where it cannot be read, UnreachableError where its place is gone"""


def openers(parts: Iterable[Slice]) -> Iterator[tuple[Slice, Opener]]:
    """The slices, each with what opens its file; of those under a URL, the next ones are on their way meanwhile."""
    with ThreadPoolExecutor(AHEAD) as pool:
        waiting: deque[tuple[Slice, Opener]] = deque()
        for part in parts:
            waiting.append((part, on_its_way(pool, part) if part.place else partial(opened, part)))
            if len(waiting) > AHEAD or not part.place:
                yield waiting.popleft()
        yield from waiting


def on_its_way(pool: ThreadPoolExecutor, part: Slice) -> Opener:
    """What waits for an object that is being fetched."""
    future: Future[Opened] = pool.submit(opened, part)
    return future.result


def opened(part: Slice) -> Opened:
    """The file of a slice, a small one read at once, for it is read twice."""
    beside = read_beside(part) if part.stamp.count(":") > 1 else None
    raw = stream(part)
    if part.size > SMALL:
        return Opened(raw, beside)
    with raw:
        return Opened(io.BufferedReader(io.BytesIO(raw.read())), beside)


def stream(part: Slice) -> io.BufferedReader:
    """The file of a slice as a stream."""
    if part.place:
        return io.BufferedReader(Remote(part.place, part.path), SMALL)
    return open(part.path, "rb", opener=unlinked)


def unlinked(path: str, flags: int) -> int:
    """The file, opened unless a link took its place since it was found."""
    return os.open(path, flags | os.O_NOFOLLOW)


def read_beside(part: Slice) -> bytes | None:
    """The sidecar of a slice's file; None where it is gone, or a link."""
    beside = part._replace(path=part.path + SIDECAR)
    try:
        with stream(beside) as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as wrong:
        if wrong.errno == errno.ELOOP:
            return None
        raise


class Remote(io.RawIOBase):
    """An object as a stream whose errors say whether it is the object's fault, or nothing can be read at all."""

    def __init__(self, url: str, path: str) -> None:
        self.url = url
        self.stream = self.tried(lambda: place(url).files.open_input_file(path))

    def tried(self, does: Callable[[], Any]) -> Any:
        """What it gives; raises OSError for an object that cannot be read, UnreachableError where none can."""
        try:
            return does()
        except FileNotFoundError:
            raise
        except OSError as wrong:
            place(self.url).kind()
            raise OSError(errno.EIO, str(wrong)) from wrong

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer with what comes next."""
        return int(self.tried(lambda: self.stream.readinto(buffer)))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves on to a byte."""
        return int(self.stream.seek(offset, whence))

    def tell(self) -> int:
        """The byte that comes next."""
        return int(self.stream.tell())
