"""A document as the report shows it: as it came, as it is published, and every fact read on the way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from flows.report.shelf import Shelf
from tasks.strip.kinds import KEPT

# Whatever a document may be called, a page shows no more of it than can be read at a glance.
DOCUMENTS = """
    select * exclude (sha256) replace (left(source, 300) as source, left(text, $most) as text),
        coalesce(length(text), 0) as characters
    from documents where doc_id in (select unnest($ids))
"""
ARTICLES = """
    select * exclude (published_utc) replace (
        left(title, 300) as title, left(outlet, 100) as outlet, [left(name, 100) for name in authors[:20]] as authors,
        left(text, $most) as text
    ), length(text) as characters
    from articles where doc_id in (select unnest($ids))
"""
SPANS = """
    select * from spans where doc_id in (select unnest($ids)) and start < $most order by doc_id, start
"""
FACTS = """
    select * replace (left(value, 300) as value, left(pointer, 100) as pointer, left(why, 300) as why)
    from facts where doc_id in (select unnest($ids))
    order by doc_id, field, chosen desc, score desc, value, start, pointer
"""
ASIDE = """
    select doc_id, reason, left(detail, 800) as detail from quarantine
    where doc_id in (select unnest($ids)) order by all
"""
TIES = """
    with ties as (
        select doc_id, other, kind, why, true as own from relations where doc_id in (select unnest($ids))
        union all
        select other, doc_id, kind, why, false from relations where other in (select unnest($ids))
    )
    select ties.* replace (left(why, 300) as why), left(coalesce(title, source), 300) as name
    from ties left join articles on articles.doc_id = ties.other
    order by own desc, kind, other
"""
# The order in which a reader asks for them.
FIELDS = ("title", "published", "modified", "outlet", "outlet_domain", "agency", "author", "language", "url")
TIES_SHOWN = 50
FACTS_SHOWN = 100


class Run(NamedTuple):
    """A stretch of a segment that reads the same throughout: the facts that were read in it, if any."""

    text: str
    facts: Sequence[Mapping[str, Any]]


class Segment(NamedTuple):
    """A stretch of the raw text with its kind; the white space around it is apart, for it bears no colour."""

    before: str
    runs: Sequence[Run]
    after: str
    kind: str
    rule: str
    score: float


class Paragraph(NamedTuple):
    """A paragraph of an article's text."""

    text: str
    is_heading: bool


class Card(NamedTuple):
    """All that is shown of a document; of its text and its article's, `characters` says how long they are whole."""

    document: Mapping[str, Any]
    article: Mapping[str, Any] | None
    segments: Sequence[Segment]
    paragraphs: Sequence[Paragraph]
    facts: Sequence[Mapping[str, Any]]
    aside: Sequence[Mapping[str, Any]]
    ties: Sequence[Mapping[str, Any]]

    @property
    def doc_id(self) -> str:
        """The document's id."""
        return str(self.document["doc_id"])

    @property
    def title(self) -> str:
        """What the document is called: its title, or where it lies."""
        best = next((fact["value"] for fact in self.facts if fact["field"] == "title" and fact["chosen"]), None)
        return str((self.article or {}).get("title") or best or self.document["source"])

    @property
    def outlet(self) -> str:
        """The outlet it was taken to be of; empty where none was."""
        best = next((fact["value"] for fact in self.facts if fact["field"] == "outlet" and fact["chosen"]), "")
        return str((self.article or {}).get("outlet") or best)

    @property
    def kept(self) -> float:
        """How much of the text that is shown went into the article, in percent."""
        size = {True: 0, False: 0}
        for segment in self.segments:
            size[segment.kind in KEPT] += sum(len(run.text) for run in segment.runs)
        return 100 * size[True] / max(1, sum(size.values()))

    @property
    def rules(self) -> list[str]:
        """The rules that labelled its segments."""
        return sorted({segment.rule for segment in self.segments})


