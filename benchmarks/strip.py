"""Scores `strip` and its peers on pages of known main text, as a Markdown table.

    python benchmarks/strip.py CORPORA [--folds WORK] [--inputs html full …] [--sets fundus …] [--every 4] [--peers]

With `--folds`, each page is read by a labeller that has not seen its host: those that `benchmarks/train_strip.py
--folds` left in WORK. Shingle F1 as in scrapinghub/article-extraction-benchmark: four-word shingles, case and all, the
harmonic mean of the mean precision and the mean recall over pages.
"""

import argparse
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

from tasks.ingest import Document
from tasks.page import lay_out, parse
from tasks.strip import page_spans, replay, text_spans
from tasks.strip.labeller import Labeller, load, shipped

DUMPS = ("full", "strings", "glued", "partial_trafilatura", "partial_resiliparse", "partial_readability")
Extractor = Callable[[dict[str, Any], str], str]


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("--folds", type=Path)
    arg.add_argument("--inputs", nargs="+", default=["html", *DUMPS])
    arg.add_argument("--sets", nargs="+", default=["fundus", "wcxb", "sites"])
    arg.add_argument("--every", type=int, default=1, help="take every n-th page only")
    arg.add_argument("--peers", action="store_true")
    args = arg.parse_args()
    print("| input | set | pages | extractor | shingle F1 | precision | recall | under .80 | CPU ms a page |")
    print("|---|---|---|---|---|---|---|---|---|")
    known = fold_labellers(args.folds) if args.folds else {}
    for name in args.sets:
        pages = list(records(args.corpora, name))[:: args.every]
        for source in args.inputs:
            wanted = [page for page in pages if source == "html" or source in page["dumps"]]
            for label, extractor in extractors(source, known, peers=args.peers).items():
                print(row(source, name, wanted, label, extractor), flush=True)


def records(corpora: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(corpora / "extraction-dev" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as found:
        yield from map(json.loads, found)


def fold_labellers(work: Path) -> dict[str, Labeller]:
    """For each host the labeller that was trained without it."""
    found = {}
    for hosts in sorted(work.glob("fold*.json")):
        known = load(hosts.with_suffix(".npz"))
        found |= dict.fromkeys(json.loads(hosts.read_text()), known)
    return found


def extractors(source: str, known: dict[str, Labeller], *, peers: bool) -> dict[str, Extractor]:
    """What is compared on an input, by name."""

    def ours(page: dict[str, Any], raw: str) -> str:
        host = (urlsplit(page.get("url") or "").hostname or page["outlet"]).removeprefix("www.")
        return stripped(raw, known.get(host) or shipped(), is_page=source == "html")

    others = page_peers() if source == "html" else {"as it is": lambda _, raw: raw}
    return {"copydesk": ours} | (others if peers else {})


def stripped(raw: str, known: Labeller, *, is_page: bool) -> str:
    text = lay_out(parse(raw)).text if is_page else raw
    document = Document("d", "d", "html" if is_page else "text", "utf-8", 0, "", text, 0)
    spans = page_spans([document], [raw], known) if is_page else text_spans([document], known)
    return replay(text, spans["d"])


def page_peers() -> dict[str, Extractor]:
    import justext
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def by_justext(page: dict[str, Any], raw: str) -> str:
        stoplist = justext.get_stoplist("German" if page["lang"] == "de" else "English")
        return "\n".join(p.text for p in justext.justext(raw.encode(), stoplist) if not p.is_boilerplate)

    return {
        "trafilatura": lambda _, raw: trafilatura.extract(raw, include_comments=False) or "",
        "trafilatura precision": lambda _, raw: (
            trafilatura.extract(raw, include_comments=False, favor_precision=True) or ""
        ),
        "trafilatura fast": lambda _, raw: trafilatura.extract(raw, include_comments=False, fast=True) or "",
        "resiliparse": lambda _, raw: extract_plain_text(HTMLTree.parse(raw), main_content=True, comments=False),
        "jusText": by_justext,
    }


def row(source: str, name: str, pages: list[dict[str, Any]], label: str, extractor: Extractor) -> str:
    """One line of the table."""
    began = time.process_time()
    texts = [extractor(page, page["html"] if source == "html" else page["dumps"][source]["text"]) for page in pages]
    spent = 1000 * (time.process_time() - began) / max(1, len(pages))
    golds = ["\n".join(p["text"] for p in page["gold"]["body_paragraphs"]) for page in pages]
    precision, recall = score(golds, texts)
    low = fmean(f1(*pair_score(tokens(gold), tokens(text))) < 0.8 for gold, text in zip(golds, texts, strict=True))
    figures = f"{f1(precision, recall):.4f} | {precision:.4f} | {recall:.4f} | {low:.3f} | {spent:.1f}"
    return f"| {source} | {name} | {len(pages)} | {label} | {figures} |"


def score(golds: list[str], texts: list[str]) -> tuple[float, float]:
    """Mean precision and recall over pages; where nothing is found there is no precision."""
    pairs = [pair_score(shingles(gold), shingles(text)) for gold, text in zip(golds, texts, strict=True)]
    found = [precision for precision, _ in pairs if precision is not None]
    return fmean(found or [0.0]), fmean(recall or 0.0 for _, recall in pairs)


def pair_score(gold: Counter[Any], found: Counter[Any]) -> tuple[float | None, float | None]:
    hit = (gold & found).total()
    return hit / found.total() if found else None, hit / gold.total() if gold else None


def f1(precision: float | None, recall: float | None) -> float:
    return 2 * precision * recall / (precision + recall) if precision and recall else 0.0


def shingles(text: str) -> Counter[Any]:
    found = re.findall(r"\w+", text)
    return Counter(tuple(found[at : at + 4]) for at in range(max(1, len(found) - 3)) if found)


def tokens(text: str) -> Counter[Any]:
    return Counter(re.findall(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+", text.casefold()))


if __name__ == "__main__":
    main()
