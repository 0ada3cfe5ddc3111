"""Scores `strip` and its peers on pages of known main text, as Markdown tables and a picture.

    python -m benchmarks.strip CORPORA [--folds WORK] [--inputs html full …] [--sets fundus …] [--every 4]
                               [--peers] [--no-extras] [--picture FILE.svg]

With `--folds`, each page is read by a labeller that has not seen its host: those that `benchmarks/train_strip.py`
left in WORK. All run in this process one after the other; times are processor time, to be read as ratios to
trafilatura's fast mode on the same pages.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from benchmarks.strip_peers import Peer, page_peers, text_peers
from benchmarks.strip_scores import LOW, PageScore, auc, f1, line_score, page_score, shingle_means, snippet_f1, total
from tasks.ingest import Document
from tasks.page import Layout, lay_out
from tasks.strip import Span, StripSettings, batch_of, cut_by_document, judged, page_labels, replay, text_labels
from tasks.strip.labeller import Labeller, load, shipped

DUMPS = ("full", "strings", "glued", "partial_trafilatura", "partial_resiliparse", "partial_readability")
YARDSTICK = "trafilatura fast"
OURS = "copydesk"
LEAST_PAGES = 5
BATCH = 100

Page = dict[str, Any]
Extractor = Callable[[Sequence[Page], Sequence[str]], list[str]]
Labellers = dict[str, Labeller]


class Result(NamedTuple):
    """What one extractor made of one input of one set."""

    source: str
    name: str
    label: str
    pages: Sequence[Page]
    texts: Sequence[str]
    milliseconds: float
    scores: Sequence[PageScore]

    @property
    def f1(self) -> float:
        return f1(*shingle_means(self.scores))


def main() -> None:
    asked = arguments()
    known = fold_labellers(asked.folds) if asked.folds else {}
    results = []
    heading(
        "Pages", "input", "set", "pages", "extractor", "shingle F1", "P", "R", "word F1", "under .80", "CPU ms", "×"
    )
    for name in asked.sets:
        pages = list(records(asked.corpora, name))[:: asked.every]
        for source in asked.inputs:
            some = list(compared(source, name, pages, extractors(source, known, peers=asked.peers)))
            results += some
            print("\n".join(row(one, fast_time(results, name)) for one in some), flush=True)
    print_lines([result for result in results if result.source != "html"])
    print_languages([result for result in results if result.label == OURS])
    if asked.extras:
        print_snippets(asked.corpora, asked.every, known, peers=asked.peers)
        print_articles(asked.corpora, asked.every, known)
    if asked.picture:
        draw(results, asked.picture)


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("corpora", type=Path)
    asked.add_argument("--folds", type=Path)
    asked.add_argument("--inputs", nargs="+", default=["html", *DUMPS])
    asked.add_argument("--sets", nargs="*", default=["fundus", "wcxb", "sites"])
    asked.add_argument("--every", type=int, default=1, help="take every n-th page only")
    asked.add_argument("--peers", action="store_true", help="run the peers too")
    asked.add_argument("--extras", action=argparse.BooleanOptionalAction, default=True, help="snippets, no articles")
    asked.add_argument("--picture", type=Path, help="draw the pages' table into this file (matplotlib)")
    return asked.parse_args()


def records(corpora: Path, name: str) -> Iterator[Page]:
    with gzip.open(corpora / "extraction-dev" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as found:
        yield from map(json.loads, found)


def fold_labellers(work: Path) -> Labellers:
    """For each host the labeller that was trained without it."""
    found: Labellers = {}
    for hosts in sorted(work.glob("fold*.json")):
        known = load(hosts.with_suffix(".npz"))
        found |= dict.fromkeys(json.loads(hosts.read_text()), known)
    return found


def of_page(page: Page, known: Labellers) -> Labeller:
    """The labeller that has not seen the page's host; the shipped one where there is none."""
    host = (urlsplit(page.get("url") or "").hostname or page["outlet"]).removeprefix("www.")
    return known.get(host) or shipped()


def extractors(source: str, known: Labellers, *, peers: bool) -> dict[str, Extractor]:
    """What is compared on an input, by name."""

    def ours(pages: Sequence[Page], raws: Sequence[str]) -> list[str]:
        return [replay(document.text, spans) for document, spans in labelled(pages, raws, known, source == "html")]

    others = {} if not peers else page_peers() if source == "html" else text_peers()
    return {OURS: ours, **{name: partial(one_by_one, peer) for name, peer in others.items()}}


