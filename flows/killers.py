"""Documents that kill whoever works on them: found by halving their part, and put aside; the others come through.

Each worker that dies here dies twice: once in company, once alone. A part of 4,000 documents takes twelve halvings.
"""

from collections.abc import Sequence
from itertools import chain

from flows import parts
from flows.each import Each
from flows.settings import Settings
from flows.workers import Died, survived
from tasks import ingest
from tasks.ingest import Document
from tasks.store import Store


def clean(each: Each, store: Store, names: Sequence[str], settings: Settings) -> None:
    """Cleans the parts of these names; a document that kills its worker goes to quarantine.

    Raises CopydeskError where a part kills its worker and no document of it does so alone.
    """
    results = each("strip and extract", parts.clean, [(store, part, settings) for part in names])
    deadly = [part for part, result in zip(names, results, strict=True) if isinstance(result, Died)]
    for part in deadly:
        jobs = [(store, part, settings, frozenset(killers(each, store, part, settings)))]
        survived(each("put aside what kills workers", parts.clean, jobs))


def killers(each: Each, store: Store, part: str, settings: Settings) -> list[str]:
    """The documents of a part that kill their worker even alone."""
    column = store.read(ingest.STAGE, Document, part, ["doc_id"]).column("doc_id")
    suspects: list[list[str]] = [column.to_pylist()]
    found: list[str] = []
    while suspects:
        halves = list(chain.from_iterable(map(halved, suspects)))
        results = each("look for what kills workers", parts.survives, [(store, part, settings, ids) for ids in halves])
        deadly = [ids for ids, result in zip(halves, results, strict=True) if isinstance(result, Died)]
        found += [ids[0] for ids in deadly if len(ids) == 1]
        suspects = [ids for ids in deadly if len(ids) > 1]
    return found


def halved(ids: list[str]) -> list[list[str]]:
    """The two halves of a list; the list itself where it has but one."""
    middle = len(ids) // 2
    return [half for half in (ids[:middle], ids[middle:]) if half]