def cards(shelf: Shelf, ids: Sequence[str], most: int) -> list[Card]:
    """The documents of these ids, in this order, each cut to so many characters."""
    documents = {row["doc_id"]: row for row in shelf.ask(DOCUMENTS, ids=ids, most=most)}
    articles = {row["doc_id"]: row for row in shelf.ask(ARTICLES, ids=ids, most=most)}
    spans = by_document(shelf.ask(SPANS, ids=ids, most=most))
    rest = [spans, *(by_document(shelf.ask(question, ids=ids)) for question in (FACTS, ASIDE, TIES))]
    return [card(documents[doc_id], articles.get(doc_id), [rows[doc_id] for rows in rest]) for doc_id in ids]


def by_document(rows: Sequence[dict[str, Any]]) -> defaultdict[str, list[dict[str, Any]]]:
    """The rows of each document."""
    of = defaultdict(list)
    for row in rows:
        of[row["doc_id"]].append(row)
    return of


def card(document: dict[str, Any], article: dict[str, Any] | None, rest: Sequence[list[Any]]) -> Card:
    """What is shown of one document."""
    spans, facts, aside, ties = rest
    text = document["text"] or ""
    facts = sorted(facts, key=lambda fact: FIELDS.index(fact["field"]))[:FACTS_SHOWN]
    segments = list(segmented(text, spans, facts))
    headings = {"".join(run.text for run in segment.runs) for segment in segments if segment.kind == "heading"}
    return Card(
        document,
        article,
        segments,
        list(paragraphs(article["text"] if article else "", headings)),
        facts,
        aside,
        ties[:TIES_SHOWN],
    )


def segmented(text: str, spans: Sequence[Mapping[str, Any]], facts: Sequence[Mapping[str, Any]]) -> Iterator[Segment]:
    """The text cut into its segments, and these into runs; one segment without a rule where no stage labelled it."""
    whole: list[dict[str, Any]] = [{"start": 0, "end": len(text), "kind": "unread", "rule": "", "score": 0.0}]
    placed = [fact for fact in facts if fact["start"] is not None]
    for span in joined(spans) if spans else whole:
        inner = text[span["start"] : span["end"]]
        if not inner:
            return
        start = span["start"] + len(inner) - len(inner.lstrip())
        end = max(start, span["start"] + len(inner.rstrip()))
        yield Segment(
            text[span["start"] : start],
            list(runs(text, start, end, placed)),
            text[end : span["end"]],
            span["kind"],
            span["rule"],
            span["score"],
        )


def joined(spans: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The spans, boilerplate of one rule in a row as one: a page's menu is one thing to a reader, not 200 stops."""
    for (kind, rule), row in groupby(spans, key=lambda span: (span["kind"], span["rule"])):
        if kind != "boilerplate":
            yield from map(dict, row)
            continue
        first, *rest = row
        last = rest[-1] if rest else first
        score = min(span["score"] for span in (first, *rest))
        yield {"start": first["start"], "end": last["end"], "kind": kind, "rule": rule, "score": score}


def runs(text: str, start: int, end: int, facts: Sequence[Mapping[str, Any]]) -> Iterator[Run]:
    """The stretch from start to end, parted where a fact begins or ends."""
    here = [fact for fact in facts if fact["start"] < end and fact["end"] > start]
    edges = {min(max(edge, start), end) for fact in here for edge in (fact["start"], fact["end"])}
    cuts = sorted({start, end} | edges)
    for one, other in pairwise(cuts):
        yield Run(text[one:other], [fact for fact in here if fact["start"] < other and fact["end"] > one])


def paragraphs(text: str, headings: set[str]) -> Iterator[Paragraph]:
    """The paragraphs of an article's text, those that were headings marked."""
    for paragraph in text.split("\n\n"):
        if paragraph:
            yield Paragraph(paragraph, paragraph in headings)


def day(when: date | datetime | None) -> str:
    """A day or moment as a newspaper prints it; what is not known is said to be.

    >>> day(datetime(2013, 5, 7, 19, 58)), day(None)
    ('7 May 2013, 19:58', 'undated')
    """
    if when is None:
        return "undated"
    clock = f", {when:%H:%M}" if isinstance(when, datetime) else ""
    return f"{when.day} {when:%B} {when.year}{clock}"
