"""Index: which documents hold which hashes, and from that the pairs that may be copies.

The work is a join in DuckDB that spills to disk. Documents are numbered from the fullest to the shortest, ties by
doc_id, so that nothing depends on the order in which they came.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tasks.dedupe.rows import DedupeSettings

COMMON = 16  # a hash in more documents pairs each of them with the HUBS fullest only: no quadratic blow-up
HUBS = 8
ROUNDS = 2
ERRORS = 2.5  # standard errors of a sampled containment that a candidate may lie below the threshold
SAME_TEXT = 0.3  # weight of a document's hashes that must be another's, to count both once for their outlet

NUMBERED = """
create table docs as
select (row_number() over (order by words desc, doc_id) - 1)::integer as n, doc_id, part, source, mtime_ns,
    outlet, agency, published, url, words, dense_rank() over (order by coalesce(outlet, ''))::integer as house,
    mtime_ns < max(mtime_ns) over (partition by source) as outdated, len(hashes)::integer as size, hashes
from (select *, parse_filename(filename, true) as part from read_parquet(?, filename = true))
"""
POSTINGS = """
create table postings as select unnest(hashes) as hash, n, house from docs where not outdated;
alter table docs drop column hashes;
"""
# Of a hash that an outlet repeats, `first` is the fullest document with it. A document most of whose weight goes to one
# fuller document is counted as that one: a story that a paper printed four times is no boilerplate.
REPEATED = """
create table repeated as
select house, hash, count(*)::integer as often, min(n) as first from postings
group by house, hash having count(*) >= getvariable('repeats');
create table houses as select house, count(*) as articles from docs where not outdated group by house;
create table held as
select n, house, hash, first, ln((articles + 1) / often) as weight
from postings join repeated using (house, hash) join houses using (house);
create table boilerplate (house integer, hash bigint);
"""
LEADERS = """
with votes as (
    select n, first, sum(weight) as weight from held anti join boilerplate using (house, hash) group by n, first
), repeating as (
    select n, count(*) as hashes, sum(weight) filter (boilerplate.hash is null) as weight
    from held left join boilerplate using (house, hash) group by n
)
select n, arg_max(first, votes.weight) as leader
from votes join repeating using (n) join docs using (n) join houses using (house) where first < n group by n
having max(votes.weight) >= getvariable('same') * any_value(repeating.weight + (size - hashes) * ln(articles + 1))
order by n
"""
BOILERPLATE = """
create or replace table boilerplate as
select house, hash from held join leaders using (n)
group by house, hash having count(distinct leader) >= getvariable('repeats');
"""
KEPT = """
create table kept as select hash, n from postings anti join boilerplate using (house, hash);
create table sizes as select n, count(*) as size from kept group by n;
"""
PAIRS = """
with counted as (
    select hash, n, count(*) over (partition by hash) as often,
        row_number() over (partition by hash order by n) as place
    from kept
), shared as (select * from counted where often > 1), met as (
    select fuller.n as a, other.n as b, count(*)::integer as hashes
    from shared as fuller join shared as other on fuller.hash = other.hash and fuller.n < other.n
    where fuller.often <= getvariable('common') or fuller.place <= getvariable('hubs') group by a, b
)
select a, b, hashes, least(fuller.size, other.size)::integer as fewer
from met join sizes as fuller on fuller.n = a join sizes as other on other.n = b
where hashes >= fewer * getvariable('containment') - getvariable('slack') * sqrt(fewer)
order by a, b
"""


class Pairs(NamedTuple):
    """Pairs of documents that may be copies, by number, `a` the fuller; and the share of sampled shingles in common."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    share: NDArray[np.float64]


@contextmanager
def opened(sketches: Sequence[Path], settings: DedupeSettings, scratch: Path) -> Iterator[Any]:
    """A DuckDB connection that holds the numbered documents and their hashes, and spills into `scratch`."""
    import duckdb

    scratch.mkdir(parents=True, exist_ok=True)
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.memory_mb}MB",
        "temp_directory": str(scratch / "spilled"),
        "threads": 2,
    }
    share = settings.containment
    known = {"repeats": settings.repeats, "containment": share, "slack": ERRORS * (share * (1 - share)) ** 0.5}
    known |= {"same": SAME_TEXT, "common": COMMON, "hubs": HUBS}
    with duckdb.connect(config=limits) as base:
        for name, value in known.items():
            base.execute(f"set variable {name} = {value}")
        base.execute(NUMBERED, [[str(path) for path in sketches]])
        base.execute(POSTINGS)
        yield base


def drop_boilerplate(base: Any) -> None:
    """Marks the hashes that an outlet repeats, counted once a cluster of copies, and keeps the others."""
    import pyarrow as pa

    base.execute(REPEATED)
    ((documents,),) = base.execute("select count(*) from docs").fetchall()
    for _ in range(ROUNDS):
        found = base.execute(LEADERS).fetchnumpy()
        leaders = np.arange(documents, dtype=np.int32)
        for doc, leader in zip(found["n"].tolist(), found["leader"].tolist(), strict=True):
            leaders[doc] = leaders[leader]  # a leader is fuller, so its own is known by now
        base.register("leaders", pa.table({"n": np.arange(documents, dtype=np.int32), "leader": leaders}))
        base.execute(BOILERPLATE)
    base.execute(KEPT)


def candidates(base: Any) -> Pairs:
    """The pairs whose sketches let them be copies, judged a few standard errors below the threshold."""
    found = base.execute(PAIRS).fetchnumpy()
    return Pairs(found["a"], found["b"], found["hashes"] / np.maximum(found["fewer"], 1))
