"""Learns the weights of `tasks/extract/weights.toml` from labelled pages: a conditional logit by gradient descent.

    python benchmarks/extract_train.py CORPORA [--write] [--sample N]

CORPORA is the folder that holds `metadata-dev` and `extraction-dev`. Pages are split by outlet or host, five folds; the
figures printed are those of held-out folds. With --write the weights of all pages replace the file's: run it again when
strip's labels have changed, for they are features here. It takes a quarter of an hour of processor time.
"""

import argparse
import gzip
import json
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tasks.extract import weighing
from tasks.extract.dating import dated
from tasks.extract.document import read_page, text_readings
from tasks.extract.headlines import by_value, headline_features
from tasks.extract.imprint import by_name, outlet_features, usual_name
from tasks.extract.language import language_reading
from tasks.extract.layout import lay_out, squash
from tasks.extract.mastheads import namings
from tasks.extract.outlets import host_of, known_outlets
from tasks.extract.people import named_people
from tasks.extract.titles import candidates, title_readings
from tasks.ingest import Document
from tasks.page import lay_out as lay_out_page
from tasks.strip import StripSettings, replay, strip

FOLDS = 5
RIDGE = 1.0
ROUNDS = 300
LEAST_PAGES = 6
# News pages labelled by their outlets' own parsers weigh most, for those are what is asked for.
WEIGHTS = {"fundus": 3.0, "htmldate-default": 1.0, "sites": 0.5, "wcxb": 0.5, "trafilatura": 0.5}
# What a host shares with others' hosts, and says nothing of whose it is.
HOSTERS = frozenset("www blog blogs wordpress blogspot github medium substack co com org net gov edu".split())
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae"})
LEAST_ALIKE = 3
LONGEST_INITIALS = 6
KINDS = {"full": "full", "part": "partial_resiliparse"}
# A dump that begins with the page's title, as many scrapers save it: where outlets are read, and headlines too easily.
TITLED = "partial_readability"
NO_GOLD = dict.fromkeys(("title", "days", "authors", "outlets"))
HEAD = """# What each feature of a candidate weighs, in log odds; by `benchmarks/extract_train.py` from the pages of
# fundus, htmldate, WCXB, article-extraction-dataset and trafilatura's tests, whose texts are not ours to ship.
"""


class Page(NamedTuple):
    """The candidates of a text for a field by their features, and which of them are right."""

    group: str
    weight: float
    field: str
    candidates: list[list[str]]
    right: list[bool]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("corpora", type=Path)
    asked.add_argument("--write", action="store_true", help="replace weights.toml")
    asked.add_argument("--sample", type=int, default=1, help="every how manieth page is read, 1 for all")
    given = asked.parse_args()
    learned = {}
    for fields, read in ((("title", "published", "author", "outlet"), texts), (("page_title",), markups)):
        pages = [one for row in list(read(given.corpora))[:: given.sample] for one in row()]
        for field in fields:
            learned[field] = judged(field, [one for one in pages if one.field == field])
        if given.write:
            # What the text's headline weighs is a feature of the page's, so it is written before that is learned.
            write(weights_file(), learned)
            weighing.learned.cache_clear()


def judged(field: str, pages: list[Page]) -> dict[str, float]:
    """The weights that all pages teach, after printing what those of the other folds make of each fold."""
    counts = Counter[str]()
    for fold in range(FOLDS):
        held_out = [zlib.crc32(one.group.encode()) % FOLDS == fold for one in pages]
        known = learn([one for one, out in zip(pages, held_out, strict=True) if not out])
        counts += verdicts([one for one, out in zip(pages, held_out, strict=True) if out], known)
    print(f"{field}: held out {shown(counts)}", flush=True)
    learned = learn(pages)
    print(f"{field}: seen {shown(verdicts(pages, learned))}", flush=True)
    return learned


def weights_file() -> Path:
    """The file of weights beside the code that reads it."""
    return Path(weighing.__file__).with_name("weights.toml")


def write(path: Path, learned: dict[str, dict[str, float]]) -> None:
    """Writes the weights, a table a field; those of a field that was not learned stay."""
    known = tomllib.loads(path.read_text(encoding="utf-8")) | learned
    tables = [
        f"\n[{field}]\n" + "".join(f'"{name}" = {value:.2f}\n' for name, value in sorted(of.items()))
        for field, of in known.items()
    ]
    path.write_text(HEAD + "".join(tables), encoding="utf-8")


