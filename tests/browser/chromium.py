"""A real browser, and what a hostile page tries on it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = (
    "<script>window.ran = 1</script>",
    "\"><img src='https://example.org/x.png' onerror='window.ran = 1'>",
    "' onfocus='window.ran = 1' autofocus x='",
    "<a href='javascript:window.ran = 1'>press</a>",
    "</style></script><svg onload='window.ran = 1'>",
    "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
    "| a | b |\n|---|---|\n| [x](javascript:window.ran=1) | `c` |",
    "abc\u202edef\u202c \u2067ghi\u2069 \x1b[2J\x07\x00",
    "x" * 1_000_000,
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for a module, no longer: while Playwright runs, no other event loop can."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("there is no chromium: `apt-get install chromium` brings it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
