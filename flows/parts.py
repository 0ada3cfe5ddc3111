"""What a worker does with a part: its rooms one after the other, each from the store and into it.

A room whose part is made from what it would be made from now is passed by. Nothing in here imports Prefect.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import pyarrow as pa

from flows.limits import Timed, stop_clock
from flows.reading import KILLED, Spot, noted
from flows.settings import Settings
from tasks import dedupe, extract, group, ingest, publish, strip
from tasks.errors import CopydeskError, UnreadableError
from tasks.extract import Fact
from tasks.ingest import Block, Document, Ingested, Input, Job, Page, Quarantine, Sidecar, Slice
from tasks.stage import Settings as Section
from tasks.stage import Stage, to_rows, to_table, whole
from tasks.store import Receipt, Store, made_from
from tasks.strip import Likeness, Repeat, Span

Tables = Iterable[Any]
# Characters. What is known of the lines of 4.5 MB of text took strip 240 MB; in batches of 1 MB a part takes as long.
AT_ONCE = 2**20
# What is known of a document takes as much as that of so many characters, however short it is.
OVERHEAD = 1000


class Desk:
    """A part on the desk: each of its tables read once, and what a room just wrote not read back.

    Some of its documents may be known to kill whoever works on them: no room gets to see those.
    """

    def __init__(self, store: Store, part: str, killers: Collection[str] = ()) -> None:
        self.store = store
        self.part = part
        self.killers = killers
        self.held: dict[tuple[str, type], Sequence[Any] | pa.Table] = {}
        self.grouped: dict[tuple[str, type], Mapping[str, list[Any]]] = {}

    def table(self, stage: Stage, row: type) -> pa.Table:
        """A table of this part."""
        found = self.held.get((stage.name, row))
        if found is None:
            return self.store.read(stage, row, self.part)
        return found if isinstance(found, pa.Table) else to_table(row, found)

    def rows(self, stage: Stage, row: type) -> Sequence[Any]:
        """The rows of a table of this part."""
        key = (stage.name, row)
        if isinstance(self.held.get(key), pa.Table | None):
            self.held[key] = to_rows(row, self.table(stage, row))
        found: Sequence[Any] = self.held[key]
        return found

    def write(self, stage: Stage, tables: Tables, origin: str) -> tuple[Receipt, ...]:
        """Writes a stage's tables, given in the order in which the stage declares them.

        `inputs` comes last: a part whose inputs are there is there whole.
        """
        self.hold(stage, tables)
        last_of_all = sorted(stage.writes, key=lambda row: row is Input)
        return tuple(self.store.write(stage, row, self.part, self.held[stage.name, row], origin) for row in last_of_all)

    def hold(self, stage: Stage, tables: Tables) -> None:
        """Keeps a stage's tables for the rooms that follow."""
        for row, rows in zip(stage.writes, tables, strict=True):
            self.held[stage.name, row] = rows
            self.grouped.pop((stage.name, row), None)

    def by_document(self, stage: Stage, row: type) -> Mapping[str, list[Any]]:
        """The rows of a table, by document."""
        key = (stage.name, row)
        if key not in self.grouped:
            of: dict[str, list[Any]] = defaultdict(list)
            for found in self.rows(stage, row):
                of[found.doc_id].append(found)
            self.grouped[key] = of
        return self.grouped[key]

    def pages(self) -> Mapping[str, str]:
        """The markup of the documents that are pages."""
        return {page.doc_id: page.html for page in self.rows(ingest.STAGE, Page)}

    def documents(self, without: Iterable[Stage] = ()) -> Timed:
        """The documents of the part, without those that a stage put aside."""
        gone = self.gone(without).union(self.killers)
        return Timed(row for row in self.rows(ingest.STAGE, Document) if row.doc_id not in gone)

    def put_aside(self, without: Iterable[Stage] = ()) -> list[Quarantine]:
        """A row for each document that kills whoever works on it and that none of these stages put aside."""
        killers = set(self.killers) - self.gone(without)
        return [aside(row, "worker-died", KILLED) for row in self.rows(ingest.STAGE, Document) if row.doc_id in killers]

    def gone(self, stages: Iterable[Stage]) -> set[str]:
        """The documents that some stages put aside."""
        return {row.doc_id for stage in stages for row in self.rows(stage, Quarantine)}


class Room(NamedTuple):
    """A stage that works on one part: what it reads there, and how."""

    stage: Stage
    section: str
    reads: tuple[tuple[Stage, type], ...]
    work: Callable[[Desk, Any], Tables]


def label_part(desk: Desk, _: Section) -> Tables:
    """What a part's documents tell of their own segments, what of it their outlets may repeat, and how like articles
    it makes them."""
    pages, blocks = desk.pages(), desk.by_document(ingest.STAGE, Block)
    sidecars = desk.by_document(ingest.STAGE, Sidecar)

    def label(documents: Sequence[Document]) -> Sequence[Sequence[Any]]:
        spans, printings, likenesses = strip.label(documents, pages, blocks, sidecars)
        return [spans], printings, likenesses, []

    batches = [walled("strip", batch, label, width=4) for batch in batched(desk.documents(), pages)]
    spans, printings, likenesses, quarantine = joined([([], [], [], []), *batches])
    return whole(Span, spans), printings, likenesses, [*quarantine, *desk.put_aside()]


