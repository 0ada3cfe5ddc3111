"""Shows what `strip` takes of an outlet's boilerplate as the outlet's documents come one by one.

    python -m benchmarks.strip_templates CORPORA [--pages 12]

The documents are the articles of `dedup-dev/neardup.jsonl` that have an outlet's boilerplate around them, of all
outlets that have so many. A line is an outlet's own where ten of its documents have it. Each document is labelled when
it comes, and settled by what those of its outlet repeat up to then: by the labeller's labels, and as if it had kept
every line of a sentence's length, for it leaves next to none to find.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tasks.ingest import Document
from tasks.stage import to_rows, to_table
from tasks.strip import (
    KEPT,
    Printing,
    Span,
    StripSettings,
    batch_of,
    cut_by_document,
    judged,
    label,
    learn,
    printings,
    settle,
)
from tasks.text import words

PRINTED_OFTEN = 10
SENTENCE_WORDS = 8

Labels = Mapping[str, Sequence[Span]]


class Counts(NamedTuple):
    """Segments of some documents: the outlet's, those of them kept, the articles', those of them lost."""

    printed: int
    kept: int
    content: int
    lost: int


class Step(NamedTuple):
    """The same of one document: by its labels, by them and what is repeated, and if all sentences had been kept."""

    labels: Counts
    both: Counts
    sentences: Counts


def main() -> None:
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("corpora", type=Path)
    arg.add_argument("--pages", type=int, default=12)
    args = arg.parse_args()
    fed = [list(one_by_one(found, args.pages)) for found in outlets(args.corpora, args.pages)]
    print(f"\n### {len(fed)} outlets fed one by one\n")
    print("| document | its lines | kept by labels | after repeats | its sentences | after repeats | content lost |")
    print("|---|---|---|---|---|---|---|")
    for number, steps in enumerate(zip(*fed, strict=True), 1):
        total = Step(*(Counts(*map(sum, zip(*counts, strict=True))) for counts in zip(*steps, strict=True)))
        first, second, third = (f"{counts.kept / counts.printed:.1%}" for counts in total)
        lines, sentences = total.labels.printed, total.sentences
        lost = f"{sentences.lost} of {sentences.content}"
        print(f"| {number} | {lines} | {first} | {second} | {sentences.printed} | {third} | {lost} |")


def outlets(corpora: Path, pages: int) -> Iterator[list[dict[str, Any]]]:
    """The records of each outlet that has so many, in order, of copies of one article the first."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for line in (corpora / "dedup-dev" / "neardup.jsonl").open(encoding="utf-8"):
        record = json.loads(line)
        if record["wrapped"]:
            found.setdefault(record["outlet"], {}).setdefault(record["copy_cluster"] or record["doc_id"], record)
    yield from (list(records.values()) for records in found.values() if len(records) >= pages)


def one_by_one(records: Sequence[dict[str, Any]], pages: int) -> Iterator[Step]:
    """What becomes of each of an outlet's first documents when it comes."""
    printed = Counter(line for record in records for line in set(record["text"].split("\n")))
    own = {line for line, count in printed.items() if count >= PRINTED_OFTEN}
    documents = [
        Document(f"{number:016x}", f"{record['outlet']}/{number}.txt", "text", "", 0, "", record["text"], 0)
        for number, record in enumerate(records[:pages])
    ]
    cuts = cut_by_document(documents, label(documents, {}).spans)
    labels = {one.doc_id: cut for one, cut in zip(documents, cuts, strict=True)}
    kept = {one.doc_id: sentences_kept(one.text, labels[one.doc_id]) for one in documents}
    for number, newest in enumerate(documents, 1):
        both, sentences = (settled(documents[:number], some) for some in (labels, kept))
        first = counted(newest.text, labels[newest.doc_id], own)
        yield Step(first, counted(newest.text, both, own), counted(newest.text, sentences, own, SENTENCE_WORDS))


def sentences_kept(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with those kept that are as long as a sentence."""
    sizes = [len(words(text[span.start : span.end])) for span in spans]
    return [
        span._replace(kind="body") if size >= SENTENCE_WORDS else span for span, size in zip(spans, sizes, strict=True)
    ]


def settled(documents: Sequence[Document], labels: Labels) -> Sequence[Span]:
    """The spans of the last document in the light of all."""
    newest, settings = documents[-1], StripSettings(least_likeness=0)
    batch = batch_of(documents, [labels[one.doc_id] for one in documents])
    printing = {"part": to_table(Printing, printings(batch, {}, {}))}
    rows = [row for _, found in learn(printing, settings) for row in found.to_pylist()]
    repeated = frozenset(row["line"] for row in rows if row["doc_id"] == newest.doc_id)
    found, _ = settle([newest], batch.spans, dict(judged(batch)), {}, settings, {}, {newest.doc_id: repeated})
    return to_rows(Span, found)


def counted(text: str, spans: Sequence[Span], own: set[str], least: int = 1) -> Counts:
    """The segments of a document that have so many words, each the outlet's or the article's, kept or not."""
    shown = [(text[span.start : span.end].strip(), span.kind in KEPT) for span in spans]
    told = Counter((line in own, is_kept) for line, is_kept in shown if len(words(line)) >= least)
    kept, lost = told[True, True], told[False, False]
    return Counts(kept + told[True, False], kept, lost + told[False, True], lost)


if __name__ == "__main__":
    main()
