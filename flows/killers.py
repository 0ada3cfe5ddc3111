"""Documents that kill whoever works on them: found, and put aside; the others come through.

What kills its reader is known by the note that was left; what kills a later room is found by halving its part.
Each worker that dies here dies twice: once in company, once alone. A part of 4,000 documents takes twelve halvings.
"""

from collections.abc import Sequence
from itertools import chain

from flows import parts
from flows.each import Each
from flows.reading import Spot, alone, last_step
from flows.settings import Settings
from flows.workers import Died, survived, too_deadly
from tasks import ingest
from tasks.ingest import Document, Job
from tasks.store import Store


def read(each: Each, store: Store, jobs: Sequence[Job], settings: Settings) -> None:
    """Reads the parts of a plan; an input that kills its worker goes to quarantine.

    Reading goes step by step and notes each, so the step that kills is known by the note that its worker left.
    """
    results = each("ingest", parts.read, [(store, job, settings) for job in jobs])
    for job, result in zip(jobs, results, strict=True):
        found: set[Spot] = set()
        while isinstance(result, Died):
            spot = last_step(store, job)
            if spot is None or spot in found or not kills(each, store, job, settings, spot):
                raise too_deadly([result], 1)
            found.add(spot)
            [result] = each("put aside what kills workers", parts.read, [(store, job, settings, frozenset(found))])


def kills(each: Each, store: Store, job: Job, settings: Settings, spot: Spot) -> bool:
    """Whether a step of a job kills its worker even alone."""
    only, place = alone(job, spot)
    [result] = each("look for what kills workers", parts.survives_step, [(store, only, settings, place)])
    return isinstance(result, Died)


def clean(
    each: Each, title: str, store: Store, names: Sequence[str], settings: Settings, rooms: Sequence[parts.Room]
) -> None:
    """Cleans those parts that are not fresh in some rooms; a document that kills its worker goes to quarantine.

    Raises CopydeskError where a part kills its worker and no document of it does so alone.
    """
    stale = [part for part in names if not parts.is_clean(store, part, settings, rooms)]
    results = each(title, parts.clean, [(store, part, settings, rooms) for part in stale])
    deadly = [part for part, result in zip(stale, results, strict=True) if isinstance(result, Died)]
    for part in deadly:
        jobs = [(store, part, settings, rooms, frozenset(killers(each, store, part, settings, rooms)))]
        survived(each("put aside what kills workers", parts.clean, jobs))


def killers(each: Each, store: Store, part: str, settings: Settings, rooms: Sequence[parts.Room]) -> list[str]:
    """The documents of a part that kill their worker even alone in some rooms."""
    column = store.read(ingest.STAGE, Document, part, ["doc_id"]).column("doc_id")
    suspects: list[list[str]] = [column.to_pylist()]
    found: list[str] = []
    while suspects:
        halves = list(chain.from_iterable(map(halved, suspects)))
        jobs = [(store, part, settings, rooms, ids) for ids in halves]
        results = each("look for what kills workers", parts.survives, jobs)
        deadly = [ids for ids, result in zip(halves, results, strict=True) if isinstance(result, Died)]
        found += [ids[0] for ids in deadly if len(ids) == 1]
        suspects = [ids for ids in deadly if len(ids) > 1]
    return found


def halved(ids: list[str]) -> list[list[str]]:
    """The two halves of a list; the list itself where it has but one."""
    middle = len(ids) // 2
    return [half for half in (ids[:middle], ids[middle:]) if half]
