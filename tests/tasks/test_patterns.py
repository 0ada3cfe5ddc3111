"""No pattern of any room can be held up: each is tried on texts made of what it may stumble over, again and again."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import tasks

LENGTH = 500  # what takes longer with the cube of it, or worse, takes seconds
SECONDS = 0.5
PIECES = (
    *(
        " ",
        "\n",
        " \n",
        "\t",
        "a",
        "A",
        "1",
        "é",
        "日",
        "ا ",
        "a ",
        "Ab ",
        "A. ",
        "a.",
        "a, ",
        "a: ",
        "a-b ",
        "1 ",
        "1/",
    ),
    *(
        "1/2/03 ",
        "2020 ",
        "12:30 ",
        "1 May ",
        "by a ",
        "de ",
        "<",
        "</p",
        "<a ",
        "<!--",
        "&",
        '"',
        "'",
        "(",
        "[",
        ",",
        ".",
    ),
    *(":", "-", "–", "|", "/", "© ", "http://a", "a@b", '="', "a:b\n", " a\n"),
)


def patterns(held: object, depth: int = 3) -> Iterator[re.Pattern]:
    """The patterns in a value, or in the values that it holds."""
    if isinstance(held, re.Pattern):
        yield held
    elif depth and isinstance(held, dict):
        yield from (found for value in held.values() for found in patterns(value, depth - 1))
    elif depth and isinstance(held, list | tuple | set | frozenset):
        yield from (found for value in held for found in patterns(value, depth - 1))


def modules() -> list[str]:
    return [found.name for found in pkgutil.walk_packages(tasks.__path__, "tasks.")]


@pytest.mark.parametrize("name", modules())
def test_no_pattern_of_a_module_can_be_held_up(name):
    slow = {
        (pattern.pattern[:60], piece): seconds
        for pattern in set(patterns(list(vars(importlib.import_module(name)).values())))
        for piece in PIECES
        if (seconds := taken(pattern, piece)) > SECONDS
    }
    assert not slow


def taken(pattern: re.Pattern, piece: str) -> float:
    """The processor time that it takes to look for a pattern all through a text of nothing but a piece."""
    text = piece * (LENGTH // len(piece)) + "\0"
    began = time.process_time()
    for _ in pattern.finditer(text.encode() if isinstance(pattern.pattern, bytes) else text):
        pass
    return time.process_time() - began
