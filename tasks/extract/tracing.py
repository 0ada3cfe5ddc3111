"""Reads a fact again from where it points: offsets in the text, a place in the markup, a URL, a path."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import lxml.html

from tasks.extract.layout import one_line, squash
from tasks.extract.markup import linked_scripts, loaded, markup_readings
from tasks.extract.outlets import Outlets
from tasks.extract.printed import printed_dates
from tasks.extract.relative import SCORES as COUNTED
from tasks.extract.rows import Fact
from tasks.extract.stamps import in_path, stamp

STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?|/.*$")


def traces(fact: Fact, text: str, tree: lxml.html.HtmlElement | None, html: str, outlets: Outlets) -> bool:
    """Whether what stands where a fact points gives its value; the body's language has no one place."""
    if fact.origin == "text":
        if fact.start is None:
            return fact.field == "language"
        return fact.rule in COUNTED or gives(fact, text[fact.start : fact.end], outlets)
    if fact.pointer is None:
        return False
    if fact.origin == "markup" and tree is not None:
        return any(gives(fact, raw, outlets) for raw in at(fact.pointer, tree, html))
    return fact.origin != "markup" and gives(fact, fact.pointer, outlets)


def gives(fact: Fact, raw: str, outlets: Outlets) -> bool:
    """Whether a raw text gives a fact's value: it holds it, is its day, or is another name of it."""
    if fact.field in ("published", "modified"):
        days = {day.isoformat() for one in printed_dates(raw) for day in (one.day, one.other) if day}
        path = in_path(raw) or in_path(f"/{raw}")
        days |= {(stamp(raw) or "")[:10], path[0] if path else ""}
        return fact.value[:10] in days
    if squash(fact.value) in squash(one_line(unescape(raw))):
        return True
    address = ADDRESS.sub("", raw)
    return fact.field in ("outlet", "agency") and fact.value in (*named_in(raw, outlets), outlets.at(address))


def named_in(raw: str, outlets: Outlets) -> Iterator[str | None]:
    """The usual names that a text and the parts between its separators go by."""
    yield outlets.named(raw.lstrip("@"))
    yield from (outlets.named(part) for part in re.split(r"\s+[|·•»›–—:-]+\s+|\s*[|｜]\s*", raw))


def at(pointer: str, tree: lxml.html.HtmlElement, html: str) -> Iterator[str]:
    """What stands at a place in the markup: a tag's content, a value of JSON-LD, a stretch of the page, an element."""
    kind = pointer.split("[", 1)[0]
    inner = pointer[len(kind) + 1 : -1]
    if kind == "html":
        yield html[slice(*map(int, inner.split(":")))]
    elif kind == "meta":
        names = ("property", "name", "itemprop", "http-equiv")
        yield from (
            one.get("content") or ""
            for one in tree.iter("meta")
            if any((one.get(name) or "").strip() == inner for name in names)
        )
    elif kind == "ld+json":
        yield from linked(pointer, tree)
    else:
        yield from (one.value for one in markup_readings(tree) if one.pointer == pointer)


def linked(pointer: str, tree: lxml.html.HtmlElement) -> Iterator[str]:
    """The string at a path in a page's JSON-LD, references followed."""
    steps = [key or int(number) for key, number in STEP.findall(pointer)]
    found: Any = linked_scripts(tree)
    for step in steps:
        found = step_into(found, step, tree)
    yield from [found] if isinstance(found, str) else []


def step_into(found: Any, step: str | int, tree: lxml.html.HtmlElement) -> Any:
    """What a step leads to, None where it leads nowhere."""
    if isinstance(found, str) and found.lstrip().startswith("{"):
        found = loaded(found)
    if isinstance(found, dict) and step not in found and "@id" in found:
        found = next(
            (one for one in objects(linked_scripts(tree)) if one.get("@id") == found["@id"] and step in one), None
        )
    if isinstance(found, dict):
        return found.get(str(step))
    return found[step] if isinstance(found, list) and isinstance(step, int) and step < len(found) else None


def objects(found: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON value."""
    if isinstance(found, dict):
        yield found
    inner: Sequence[Any] = list(found.values()) if isinstance(found, dict) else found if isinstance(found, list) else []
    for one in inner:
        yield from objects(one)
