"""Progress is for a terminal: somebody who watches sees bars, a log file sees nothing."""

import os
import pty
import subprocess
import sys

from tests.conftest import ROOT, SEEDS


def test_a_terminal_sees_a_bar_a_stage_and_its_cursor_again(tmp_path):
    ours, theirs = pty.openpty()
    words = ["-m", "flows.command", "run", SEEDS, "--data", tmp_path, "--run.prefect", "off", "--run.workers", "1"]
    command = [sys.executable, *map(str, words)]
    run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, text=True)
    os.close(theirs)
    seen = all_of(ours)
    out, _ = run.communicate(timeout=200)
    assert run.returncode == 0 and "published a new snapshot" in out
    for stage in (b"ingest", b"strip and extract", b"dedupe", b"group", b"compose", b"publish"):
        assert stage in seen
    assert b"1/1" in seen and seen.rfind(b"\x1b[?25h") > seen.rfind(b"\x1b[?25l")


def all_of(terminal: int) -> bytes:
    """What is written to a terminal until the other end is closed."""
    seen = b""
    while True:
        try:
            seen += os.read(terminal, 65_536)
        except OSError:
            os.close(terminal)
            return seen
