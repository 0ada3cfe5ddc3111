"""Reads what a page's markup says of it: meta tags, JSON-LD, `<time>`, the title element, the links to its address."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any

import lxml.html

from tasks.extract.bylines import byline_readings
from tasks.extract.layout import one_line
from tasks.extract.reading import Reading
from tasks.extract.stamps import stamp
from tasks.extract.vocabulary import pattern

ARTICLES = re.compile(
    r"article|posting|report|review|webpage|interview|recipe|liveblog|creativework|itempage", re.IGNORECASE
)
ARTICLE_KEYS = (
    ("datePublished", "published", 0.92),
    ("dateCreated", "published", 0.7),
    ("uploadDate", "published", 0.5),
    ("dateModified", "modified", 0.9),
    ("headline", "title", 0.85),
    ("name", "title", 0.55),
    ("url", "url", 0.6),
    ("inLanguage", "language", 0.3),
)
INNER = ("@graph", "mainEntity", "mainEntityOfPage", "article", "hasPart")
MOST_TIMES = 12


@cache
def meta_names() -> dict[str, tuple[str, float]]:
    """The field that each name of a meta tag speaks for, and how far it is believed."""
    table = tomllib.loads(Path(__file__).with_name("meta.toml").read_text(encoding="utf-8"))
    return {name: (field, score) for field, names in table.items() for name, score in names.items()}


def markup_readings(tree: lxml.html.HtmlElement) -> list[Reading]:
    """The candidates for every field that a page's markup gives, each with the place in the markup."""
    return [
        *meta_tags(tree),
        *labelled_tags(tree),
        *linked_data(tree),
        *times(tree),
        *title_elements(tree),
        *byline_readings(tree),
        *links(tree),
    ]


