"""Which files there are, and in what state: in folders of this machine and under URLs. Nothing is opened here."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.fs as pafs

from tasks.errors import UsageError
from tasks.places import Place, is_url, place

SIDECAR = ".meta.json"
UNLISTED = "unlisted"

Given = Path | str
"""a path on this machine, or a URL"""


class File(NamedTuple):
    """A file as it lies there, or an object in place of one."""

    path: str
    """as its file system names it"""
    source: str
    stamp: str
    """what changes when it must be read again: sizes and times of the file and of its sidecar"""
    size: int
    mtime_ns: int
    place: str = ""
    """the URL under which it lies; empty on this machine"""


def found(given: Iterable[Given]) -> Iterator[File]:
    """The files under the folders and URLs, folder by folder in order of name.

    Raises UsageError for one that does not exist, and for two folders of one name, whose documents would be taken for
    revisions of each other.
    """
    for root in distinct(given):
        yield from objects(place(root)) if isinstance(root, str) else files(root)


def distinct(given: Iterable[Given]) -> list[Given]:
    """The paths, resolved and sorted, and the URLs, each once; what lies in a folder that is given too is left out."""
    names = {absolute(one) for one in given}
    urls = {name for name in names if is_url(name)}
    roots: list[Given] = [*outermost(map(Path, names - urls)), *outermost_urls(urls)]
    refuse_twins(roots)
    return roots


def outermost(paths: Iterable[Path]) -> list[Path]:
    """The paths that lie in no other one, sorted."""
    roots: list[Path] = []
    for root in sorted(paths):
        if not root.exists():
            raise UsageError(f"{root}: no such file or folder; give the folder that holds the raw documents")
        if not any(root.is_relative_to(other) for other in roots if other.is_dir()):
            roots.append(root)
    return roots


def outermost_urls(urls: Iterable[str]) -> list[str]:
    """The URLs that lie under no other one, sorted."""
    roots: list[Place] = []
    for root in map(place, sorted(urls)):
        if root.kind() == pafs.FileType.NotFound:
            raise UsageError(
                f"{root.shown}: there is no object, and none under it; give the prefix of the raw documents"
            )
        if not any(f"{root.path}/".startswith(f"{other.path}/") and root.files == other.files for other in roots):
            roots.append(root)
    return [root.url for root in roots]


def refuse_twins(roots: Iterable[Given]) -> None:
    """Raises UsageError for two folders of one name: their files would share their sources."""
    folders: dict[str, str] = {}
    for folder in map(folder_of, roots):
        name = folder.rpartition("/")[2]
        twin = folders.setdefault(name, folder)
        if twin != folder:
            raise UsageError(f"{twin} and {folder} would both be called {name}/; give a folder that holds both")


def folder_of(root: Given) -> str:
    """The folder that is given, or that holds the file that is."""
    if isinstance(root, str):
        known = place(root)
        return known.shown if known.kind() == pafs.FileType.Directory else known.shown.rpartition("/")[0]
    return str(root if root.is_dir() else root.parent)


def absolute(given: Given) -> str:
    """A path or URL as it is understood anywhere on this machine."""
    return str(given) if is_url(given) else str(Path(given).expanduser().resolve())


def is_folder(root: Given) -> bool:
    """Whether what is given holds files."""
    return place(root).kind() == pafs.FileType.Directory if isinstance(root, str) else root.is_dir()


def prefix_of(folder: str) -> str:
    """How the sources of the files in a folder begin."""
    name = printable_name(folder.rstrip("/").rpartition("/")[2])
    return f"{name}/" if name else ""


def files(root: Path) -> Iterator[File]:
    """The files under a folder, or the one that is given."""
    if root.is_dir():
        yield from files_in(str(root).rstrip("/"), prefix_of(str(root)))
        return
    source = prefix_of(str(root.parent)) + printable_name(root.name)
    yield file_at(str(root), source, root.stat(), may_have_sidecar=True)


def files_in(folder: str, prefix: str) -> Iterator[File]:
    """The files under a folder, in order of name, however deep they lie.

    Raises UsageError where it cannot be listed; a folder in it that cannot stands for what it holds.
    """
    try:
        around = [entries(folder, prefix, names_in(folder))]
    except OSError as wrong:
        raise UsageError(f"{folder}: cannot be listed ({wrong.strerror}); let it be read, or leave it out") from wrong
    while around:
        match next(around[-1], None):
            case None:
                around.pop()
            case File() as file:
                yield file
            case inner, source:
                try:
                    around.append(entries(inner, f"{source}/", names_in(inner)))
                except OSError:
                    yield unlisted(inner, source)


def names_in(folder: str) -> list[str]:
    """What lies in a folder, sorted. Only names are held, for there may be millions."""
    return sorted(os.listdir(folder or "/"))  # noqa: PTH208  # no Path for each of them


def entries(folder: str, prefix: str, names: list[str]) -> Iterator[File | tuple[str, str]]:
    """The regular files in a folder, and the folders with their sources; hidden ones, links and sidecars left out."""
    beside = {name for name in names if name.endswith(SIDECAR)}
    for name in names:
        if name.startswith("."):
            continue
        path, source = f"{folder}/{name}", prefix + (name if name.isascii() else printable_name(name))
        try:
            state = os.lstat(path)
        except FileNotFoundError:
            continue
        except OSError:
            yield unlisted(path, source)
            continue
        if stat.S_ISREG(state.st_mode) and name not in beside:
            yield file_at(path, source, state, name + SIDECAR in beside)
        elif stat.S_ISDIR(state.st_mode):
            yield path, source


def unlisted(path: str, source: str) -> File:
    """What stands for a folder that cannot be listed: to be put aside by whoever tries to read it."""
    return File(path, source, UNLISTED, 0, 0)


def file_at(path: str, source: str, state: os.stat_result, may_have_sidecar: bool) -> File:
    """A file in its state."""
    beside = sidecar_state(path) if may_have_sidecar else ""
    size, mtime_ns = state.st_size, state.st_mtime_ns
    return File(path, source, f"{size}:{mtime_ns}{beside}", size, mtime_ns)


def sidecar_state(path: str) -> str:
    """What a stamp says of a file's sidecar; empty without one."""
    try:
        state = os.lstat(path + SIDECAR)
    except OSError:
        return ""
    return f":{state.st_size}:{state.st_mtime_ns}"


