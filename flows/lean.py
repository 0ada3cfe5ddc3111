"""What our own processes do without."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class WithoutPandas:
    """Keeps pandas out of a process: pyarrow loads it where it is installed, a second and 60 MB, unused."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Leaves every other module to the finders that follow."""
        if name == "pandas":
            raise ModuleNotFoundError("copydesk has no use for pandas", name=name)


def without_pandas() -> None:
    """Keeps pandas out of this process from now on."""
    sys.meta_path.insert(0, WithoutPandas)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps the garbage collector off what is imported meanwhile, then and later: it stays, and looking through it
    takes a fifth of an import, and 2 % of a part.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
