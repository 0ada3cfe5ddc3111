"""Steps for workers to take in tests."""

import os
import signal
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def die_once(number: int, marker: Path) -> int:
    """Kills its worker the first time it is asked."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    os._exit(number)


def fail(message: str) -> None:
    raise ValueError(message)


def say_who_and_wait(place: Path) -> None:
    place.write_text(str(os.getpid()))
    time.sleep(600)


def loaded_modules() -> list[str]:
    import sys

    import flows.corpus
    import flows.parts

    assert flows.corpus and flows.parts
    return list(sys.modules)
