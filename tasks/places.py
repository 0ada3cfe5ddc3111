"""Places beyond this machine: the objects under a URL such as s3://bucket/news, through pyarrow's file systems.

Who we are, which region and which server is said by the environment (AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL,
…), as every tool for such places reads it, so that no secret stands in a setting or a table.
"""

from functools import cache
from string import ascii_letters, digits, punctuation
from typing import Any, NamedTuple
from urllib.parse import quote

import pyarrow as pa
import pyarrow.fs as pafs

from tasks.errors import UnreachableError, UsageError

# What a person writes as it is, and pyarrow wants as %C3%BC: all but this.
ASCII = ascii_letters + digits + punctuation


class Place(NamedTuple):
    """What a URL names."""

    url: str
    """as it was given, without a slash at its end"""
    path: str
    """as the file system names it"""
    files: Any
    """the file system"""

    @property
    def shown(self) -> str:
        """The URL without what it says of servers and secrets."""
        return f"{self.files.type_name}://{self.path}"

    def under(self, name: str) -> str:
        """The path of an object of the place."""
        return f"{self.path}/{name}"

    def state(self) -> pafs.FileInfo:
        """What lies there: an object, a folder of objects, or nothing. Raises UnreachableError where none answers."""
        try:
            return self.files.get_file_info(self.path)
        except OSError as wrong:
            raise UnreachableError(
                f"{self.shown}: does not answer ({wrong}); see to network and credentials"
            ) from wrong

    def kind(self) -> pafs.FileType:
        """What kind of thing lies there. Raises UnreachableError where none answers."""
        return self.state().type

    def read(self, name: str) -> bytes | None:
        """The content of an object of the place; None without one."""
        try:
            with self.files.open_input_stream(self.under(name), compression=None) as stream:
                return bytes(stream.read())
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Puts an object there, whole: nobody sees half of it."""
        with self.files.open_output_stream(self.under(name), compression=None) as stream:
            stream.write(content)


def is_url(name: object) -> bool:
    """Whether a name is a URL, and no path on this machine.

    >>> is_url("s3://bucket/news"), is_url("news/2024")
    (True, False)
    """
    return "://" in str(name)


@cache
def place(url: str) -> Place:
    """The place that a URL names; raises UsageError for a URL that no file system of pyarrow's understands."""
    try:
        files, path = pafs.FileSystem.from_uri(quote(url, safe=ASCII))
    except (pa.ArrowException, ValueError, OSError) as wrong:
        raise UsageError(f"{url}: no such kind of place ({wrong}); give s3://BUCKET/PREFIX, gs://… or a path") from None
    return Place(url.rstrip("/"), path.rstrip("/"), files)