def meta_tags(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What the meta tags say."""
    for tag in tree.iter("meta"):
        name = (tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or "").strip()
        content = one_line(tag.get("content") or "")
        field, score = meta_names().get(name.casefold(), ("", 0.0))
        if field and content:
            yield from valued(field, content, score, "meta-tag", f"meta[{name}]")


def labelled_tags(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What a pair of Twitter's tags says: the one a label, "Written by", the other the writer."""
    said = {tag.get("name") or tag.get("property"): tag.get("content") or "" for tag in tree.iter("meta")}
    for number in ("1", "2"):
        label, value = said.get(f"twitter:label{number}", ""), said.get(f"twitter:data{number}", "")
        if value and pattern("by").fullmatch(label.strip(" :")):
            yield from valued("author", value, 0.75, "meta-label", f"meta[twitter:data{number}]")


def valued(field: str, raw: str, score: float, rule: str, pointer: str) -> Iterator[Reading]:
    """The reading of a raw value, dates in ISO 8601; nothing where the value is no value of its field."""
    value = stamp(raw) if field in ("published", "modified") else one_line(unescape(raw))
    if value and len(value) <= 400:
        yield Reading(field, value, score, rule, f"{pointer} says so", "markup", pointer=pointer)


def linked_data(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What the JSON-LD says of the article."""
    for number, script in enumerate(linked_scripts(tree)):
        found = list(nodes(script, f"ld+json[{number}]"))
        named = {node["@id"]: node for _, node in found if isinstance(node.get("@id"), str) and "name" in node}
        for path, node in found:
            kinds = node.get("@type")
            kind = " ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds or "")
            if ARTICLES.search(kind):
                weak = 0.25 if re.search(r"webpage|itempage|creativework", kind, re.IGNORECASE) else 0.0
                yield from article_node(node, path, weak, named)
            elif re.search(r"website|newsmediaorganization|organization", kind, re.IGNORECASE):
                yield from names_of("outlet", node.get("name"), 0.4, f"{path}.name")


def linked_scripts(tree: lxml.html.HtmlElement) -> list[Any]:
    """The JSON of each of a page's JSON-LD scripts, None for one that is broken."""
    return [loaded(script.text or "") for script in tree.iter("script") if "ld+json" in script.get("type", "")]


def loaded(script: str) -> Any:
    """A script's JSON, mended where it holds raw line breaks or a comment; None where it is none."""
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\]\]>)\s*$", "", script.strip()).rstrip("; \n")
    for attempt in (text, re.sub(r"[\x00-\x1f]+", " ", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def nodes(found: Any, path: str, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON-LD document, outer ones first, each with its path."""
    if depth > 4:
        return
    if isinstance(found, list):
        for number, inner in enumerate(found[:50]):
            yield from nodes(inner, f"{path}[{number}]", depth + 1)
    elif isinstance(found, dict):
        yield path, found
        for key in INNER:
            if isinstance(found.get(key), (list, dict)):
                yield from nodes(found[key], f"{path}.{key}", depth + 1)


def article_node(node: dict[str, Any], path: str, weak: float, named: dict[str, Any]) -> Iterator[Reading]:
    """What an article's object says; `named` has the objects that it may refer to by their `@id`."""
    for key, field, score in ARTICLE_KEYS:
        if isinstance(node.get(key), str) and node[key].strip():
            yield from valued(field, node[key], score - weak, "linked-data", f"{path}.{key}")
    for key in ("author", "creator"):
        yield from names_of("author", referred(node.get(key), named), 0.85 - weak, f"{path}.{key}")
    for key in ("publisher", "sourceOrganization", "isPartOf"):
        yield from names_of("outlet", node.get(key), (0.7 if key == "publisher" else 0.4) - weak, f"{path}.{key}")


def referred(found: Any, named: dict[str, Any]) -> Any:
    """A value with each reference replaced by the object that bears its `@id`, and JSON in a string read."""
    if isinstance(found, list):
        return [referred(inner, named) for inner in found[:20]]
    if isinstance(found, str) and found.lstrip().startswith("{"):
        return loaded(found)
    if isinstance(found, dict) and "name" not in found and isinstance(found.get("@id"), str):
        return named.get(found["@id"], found)
    return found


def names_of(field: str, found: Any, score: float, path: str) -> Iterator[Reading]:
    """The names of people or bodies: a string, an object with a name, or a list of them."""
    if isinstance(found, list):
        for number, inner in enumerate(found[:20]):
            yield from names_of(field, inner, score, f"{path}[{number}]")
    elif isinstance(found, dict):
        kind = str(found.get("@type", ""))
        wrong = field == "author" and "rganization" in kind
        if not wrong and isinstance(found.get("name"), (str, list)):
            yield from names_of(field, found["name"], score, f"{path}.name")
    elif isinstance(found, str) and found.strip():
        yield from valued(field, found, score, "linked-data", path)


def times(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What `<time>` elements and dated microdata say; the first ones, for the later ones are of other articles."""
    # Whether an element has the attribute is asked first, and no text is passed through: half of the time of `//*[…]`.
    marked = tree.xpath(
        "descendant-or-self::time"
        " | descendant-or-self::*[@itemprop][@itemprop='datePublished' or @itemprop='dateModified'][not(self::meta)]"
    )
    for number, tag in enumerate(marked[:MOST_TIMES]):
        raw = tag.get("datetime") or tag.get("content") or tag.get("title") or one_line(tag.text_content())[:60]
        about = " ".join(
            filter(
                None,
                (
                    tag.get("itemprop"),
                    tag.get("class"),
                    tag.get("pubdate") and "pubdate",
                    tag.getparent().get("class") if tag.getparent() is not None else "",
                ),
            )
        )
        field = "modified" if re.search(r"modif|updat|aktualis", about, re.IGNORECASE) else "published"
        strong = bool(re.search(r"publish|pubdate|posted|entry-date|datecreated", about, re.IGNORECASE))
        score = (0.75 if strong else 0.55) - 0.03 * number
        yield from valued(field, raw, score, "time-element", f"time[{number}]")


def title_elements(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """What the title element and the first headings say."""
    for tag in islice(tree.iter("title"), 1):
        yield from valued("title", tag.text_content(), 0.3, "title-element", "title")
    headings = [one for tag in tree.iter("h1") if (one := one_line(tag.text_content()))]
    for number, shown in enumerate(headings[:4]):
        yield from valued(
            "title", shown, (0.75 if len(headings) == 1 else 0.6) - 0.08 * number, "first-heading", f"h1[{number}]"
        )


def links(tree: lxml.html.HtmlElement) -> Iterator[Reading]:
    """The page's own address, as its links give it, and the language of the root element."""
    for tag in tree.iter("link"):
        if (tag.get("rel") or "").casefold() == "canonical" and (tag.get("href") or "").startswith("http"):
            yield from valued("url", tag.get("href"), 0.9, "canonical-link", "link[canonical]")
    if tree.get("lang"):
        yield from valued("language", tree.get("lang"), 0.35, "root-language", "html[lang]")
