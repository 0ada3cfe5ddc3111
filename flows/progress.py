"""Progress: in a terminal a bar a stage, in the journal a line as a stage begins and ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flows.journal import tell, warn

bars: dict[str, Any] = {}


@contextmanager
def watched(title: str, of: int) -> Iterator[None]:
    """Tells of a stage of so many jobs, and shows a bar as long as the context lasts; nothing where there are none."""
    if not of:
        yield
        return
    began = time.perf_counter()
    tell(f"{title}: {of:,} to do", step=title, jobs=of)
    with shown(title, of):
        yield
    seconds = round(time.perf_counter() - began, 3)
    tell(f"{title}: done in {seconds:,.1f} s", step=title, jobs=of, seconds=seconds)


@contextmanager
def shown(title: str, of: int) -> Iterator[None]:
    """Shows a bar where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    with bar_of(title, of) as bars[title]:
        try:
            yield
        finally:
            del bars[title]


def bar_of(title: str, of: int) -> Any:
    """A bar that says how many jobs are done, since when, and how long the rest will take."""
    from rich import progress
    from rich.console import Console

    columns = (progress.BarColumn(), progress.MofNCompleteColumn(), progress.TimeElapsedColumn())
    left = progress.TimeRemainingColumn()
    bar = progress.Progress("{task.description:<18}", *columns, "left", left, console=Console(stderr=True))
    bar.add_task(title, total=of)
    return bar


def told(title: str) -> None:
    """Says that one more job of a stage is done."""
    if bar := bars.get(title):
        bar.advance(bar.task_ids[0])


def warned(text: str) -> None:
    """Says what the person should know, whether or not anybody watches."""
    print(f"copydesk: {text}", file=sys.stderr, flush=True)
    warn(text)
