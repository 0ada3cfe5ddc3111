"""Snapshots of made-up news: of as many documents as a test wants, the same each time, or of rows that it gives."""

import hashlib
import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import NamedTuple

from tasks.dedupe import Fate, Passage, Relation
from tasks.extract import Fact
from tasks.group import Member, Story
from tasks.ingest import Document, Quarantine
from tasks.publish import RECIPES, TABLES, Article, Tally, needed, publish_snapshot
from tasks.stage import schema, sorted_by, table_name, to_table
from tasks.store import write_parquet
from tasks.strip import Span

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu".split()
WORDS = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]
OUTLETS = ["The Morning Ledger", "Abendblatt am Fluss", "La Voz del Puerto", "صحيفة النهر", "河の新聞"]
FIRST_DAY = date(2024, 1, 1)
FILE_ROWS = 20_000

Piece = tuple[str, str, str]


class News(NamedTuple):
    """What the rooms wrote on made-up documents."""

    documents: list[Document]
    quarantine: list[Quarantine]
    spans: list[Span]
    facts: list[Fact]
    fates: list[Fate]
    relations: list[Relation]
    stories: list[Story]
    members: list[Member]
    tallies: list[Tally]


WRITTEN = (Document, Quarantine, Span, Fact, Fate, Relation, Story, Member, Tally)


def empty() -> News:
    """No news at all."""
    return News([], [], [], [], [], [], [], [], [])


def newsroom(count: int, seed: int = 1) -> News:
    """Made-up news of so many documents: articles, three on each event, every tenth a copy, every 25th put aside."""
    chance, news, events = random.Random(seed), empty(), []
    for number in range(count):
        source = f"news/{number:06}.txt"
        if number % 25 == 24:
            put_aside(news, source, ["empty", "no-article", "binary"][number % 3])
        elif number % 10 == 9:
            copy_of(news, events[-1][-1], source)
        else:
            if not events or len(events[-1]) == 3:
                events.append([])
            events[-1].append(write_article(news, source, chance, FIRST_DAY + timedelta(days=number % 90)))
    for ids in events:
        tell(news, ids)
    return news


def write_article(news: News, source: str, chance: random.Random, day: date) -> str:
    """Writes one made-up article into the news; returns its id."""
    outlet = chance.choice(OUTLETS)
    paragraphs = [sentence(chance, 60) for _ in range(chance.randint(3, 8))]
    return add(
        news,
        source,
        [
            (outlet, "outlet", "masthead"),
            (sentence(chance, 8), "title", "headline"),
            (f"{day:%d %B %Y}", "dateline", "date-line"),
            *[(paragraph, "body", "prose") for paragraph in paragraphs],
            ("Subscribe to our newsletter", "boilerplate", "newsletter"),
        ],
        {"outlet": outlet, "published": day.isoformat(), "language": "en"},
    )


def add(news: News, source: str, pieces: Sequence[Piece], values: dict[str, str] | None = None) -> str:
    """Adds a document of these pieces (text, kind, rule) and values to the news; returns its id."""
    text = "\n\n".join(piece for piece, _, _ in pieces)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    doc_id = hashlib.sha256(f"{source}\n{sha256}".encode()).hexdigest()[:16]
    news.documents.append(Document(doc_id, source, "text", "utf-8", len(text.encode()), sha256, text, 0))
    start = 0
    for piece, kind, rule in pieces:
        end = min(start + len(piece) + 2, len(text))
        news.spans.append(Span(doc_id, start, end, kind, rule, 0.9))
        if kind in ("title", "dateline"):
            field, value = ("title", piece) if kind == "title" else ("published", (values or {}).get("published", ""))
            fact = Fact(
                doc_id, field, value, start, start + len(piece), "text", None, f"{kind}-line", 0.9, True, "made"
            )
            news.facts.append(fact)
        start = end
    for field, value in (values or {}).items():
        if field != "published":
            news.facts.append(Fact(doc_id, field, value, None, None, "path", source, "given", 0.8, True, "made"))
    return doc_id


def copy_of(news: News, kept: str, source: str) -> None:
    """Adds a copy of a document: its text in another paper."""
    text = next(row.text for row in reversed(news.documents) if row.doc_id == kept)
    prefix = "From our correspondent"
    doc_id = add(news, source, [(prefix, "byline", "byline-line"), (text, "body", "prose")])
    shared = [Passage(len(prefix) + 2, 0, len(text))]
    news.relations.append(Relation(doc_id, kept, "copy", 0.98, 1.0, 0.97, shared, "all of its shingles"))
    news.fates.append(Fate(doc_id, kept))
    news.tallies.append(Tally(kept, 1))


def put_aside(news: News, source: str, reason: str) -> None:
    """Adds an input that is no article."""
    doc_id = hashlib.sha256(source.encode()).hexdigest()[:16]
    news.quarantine.append(Quarantine(doc_id, source, 12, "0" * 64, reason, "made so"))


def tell(news: News, ids: Sequence[str], headline: str | None = "An event") -> None:
    """Adds the story that these articles tell."""
    lead = ids[0]
    news.stories.append(Story(lead, lead, headline, FIRST_DAY, FIRST_DAY, len(ids), OUTLETS[:2], ["en"], ["Xo"], 0))
    for doc_id in ids:
        news.members.append(Member(doc_id, lead, "lead" if doc_id == lead else "coverage"))
        if doc_id != lead:
            news.relations.append(Relation(doc_id, lead, "same_story", 0.9, None, None, [], "the same names"))


def sentence(chance: random.Random, words: int) -> str:
    """A made-up sentence."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def publish(data: Path, news: News) -> Path:
    """Publishes the news as the snapshot under `data`; returns `data`."""
    files: dict[type, list[Path]] = {}
    written = {row: to_table(row, rows) for row, rows in zip(WRITTEN, news, strict=True)}
    needs = {row: needed(row, found) for row, found in written.items()} | {Article: schema(Article).empty_table()}
    tables = written | {row: recipe.composed(needs.__getitem__) for row, recipe in RECIPES.items()}
    for row in TABLES:
        whole = tables[row].sort_by([(name, "ascending") for name in sorted_by(row)])
        for start in range(0, max(1, whole.num_rows), FILE_ROWS):
            path = data / "store" / table_name(row) / f"{start:09}.parquet"
            write_parquet(path, row, whole.slice(start, FILE_ROWS), {})
            files.setdefault(row, []).append(path)
    publish_snapshot(data, files)
    return data