def labelled(
    pages: Sequence[Page], raws: Sequence[str], known: Labellers, is_page: bool
) -> list[tuple[Document, list[Span]]]:
    """Each document with its spans, in batches as in a run."""
    layouts = [lay_out(raw, str(at)) if is_page else Layout(raw, ()) for at, raw in enumerate(raws)]
    documents = [
        Document(str(at), "d", "html" if is_page else "text", "", 0, "", layout.text, 0)
        for at, layout in enumerate(layouts)
    ]
    of = [of_page(page, known) for page in pages]
    found: dict[str, list[Span]] = {}
    for labeller in {id(one): one for one in of}.values():
        places = [at for at, one in enumerate(of) if one is labeller]
        for batch in (places[start : start + BATCH] for start in range(0, len(places), BATCH)):
            some = [documents[at] for at in batch]
            marked = {str(at): raws[at] for at in batch}
            blocks = {str(at): layouts[at].blocks for at in batch}
            made = page_labels(some, marked, blocks, labeller) if is_page else text_labels(some, labeller)
            found |= {one.doc_id: cut for one, cut in zip(some, cut_by_document(some, made.spans), strict=True)}
    return [(document, found[document.doc_id]) for document in documents]


def one_by_one(peer: Peer, pages: Sequence[Page], raws: Sequence[str]) -> list[str]:
    """What a peer makes of each document; empty where it raises."""
    return [attempted(peer, page, raw) for page, raw in zip(pages, raws, strict=True)]


def attempted(peer: Peer, page: Page, raw: str) -> str:
    try:
        return peer(raw, page.get("lang") or "")
    except Exception as wrong:  # noqa: BLE001  # a peer may raise anything, and its score says so
        print(f"<!-- {page['id']}: {type(wrong).__name__} -->")
        return ""


def compared(source: str, name: str, pages: Sequence[Page], tools: dict[str, Extractor]) -> Iterator[Result]:
    """What each extractor makes of the pages that have an input."""
    wanted = having(pages, source)
    golds = ["\n".join(part["text"] for part in page["gold"]["body_paragraphs"]) for page in wanted]
    for label, extractor in tools.items():
        texts, spent = timed(extractor, wanted, source)
        scores = [page_score(gold, text) for gold, text in zip(golds, texts, strict=True)]
        yield Result(source, name, label, wanted, texts, spent, scores)


def having(pages: Sequence[Page], source: str) -> list[Page]:
    """The pages that have an input."""
    return [page for page in pages if source == "html" or source in page["dumps"]]


def timed(extractor: Extractor, pages: Sequence[Page], source: str) -> tuple[list[str], float]:
    """What an extractor makes of the pages, and its processor time in milliseconds a page, the first one's aside."""
    raws = [page["html"] if source == "html" else page["dumps"][source]["text"] for page in pages]
    first = extractor(pages[:1], raws[:1])
    began = time.process_time()
    others = extractor(pages[1:], raws[1:])
    return [*first, *others], 1000 * (time.process_time() - began) / max(1, len(others))


def heading(title: str, *columns: str) -> None:
    print(f"\n### {title}\n\n| {' | '.join(columns)} |\n{'|---' * len(columns)}|")


def fast_time(results: Sequence[Result], name: str) -> float | None:
    """What trafilatura's fast mode took for a page of a set; None where it did not run."""
    return next((one.milliseconds for one in results if (one.label, one.name) == (YARDSTICK, name)), None)


def row(result: Result, fast: float | None) -> str:
    """One line of the table of pages."""
    precision, recall = shingle_means(result.scores)
    low = fmean([score.token_f1 < LOW for score in result.scores] or [0.0])
    ratio = f"{result.milliseconds / fast:.2f}" if fast else ""
    figures = f"{result.f1:.4f} | {precision:.4f} | {recall:.4f} | {mean_word_f1(result.scores):.4f} | {low:.1%}"
    where = f"| {result.source} | {result.name} | {len(result.pages)} | {result.label}"
    return f"{where} | {figures} | {result.milliseconds:.1f} | {ratio} |"


def mean_word_f1(scores: Sequence[PageScore]) -> float:
    return fmean([score.word_f1 for score in scores] or [0.0])


