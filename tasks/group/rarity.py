"""How rare a word is in a language, from a packaged table: right from the first document on, whatever comes with it.

`background.tsv.gz` holds, a line a language and frequency, stems and their Zipf frequency (log10 of occurrences in
10^9 words; van Heuven et al. 2014), derived from wordfreq 3.1.1 (Robyn Speer, CC BY-SA 4.0) by
`benchmarks/train_group.py background`. wordfreq itself is frozen and 60 MB, and only its common words tell here: kept
down to a Zipf frequency of 2.0 in every language, they part graded pairs no better (AUC of cosines .856 for .863).

A corpus is not counted as it grows: counts of the very pairs do a little better (.874), but they change with every
article, and with them each likeness ever measured, so that an addition would cost as much as all that is there.
"""

import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

UNSEEN = 0.4  # below the least frequency that a language's table keeps
WORTH = 0.7  # the rarity from which a word is worth keeping
COMMON = 4.2  # rarity: a less rare word that is capitalised at the start of a sentence is no name by itself
ARTICLE = 400  # words in the article whose document frequencies the rarity is about
SAME = {"no": "nb", "nn": "nb", "hr": "sh", "sr": "sh", "bs": "sh", "tl": "fil"}

Weights = dict[str, float]


@cache
def tables() -> Mapping[str, Sequence[str]]:
    """The lines of each language's table, for few of them are ever wanted."""
    packed = files("tasks.group").joinpath("background.tsv.gz").read_bytes()
    found: dict[str, list[str]] = defaultdict(list)
    for line in gzip.decompress(packed).decode().split("\n"):
        language, of_language = line.split("\t", 1)
        found[language].append(of_language)
    return found


def table_of(language: str | None) -> Mapping[float, Sequence[str]]:
    """A language's common stems by Zipf frequency (BCP 47); those of English where it is not known or has no table."""
    primary = (language or "en").split("-")[0].lower()
    lines = tables().get(SAME.get(primary, primary)) or tables()["en"]
    return {float(zipf): stems.split(" ") for zipf, stems in (line.split("\t") for line in lines)}


@cache
def rarities(language: str | None) -> tuple[Mapping[str, float], float]:
    """How much each stem of a language's table tells, and how much one that it does not have."""
    table = table_of(language)
    known: dict[str, float] = {}
    for zipf, stems in table.items():
        known.update(dict.fromkeys(stems, rarity_at(zipf)))
    return known, rarity_at(min(table) - UNSEEN)


def rarity_at(zipf: float) -> float:
    """Minus the log of the share of articles that have a word of this Zipf frequency."""
    return -math.log(-math.expm1(-ARTICLE * 10 ** (zipf - 9)))


def rarity(stem: str, language: str | None) -> float:
    """How much a stem tells: 0 for one that every article has, about 8 for one that no table knows.

    >>> rarity("the", "en") < 0.1 < rarity("moscow", "en") < rarity("lavrov", "en")
    True
    """
    known, unknown = rarities(language)
    return known.get(stem, unknown)


def telling(found: Iterable[str], language: str | None) -> Weights:
    """Of some stems those that are words worth keeping, and how rare each is."""
    known, unknown = rarities(language)
    rare = set(found) - everyday(language)
    return {stem: known.get(stem, unknown) for stem in rare if len(stem) > 1 and not stem[0].isdigit()}


@cache
def everyday(language: str | None) -> frozenset[str]:
    """The stems of a language that are too common to be worth keeping."""
    return frozenset(stem for stem, rare in rarities(language)[0].items() if rare <= WORTH)


@cache
def often(count: int) -> float:
    """How much more a term tells that is said several times."""
    return 1.0 + math.log(count)


@cache
def common(language: str | None) -> frozenset[str]:
    """The stems of a language's most common words."""
    return frozenset(stem for stem, rare in rarities(language)[0].items() if rare < COMMON)
