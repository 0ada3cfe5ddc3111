"""Runs that are killed at the n-th change to the file system. Run as a program, which forks a child for each run.

    python -m tests.flows.dying FOLDER RAW…

For chosen n: a run over each RAW folder in turn dies at its n-th change, a second one goes on. Prints a line for each n
after which the published bytes are not those of undisturbed runs; at last how many runs were killed.
"""

import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.conftest import PLAIN, clean

CHANGES = ("replace", "rename", "fsync", "link", "symlink", "unlink", "rmdir")
SAMPLE = 6


def die_at(number: int) -> None:
    """Kills this process as it is about to make its n-th change to the file system."""
    left = [number]

    def dying(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*given: object, **named: object) -> object:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*given, **named)

        return changed

    for name in CHANGES:
        setattr(os, name, dying(getattr(os, name)))


def in_a_child(does: Callable[[], object]) -> int:
    """Does it in a forked process; returns how that ended: 0, 1 for an exception, -9 where it was killed."""
    child = os.fork()
    if child == 0:
        try:
            does()
        except BaseException:  # noqa: BLE001  # the child must end here, whatever happened
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(data: Path, raw: Path, dies_at: int = 0) -> int:
    """A run, in a child."""

    def does() -> None:
        if dies_at:
            die_at(dies_at)
        clean(data, raw, settings=PLAIN)

    return in_a_child(does)


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def state(data: Path) -> list[dict[str, bytes]]:
    """All that is to be the same however often a run was killed: what is published, and the working parts."""
    return [content((data / "clean").resolve()), content(data / "store")]


def main(folder: Path, raws: Sequence[Path]) -> None:
    """Kills and goes on."""
    for raw in raws:
        clean(folder / "whole", raw, settings=PLAIN)  # here, so that what is loaded once is loaded for all children
    wanted = state(folder / "whole")
    killed, seed = 0, random.Random(2013)
    for number in sorted(seed.sample(range(1, 80), SAMPLE)):
        data = folder / str(number)
        for raw in raws:
            killed += run(data, raw, dies_at=number) == -signal.SIGKILL
            if run(data, raw) != 0:
                print(f"the run after change {number} failed")
        if state(data) != wanted:
            print(f"after a run that was killed at change {number}, the tables are others")
    print(f"{killed} killed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
