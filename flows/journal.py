"""What a run does, told as it does it: a line of JSON a step for programs, and the log of the run in the Prefect UI.

A terminal sees bars instead (`progress`), and only what a person should know is told there in words.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAME = "copydesk"
LOG = logging.getLogger(NAME)
LOG.addHandler(logging.NullHandler())


class JsonLines(logging.Formatter):
    """A line of JSON for what is told: when, how grave, in words, and in figures."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "level": record.levelname.lower(), "said": record.getMessage()}
        return json.dumps(told | getattr(record, "about", {}), ensure_ascii=False, default=str)


@contextmanager
def kept(place: str) -> Iterator[None]:
    """Adds what is told to the end of a file for as long as the context lasts; `-` is standard error, empty nowhere."""
    LOG.setLevel(logging.INFO)
    if not place:
        yield
        return
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if place != "-":
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(place, encoding="utf-8")
    handler.setFormatter(JsonLines())
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()


def tell(said: str, **about: Any) -> None:
    """Tells what has been done, in words and in figures."""
    LOG.info(said, extra={"about": about})


def warn(said: str, **about: Any) -> None:
    """Tells what the person should know."""
    LOG.warning(said, extra={"about": about})