def printable_name(name: str) -> str:
    """The name with bytes that are no UTF-8 written as `%FF`."""
    return "".join(f"%{ord(char) - 0xDC00:02X}" if "\udc80" <= char <= "\udcff" else char for char in name)


def objects(root: Place) -> Iterator[File]:
    """The objects under a URL, or the one that it names."""
    state = root.state()
    if state.type == pafs.FileType.Directory:
        yield from objects_in(root, root.path, prefix_of(root.path))
        return
    [beside] = root.files.get_file_info([root.path + SIDECAR])
    yield object_at(root, state, prefix_of(root.path.rpartition("/")[0]) + state.base_name, beside)


def objects_in(root: Place, folder: str, prefix: str) -> Iterator[File]:
    """The objects under a prefix, in order of name; hidden ones and sidecars left out."""
    listed = sorted(root.files.get_file_info(pafs.FileSelector(folder)), key=lambda info: info.base_name)
    beside = {info.base_name: info for info in listed if info.is_file and info.base_name.endswith(SIDECAR)}
    for info in listed:
        name = info.base_name
        if info.type == pafs.FileType.Directory and not name.startswith("."):
            yield from objects_in(root, info.path, f"{prefix}{name}/")
        elif info.is_file and not name.startswith(".") and name not in beside:
            yield object_at(root, info, prefix + name, beside.get(name + SIDECAR))


def object_at(root: Place, info: Any, source: str, beside: Any) -> File:
    """An object in its state."""
    said = f":{beside.size}:{beside.mtime_ns}" if beside is not None and beside.is_file else ""
    return File(info.path, source, f"{info.size}:{info.mtime_ns}{said}", info.size, info.mtime_ns, root.url)
