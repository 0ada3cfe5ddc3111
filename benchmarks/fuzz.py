"""Coverage-guided fuzzing of the rooms that see one document: ingest, and strip and extract on what comes out of it.

    python -m benchmarks.fuzz WORK [--only ingest|text|page] [--seconds 1200] [--seed 1]

Needs atheris (`uv pip install atheris`). WORK keeps the corpus, which a later leg goes on from, and `findings/`: an
input for each place at which something was raised, each promise that was broken, and each input that took long. A leg
prints how many inputs and documents it saw. `python -m benchmarks.fuzz WORK --again FILE` does one input once more.
"""

import argparse
import hashlib
import json
import os
import random
import re
import sys
import time
import traceback
from pathlib import Path

import atheris

# Not trafilatura and dateparser: watched, they take ten times as long, and most of what they do is in C.
with atheris.instrument_imports(include=["tasks", "warcio", "email"]):
    import warcio.archiveiterator  # noqa: F401  # loaded where it is used, which would be too late to be watched

    from tasks import dedupe, extract, group, ingest, strip

from benchmarks.hostile import BAD, GOOD
from tasks.ingest.discover import discover
from tasks.ingest.rows import Document, IngestSettings

# What a file's name decides is tried with everything: the first byte of an input chooses.
NAMES = ("a.txt", "a.html", "a.jsonl", "a.json", "a.csv", "a", "a.gz", "a.zip", "a.warc", "a.mhtml")
LIMITS = IngestSettings(max_unpacked=2**28)
SLOW = 5.0  # seconds of processor time over an input of a few kB
LARGEST = 6_000
TELL_EVERY = 200


class BrokenPromiseError(AssertionError):
    """A promise that did not hold."""


class Leg:
    """What a leg of fuzzing has seen."""

    def __init__(self, work: Path, only: str) -> None:
        self.work, self.only = work, only
        self.scratch = work / "scratch" / only
        self.seen = dict.fromkeys(("inputs", "documents", "articles", "put_aside", "findings"), 0)
        self.began = time.process_time()
        for folder in (self.scratch, work / "findings", self.corpus):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def corpus(self) -> Path:
        return self.work / "corpus" / self.only

    def take(self, raw: bytes) -> None:
        """Does one input, and keeps it where something is wrong with it."""
        began = time.process_time()
        try:
            self.clean(raw)
        except Exception as wrong:  # noqa: BLE001  # whatever is raised is what we look for
            self.keep(raw, f"{type(wrong).__name__}-{place_of(wrong)}", traceback.format_exc())
        if (taken := time.process_time() - began) > SLOW:
            self.keep(raw, "slow", f"{taken:.1f} s of processor time")
        self.seen["inputs"] += 1
        if self.seen["inputs"] % TELL_EVERY == 0:
            self.tell()

    def clean(self, raw: bytes) -> None:
        """One input through the rooms, and the promises held to it."""
        if self.only == "ingest":
            name = NAMES[raw[0] % len(NAMES)] if raw else NAMES[0]
            documents, pages = self.read(raw[1:], name)
        else:
            documents, pages = self.read(raw, "a.html" if self.only == "page" else "a.txt")
            for document in documents:
                self.label(document, pages)

    def read(self, raw: bytes, name: str) -> tuple[list[Document], dict[str, str]]:
        """The documents in the bytes."""
        path = self.scratch / name
        path.write_bytes(raw)
        job = ingest.Job(None, tuple(part for file in discover([path], 2**24) for part in file))
        rows = ingest.ingest(job, LIMITS)
        path.unlink()
        if not rows.documents and not rows.quarantine:
            raise BrokenPromiseError("an input that is neither a document nor put aside")
        held(len(rows.inputs) == 1, "an input that is not said to have been read")
        ids = [*(row.doc_id for row in rows.documents), *(row.doc_id for row in rows.quarantine)]
        held(len({*ids}) == len(ids), "a document that is in quarantine too")
        for row in rows.quarantine:
            f"{row.source} {row.detail}".encode()
            held(row.reason != "ingest-failed", f"{row.reason} {row.detail[:60]}")
        for document in rows.documents:
            document.text.encode()
            held(bool(document.text.strip()), "a document that shows nothing")
        self.seen["documents"] += len(rows.documents)
        self.seen["put_aside"] += len(rows.quarantine)
        return rows.documents, {row.doc_id: row.html for row in rows.pages}

    def label(self, document: Document, pages: dict[str, str]) -> None:
        """One document through strip, extract and what follows."""
        spans, aside = strip.strip([document], pages, strip.StripSettings())
        covered = "".join(document.text[span.start : span.end] for span in spans)
        held(covered == document.text, "spans that do not cover the text once and in order")
        facts = extract.extract([document], {document.doc_id: spans}, pages, {}, extract.ExtractSettings())
        for fact in facts:
            held(bool(fact.value) and fact.value == fact.value.strip(), f"an empty {fact.field}")
            is_in = fact.start is None or fact.end is None or 0 <= fact.start < fact.end <= len(document.text)
            held(is_in and (fact.start is None) == (fact.end is None), f"{fact.field} out of it")
            fact.value.encode()
        by_document = {document.doc_id: spans}, {document.doc_id: facts}
        dedupe.sketch([document], *by_document, dedupe.DedupeSettings())
        group.sign([document], *by_document, group.GroupSettings())
        self.seen["articles"] += not aside

    def keep(self, raw: bytes, name: str, told: str) -> None:
        """Keeps an input that something is wrong with, one a place."""
        place = self.work / "findings" / re.sub(r"[^\w.-]+", "_", f"{self.only}-{name}")[:150]
        if name == "slow":
            place = place.with_name(f"{place.name}-{hashlib.sha256(raw).hexdigest()[:8]}")
        if not place.exists() or len(raw) < place.stat().st_size:
            place.write_bytes(raw)
            place.with_name(place.name + ".why").write_text(told)
        self.seen["findings"] += 1

    def tell(self) -> None:
        """Writes down what was seen: libFuzzer ends the process without asking anybody."""
        told = {"only": self.only, "seconds": round(time.process_time() - self.began), **self.seen}
        (self.work / f"leg-{os.getpid()}.json").write_text(json.dumps(told))