def print_lines(results: Sequence[Result]) -> None:
    """The table of lines: what is kept of the boilerplate, and lost of the content."""
    heading("Lines of the dumps", "input", "set", "extractor", "boilerplate kept", "content lost")
    for result in results:
        dumps = [page["dumps"][result.source] for page in result.pages]
        rows = zip(dumps, result.texts, strict=True)
        lines = total([line_score(dump["text"], dump["labels"], text) for dump, text in rows])
        kept, lost = lines.boilerplate_kept / max(1, lines.boilerplate), lines.content_lost / max(1, lines.content)
        print(f"| {result.source} | {result.name} | {result.label} | {kept:.2%} | {lost:.2%} |")


def print_languages(results: Sequence[Result]) -> None:
    """The table of languages that have pages enough, all sets together."""
    heading("Languages (mean token F1)", "input", "language", "pages", "token F1", "against all")
    for source in dict.fromkeys(result.source for result in results):
        every = [pair for one in results if one.source == source for pair in zip(one.pages, one.scores, strict=True)]
        whole = fmean([score.token_f1 for _, score in every] or [0.0])
        for language in sorted({page.get("lang") or "" for page, _ in every}):
            own = [score.token_f1 for page, score in every if (page.get("lang") or "") == language]
            if len(own) >= LEAST_PAGES:
                print(f"| {source} | {language} | {len(own)} | {fmean(own):.4f} | {fmean(own) - whole:+.4f} |")


def print_snippets(corpora: Path, every: int, known: Labellers, *, peers: bool) -> None:
    """The table of snippets on trafilatura's own pages, as pages and as text."""
    heading("Snippets (trafilatura's pages)", "input", "extractor", "pages", "F1", "precision", "recall")
    pages = list(records(corpora, "trafilatura"))[::every]
    for source in ("html", "full"):
        wanted = having(pages, source)
        for label, extractor in extractors(source, known, peers=peers).items():
            texts, _ = timed(extractor, wanted, source)
            found = snippet_f1([page["gold"] for page in wanted], texts)
            figures = " | ".join(f"{one:.4f}" for one in found)
            print(f"| {source} | {label} | {len(wanted)} | {figures} |", flush=True)


def print_articles(corpora: Path, every: int, known: Labellers) -> None:
    """The table of articles told from other pages; held-out figures are what `benchmarks/train_article.py` prints."""
    title = "Articles told from other pages, by a judge that has seen them"
    heading(title, "input", "articles", "others", "AUC", "articles lost", "others put aside")
    least = StripSettings().least_likeness
    for source in ("full", "html"):
        found = [alike(list(records(corpora, name))[::every], source, known) for name in ("wcxb", "wcxb_other")]
        lost, aside = (fmean([one < least for one in some] or [0.0]) for some in found)
        sizes = f"{len(found[0])} | {len(found[1])}"
        print(f"| {source} | {sizes} | {auc(*found):.4f} | {lost:.2%} | {aside:.1%} |", flush=True)


def alike(pages: Sequence[Page], source: str, known: Labellers) -> list[float]:
    """How like an article each page is."""
    raws = [(page, page["html"] if source == "html" else page["dumps"].get(source, {}).get("text")) for page in pages]
    wanted, given = zip(*[(page, raw) for page, raw in raws if raw], strict=True)
    found = labelled(wanted, given, known, source == "html")
    return [row.likeness for document, cut in found for row in judged(batch_of([document], [cut]))]


def draw(results: Sequence[Result], path: Path) -> None:
    """The shingle F1 of every extractor, a panel an input, as a picture."""
    from matplotlib.figure import Figure

    of_source = {source: [one for one in results if one.source == source] for source in {r.source: 0 for r in results}}
    rows = [len({one.label for one in some}) + 1 for some in of_source.values()]
    figure = Figure(figsize=(9, 0.8 + 0.26 * sum(rows)), layout="constrained")
    panels = figure.subplots(len(rows), 1, sharex=True, height_ratios=rows, squeeze=False)[:, 0]
    for panel, (source, some) in zip(panels, of_source.items(), strict=True):
        for sign, name in zip("osD^v", {one.name: 0 for one in some}, strict=False):
            own = [one for one in reversed(some) if one.name == name]
            panel.plot([one.f1 for one in own], [one.label for one in own], sign, label=name, markersize=6, alpha=0.8)
        panel.set_title(source, loc="left", fontsize=10)
        panel.grid(axis="x", alpha=0.3)
        panel.margins(y=0.3)
    panels[-1].set_xlabel("shingle F1")
    panels[0].legend(loc="lower left", fontsize=8)
    figure.savefig(path)


if __name__ == "__main__":
    main()
