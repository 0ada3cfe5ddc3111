"""TOML files that the person who runs copydesk wrote: read, or told in a message why they cannot be."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import AfterValidator

from tasks.errors import UsageError


def table_in(path: Path, what: str) -> dict[str, Any]:
    """What the file holds; raises UsageError, which says what it should be, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise UsageError(f"{path}: the {what} cannot be read ({wrong.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise UsageError(f"{path}: the {what} are no TOML: {wrong}") from None


def readable_by(read: Callable[[str], object]) -> AfterValidator:
    """For a setting that names a file, or none: it becomes absolute, and wrong where `read` raises UsageError."""

    def absolute(file: str) -> str:
        if not file:
            return ""
        try:
            read(file)
        except UsageError as wrong:
            raise ValueError(str(wrong)) from None
        return str(Path(file).absolute())

    return AfterValidator(absolute)
