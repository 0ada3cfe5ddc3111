"""copydesk as a person runs it: a command of its own, all of whose processes can be found again."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.conftest import ROOT

PATIENCE = 500  # seconds; a machine that is busy with other suites takes twenty times what a quiet one does


class Command:
    """A command that was started; what it starts inherits its mark, and is known by it."""

    def __init__(self, *words: Any, cwd: Path = ROOT, **environment: str) -> None:
        self.mark = f"COPYDESK_TEST_MARK={uuid4().hex}"
        name, _, value = self.mark.partition("=")
        kept = {key: word for key, word in os.environ.items() if not key.startswith("PREFECT_")}
        self.process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            cwd=cwd,
            env={**kept, "PYTHONPATH": str(ROOT), name: value, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> tuple[int, str, str]:
        """Its exit code, output and error output, once it has ended."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def processes(self, saying: str = "") -> list[int]:
        """The processes that it started and that live, itself included, whose command lines say this."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                marked = self.mark.encode() in (folder / "environ").read_bytes().split(b"\0")
                if marked and saying.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except (OSError, ProcessLookupError):
                continue
        return found

    def stop(self) -> None:
        """Kills whatever is left of it."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe
            pipe.close()


def copydesk(*words: Any, cwd: Path = ROOT, **environment: str) -> Command:
    """A copydesk command, started."""
    return Command("-m", "flows.command", *words, cwd=cwd, **environment)


def within(seconds: float, holds: Callable[[], Any]) -> Any:
    """What is found, once it is anything; empty-handed after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def ask(url: str, route: str, body: Any = None, method: str = "POST") -> Any:
    """What a Prefect server answers; asked again while its database is busy, as Prefect's own client does."""
    headers = {"Content-Type": "application/json"}
    data = None if method == "GET" else json.dumps(body or {}).encode()
    request = urllib.request.Request(f"{url}/{route}", data, headers, method=method)
    for wait in (1, 2, 4, 8, 16, 32, None):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = answer.read()
            break
        except urllib.error.HTTPError as wrong:
            if wrong.code != 503 or wait is None:
                raise
            time.sleep(wait)
    return json.loads(said) if said else None
