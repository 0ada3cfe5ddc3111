"""The errors that copydesk raises on purpose.

    CopydeskError
    ├── UsageError        a wrong path, flag or setting: the person can mend it (exit 2)
    ├── ContractError     rows that are not what their stage declared: a defect of ours (exit 1)
    ├── BusyError         another run publishes into the same data folder (exit 1)
    ├── StoreError        a working part that cannot be read or written (exit 1)
    │   └── DamagedError  a working part that is not what was written: it is made anew
    ├── UnreachableError  a place under a URL that does not answer (exit 1)
    ├── ServerError       the Prefect server did not start or answer (exit 1)
    └── UnreadableError   one input that cannot be read: becomes a row of `quarantine`

A message names the file, what was found, what was wanted, and the next step. Only `UnreadableError` concerns a
single document, and it never leaves the stage that meets it.
"""


class CopydeskError(Exception):
    """Any error that copydesk raises on purpose; its text is a message for the person who runs it."""


class UsageError(CopydeskError):
    """A path, flag or setting that the person can mend."""


class ContractError(CopydeskError):
    """Rows that are not what their stage declared."""


class BusyError(CopydeskError):
    """Another run holds the data folder."""


class StoreError(CopydeskError):
    """A working part that cannot be read or written."""


class DamagedError(StoreError):
    """A working part whose bytes are not those that were written; `path` is its file."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(path, found)
        self.path = path
        self.found = found

    def __str__(self) -> str:
        return f"{self.path}: damaged ({self.found})"


class UnreachableError(CopydeskError):
    """A place under a URL that does not answer, or not to us."""


class ServerError(CopydeskError):
    """The Prefect server did not start or does not answer."""


class UnreadableError(CopydeskError):
    """An input that cannot be read; `reason` is the kebab-case word that `quarantine` prints."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
