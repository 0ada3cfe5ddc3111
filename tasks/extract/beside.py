"""Reads what came with a document and is not in it: its sidecar, its file's name, its address."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tasks.extract.outlets import Outlets, host_of
from tasks.extract.reading import Reading
from tasks.extract.stamps import in_path, stamp
from tasks.ingest import Sidecar

FIELDS = {
    "url": "url",
    "title": "title",
    "outlet": "outlet",
    "published": "published",
    "authors": "author",
    "language": "language",
}
TOLD = 0.97


def sidecar_readings(sidecars: Sequence[Sidecar]) -> Iterator[Reading]:
    """What the scraper knew; it was there, so it is believed before all else."""
    for one in sidecars:
        field = FIELDS.get(one.key)
        value = stamp(one.value) if field == "published" else one.value.strip()
        if field and value:
            yield Reading(field, value, TOLD, "sidecar", "given with the document", "sidecar", pointer=one.pointer)


def crawl_time(sidecars: Iterable[Sidecar], of_all: str) -> datetime | None:
    """When a document was crawled, by its sidecar or else by the setting, as wall clock; None where neither says."""
    told = [one.value for one in sidecars if one.key == "crawled"]
    found = next((value for raw in (*told, of_all) if raw and (value := stamp(raw))), None)
    return datetime.fromisoformat(found).replace(tzinfo=None) if found else None


def path_readings(source: str) -> Iterator[Reading]:
    """The day that the file's own name prints."""
    name = source.rsplit("/", 1)[-1]
    found = in_path(f"/{name}")
    if found:
        yield Reading(
            "published", found[0], 0.55, "file-name-date", "a day in the file's name", "path", pointer=found[1]
        )


def address_readings(readings: Iterable[Reading], outlets: Outlets) -> Iterator[Reading]:
    """What the document's addresses say: the host, the outlet there, the day in the path."""
    for one in readings:
        host = host_of(one.value) if one.field == "url" else None
        if not host:
            continue
        score = min(0.9, one.score)
        yield Reading("outlet_domain", host, score, "host", f"the host of {one.value}", "url", pointer=one.value)
        if name := outlets.at(host):
            yield Reading(
                "outlet", name, 0.9 * score + 0.08, "host", f"the table of outlets has {host}", "url", pointer=one.value
            )
        if found := in_path(one.value):
            yield Reading(
                "published",
                found[0],
                0.75 * score,
                "url-date",
                "a day in the address",
                "url",
                pointer=f"{one.value}: {found[1]}",
            )
