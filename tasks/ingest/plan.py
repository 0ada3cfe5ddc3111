"""What must be read: the files that are new, changed, or gone, a job a part. Nothing else is opened."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tasks.ingest.discover import Packed, Slice, shared, slices
from tasks.ingest.listing import UNLISTED, Given, distinct, folder_of, is_folder, prefix_of
from tasks.ingest.listing import found as listed
from tasks.ingest.measure import Measure, as_measured, measures, repeated
from tasks.ingest.rows import STAGE, IngestSettings, Input
from tasks.ingest.seen import Seen, State
from tasks.store import Store, made_from

# Records of one file are a nanosecond apart, so that the later of two with one id is the newer one.
SECOND = 10**9


class Job(NamedTuple):
    """A part to make: slices to read, into a new part or into the one that is named."""

    part: str | None
    slices: Sequence[Slice]
    drop: frozenset[str] = frozenset()
    """sources whose documents are to go"""
    elsewhere: tuple[str, ...] = ()
    """other parts that may hold documents of the same files: those are not to be read twice"""
    store: Store | None = None
    """where the other parts lie"""


def plan(given: Sequence[Given], store: Store, settings: IngestSettings) -> list[Job]:
    """The jobs of a run over the given files and folders; none where nothing changed.

    A file whose bytes changed is a new document in a new part. One whose bytes are those of an earlier state (it was
    touched, restored, grew by records, or its sidecar changed) is read again into the part that holds that state, and
    so are the files of a part that older rules or other settings made. A file that is gone keeps its documents,
    unless `mirror` is on; what is in a folder that cannot be listed is not gone.
    """
    clear_unfinished(store)
    seen = Seen(store)
    stale = stale_parts(store, settings)
    again: dict[str, list[Slice]] = {part: [] for part in stale}
    homes: dict[str, set[str]] = {}
    hidden: list[str] = []

    def fresh() -> Iterator[Slice]:
        for found in seen.changed(listed(given), stale):
            if found.stamp == UNLISTED:
                hidden.append(f"{found.source}/")
            file, states = slices(found, settings.part_bytes), seen.states(found.source)
            for home, part in placed(file, states, stale):
                if others := {state.part for state in states} - {home}:
                    homes[part.source] = others
                if home is None:
                    yield part
                else:
                    again.setdefault(home, []).append(part)

    new = [aware(Job(None, batch), homes, store) for batch in shared(fresh(), settings.part_bytes)]
    lost = dict(seen.gone(folders(given), tuple(hidden), unread_only=not settings.mirror))
    return [*(aware(job, homes, store) for job in amendments(again, lost)), *new]


def clear_unfinished(store: Store) -> None:
    """Removes the parts that a killed run left half written: their inputs, which come last, are missing."""
    done = set(store.parts(STAGE, Input))
    for part in {part for row in STAGE.writes for part in store.parts(STAGE, row)} - done:
        store.remove(STAGE, part)


def stale_parts(store: Store, settings: IngestSettings) -> set[str]:
    """The parts that older rules or other settings made."""
    origin = made_from(STAGE, settings, ())
    return {part for part in store.parts(STAGE, Input) if not store.is_fresh(STAGE, part, origin)}


def placed(file: list[Slice], states: Sequence[State], stale: Collection[str]) -> Iterator[tuple[str | None, Slice]]:
    """The slices of a file that must be read, each with the part that holds it; None for a part yet to be made."""
    stamp = hash(file[0].stamp)
    file = as_cut_before(file, [state for state in states if state.stamp == stamp])
    newest = {state.start: state for state in states}
    due = [part for part in file if is_due(newest.get(part.start), stamp, stale)]
    if not due:
        return
    measured = measures(file, states) if states or len(file) > 1 else {}
    again = repeated(file[0]) if len(file) > 1 else ()
    for part in due:
        found = as_measured(part, measured, again) if len(file) > 1 else part
        home = home_of(found, states, measured)
        is_newest = home is not None and home == newest[part.start] and home.end == part.end
        yield (
            (home.part if home else None),
            found._replace(mtime_ns=home.mtime_ns if home and is_newest else later(part.mtime_ns, states)),
        )


def as_cut_before(file: list[Slice], states: Iterable[State]) -> list[Slice]:
    """The slices of a file as they were cut when it was read as it is, so that another part size changes nothing."""
    before = sorted({(state.start, state.end) for state in states})
    edges = [0, *(end for _, end in before)]
    if not before or [start for start, _ in before] != edges[:-1] or edges[-1] != file[0].size:
        return file
    return [file[0]._replace(start=start, end=end) for start, end in before]


def is_due(newest: State | None, stamp: int, stale: Collection[str]) -> bool:
    """Whether a slice must be read: it is new, it changed, or the rules did."""
    return newest is None or newest.stamp != stamp or newest.part in stale


def home_of(part: Slice, states: Sequence[State], measured: Mapping[int, Measure]) -> State | None:
    """The newest state whose bytes the slice has still, or could not be read then; None where its bytes are new.

    A slice that goes on where an earlier one ended has its bytes too, if the file holds records: they are told by
    their edges. A file that is one document is another document when it is longer.
    """
    for state in reversed(states):
        if state.start != part.start:
            continue
        same = state.end == part.end or (state.end < part.end and part.start > 0)
        if not state.sha256 or (same and state.end in measured and measured[state.end].sha256 == state.sha256):
            return state
    return None


def later(mtime_ns: int, states: Iterable[State]) -> int:
    """The time of a file, moved behind all its earlier states: a restored file may bear an old time."""
    return max([mtime_ns, *(state.mtime_ns + SECOND for state in states)])


def folders(given: Iterable[Given]) -> tuple[str, ...]:
    """The beginnings of the sources under the folders that are given."""
    return tuple(prefix_of(folder_of(root)) for root in distinct(given) if is_folder(root))


def amendments(again: Mapping[str, list[Slice]], lost: Mapping[str, set[str]]) -> Iterator[Job]:
    """A job for each part that is there and must change."""
    for part in sorted({*again, *lost}):
        yield Job(part, tuple(again.get(part, ())), frozenset(lost.get(part, ())))


def aware(job: Job, homes: Mapping[str, set[str]], store: Store) -> Job:
    """The job, made small, with the other parts that may hold documents of its files."""
    others = {home for part in job.slices for home in homes.get(part.source, ())} - {job.part}
    small = job._replace(slices=Packed(job.slices))
    return small._replace(elsewhere=tuple(sorted(others)), store=store) if others else small
