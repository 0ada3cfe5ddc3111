"""A page's markup laid out as text: one line a block, as a browser would show it, and what the markup says of each.

Owns the row of `blocks`, which ingest writes. A document that is HTML has this text as its `documents.text`, so every
offset into it stands on this module. The same markup gives the same text, always. Nothing hidden is in it: no script,
style, template, noscript, closed dialog.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from tasks.stage import table


def tags(names: str) -> frozenset[str]:
    """The tags named in a line."""
    return frozenset(names.split())


INVISIBLE = tags(
    "area audio base canvas datalist embed frame frameset head iframe input link map meta noembed noframes noscript "
    "object optgroup option param script select source style svg template textarea title track video"
)
BLOCKS = tags(
    "address article aside body button caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary "
    "table tbody tfoot thead tr ul blockquote"
)
MARKED = tags("b em i small strong")
SPACED = tags("blockquote dl fieldset figure h1 h2 h3 h4 h5 h6 hr menu ol p pre table ul")
CELLS = tags("td th")
BOXES = BLOCKS | CELLS
# Line breaks at the edges of a block: a browser leaves room around some.
GAPS = {tag: 2 if tag in SPACED else 1 for tag in BLOCKS}
NOTED = tags(
    "a article aside blockquote button dd dl figcaption figure footer form h1 h2 h3 h4 h5 h6 header li main nav ol p "
    "pre section summary table time ul"
)
UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
UNSEEN_CLASS = re.compile(
    r"(?<![\w-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?|screenreader-?(?:only|text)?|offscreen)(?![\w-])",
    re.IGNORECASE,
)
FOLDED = " \t\n\r\f"
EDGES = tuple(FOLDED)
# All white space but a space alone, which is most of it and stays as it is.
ROOM = re.compile(rf"[\t\n\r\f][{FOLDED}]*| [{FOLDED}]+")
CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F])
ENDED = re.compile(rb"</(?:body|html)\s*+>", re.IGNORECASE)
# A tag that is never closed ends at the next one: searching on to the page's end for each takes the square of its size.
INLINE = re.compile(rb"</?(?:a|b|em|font|i|small|span|strong|u)\b[^<>]*+>", re.IGNORECASE)
WRAPPER = re.compile(
    rb"</?(?:article|blockquote|center|div|dl|dd|li|main|ol|section|table|tbody|td|tr|ul)\b[^<>]*+>", re.I
)
READING: Mapping[str, Any] = {"encoding": "utf-8", "remove_comments": True, "remove_pis": True, "huge_tree": True}
# trafilatura asks for lxml.html's elements; choosing among its classes by tag costs it a tenth of its time.
ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
NAMED = ("class", "id", "role", "itemprop", "data-testid", "data-component")
# Class names nearest to the text tell most; a chain of fifty wrappers need not be carried to every block.
MARKS_LENGTH = 320


@table("blocks", sorted_by=("doc_id", "start"))
class Block(NamedTuple):
    """A line of a page's text, and what the markup says of it."""

    doc_id: Annotated[str, "the page"]
    start: Annotated[int, "code points from the start of documents.text"]
    end: Annotated[int, "code points from the start of documents.text, exclusive"]
    tag: Annotated[str, "the block element that holds the line"]
    holder: Annotated[int, "its number, in document order: lines of one paragraph broken by `<br>` share it"]
    parent: Annotated[int, "the number of the block element around it: siblings share it"]
    depth: Annotated[int, "how many elements are around the line"]
    linked: Annotated[float, "share of its characters that are in links"]
    marked: Annotated[float, "share of its characters that are bold, italic or small"]
    inside: Annotated[str, "the tags around it that carry meaning (article, nav, figure, li, …), outermost first"]
    marks: Annotated[str, "class, id, role and itemprop of what is around it, nearest first, in lower case"]


class Layout(NamedTuple):
    """A page as text, and its blocks in order."""

    text: str
    blocks: tuple[Block, ...]


class Around(NamedTuple):
    """What holds for everything inside an element."""

    tag: str
    number: int
    parent: int
    linked: bool
    marked: bool
    verbatim: bool
    inside: str
    marks: str


NOWHERE = Around("body", 0, 0, False, False, False, " ", "")


def parse(html: str) -> Any:
    """The tree of a page, as lxml has it; an empty page's tree where there is nothing to parse.

    libxml2 stops at some two thousand elements inside one another; such a page loses its wrappers and keeps its text.
    """
    markup = in_bytes(html)
    root, too_deep = tree_of(markup)
    if too_deep:
        root, _ = tree_of(WRAPPER.sub(b"<p>", INLINE.sub(b" ", markup)))
    return root if root is not None else etree.Element("html")


def in_bytes(html: str) -> bytes:
    """A page as libxml2 is to read it: what comes after a stray `</html>` would be no part of its tree."""
    return ENDED.sub(b"", html.encode("utf-8", "replace").translate(None, CONTROLS))


def tree_of(markup: bytes) -> tuple[Any, bool]:
    """The tree of some markup, None where libxml2 finds no element; and whether it was too deep to be read whole."""
    parser = HTMLParser(**READING)
    parser.set_element_class_lookup(ELEMENTS)
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        root = None
    return root, any("depth" in entry.message for entry in parser.error_log.filter_from_fatals())


