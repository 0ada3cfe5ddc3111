"""What is done over the whole corpus: the stages that see every part, each sealed once all its parts are written."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flows.calls import Map
from flows.parts import ROOMS
from flows.settings import Settings
from tasks import dedupe, group, ingest, publish, strip
from tasks.dedupe import Fate
from tasks.ingest import Document
from tasks.stage import Stage
from tasks.store import Receipt, Store, made_from
from tasks.strip import Printing

Rows = Iterator[tuple[Any, ...]]

SCRATCH = ".scratch"
MANY = 10_000  # rows: to hand partitions out and in takes a second, as long as so many texts take to be compared


def nothing(_: Settings) -> list[str]:
    """Nothing: the store has all that decides."""
    return []


class Hall(NamedTuple):
    """A stage that sees every part: what it reads of each, how, and what decides its rows from outside the store.

    One that works on partitions can be given the map that does so.
    """

    title: str
    stage: Stage
    section: str
    reads: tuple[tuple[Stage, type], ...]
    work: Callable[..., Rows]
    outside: Callable[[Settings], list[str]] = nothing
    in_partitions: bool = False


def learn_repeats(store: Store, settings: Settings) -> Rows:
    """For every part, the lines of its documents that their outlets repeat."""
    names = store.parts(ingest.STAGE, Document)
    printings = {part: store.read(strip.LABEL, Printing, part) for part in names}
    yield from strip.learn(printings, settings.strip)


def find_copies(store: Store, settings: Settings, each: Map = map) -> Rows:
    """For every part, the relations and fates of its documents."""
    scratch = store.root / SCRATCH
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        yield from dedupe.dedupe(store, settings.dedupe, scratch, each)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def held_against(settings: Settings) -> list[str]:
    """What decides which documents are copies of another corpus's."""
    return dedupe.outside(settings.dedupe)


def find_stories(store: Store, settings: Settings, each: Map = map) -> Rows:
    """For every part, its stories, members and relations."""
    try:
        yield from group.group(store, settings.group, each)
    finally:
        shutil.rmtree(store.root / group.SPILL, ignore_errors=True)


def count_copies(store: Store, _: Settings) -> Rows:
    """For every part, how many documents are folded into each of its own."""
    yield from publish.tally(store)


LEARN = Hall("learn what outlets repeat", strip.LEARN, "strip", ((strip.LABEL, Printing),), learn_repeats)
DEDUPE = Hall(
    "dedupe",
    dedupe.STAGE,
    "dedupe",
    tuple((dedupe.SKETCH, row) for row in dedupe.SKETCH.writes),
    find_copies,
    held_against,
    in_partitions=True,
)
GROUP = Hall(
    "group",
    group.STAGE,
    "group",
    (*((group.SIGN, row) for row in group.SIGN.writes), (dedupe.STAGE, Fate)),
    find_stories,
    in_partitions=True,
)
TALLY = Hall("count copies", publish.TALLY, "publish", ((dedupe.STAGE, Fate), (ingest.STAGE, Document)), count_copies)
# The first hall lies between the rooms, the others behind them.
BEHIND = (DEDUPE, GROUP, TALLY)
HALLS = (LEARN, *BEHIND)
STAGES = (
    ingest.STAGE,
    *(room.stage for room in ROOMS),
    *(hall.stage for hall in HALLS),
    dedupe.EVIDENCE,
    publish.STAGE,
)


def make(hall: Hall, store: Store, settings: Settings, *each: Map) -> tuple[Receipt, ...]:
    """Makes a stage's tables of all parts, and seals them; parts whose rows did not change keep their files.

    The old seal is broken first: half made for new settings, the tables are no longer those of the old ones either.
    """
    receipts: list[Receipt] = []
    section = getattr(settings, hall.section)
    store.unseal(hall.stage)
    for part, *tables in hall.work(store, settings, *each):
        receipts += [
            store.write(hall.stage, row, part, rows, made_from(hall.stage, section, ()))
            for row, rows in zip(hall.stage.writes, tables, strict=True)
        ]
    store.seal(hall.stage, origin_of(hall, store, settings))
    return tuple(receipts)


def is_large(hall: Hall, store: Store) -> bool:
    """Whether a stage reads so much that its partitions are worth handing out."""
    footers = (store.footer(stage, row, part) for stage, row in hall.reads for part in store.parts(stage, row))
    return hall.in_partitions and sum(footer.rows for footer in footers if footer) >= MANY


def origin_of(hall: Hall, store: Store, settings: Settings) -> str:
    """What the stage's tables would be made from now: every part of what it reads."""
    parts = store.parts(ingest.STAGE, Document)
    digests = [store.digest(stage, row, part) for stage, row in hall.reads for part in parts]
    return made_from(hall.stage, getattr(settings, hall.section), [*parts, *digests, *hall.outside(settings)])


def is_made(hall: Hall, store: Store, settings: Settings) -> bool:
    """Whether the stage's tables are made from what they would be made from now."""
    return store.sealed(hall.stage) == origin_of(hall, store, settings)