def held(promise: bool, broken: str) -> None:
    """Raises BrokenPromiseError where a promise does not hold."""
    if not promise:
        raise BrokenPromiseError(broken)


def place_of(wrong: BaseException) -> str:
    """Where in our code, or else at all, something was raised."""
    frames = traceback.extract_tb(wrong.__traceback__)
    ours = [frame for frame in frames if "/tasks/" in frame.filename]
    frame = (ours or frames)[-1]
    what = str(wrong) if isinstance(wrong, BrokenPromiseError) else frame.name
    return f"{Path(frame.filename).parent.name}.{Path(frame.filename).stem}-{what}"


def plant(corpus: Path, only: str, seed: int) -> None:
    """Fills an empty corpus with small files of every kind."""
    for kind, make in {**GOOD, **BAD}.items():
        raw = make(random.Random(f"{seed} {kind}"))[:LARGEST]
        ending = kind.partition(".")[2]
        if only == "ingest":
            number = next((place for place, name in enumerate(NAMES) if name == f"a.{ending}"), 5)
            raw = bytes([number]) + raw
        if only == "ingest" or ending in ("txt", "html", "xhtml"):
            (corpus / f"{seed}-{kind}").write_bytes(raw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--only", choices=("ingest", "text", "page"), default="ingest")
    parser.add_argument("--seconds", type=int, default=1_200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", type=Path, metavar="FILE")
    given = parser.parse_args()
    leg = Leg(given.work, given.only)
    if given.again:
        leg.clean(given.again.read_bytes())
        return
    plant(leg.corpus, given.only, given.seed)
    options = (f"-max_total_time={given.seconds}", f"-max_len={LARGEST}", "-rss_limit_mb=3500", "-timeout=120")
    os.chdir(given.work)  # where libFuzzer leaves the input that ended it
    atheris.Setup([sys.argv[0], *options, f"-seed={given.seed}", "-print_final_stats=1", str(leg.corpus)], leg.take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