def texts(corpora: Path) -> Iterator[Callable[[], Iterator[Page]]]:
    """The labelled texts of every development set, whole pages and partial dumps, each to be read when called."""
    for name in ("fundus", "htmldate-default"):
        for row in rows(corpora / "metadata-dev" / f"{name}.jsonl.gz"):
            for kind in KINDS:
                if row[f"text_{kind}"] is not None:
                    yield partial(pages_of, row["group"], WEIGHTS[name], row[f"text_{kind}"], gold_of(row))
    for name in ("wcxb", "sites", "trafilatura"):
        for row in rows(corpora / "extraction-dev" / f"{name}.jsonl.gz"):
            for dump in (*KINDS.values(), TITLED):
                if dump in row["dumps"]:
                    group = row["outlet"] or host_of(row["url"] or "") or row["id"]
                    gold = gold_of(row) if dump != TITLED else NO_GOLD | {"outlets": gold_of(row)["outlets"]}
                    yield partial(pages_of, group, WEIGHTS[name], row["dumps"][dump]["text"], gold)


def markups(corpora: Path) -> Iterator[Callable[[], Iterator[Page]]]:
    """The labelled pages of the sets whose titles were labelled by hand or by an outlet's own parser."""
    markup = {row["id"].split("/", 1)[1]: row["html"] for row in rows(corpora / "extraction-dev/fundus.jsonl.gz")}
    for name in ("fundus", "htmldate-default"):
        for row in rows(corpora / "metadata-dev" / f"{name}.jsonl.gz"):
            html = row["html"] or markup[row["id"].split("/", 1)[1]]
            yield partial(titles_of, row["group"], WEIGHTS[name], html, gold_of(row))
    for row in rows(corpora / "extraction-dev/sites.jsonl.gz"):
        yield partial(titles_of, row["outlet"], WEIGHTS["sites"], row["html"], gold_of(row))


def gold_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row's title, the days that are right, its writers and outlet's names, None where they are not labelled."""
    gold = row["gold"]
    day = gold.get("publishing_date")
    days = gold["days_ok"] if "days_ok" in gold else [day[:10]] if day else None
    return {
        "title": gold["title"],
        "days": days,
        "authors": gold["authors"] if "days_ok" in gold else gold["authors"] or None,
        "outlets": outlets_of(gold.get("outlet"), gold.get("domain") or host_of(row["url"] or "")),
    }


def outlets_of(name: str | None, host: str | None) -> set[str] | None:
    """What a page's outlet goes by, squashed: its name, its host and the parts of that, what the table has for it."""
    if not host or host.endswith("archive.org"):
        return None
    parts = [part for part in host.split(".")[:-1] if part not in HOSTERS]
    return {squash(one) for one in (name or "", host, known_outlets().at(host) or "", *parts)} - {""}


def is_outlet(name: str, wanted: set[str]) -> bool:
    """Whether a name is one of those wanted, or holds it, or lies in it, or has it for its initials."""
    for key in {squash(name), squash(name.casefold().translate(UMLAUTS))} - {""}:
        if any(len(min(key, one, key=len)) >= LEAST_ALIKE and (key in one or one in key) for one in wanted):
            return True
    words = name.replace("-", " ").split()
    capitals = (word[0] for word in words if word[0].isupper())
    initials = {"".join(word[0] for word in words).casefold(), "".join(capitals).casefold()}
    return len(words) > 1 and any(len(one) <= LONGEST_INITIALS and one in initials for one in wanted)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def pages_of(group: str, weight: float, text: str, gold: dict[str, Any]) -> Iterator[Page]:
    """The candidates of a text and which of them are right; a field without a label has none.

    Of titles, dates and outlets one candidate is right at most; each writer's name is a question of its own.
    """
    document = Document("d", "d.txt", "text", "utf-8", len(text), "", text, 0)
    spans = strip([document], {}, StripSettings())[0]
    language = language_reading(replay(text, spans))
    layout = lay_out(text, spans, language.value if language else None)
    headline = title_readings(layout)[1]
    if gold["title"]:
        wanted = {squash(gold["title"]), squash(re.split(r"\s[|–—-]\s", gold["title"])[0])}
        titles = candidates(layout)
        right = [squash(text[one.start : one.end]) in wanted for one in titles]
        yield Page(group, weight, "title", [one.features for one in titles], right)
    if gold["days"]:
        dates = dated(layout, headline)
        right = [one.printed.day.isoformat() in gold["days"] for one in dates]
        yield Page(group, weight, "published", [one.features for one in dates], right)
    if gold["authors"] is not None:
        names = {squash(name) for name in gold["authors"]}
        for one in named_people(layout, headline, known_outlets()):
            yield Page(group, weight, "author", [one.features], [squash(text[one.start : one.end]) in names])
    if gold["outlets"] is not None:
        groups = by_name(namings(layout, headline, known_outlets()), known_outlets())
        signs = outlet_features(layout, groups, known_outlets())
        right = [is_outlet(usual_name(groups[key][0], known_outlets()), gold["outlets"]) for key in signs]
        yield Page(group, weight, "outlet", list(signs.values()), right)