def strip_part(desk: Desk, settings: strip.StripSettings) -> Tables:
    """The spans of a part's documents, and those that are no articles."""
    labels, sidecars = desk.table(strip.LABEL, Span), desk.by_document(ingest.STAGE, Sidecar)
    repeats = desk.by_document(strip.LEARN, Repeat)
    repeated = {doc_id: frozenset(row.line for row in rows) for doc_id, rows in repeats.items()}
    likely = dict(desk.rows(strip.LABEL, Likeness))
    pages = desk.pages() if settings.rules else {}

    def settle(documents: Sequence[Document]) -> tuple[list[Any], list[Any]]:
        spans, quarantine = strip.settle(documents, labels, likely, pages, settings, sidecars, repeated)
        return [spans], quarantine

    batches = [walled("strip", batch, settle, width=2) for batch in batched(desk.documents((strip.LABEL,)), {})]
    spans, quarantine = joined([([], []), *batches])
    aside = [*desk.rows(strip.LABEL, Quarantine), *quarantine, *desk.put_aside(without=(strip.LABEL,))]
    return whole(Span, spans), aside


def batched(documents: Iterable[Document], pages: Mapping[str, str]) -> Iterator[Timed]:
    """The documents in batches of no more than what a room should hold all at once."""
    batch, size = Timed(), 0
    for document in documents:
        batch.append(document)
        size += OVERHEAD + len(document.text) + len(pages.get(document.doc_id, "")) // 8
        if size > AT_ONCE:
            yield batch
            batch, size = Timed(), 0
    if batch:
        yield batch


def joined(made: Iterable[Tables]) -> tuple[list[Any], ...]:
    """The tables of several batches, each as one."""
    return tuple(list(chain.from_iterable(tables)) for tables in zip(*made, strict=True))


def extract_part(desk: Desk, settings: extract.ExtractSettings) -> Tables:
    """The facts of a part's documents."""
    spans = desk.by_document(strip.STAGE, Span)
    pages, sidecars = desk.pages(), desk.by_document(ingest.STAGE, Sidecar)

    def read_metadata(documents: Sequence[Document]) -> Sequence[Sequence[Any]]:
        return (extract.extract(documents, spans, pages, sidecars, settings), [])

    return walled("extract", Timed(row for row in desk.documents() if row.doc_id in spans), read_metadata, width=2)


def sketch_part(desk: Desk, settings: dedupe.DedupeSettings) -> Tables:
    """The sketches of a part's articles."""
    documents = desk.documents(without=(strip.STAGE, extract.STAGE))
    spans, facts = desk.by_document(strip.STAGE, Span), desk.by_document(extract.STAGE, Fact)
    return (dedupe.sketch(documents, spans, facts, settings),)


def sign_part(desk: Desk, settings: group.GroupSettings) -> Tables:
    """What marks the events that a part's articles tell."""
    documents = desk.documents(without=(strip.STAGE, extract.STAGE))
    spans, facts = desk.by_document(strip.STAGE, Span), desk.by_document(extract.STAGE, Fact)
    return (group.sign(documents, spans, facts, settings),)


def walled(
    stage: str, documents: Sequence[Document], work: Callable[[Sequence[Document]], Sequence[Sequence[Any]]], width: int
) -> Tables:
    """What `work` makes of the documents, its last table being the quarantine.

    The wall: where a library crashes on one document, that document is put aside with the exception's name, and
    costs no other anything.
    """
    try:
        return work(documents)
    except CopydeskError:
        raise
    except Exception as wrong:  # noqa: BLE001  # the one wall: any library may raise anything on a hostile document
        if len(documents) == 1:
            return (*[[] for _ in range(width - 1)], [crashed(stage, documents[0], wrong)])
        middle = len(documents) // 2
        return joined(walled(stage, Timed(half), work, width) for half in (documents[:middle], documents[middle:]))


def crashed(stage: str, document: Document, wrong: Exception) -> Quarantine:
    """The row of a document that a stage's library crashed on."""
    return aside(document, f"{stage}-failed", f"{type(wrong).__name__}: {wrong}"[:500])


def aside(document: Document, reason: str, detail: str) -> Quarantine:
    """The quarantine row of a document that was read."""
    return Quarantine(document.doc_id, document.source, document.bytes, document.sha256, reason, detail)


