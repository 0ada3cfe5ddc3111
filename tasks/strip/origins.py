"""Where a document comes from, as far as sidecar, address and folder tell before its text is read."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from tasks.ingest import Document, Sidecar

# A page names its own address in its head; what stands further down may be anybody's.
HEAD = 100_000
ADDRESS_TAG = re.compile(r"<(?:link|meta)\s[^<>]*?(?:canonical|og:url)[^<>]*+>", re.IGNORECASE)
ADDRESS = re.compile(r"(?:href|content)\s*+=\s*+[\"']?(https?://[^\s\"'<>]++)", re.IGNORECASE)


class Origin(NamedTuple):
    """What is known of a document's outlet; empty where nothing is."""

    outlet: str
    """as the sidecar names it, in small letters"""
    host: str
    """of the address in the sidecar or in the page's head, `www.` aside"""
    folder: str
    """that the file lies in, or its archive, as in documents.source"""

    @property
    def name(self) -> str:
        """What the outlet goes by: the surest of these."""
        return self.host or self.outlet or self.folder

    def is_at(self, domain: str) -> bool:
        """Whether the document is from a domain, or from a host below it.

        >>> [Origin("", host, "").is_at("Post.example") for host in ("news.post.example", "outpost.example")]
        [True, False]
        """
        return f".{self.host}".endswith(f".{domain.casefold().removeprefix('www.')}")

    def is_of(self, outlet: str) -> bool:
        """Whether the document is of an outlet by its sidecar, or by the name of the folder it lies in."""
        return outlet.casefold() in (self.outlet, self.folder.rsplit("/", 1)[-1].casefold())


def origin_of(document: Document, sidecars: Iterable[Sidecar], html: str | None) -> Origin:
    """Where a document comes from, given what came beside it and its markup where it is a page."""
    beside = {row.key: row.value for row in sidecars if row.key in ("outlet", "url")}
    address = beside.get("url") or (own_address(html[:HEAD]) if html else "")
    return Origin(beside.get("outlet", "").casefold(), host_of(address), folder_of(document.source))


def own_address(head: str) -> str:
    """The address that a page gives as its own; empty where it gives none."""
    tags = (tag.group() for tag in ADDRESS_TAG.finditer(head))
    return next((found.group(1) for tag in tags if (found := ADDRESS.search(tag))), "")


def host_of(address: str) -> str:
    """The host of an address, `www.` aside; empty where it has none.

    >>> host_of("https://www.post.example/a"), host_of("post.example/a"), host_of("http://[")
    ('post.example', 'post.example', '')
    """
    try:
        return (urlsplit(address if "://" in address else f"//{address}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def folder_of(source: str) -> str:
    """The folder in a source: what stands before the file's name; of a record, its file."""
    return source.rpartition("#" if "#" in source else "/")[0]