def titles_of(group: str, weight: float, html: str, gold: dict[str, Any]) -> Iterator[Page]:
    """The values for a page's title, as its markup and its text give them; none without a label."""
    if not gold["title"]:
        return
    text = lay_out_page(html).text
    spans = strip([Document("d", "d.html", "html", "utf-8", len(text), "", text, 0)], {"d": html}, StripSettings())[0]
    language = language_reading(replay(text, spans))
    in_text = text_readings(text, spans, language.value if language else None, known_outlets())
    groups = by_value([one for one in read_page(html, in_text, known_outlets()) if one.field == "title"])
    features = [headline_features(key, groups) for key in groups]
    right = [key == squash(gold["title"]) for key in groups]
    yield Page(group, weight, "page_title", features, right)


def learn(pages: list[Page]) -> dict[str, float]:
    """The weights that make the right candidates likeliest, or "none" where no candidate is right."""
    counts = Counter(name for one in pages for name in {name for features in one.candidates for name in features})
    names = sorted(name for name, count in counts.items() if count >= LEAST_PAGES)
    index = {name: place for place, name in enumerate(names)}
    flat = [[index[name] for name in set(features) if name in index] for one in pages for features in one.candidates]
    owner = np.repeat(np.arange(len(pages)), [len(one.candidates) for one in pages])
    right = np.array([is_right for one in pages for is_right in one.right])
    weight = np.array([one.weight for one in pages])
    return dict(zip(names, descend(flat, owner, right, weight, len(names)), strict=True))


def descend(flat: list[list[int]], owner: Any, right: Any, weight: Any, width: int) -> list[float]:
    """The weights after gradient ascent (Adam) on the conditional likelihood, with a ridge."""
    rows_of = np.repeat(np.arange(len(flat)), [len(one) for one in flat])
    columns = np.concatenate([np.array(one, dtype=int) for one in flat])
    pages = len(weight)
    has_right = np.bincount(owner, right, pages) > 0
    values, mean, square = np.zeros(width), np.zeros(width), np.zeros(width)
    for step in range(1, ROUNDS + 1):
        odds = np.bincount(rows_of, values[columns], len(flat))
        parts = np.exp(np.clip(odds, -30, 30))
        whole = 1.0 + np.bincount(owner, parts, pages)
        chance = parts / whole[owner]
        good = np.bincount(owner, parts * right, pages)
        wanted = np.where(right & (good[owner] > 0), parts / np.maximum(good[owner], 1e-12), 0.0) * has_right[owner]
        gradient = np.bincount(columns, ((wanted - chance) * weight[owner])[rows_of], width) - RIDGE * values
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        values = values + 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return [float(value) for value in values]


def verdicts(pages: list[Page], known: dict[str, float]) -> Counter[str]:
    """How often a right candidate was there, how often the likeliest one is right, and how often it is wrong."""
    counts = Counter(pages=len(pages))
    for one in pages:
        odds = [sum(known.get(name, 0.0) for name in features) for features in one.candidates]
        best = max(range(len(odds)), key=lambda place: odds[place], default=None)
        given = best is not None and odds[best] > 0
        counts["asked"] += any(one.right)
        counts["right"] += given and one.right[best or 0]
        counts["wrong"] += given and not one.right[best or 0]
    return counts


def shown(counts: Counter[str]) -> str:
    """The counts as shares."""
    right, wrong = 100 * counts["right"] / max(1, counts["asked"]), 100 * counts["wrong"] / max(1, counts["pages"])
    return f"right {right:.1f} of {counts['asked']}, wrong {wrong:.1f} of {counts['pages']}"


if __name__ == "__main__":
    main()
