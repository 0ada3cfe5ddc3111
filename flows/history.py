"""What earlier runs brought, and whether today's figures are like theirs.

    <data>/runs/<day and time, to the microsecond>-<snapshot>/summary.json and report.html

A run that published nothing leaves no folder, so a folder polled every minute has as many as there was news.
"""

import json
import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from flows.clean import clean
from flows.each import Each
from flows.figures import Figures, Removed, Told, figures, shares
from flows.journal import kept, tell, warn
from flows.settings import Settings
from flows.summary import Summary
from flows.workers import survived
from tasks.errors import CopydeskError
from tasks.ingest import Given, absolute
from tasks.places import is_url
from tasks.publish import current

LAST = 10  # runs that today is compared with
ENOUGH = 5  # fewer say nothing of what is usual
SLACK = 0.05  # a share may leave the range of the last runs by so much
SILENCE = 2.0  # times the longest pause between them


class Past(NamedTuple):
    """An earlier run: when, and what it brought."""

    at: datetime
    figures: Figures


def clean_and_record(
    sources: Sequence[Given], data: Path, settings: Settings, each: Each
) -> tuple[Summary, Figures | None]:
    """Cleans, publishes, and records what the run brought, with a page to look at; as `clean` and `record`."""
    with kept(settings.run.log):
        try:
            told, found = recorded(sources, data, settings, each)
        except CopydeskError as wrong:
            warn(f"failed: {wrong}", failed=type(wrong).__name__)
            raise
        news = "published a new snapshot" if told.is_new else "nothing changed"
        said = f"{news}: {told.articles:,} articles of {told.documents:,} documents in {told.stories:,} stories"
        tell(said, **told.as_dict())
    return told, found


def recorded(sources: Sequence[Given], data: Path, settings: Settings, each: Each) -> tuple[Summary, Figures | None]:
    """As `clean_and_record`, with no word about it."""
    before = current(data)
    summary = clean(sources, data, settings, each)
    told, found = record(data, before, summary, datetime.now(UTC), sources)
    if told.run and settings.run.report:
        [page] = survived(each("report", report_page, [(data, told.run)]))
        told = told._replace(report=page)
    return told, found


def report_page(data: Path, run: str) -> Path:
    """Writes the report of a run."""
    from flows.report import write

    return write(data, run)


def record(
    data: Path, before: Path | None, summary: Summary, now: datetime, sources: Sequence[Given] = ()
) -> tuple[Summary, Figures | None]:
    """The summary with the run's name and what is unusual, and the figures, kept in the run's folder.

    `before` is the snapshot that was current before the run; `now` in UTC. No figures where nothing was published.
    """
    past = last_runs(data)
    if not summary.is_new:
        return summary._replace(warnings=tuple(silence(past, now))), None
    found = figures(before, summary.snapshot)
    name = f"{now:%Y-%m-%dT%H%M%S.%f}-{summary.snapshot.name}"
    told = summary._replace(run=name, warnings=tuple(unusual(past, found)))
    folder = data / "runs" / str(told.run)
    folder.mkdir(parents=True, exist_ok=True)
    given = sorted(map(absolute, sources))
    about = {**told.as_dict(), "at": now.isoformat(), "figures": found._asdict(), "sources": given}
    (folder / "summary.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told, found


def last_runs(data: Path) -> list[Past]:
    """The last runs that brought documents, the oldest first.

    A snapshot is new without any where rules have changed or parts were joined: such a run says nothing of the days.
    """
    newest_first = sorted((data / "runs").glob("*/summary.json"), reverse=True)
    found = islice((run for run in map(read, newest_first) if run.figures.documents), LAST)
    return list(found)[::-1]


def known_sources(data: Path) -> list[Given]:
    """The files, folders and URLs that earlier runs read, each once; paths only if they are still there."""
    runs = (json.loads(path.read_text(encoding="utf-8")) for path in (data / "runs").glob("*/summary.json"))
    known = {source for run in runs for source in run.get("sources", ())}
    return sorted(source for source in known if is_url(source) or Path(source).exists())


def read(path: Path) -> Past:
    """A run as it was recorded."""
    about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    brought = about["figures"]
    rules, stories = [Removed(*row) for row in brought["rules"]], [Told(*row) for row in brought["stories"]]
    return Past(datetime.fromisoformat(about["at"]), Figures(**{**brought, "rules": rules, "stories": stories}))


def unusual(past: Sequence[Past], today: Figures) -> Iterator[str]:
    """What leaves the range of the last runs, in words; nothing while there are too few of them."""
    if len(past) < ENOUGH or not today.documents:
        return
    counts = [run.figures.documents for run in past]
    slack = statistics.median(counts) / 2
    if not min(counts) - slack <= today.documents <= max(counts) + slack:
        yield f"{today.documents:,} new documents; the last {len(past)} runs had {min(counts):,} to {max(counts):,}"
    for name, share in shares(today).items():
        known = [shares(run.figures)[name] for run in past]
        if not min(known) - SLACK <= share <= max(known) + SLACK:
            yield f"{name} {share:.1%}; the last {len(past)} runs had {min(known):.1%} to {max(known):.1%}"


def silence(past: Sequence[Past], now: datetime) -> Iterator[str]:
    """That nothing new has come for longer than is usual, in words."""
    if len(past) < ENOUGH:
        return
    longest = max(later.at - earlier.at for earlier, later in pairwise(past))
    if now - past[-1].at > SILENCE * longest:
        yield f"no new documents since {past[-1].at:%Y-%m-%d %H:%M}; the last runs were at most {longest} apart"
