"""Blank: the database of an embedded Prefect server, made once on a machine and copied into each new data folder.

Prefect makes its own by some hundred migrations, which take six seconds of processor time.
"""

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

from tasks.errors import StoreError
from tasks.store import write_whole


def blank_database() -> bool:
    """Puts a database where the server of this process looks for its own, unless there is one or it is elsewhere.

    Returns whether it did: then there is nothing to migrate.
    """
    from prefect.server.database import provide_database_interface
    from prefect.settings import get_current_settings

    place, database = get_current_settings().home / "prefect.db", provide_database_interface()
    if place.exists() or not database.database_config.connection_url.endswith(f":///{place}"):
        return False
    kept = kept_at()
    with suppress(OSError):
        content = kept.read_bytes()
        write_whole(place, lambda file: file.write(content))
        return True
    asyncio.run(database.create_db())
    with closing(sqlite3.connect(place)) as made, suppress(StoreError):
        write_whole(kept, lambda file: file.write(made.serialize()))
    return True


def kept_at() -> Path:
    """Where the blank database of the installed Prefect is kept, among what may be deleted at any time."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(caches, "copydesk", f"prefect-{version('prefect')}.db")
