"""A page's markup laid out as text: one line a block, as a browser would show it, and what the markup says of each.

Owns the row of `blocks`, which ingest writes. A document that is HTML has this text as its `documents.text`, so every
offset into it stands on this module. The same markup gives the same text, always. Nothing hidden is in it: no script,
style, template, noscript, closed dialog.
"""

import re
from collections.abc import Mapping
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
ENDING = BLOCKS | {"br"}
NOTED = tags(
    "a article aside blockquote button dd dl figcaption figure footer form h1 h2 h3 h4 h5 h6 header li main nav ol p "
    "pre section summary table time ul"
)
UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
UNSEEN_CLASS = re.compile(
    r"(?<![\w-])(?:sr-only|visually-?hidden|screen-reader(?:-text)?|screenreader-?(?:only|text)?|offscreen)(?![\w-])",
    re.IGNORECASE,
)
UNSEEN_STEMS = ("hidden", "screen", "sr-only")
FOLDED = " \t\n\r\f"
# All white space but a space alone, which is most of it and stays as it is.
ROOM = re.compile(rf"[\t\n\r\f][{FOLDED}]*| [{FOLDED}]+")
CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F])
# A tag that is never closed ends at the next one: searching on to the page's end for each takes the square of its size.
INLINE = re.compile(rb"</?(?:a|b|em|font|i|small|span|strong|u)\b[^<>]*+>", re.IGNORECASE)
WRAPPER = re.compile(
    rb"</?(?:article|blockquote|center|div|dl|dd|li|main|ol|section|table|tbody|td|tr|ul)\b[^<>]*+>", re.I
)
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
    depth: int
    linked: bool
    marked: bool
    verbatim: bool
    inside: str
    marks: str


NOWHERE = Around("body", 0, 0, 0, False, False, False, " ", "")


def parse(html: str) -> Any:
    """The tree of a page, as lxml has it; an empty page's tree where there is nothing to parse.

    libxml2 stops at some two thousand elements inside one another; such a page loses its wrappers and keeps its text.
    """
    markup = html.encode("utf-8", "replace").translate(None, CONTROLS)
    root, too_deep = tree_of(markup)
    if too_deep:
        root, _ = tree_of(WRAPPER.sub(b"<p>", INLINE.sub(b" ", markup)))
    return root if root is not None else etree.Element("html")


def tree_of(markup: bytes) -> tuple[Any, bool]:
    """The tree of some markup, None where libxml2 finds no element; and whether it was too deep to be read whole."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(ELEMENTS)
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        root = None
    return root, any("depth" in entry.message for entry in parser.error_log.filter_from_fatals())


def lay_out(tree: Any, doc_id: str = "") -> Layout:
    """The visible text of a page: a line a block, a blank line where a browser leaves room between blocks."""
    sheet = Sheet(doc_id)
    around = [NOWHERE]
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag, outer = element.tag, around[-1]
        if event == "end":
            around.pop()
            if tag in ENDING:
                sheet.close(tag)
            if element is not tree and (text := element.tail):
                sheet.write(text, around[-1])
        elif tag in INVISIBLE or is_unseen(tag, given := dict(element.items())):
            walk.skip_subtree()
            around.append(outer)
        else:
            around.append(inner := entered(tag, given, outer, sheet))
            if tag in BOXES:
                sheet.open(tag)
            if text := element.text:
                sheet.write(text, inner)
    return sheet.laid_out()


def is_unseen(tag: str, given: Mapping[str, str]) -> bool:
    """Whether a browser shows nothing of an element of these attributes."""
    if not given:
        return tag == "dialog"
    # React streams the page in as `<div hidden id="S:0">`, which a script then shows.
    if ("hidden" in given and not given.get("id", "").startswith("S:")) or (tag == "dialog" and "open" not in given):
        return True
    style = given.get("style")
    return bool(style and UNSEEN_STYLE.search(style)) or is_unseen_class(given.get("class", ""))


def is_unseen_class(names: str) -> bool:
    """Whether class names say that an element is for the ear only; most are told by what they do not hold."""
    small = names.lower()
    return any(map(small.__contains__, UNSEEN_STEMS)) and bool(UNSEEN_CLASS.search(names))


def entered(tag: str, given: Mapping[str, str], outer: Around, sheet: "Sheet") -> Around:
    """What holds inside an element of these attributes, given what holds around it."""
    over, number, parent, depth, linked, marked, verbatim, inside, marks = outer
    if given and (own := " ".join([given[name] for name in NAMED if name in given])):
        marks = f"{own.lower()} {marks}"[:MARKS_LENGTH]
    if tag in NOTED and f" {tag} " not in inside:
        inside += f"{tag} "
    if tag in BOXES:
        return Around(
            tag, sheet.next_number(), number, depth + 1, linked, marked, verbatim or tag == "pre", inside, marks
        )
    linked, marked = linked or tag == "a", marked or tag in MARKED
    return Around(over, number, parent, depth + 1, linked, marked, verbatim, inside, marks)


class Sheet:
    """The text as it is being set: lines that are done, and the one that is being written."""

    def __init__(self, doc_id: str) -> None:
        self.doc_id = doc_id
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.length = 0
        self.numbers = 0
        self.line: list[str] = []
        self.shown = self.linked = self.marked = 0
        self.around = NOWHERE
        self.space = ""
        self.gap = 0

    def next_number(self) -> int:
        """The number of the next block element."""
        self.numbers += 1
        return self.numbers

    def open(self, tag: str) -> None:
        """Ends the line where a block begins one of its own; parts table cells by two spaces."""
        if tag in BLOCKS:
            self.part(tag)
        elif self.line:
            self.space = "  "

    def close(self, tag: str) -> None:
        """Ends the line where a block ends, or at a `<br>`."""
        if tag in BLOCKS:
            self.part(tag)
        else:
            self.end_line(gap=1 if self.line else 2)  # a second <br> in a row shows an empty line

    def part(self, tag: str) -> None:
        """Ends the line at the edge of a block, and leaves room where a browser does."""
        self.end_line(gap=2 if tag in SPACED else 1)

    def write(self, text: str, around: Around) -> None:
        """Adds text to the line, white space folded as a browser folds it."""
        if around.verbatim and "\n" in text:
            self.write_verbatim(text, around)
        else:
            self.write_folded(text, around)

    def write_verbatim(self, text: str, around: Around) -> None:
        """Adds preformatted text, a line each."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.end_line(gap=1)
            self.write_folded(line, around)

    def write_folded(self, text: str, around: Around) -> None:
        """Adds text in which any white space is one space."""
        if not text:
            return
        piece = text.strip(FOLDED)
        if text[0] in FOLDED and not self.space:
            self.space = " "
        if not piece or (not self.line and not piece.strip()):
            return
        piece = ROOM.sub(" ", piece)
        if not self.line:
            self.around, self.space = around, ""
        self.line.append(self.space + piece)
        self.space = " " if text[-1] in FOLDED else ""
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
                *(self.doc_id, start, self.length, at.tag, at.number, at.parent, at.depth),
                *(self.linked / shown, self.marked / shown, at.inside.strip(), at.marks),
            )
        )
        self.line, self.shown, self.linked, self.marked, self.gap = [], 0, 0, 0, 0

    def laid_out(self) -> Layout:
        """The text and the blocks, when all is written."""
        self.end_line(gap=0)
        return Layout("".join(self.pieces), tuple(self.blocks))