def lay_out(html: str, doc_id: str = "") -> Layout:
    """The visible text of a page: a line a block, a blank line where a browser leaves room between blocks.

    It is set as libxml2 reads: to make a tree and walk through it took as long again.
    """
    layout: Layout = etree.fromstring(in_bytes(html), etree.HTMLParser(target=Sheet(doc_id), **READING))
    return layout


class Sheet:
    """The text as it is being set: lines that are done, and the one that is being written.

    lxml calls `start`, `data` and `end` for what it reads, and `close` when all is read.
    """

    def __init__(self, doc_id: str) -> None:
        self.doc_id = doc_id
        self.within = [NOWHERE]
        self.unseen = 0
        self.numbers = 0
        self.read: list[str] = []
        self.data = self.read.append
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.line: list[str] = []
        self.shown = self.linked = self.marked = self.depth = 0
        self.around = NOWHERE
        self.space = ""
        self.gap = 0

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Begins an element; of one that is not seen, and of those in it, nothing is written."""
        if self.unseen:
            self.unseen += 1
            return
        if self.read:
            self.write()
        if tag in INVISIBLE or is_unseen(tag, given):
            self.unseen = 1
            return
        self.within.append(self.entered(tag, given))
        if gap := GAPS.get(tag):
            self.end_line(gap)
        elif tag in CELLS and self.line:
            self.space = "  "

    def end(self, tag: str) -> None:
        """Ends an element, and the line with a block or at a `<br>`."""
        if self.unseen:
            self.unseen -= 1
            self.read.clear()
            if self.unseen:
                return
        else:
            if self.read:
                self.write()
            self.within.pop()
        if gap := GAPS.get(tag):
            self.end_line(gap)
        elif tag == "br":
            self.end_line(gap=1 if self.line else 2)  # a second <br> in a row shows an empty line

    def entered(self, tag: str, given: Mapping[str, str]) -> Around:
        """What holds inside an element of these attributes."""
        over, number, parent, linked, marked, verbatim, inside, marks = self.within[-1]
        if given and (own := " ".join([given[name] for name in NAMED if name in given])):
            marks = f"{own.lower()} {marks}"[:MARKS_LENGTH]
        if tag in NOTED and f" {tag} " not in inside:
            inside += f"{tag} "
        if tag in BOXES:
            self.numbers += 1
            return Around(tag, self.numbers, number, linked, marked, verbatim or tag == "pre", inside, marks)
        return Around(over, number, parent, linked or tag == "a", marked or tag in MARKED, verbatim, inside, marks)

    def write(self) -> None:
        """Adds what was read to the line; preformatted text a line each."""
        text = "".join(self.read)
        self.read.clear()
        if not self.within[-1].verbatim:
            self.write_folded(text)
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self.end_line(gap=1)
            self.write_folded(line)

    def write_folded(self, text: str) -> None:
        """Adds text in which any white space is one space."""
        piece = text.strip(FOLDED)
        if not self.line and not piece.strip():
            return
        if not self.space and text.startswith(EDGES):
            self.space = " "
        if not piece:
            return
        around = self.within[-1]
        if not self.line:
            self.around, self.depth, self.space = around, len(self.within) - 1, ""
        piece = ROOM.sub(" ", piece)
        self.line.append(self.space + piece)
        self.space = " " if text.endswith(EDGES) else ""
        size = len(piece)
        self.shown += size
        self.linked += size if around.linked else 0
        self.marked += size if around.marked else 0

    def end_line(self, gap: int) -> None:
        """Sets the line, if there is one, and asks for `gap` line breaks before the next."""
        if self.line:
            self.set_line()
        self.space = ""
        if gap > self.gap:
            self.gap = gap

    def set_line(self) -> None:
        """Sets the line after the room that was due before it."""
        text = "".join(self.line).rstrip()
        room = "\n" * self.gap if self.blocks else ""
        start = self.length + len(room)
        self.length = start + len(text)
        self.pieces += (room, text)
        at, shown = self.around, max(1, self.shown)
        self.blocks.append(
            Block(
                *(self.doc_id, start, self.length, at.tag, at.number, at.parent, self.depth),
                *(self.linked / shown, self.marked / shown, at.inside.strip(), at.marks),
            )
        )
        self.line, self.shown, self.linked, self.marked, self.gap = [], 0, 0, 0, 0

    def close(self) -> Layout:
        """The text and the blocks, when all is read."""
        self.end_line(gap=0)
        return Layout("".join(self.pieces), tuple(self.blocks))


def is_unseen(tag: str, given: Mapping[str, str]) -> bool:
    """Whether a browser shows nothing of an element of these attributes."""
    if not given:
        return tag == "dialog"
    # React streams the page in as `<div hidden id="S:0">`, which a script then shows.
    if ("hidden" in given and not given.get("id", "").startswith("S:")) or (tag == "dialog" and "open" not in given):
        return True
    style = given.get("style")
    return bool(style and UNSEEN_STYLE.search(style)) or is_unseen_class(given.get("class", ""))


@lru_cache(maxsize=2**12)  # the thousand elements of a page share some hundred names
def is_unseen_class(names: str) -> bool:
    """Whether class names say that an element is for the ear only."""
    return bool(UNSEEN_CLASS.search(names))
