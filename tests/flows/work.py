"""Steps for workers to take in tests."""

import os
import pickle
import signal
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def times(number: int, values):
    """The values times a number."""
    return number * values


def die_once(number: int, marker: Path) -> int:
    """Kills its worker the first time it is asked."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_if(number: int) -> int:
    """Kills its worker if the number is even."""
    if number % 2 == 0:
        os._exit(number)
    return number


def tables_at_hand() -> bool:
    """Whether a worker has what the stages load at their first document before it has seen one."""
    from tasks.extract.language import detector
    from tasks.group.places import places
    from tasks.strip.labeller import shipped

    return all(table.cache_info().currsize for table in (detector, places, shipped))


def take_memory(megabytes: int) -> str:
    try:
        return "taken" if bytearray(megabytes * 2**20) else ""
    except MemoryError as wrong:
        return type(wrong).__name__


def take_time(documents: tuple[float, ...]) -> int:
    """Works on each document for so many seconds of processor time; returns how many there were."""
    from flows.limits import Timed, stop_clock

    for seconds in Timed(documents):
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
    stop_clock()
    return len(documents)


def fail(message: str) -> None:
    raise ValueError(message)


def say_who_and_wait(place: Path) -> None:
    place.write_text(str(os.getpid()))
    time.sleep(600)


def loaded_modules() -> list[str]:
    import flows.corpus
    import flows.parts

    assert flows.corpus and flows.parts
    return list(sys.modules)


def deadly(documents: Path, word: str, chosen: frozenset[str] | None, killers: frozenset[str], packed: bytes):
    """The step and its job as packed; but where it would work on a document that holds the word, its worker is killed.

    `both` kills whoever works on two documents. Nothing is loaded that takes time before it is sure to be needed.
    """
    import pyarrow.parquet as pq

    rows = pq.read_table(documents, columns=["doc_id", "text"], partitioning=None).to_pylist()
    seen = [row for row in rows if row["doc_id"] not in killers and (chosen is None or row["doc_id"] in chosen)]
    if any(word in row["text"] for row in seen) or (word == "both" and len(seen) > 1):
        os.kill(os.getpid(), signal.SIGKILL)
    step, job = pickle.loads(packed)
    return step(*job)


def deadly_reading(word: str, packed: bytes):
    """The step and its job as packed; but where it would read or unpack what holds the word, its worker is killed."""

    def assassin(frame, event, _):
        if event == "call" and frame.f_code.co_name in ("read_raw", "read_record", "zip_member"):
            about = frame.f_locals
            if word.encode() in about["found"].raw if "found" in about else word in about["member"].filename:
                os.kill(os.getpid(), signal.SIGKILL)

    step, job = pickle.loads(packed)
    sys.setprofile(assassin)
    try:
        return step(*job)
    finally:
        sys.setprofile(None)
