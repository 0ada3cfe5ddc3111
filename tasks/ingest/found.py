"""What unpacking a file finds: documents, records, and what is put aside."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from typing import Any, NamedTuple

from tasks.errors import UnreadableError
from tasks.ingest.discover import Slice
from tasks.ingest.rows import IngestSettings


class Raw(NamedTuple):
    """A document in its bytes, and what came with it."""

    source: str
    raw: bytes
    number: int = 0
    """its place among the records of the file; later ones are newer"""
    charset: str | None = None
    """the encoding that a header named"""
    said: Mapping[str, Any] = {}
    """what is known of it besides, by the keys of a sidecar"""
    pointer: str = ""
    """where that was said"""
    beside: bytes | None = None
    """the sidecar that lay beside it in its archive"""
    page: bytes | None = None
    """the page in the bytes, where they are more than it"""


class Record(NamedTuple):
    """A record of named values, one of which is the document."""

    prefix: str
    """its source up to the id or the number"""
    number: int
    raw: bytes
    """the line of JSON; of another form, its values as such a line"""


class Aside(NamedTuple):
    """An input that cannot be read, and why."""

    source: str
    sha256: str
    size: int
    wrong: UnreadableError


class Place(NamedTuple):
    """Where in a file something is read, and within which limits."""

    source: str
    name: str
    """the name that tells the kind where the content does not"""
    settings: IngestSettings
    taken: Callable[[], int]
    """how many bytes of the file on disk were read to get here"""
    depth: int = 0
    """archives around it"""
    layers: int = 0
    """compressions around it in the innermost archive"""
    number: int = 0
    """members before it in its archive"""
    part: Slice | None = None
    """the slice that is wanted, where the file itself is being read"""


class Lent:
    """A stream that its reader may not close, and that gives what it has: before an error comes all that is whole."""

    closed = False

    def __init__(self, stream: BufferedReader) -> None:
        self.read = stream.read1

    def close(self) -> None:
        """Nothing: the stream is not ours."""


Found = Raw | Record | Aside
Bars = Callable[[Slice, int], UnreadableError | None]
"""Asked at every step over a slice: the reason for which it must not be taken, None where it may be.

The steps are to unpack the next document, which has an even number, and to read it, which has the odd one after it.
"""


def unbarred(_: Slice, __: int) -> None:
    """None: every step may be taken."""


def put_off(found: Found, wrong: UnreadableError) -> Aside:
    """What is put aside in place of what was found."""
    if isinstance(found, Aside):
        return found
    source = found.source if isinstance(found, Raw) else f"{found.prefix}{found.number}"
    return Aside(source, hashlib.sha256(found.raw).hexdigest(), len(found.raw), wrong)


def too_large(size: int, settings: IngestSettings) -> UnreadableError:
    """The reason for a document beyond the limit."""
    return UnreadableError("too-large", f"{size} bytes; ingest.max_bytes is {settings.max_bytes}")


def walled(found: Iterator[Found], place: Place) -> Iterator[Found]:
    """What is found, up to where it cannot be read on, which is put aside; an error of the disk goes through.

    The wall of this room: a library may raise anything over a broken archive, and no archive costs its neighbours.
    """
    try:
        yield from found
    except UnreadableError as wrong:
        yield Aside(place.source, "", 0, wrong)
    except OSError as wrong:
        raise_of_disk(wrong)
        yield Aside(place.source, "", 0, broken(wrong))
    except Exception as wrong:  # noqa: BLE001  # see above
        yield Aside(place.source, "", 0, broken(wrong))


def raise_of_disk(wrong: OSError) -> None:
    """Raises an error of the disk again; what libraries call an OSError on broken content has no number."""
    if wrong.errno is not None:
        raise wrong


def broken(wrong: Exception) -> UnreadableError:
    """The reason for an archive that cannot be read, or not to its end."""
    return UnreadableError("broken-archive", f"{type(wrong).__name__}: {wrong}"[:500])
