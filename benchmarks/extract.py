"""How well `extract` reads dates, outlets, titles, writers and languages, beside its peers in the same run.

    python benchmarks/extract.py CORPORA REFEREE [--sample N] [--peers]

CORPORA is the folder that holds `metadata-dev` and `extraction-dev`; REFEREE is `score_metadata.py`, which counts.
Pages go through `strip` and `extract` as in a run. Peers that are not installed are left out; times are CPU
milliseconds a document, to be read as ratios to langdetect on the same texts.
"""

import argparse
import gzip
import importlib
import importlib.util
import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tasks.extract import ExtractSettings, chosen, extract
from tasks.ingest import Document
from tasks.page import lay_out, parse
from tasks.strip import Span, StripSettings, strip

Prediction = dict[str, Any]
COLUMNS = {
    "date": ("accuracy", "wrong", "invented"),
    "outlet": ("accuracy", "accuracy_loose", "wrong"),
    "title": ("exact", "token_f1"),
    "authors": ("set_f1", "docs_with_a_wrong_name"),
    "language": ("accuracy",),
    "ms": ("mean",),
}


class Page(NamedTuple):
    """A labelled page: what a tool is given, and the row that the referee scores it by."""

    key: str
    text: str
    html: str | None
    spans: list[Span]
    gold: dict[str, Any]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("corpora", type=Path)
    asked.add_argument("referee", type=Path)
    asked.add_argument("--sample", type=int, default=0, help="pages of each set, 0 for all")
    asked.add_argument("--peers", action="store_true", help="the peers too")
    given = asked.parse_args()
    referee = module_at(given.referee)
    print(
        "| set | input | tool | "
        + " | ".join(f"{field} {name}" for field, names in COLUMNS.items() for name in names)
        + " |"
    )
    print("|---" * (3 + sum(map(len, COLUMNS.values()))) + "|")
    for name in ("fundus", "htmldate-default"):
        for kind in ("html", "full", "part"):
            pages = sampled(list(labelled(given.corpora, name, kind)), given.sample)
            for tool, read in {"copydesk": ours, **(peers(kind) if given.peers else {})}.items():
                print(f"| {name} | {kind} | {tool} | {' | '.join(cells(referee, pages, kind, read))} |", flush=True)


def module_at(path: Path) -> Any:
    """The module in a file."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def sampled(pages: list[Page], size: int) -> list[Page]:
    """A fixed sample of the pages, or all of them."""
    return random.Random(0).sample(pages, size) if 0 < size < len(pages) else pages


def labelled(corpora: Path, name: str, kind: str) -> Iterator[Page]:
    """The pages of a set, as markup laid out or as a dump."""
    markup = {row["id"].split("/", 1)[1]: row["html"] for row in rows(corpora / "extraction-dev/fundus.jsonl.gz")}
    for row in rows(corpora / "metadata-dev" / f"{name}.jsonl.gz"):
        html = (row["html"] or markup.get(row["id"].split("/", 1)[1])) if kind == "html" else None
        text = lay_out(parse(html)).text if html else row.get(f"text_{kind}")
        if text is not None:
            document = Document(row["id"], "page.txt", "html" if html else "text", "utf-8", len(text), "", text, 0)
            spans = strip([document], {row["id"]: html} if html else {}, StripSettings())[0]
            yield Page(row["id"], text, html, spans, row)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def cells(referee: Any, pages: list[Page], kind: str, read: Callable[[Page], Prediction]) -> list[str]:
    """A tool's figures, as the referee counts them."""
    found = {}
    for page in pages:
        began = time.process_time()
        prediction = read(page)
        found[page.key] = {"id": page.key, "ms": 1000 * (time.process_time() - began), **prediction}
    scored = referee.score({page.key: page.gold for page in pages}, found, kind)
    return [str(scored.get(field, {}).get(name, "–")) for field, names in COLUMNS.items() for name in names]


def ours(page: Page) -> Prediction:
    """What copydesk's room reads."""
    form = "html" if page.html else "text"
    document = Document(page.key, "page.txt", form, "utf-8", len(page.text), "", page.text, 0)
    markup = {page.key: page.html} if page.html else {}
    values = chosen(extract([document], {page.key: page.spans}, markup, {}, ExtractSettings()))
    first = {field: found[0] for field, found in values.items()}
    return {
        "date": first["published"][:10] if "published" in first else None,
        "outlet": first.get("outlet"),
        "title": first.get("title"),
        "authors": values.get("author", []),
        "language": first.get("language"),
    }


def peers(kind: str) -> dict[str, Callable[[Page], Prediction]]:
    """The peers that are installed, for an input of this kind."""
    of_kind = {"htmldate": by_htmldate, "trafilatura": by_trafilatura, "newspaper": by_newspaper}
    if kind != "html":
        of_kind = {"dateparser": by_dateparser, "dateutil": by_dateutil, "langdetect": by_langdetect}
        of_kind |= {"py3langid": by_py3langid, "lingua": by_lingua}
    return {name: read for name, read in of_kind.items() if importlib.util.find_spec(name)}


def by_htmldate(page: Page) -> Prediction:
    return {"date": importlib.import_module("htmldate").find_date(page.html, original_date=True)}


def by_trafilatura(page: Page) -> Prediction:
    found = importlib.import_module("trafilatura").extract_metadata(page.html)
    authors = (found.author or "").split("; ") if found else []
    if not found:
        return {"date": None, "outlet": None, "title": None, "authors": []}
    return {
        "date": found.date,
        "outlet": found.sitename,
        "title": found.title,
        "authors": [one for one in authors if one],
    }


def by_newspaper(page: Page) -> Prediction:
    article = importlib.import_module("newspaper").Article("https://example.org/")
    article.download(input_html=page.html)
    article.parse()
    day = article.publish_date.date().isoformat() if article.publish_date else None
    return {"date": day, "title": article.title or None, "authors": article.authors}


def by_dateparser(page: Page) -> Prediction:
    found = importlib.import_module("dateparser.search").search_dates(
        page.text[:2000], settings={"STRICT_PARSING": True}
    )
    return {"date": found[0][1].date().isoformat() if found else None}


def by_dateutil(page: Page) -> Prediction:
    parser = importlib.import_module("dateutil.parser")
    for line in page.text[:4000].splitlines():
        try:
            return {"date": parser.parse(line, fuzzy=True).date().isoformat()}
        except (ValueError, OverflowError, TypeError):
            continue
    return {"date": None}


def by_langdetect(page: Page) -> Prediction:
    library = importlib.import_module("langdetect")
    try:
        return {"language": library.detect(page.text)}
    except library.LangDetectException:
        return {"language": None}


def by_py3langid(page: Page) -> Prediction:
    return {"language": importlib.import_module("py3langid").classify(page.text)[0]}


def by_lingua(page: Page) -> Prediction:
    lingua = importlib.import_module("lingua")
    if not hasattr(by_lingua, "detector"):
        builder = lingua.LanguageDetectorBuilder.from_all_languages()
        by_lingua.detector = builder.with_low_accuracy_mode().build()  # type: ignore[attr-defined]  # kept between pages
    found = by_lingua.detector.detect_language_of(page.text)  # type: ignore[attr-defined]  # as above
    return {"language": found.iso_code_639_1.name.lower() if found else None}


if __name__ == "__main__":
    main()
