"""What a run's journal (`--run.log`) and its Prefect server tell of it: seconds a step, and task runs."""

import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

from flows.schedule import TASK_RUNS_A_STAGE

# The steps that work document by document: their jobs are parts.
BY_DOCUMENT = ("ingest", "label", "strip and extract", "compose")


class Step(NamedTuple):
    """A step of a run and its wall time."""

    title: str
    seconds: float


def steps(log: Path) -> list[Step]:
    """The steps of a run, in order."""
    told = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [Step(line["step"], line["seconds"]) for line in told if "seconds" in line and "step" in line]


def by_document(log: Path) -> float:
    """The wall time of the steps that work document by document."""
    return sum(step.seconds for step in steps(log) if step.title in BY_DOCUMENT)


def task_runs(data: Path) -> int:
    """How many task runs the server of a data folder recorded."""
    with sqlite3.connect(f"file:{data / 'prefect' / 'prefect.db'}?mode=ro", uri=True) as base:
        return int(base.execute("select count(*) from task_run").fetchone()[0])


def most_task_runs(log: Path) -> int:
    """How many task runs these steps make at most, whatever they are given: of a million texts or more."""
    return sum(TASK_RUNS_A_STAGE if step.title in BY_DOCUMENT else 1 for step in steps(log))