DOCUMENTS = (ingest.STAGE, Document)
PAGES = (ingest.STAGE, Page)
BLOCKS = (ingest.STAGE, Block)
SIDECARS = (ingest.STAGE, Sidecar)
SPANS = (strip.STAGE, Span)
FACTS = (extract.STAGE, Fact)
LABELS = tuple((strip.LABEL, row) for row in (Span, Likeness, Quarantine))
REPEATS = (strip.LEARN, Repeat)
ASIDE = ((strip.STAGE, Quarantine), (extract.STAGE, Quarantine))
# Between the first room and the others lies a hall: what an outlet repeats is known when all parts are labelled.
FIRST = (Room(strip.LABEL, "", (DOCUMENTS, PAGES, BLOCKS, SIDECARS), label_part),)
OTHERS = (
    Room(strip.STAGE, "strip", (DOCUMENTS, PAGES, SIDECARS, *LABELS, REPEATS), strip_part),
    Room(extract.STAGE, "extract", (DOCUMENTS, PAGES, SIDECARS, SPANS), extract_part),
    Room(dedupe.SKETCH, "dedupe", (DOCUMENTS, SPANS, FACTS, *ASIDE), sketch_part),
    Room(group.SIGN, "group", (DOCUMENTS, SPANS, FACTS, *ASIDE), sign_part),
)
ROOMS = (*FIRST, *OTHERS)


def read(store: Store, job: Job, settings: Settings, killers: Collection[Spot] = ()) -> tuple[Receipt, ...]:
    """Makes the ingest tables of a job; what is known to kill its worker is put aside."""
    there = Ingested(*(store.rows(ingest.STAGE, row, job.part) for row in ingest.STAGE.writes)) if job.part else None
    with noted(store, job, killers) as bars:
        rows = ingest.ingest(job, settings.ingest, there, bars)
    desk = Desk(store, job.part or ingest.part_name(rows))
    return desk.write(ingest.STAGE, rows, made_from(ingest.STAGE, settings.ingest, ()))


def clean(
    store: Store, part: str, settings: Settings, rooms: Sequence[Room], killers: Collection[str] = ()
) -> tuple[Receipt, ...]:
    """Makes what some rooms say of a part; none where all is fresh.

    Documents that are known to kill their worker are put aside, which makes all of the part anew.
    """
    desk = Desk(store, part, killers)
    receipts: list[Receipt] = []
    for room in rooms:
        section, origin = section_of(room, settings), origin_of(room, store, part, settings)
        if killers or not store.is_fresh(room.stage, part, origin):
            receipts += desk.write(room.stage, worked(room, desk, section), origin)
    return tuple(receipts)


def worked(room: Room, desk: Desk, section: Any) -> Tables:
    """What a room makes of the part on the desk, within the time that a document may take."""
    try:
        return room.work(desk, section)
    finally:
        stop_clock()


def survives_step(store: Store, job: Job, settings: Settings, spot: Spot) -> bool:
    """True, if it comes back at all: reads nothing of a job but one document, and writes nothing."""
    with noted(store, job) as bars:

        def others(part: Slice, step: int) -> UnreadableError | None:
            wrong = bars(part, step)
            return UnreadableError("not-asked-for", "") if step % 2 and step != spot.step else wrong

        ingest.ingest(job, settings.ingest, None, others)
    return True


def survives(store: Store, part: str, settings: Settings, rooms: Sequence[Room], doc_ids: Collection[str]) -> bool:
    """True, if it comes back at all: works on some documents of a part, and writes nothing."""
    every = store.rows(ingest.STAGE, Document, part)
    desk = Desk(store, part, {row.doc_id for row in every}.difference(doc_ids))
    for room in rooms:
        desk.hold(room.stage, worked(room, desk, section_of(room, settings)))
    return True


def section_of(room: Room, settings: Settings) -> Section:
    """The settings that a room goes by; none that say anything where it goes by none."""
    section: Section = getattr(settings, room.section) if room.section else Section()
    return section


def origin_of(room: Room, store: Store, part: str, settings: Settings) -> str:
    """What a room's part would be made from now."""
    digests = [store.digest(stage, row, part) for stage, row in room.reads]
    return made_from(room.stage, section_of(room, settings), digests)


def is_clean(store: Store, part: str, settings: Settings, rooms: Sequence[Room] = ROOMS) -> bool:
    """Whether the part is fresh in every one of these rooms."""
    return all(store.is_fresh(room.stage, part, origin_of(room, store, part, settings)) for room in rooms)


def compose(store: Store, part: str, settings: Settings) -> tuple[Receipt, ...]:
    """Makes the published tables of a part that are not fresh."""
    origins = dict(uncomposed(store, part, settings))
    composed = publish.publish(store, part, origins)
    return tuple(store.write(publish.STAGE, row, part, rows, origins[row]) for row, rows in composed)


def uncomposed(store: Store, part: str, settings: Settings) -> Iterator[tuple[type, str]]:
    """The published tables of a part that are not fresh, each with what it would be made from now."""
    for row in publish.STAGE.writes:
        origin = publish.origin(store, part, row, settings.publish)
        found = store.footer(publish.STAGE, row, part)
        if found is None or found.made_from != origin:
            yield row, origin
