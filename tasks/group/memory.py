"""Memory: which pairs an earlier run found in each turn, kept from run to run.

It is addressed by content: a turn's key is made of all that is known of its articles, in their order, and of what
decides how they are compared. So it is never wrong, only missing, and a run with it ends in what a run without it
ends in. What a run does not use is forgotten. Beside the pairs lie the settings of the run.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from tasks.group.rows import STAGE, GroupSettings, Story
from tasks.store import Store, made_from, write_whole

Signatures = NDArray[np.uint64]
FIELDS = ("keys", "sizes", "places", "likeness", "settings")


class Pairs(NamedTuple):
    """The pairs of a turn: the place of the one among its others and of the other among its articles; how like."""

    places: NDArray[np.int32]
    likeness: NDArray[np.float32]


def how(settings: GroupSettings) -> str:
    """A hash of what decides how articles are compared."""
    return made_from(STAGE, settings, ())


def key_of(way: str, others: Signatures, articles: Signatures) -> int:
    """The key of a turn whose articles have these signatures and are compared in this way."""
    seen = hashlib.blake2b(f"{way} {len(others)}".encode(), digest_size=8)
    seen.update(others.tobytes())
    seen.update(articles.tobytes())
    return int.from_bytes(seen.digest(), "little")


def place(store: Store) -> Path:
    """Where the memory lies."""
    return store.path(STAGE, Story, "").parent.parent / "compared.npz"


def remembered(store: Store) -> dict[int, Pairs]:
    """What was found in each turn, by its key; nothing where there is no readable file, for it can be found again."""
    kept = read(store)
    if not kept:
        return {}
    ends = np.cumsum(kept["sizes"])[:-1]
    turns = zip(np.split(kept["places"], ends), np.split(kept["likeness"], ends), strict=True)
    return dict(zip(kept["keys"].tolist(), (Pairs(*pairs) for pairs in turns), strict=True))


def settings_of(store: Store) -> GroupSettings:
    """The settings with which the stories were last made; the usual ones where that is not known."""
    kept = read(store)
    try:
        return GroupSettings.model_validate_json(str(kept["settings"])) if kept else GroupSettings()
    except ValidationError:  # those of another version
        return GroupSettings()


def read(store: Store) -> dict[str, NDArray[Any]]:
    """The arrays of the memory; none where it cannot be read."""
    try:
        with np.load(place(store)) as kept:
            return {name: kept[name] for name in FIELDS}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}


def keep(store: Store, found: Mapping[int, Pairs], settings: GroupSettings) -> None:
    """Writes what was found; raises StoreError where it cannot be written."""
    keys = np.array(list(found), np.uint64)
    sizes = np.array([len(pairs.likeness) for pairs in found.values()], np.int64)
    places, likeness = (np.concatenate(column) for column in zip(*found.values(), strict=True))
    kept = (keys, sizes, places, likeness, np.array(settings.model_dump_json()))
    fields: dict[str, Any] = dict(zip(FIELDS, kept, strict=True))
    write_whole(place(store), lambda file: np.savez(file, **fields))
