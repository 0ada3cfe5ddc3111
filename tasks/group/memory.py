"""Memory: what an earlier run found, kept from run to run.

It is addressed by content: an article is known again by a hash of all that is known of it, and the whole by what
decides how articles are compared. So it is never wrong, only missing, and a run with it ends in what a run without it
ends in.
"""

from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from tasks.group.rows import STAGE, GroupSettings, Story
from tasks.group.window import EDGE, Bars, Days, Edges, Postings
from tasks.store import Store, made_from, write_whole

Signatures = NDArray[np.uint64]


class Known(NamedTuple):
    """What a run found: of each article its signature and its day, as `pairs` is given them; the rare terms of all;
    the pairs that may tell one event; and of each look its bar.

    `way` is a hash of what decides how articles are compared, `settings` are these as JSON.
    """

    way: str
    settings: str
    signatures: Signatures
    days: Days
    postings: Postings
    edges: Edges
    bars: Bars


def how(settings: GroupSettings) -> str:
    """A hash of what decides how articles are compared."""
    return made_from(STAGE, settings, ())


def nothing(settings: GroupSettings) -> Known:
    """What is known before the first run."""
    none = np.zeros(0, np.uint64)
    return Known(
        how(settings), settings.model_dump_json(), none, none.astype(np.int64), none, np.zeros(0, EDGE), np.zeros(0)
    )


def place(store: Store) -> Path:
    """Where the memory lies."""
    return store.path(STAGE, Story, "").parent.parent / "compared.npz"


def remembered(store: Store, settings: GroupSettings) -> Known:
    """What the last run found; nothing where there is no readable file, for it can be found again."""
    kept = read(store)
    if not kept:
        return nothing(settings)
    return Known(str(kept.pop("way")), str(kept.pop("settings")), **kept)


def settings_of(store: Store) -> GroupSettings:
    """The settings with which the stories were last made; the usual ones where that is not known."""
    kept = read(store, "settings")
    try:
        return GroupSettings.model_validate_json(str(kept["settings"])) if kept else GroupSettings()
    except ValidationError:  # those of another version
        return GroupSettings()


def read(store: Store, *wanted: str) -> dict[str, NDArray[Any]]:
    """Those of the memory's arrays that are wanted, or all; none where it cannot be read."""
    try:
        with np.load(place(store)) as kept:
            return {name: kept[name] for name in wanted or Known._fields}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def keep(store: Store, found: Known) -> None:
    """Writes what was found; raises StoreError where it cannot be written."""
    fields: dict[str, Any] = found._asdict()
    write_whole(place(store), lambda file: np.savez(file, **fields))
