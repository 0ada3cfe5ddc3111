"""Progress in the terminal; nothing where standard error is no terminal."""

import sys


def told(title: str, done: int, of: int) -> None:
    """Says how far a stage is, on one line that is written over."""
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        print(f"\r\x1b[K{title}: {done:,} of {of:,}", end=end, file=sys.stderr, flush=True)


def warned(text: str) -> None:
    """Says what the person should know, whether or not anybody watches."""
    print(f"copydesk: {text}", file=sys.stderr, flush=True)
