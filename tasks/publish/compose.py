"""A part's published rows, put together from what the other rooms wrote on its documents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tasks.dedupe import Fate, Relation
from tasks.errors import ContractError
from tasks.extract import Fact, chosen, moment
from tasks.group import Member
from tasks.ingest import Document, Quarantine
from tasks.publish.rows import Article, PublishedDocument, Status, Tally
from tasks.strip import Span, replay
from tasks.text import word_count


class Written(NamedTuple):
    """What the rooms wrote on the documents of a part, as far as a table is composed of it."""

    documents: Sequence[Document] = ()
    quarantine: Sequence[Quarantine] = ()
    spans: Sequence[Span] = ()
    facts: Sequence[Fact] = ()
    fates: Sequence[Fate] = ()
    relations: Sequence[Relation] = ()
    members: Sequence[Member] = ()
    tallies: Sequence[Tally] = ()


def articles(part: str, written: Written) -> list[Article]:
    """The articles of a part.

    Raises ContractError where a document would be lost: each is an article, a duplicate or in quarantine.
    """
    wanted = {row.doc_id for row in documents(part, written) if row.status == "article"}
    found = list(articles_of(written, wanted))
    missing = sorted(wanted ^ {row.doc_id for row in found})[:3]
    if missing:
        raise ContractError(f"stage publish, table articles, part {part}: {missing} are articles in one table only")
    return found


def documents(_: str, written: Written) -> list[PublishedDocument]:
    """The documents of a part with what became of them, and those that could not be read."""
    kept_as = {row.doc_id: row.kept_as for row in written.fates}
    aside = {row.doc_id for row in written.quarantine}
    known = {row.doc_id for row in written.documents}
    unread = [row for row in written.quarantine if row.doc_id not in known]
    return [*(filed(row, kept_as, aside) for row in written.documents), *map(unreadable, unread)]


def filed(row: Document, kept_as: Mapping[str, str], aside: set[str]) -> PublishedDocument:
    """A document with what became of it."""
    status: Status = "quarantined" if row.doc_id in aside else "duplicate" if row.doc_id in kept_as else "article"
    return PublishedDocument(*row[:7], status, kept_as.get(row.doc_id) if status == "duplicate" else None)


def unreadable(row: Quarantine) -> PublishedDocument:
    """The document of an input that could not be read."""
    return PublishedDocument(row.doc_id, row.source, None, None, row.bytes, row.sha256, None, "quarantined", None)


def articles_of(written: Written, wanted: set[str]) -> Iterator[Article]:
    """The articles of the documents that are wanted."""
    spans, facts = by_document(written.spans), by_document(written.facts)
    members = {row.doc_id: row for row in written.members}
    copies = {row.doc_id: row.copies for row in written.tallies}
    for row in written.documents:
        if row.doc_id not in wanted:
            continue
        if row.doc_id not in members:
            raise ContractError(f"stage group, table members: {row.doc_id} ({row.source}) is in no story")
        yield article(row, spans[row.doc_id], facts[row.doc_id], members[row.doc_id], copies.get(row.doc_id, 0))


def by_document(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    """The rows of each document."""
    of: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        of[row.doc_id].append(row)
    return of


def article(row: Document, spans: Sequence[Span], facts: Sequence[Fact], member: Member, copies: int) -> Article:
    """The article that a document's spans, facts and story make."""
    values = chosen(facts)
    first = {name: found[0] for name, found in values.items()}
    published = moment(first["published"]) if "published" in first else None
    modified = moment(first["modified"]) if "modified" in first else None
    text = replay(row.text, spans)
    return Article(
        doc_id=row.doc_id,
        source=row.source,
        url=first.get("url"),
        title=first.get("title"),
        text=text,
        outlet=first.get("outlet"),
        outlet_domain=first.get("outlet_domain"),
        agency=first.get("agency"),
        authors=values.get("author", []),
        published_on=published.on if published else None,
        published_at=published.at if published else None,
        published_utc=published.utc if published else None,
        published_precision=published.precision if published else None,
        modified_on=modified.on if modified else None,
        modified_at=modified.at if modified else None,
        language=first.get("language"),
        language_score=next((fact.score for fact in facts if fact.field == "language" and fact.chosen), None),
        words=word_count(text),
        story_id=member.story_id,
        story_role=member.story_role,
        copies=copies,
    )
