"""Files opened: compressions and archives read as they stream by, down to the documents and records in them.

Nothing is ever written to a disk under a name from an archive; a name that points out of its archive is put aside all
the same, for it is not what it says. What unpacks to far more than it is, is put aside where that shows.
"""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, cast

from tasks.errors import UnreadableError
from tasks.ingest.found import Aside, Found, Lent, Place, Raw, broken, raise_of_disk, too_large, walled
from tasks.ingest.kinds import HEAD, Kind, bare, kind_of
from tasks.ingest.listing import SIDECAR, printable_name
from tasks.ingest.records import delimited, json_lines, json_whole, row_groups
from tasks.ingest.web import saved_page, warc

CHUNK = 2**20
# Below this, what a file unpacks to harms nobody, whatever the ratio.
HARMLESS = 64 * 2**20
# What is read from its end must be unpacked to a disk when it lies in an archive.
SPOOLED = 2**30
SIDECAR_BYTES = 2**20
NESTED = 1
BROKEN = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, RuntimeError)
OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")


class Limited(io.RawIOBase):
    """What a compressed stream unpacks to, up to the limits; raises UnreadableError beyond them."""

    def __init__(self, unpacked: Any, place: Place) -> None:
        self.unpacked = unpacked
        self.place = place
        self.count = 0

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer with what comes next."""
        try:
            piece = self.unpacked.read1(min(len(buffer), CHUNK))
        except BROKEN as wrong:
            raise broken(wrong) from wrong
        except OSError as wrong:
            raise_of_disk(wrong)
            raise broken(wrong) from wrong
        self.count += len(piece)
        refuse_bomb(self.count, self.place.taken(), self.place)
        buffer[: len(piece)] = piece
        return len(piece)


def refuse_bomb(unpacked: int, taken: int, place: Place) -> None:
    """Raises UnreadableError where a file unpacks to more than the settings allow."""
    limits = place.settings
    if unpacked > limits.max_unpacked:
        raise UnreadableError("bomb", f"more than {limits.max_unpacked} bytes unpacked; see ingest.max_unpacked")
    if unpacked > HARMLESS + limits.max_ratio * taken:
        raise UnreadableError("bomb", f"{taken} bytes unpack to {unpacked} and more; see ingest.max_ratio")


def unpack(stream: IO[bytes], place: Place) -> Iterator[Found]:
    """The documents and records in a stream, in order; what breaks off is put aside, and what came before it stays."""
    return walled(unpacked(stream, place), place)


def unpacked(stream: IO[bytes], place: Place) -> Iterator[Found]:
    """As `unpack`, but raises what the libraries raise."""
    peekable: Any = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(Any, stream), CHUNK)
    yield from opened(peekable, kind_of(head_of(peekable), place.name), place)


def head_of(stream: io.BufferedReader) -> bytes:
    """The first bytes of a stream, which stay in it."""
    return stream.peek(HEAD)[:HEAD]


def opened(stream: io.BufferedReader, kind: Kind, place: Place) -> Iterator[Found]:
    """The documents and records in a stream of a kind."""
    match kind:
        case "gzip" | "bzip2" | "xz" | "zstd":
            yield from unpack(decompressed(stream, kind, place), uncovered(place))
        case "tar":
            yield from entered(place, tar_members, stream)
        case "zip":
            with seekable(stream, place) as whole:
                yield from entered(place, zip_members, whole)
        case "parquet":
            with seekable(stream, place) as whole:
                yield from row_groups(whole, place)
        case "json":
            yield from json_whole(stream, place)
        case "json-lines":
            yield from json_lines(stream, place)
        case "delimited":
            yield from delimited(stream, place)
        case "warc":
            yield from warc(stream, place)
        case "mhtml":
            yield from (saved_page(raw) if isinstance(raw, Raw) else raw for raw in document(stream, place))
        case "document":
            yield from document(stream, place)


def document(stream: IO[bytes], place: Place) -> Iterator[Raw | Aside]:
    """The document that a stream is, whole."""
    limit = place.settings.max_bytes
    raw = stream.read(limit + 1)
    if len(raw) <= limit:
        yield Raw(place.source, raw, place.number)
        return
    seen, size = hashlib.sha256(raw), len(raw)
    while chunk := stream.read(CHUNK):
        seen.update(chunk)
        size += len(chunk)
    yield Aside(place.source, seen.hexdigest(), size, too_large(size, place.settings))


def decompressed(stream: io.BufferedReader, kind: Kind, place: Place) -> io.BufferedReader:
    """The stream that a compressed one unpacks to."""
    openers: dict[str, Callable[[Any], Any]] = {
        "gzip": lambda file: gzip.GzipFile(fileobj=file),
        "bzip2": bz2.BZ2File,
        "xz": lzma.LZMAFile,
        "zstd": zstandard,
    }
    return io.BufferedReader(Limited(openers[kind](stream), place), CHUNK)


def zstandard(stream: io.BufferedReader) -> Any:
    """The stream that a Zstandard one unpacks to."""
    import pyarrow as pa

    return pa.CompressedInputStream(pa.PythonFile(Lent(stream), "r"), "zstd")


def uncovered(place: Place) -> Place:
    """The place inside a compression; raises UnreadableError inside too many."""
    if place.layers > NESTED:
        raise UnreadableError("nested-archive", "compressed more than twice over")
    return place._replace(name=bare(place.name), layers=place.layers + 1, part=None)


@contextmanager
def seekable(stream: io.BufferedReader, place: Place) -> Iterator[IO[bytes]]:
    """The stream, or what it unpacks to in a nameless file, for a format that is read from its end."""
    if place.part is not None:
        yield stream
        return
    with tempfile.SpooledTemporaryFile(max_size=16 * CHUNK) as whole:
        size = 0
        while chunk := stream.read(CHUNK):
            size += whole.write(chunk)
            if size > SPOOLED:
                raise UnreadableError("too-large", f"over {SPOOLED} bytes that must be unpacked before they are read")
        whole.seek(0)
        yield cast(IO[bytes], whole)


def entered(place: Place, members: Callable[[Any, Place], Iterator[Found]], stream: IO[bytes]) -> Iterator[Found]:
    """What an archive holds; raises UnreadableError in an archive of archives of archives."""
    if place.depth > NESTED:
        raise UnreadableError("nested-archive", "an archive in an archive in an archive is not opened")
    yield from members(stream, place._replace(depth=place.depth + 1, layers=0))


def tar_members(stream: Any, place: Place) -> Iterator[Found]:
    """What a TAR archive holds, in the order of its members; a sidecar speaks of the member that it comes after."""
    held: Raw | None = None
    try:
        for inside, found in tar_stream(Lent(stream), place):
            if held and isinstance(found, bytes) and inside.source == held.source + SIDECAR:
                held = held._replace(beside=found)
                continue
            if held:
                yield held
            held = found if isinstance(found, Raw) and found.source == inside.source else None
            if held is None and not isinstance(found, bytes):
                yield found
    except Exception:
        if held:
            yield held
        raise
    if held:
        yield held


def tar_stream(stream: Any, place: Place) -> Iterator[tuple[Place, Found | bytes]]:
    """What a TAR archive holds, each with its place; a sidecar as its bytes."""
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, member in enumerate(archive):
            inside = within(place, member.name, number)
            if member.isreg() and member.name.endswith(SIDECAR):
                yield inside, sidecar_in(archive.extractfile(member))
            elif not member.isdir():
                yield from ((inside, found) for found in tar_member(archive, member, inside))
        refuse_rest(archive)


def sidecar_in(body: IO[bytes] | None) -> bytes:
    """A sidecar in an archive; of one beyond its size, the beginning."""
    return body.read(SIDECAR_BYTES) if body else b""


def tar_member(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Place) -> Iterator[Found]:
    """What a member of a TAR archive holds."""
    body = archive.extractfile(member) if member.isreg() else None
    if body is None or is_unsafe(member.name):
        yield unsafe(place, member.size, "a path out of it" if body else "a link or device")
    elif not is_hidden(member.name):
        yield from unpack(body, place)


def refuse_rest(archive: tarfile.TarFile) -> None:
    """Raises UnreadableError where the archive goes on after what tarfile takes for its end: a broken header."""
    rest: Any = archive.fileobj
    while chunk := rest.read(CHUNK):
        if chunk.strip(b"\0"):
            raise UnreadableError("broken-archive", "the archive breaks off at a broken header")


def zip_members(stream: IO[bytes], place: Place) -> Iterator[Found]:
    """What a ZIP archive holds, in the order in which it lies there."""
    with zipfile.ZipFile(stream) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.header_offset)
        if any(member.filename in OFFICE for member in members):
            raise UnreadableError("binary", "found an office document or program, wanted text or HTML")
        packed = sum(member.compress_size for member in members)
        refuse_bomb(sum(member.file_size for member in members), packed, place)
        names = {member.filename: member for member in members}
        for number, member in enumerate(members):
            if place.part is None or place.part.holds(member.header_offset + 1 + member.compress_size):
                inside = within(place, member.filename, number)
                yield from walled(zip_member(archive, member, inside, names), inside)


def zip_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Place, names: Mapping[str, zipfile.ZipInfo]
) -> Iterator[Found]:
    """What a member of a ZIP archive holds, with the sidecar beside it."""
    is_link = (member.external_attr >> 28) == 0xA
    if member.is_dir():
        return
    if is_link or is_unsafe(member.filename):
        yield unsafe(place, member.file_size, "a link" if is_link else "a path out of it")
        return
    if is_hidden(member.filename):
        return
    with archive.open(member) as body:
        limited = Limited(body, place._replace(taken=lambda: member.compress_size))
        for found in unpack(io.BufferedReader(limited, CHUNK), place):
            if isinstance(found, Raw) and found.source == place.source:
                yield found._replace(beside=zip_sidecar(archive, names.get(member.filename + SIDECAR)))
            else:
                yield found


def zip_sidecar(archive: zipfile.ZipFile, member: zipfile.ZipInfo | None) -> bytes | None:
    """A sidecar in a ZIP archive; empty where it is broken."""
    if member is None:
        return None
    try:
        with archive.open(member) as body:
            return sidecar_in(body)
    except BROKEN:
        return b""


def within(place: Place, member: str, number: int) -> Place:
    """The place of a member of an archive."""
    source = f"{place.source}!{printable_name(member)}"
    return place._replace(source=source, name=member, number=number, part=None)


def is_hidden(name: str) -> bool:
    """Whether a member is one that its folder would hide, or that macOS adds, or a sidecar."""
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts) or name.endswith(SIDECAR)


def is_unsafe(name: str) -> bool:
    """Whether a member's name points out of its archive.

    >>> is_unsafe("a/b.txt"), is_unsafe("a/../../b"), is_unsafe("/etc/passwd"), is_unsafe("C:\\\\b")
    (False, True, True, True)
    """
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":") or "\0" in name


def unsafe(place: Place, size: int, what: str) -> Aside:
    """What is put aside for a member that is not a plain file in its archive."""
    return Aside(place.source, "", size, UnreadableError("unsafe-path", f"the archive's member is {what}"))
