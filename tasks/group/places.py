"""Countries and large cities by what they are called in many languages, so that Moskau meets Москва.

`places.tsv.gz` holds, a line a place, its code and its folded names, derived from the Unicode CLDR 47 (countries, and
the cities that name time zones; Unicode License v3) by `benchmarks/train_group.py places`.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

SHORT = {"us": "US", "usa": "US", "uk": "GB", "uae": "AE", "ue": "EU", "eu": "EU", "un": "UN", "uno": "UN", "onu": "UN"}


@cache
def places() -> Mapping[str, str]:
    """The code of a place by its folded name; a name that two places have is the first one's."""
    packed = files("tasks.group").joinpath("places.tsv.gz").read_bytes()
    found: dict[str, str] = {}
    for line in gzip.decompress(packed).decode().split("\n"):
        code, names = line.split("\t")
        for name in names.split(" "):
            found.setdefault(name, code)
    return found | SHORT
