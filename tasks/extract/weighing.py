"""Weighs candidates by named features: the weights of a candidate's features add up to its log odds.

The weights in `weights.toml` were learned by `benchmarks/extract_train.py` from labelled pages, as a conditional logit
(McFadden 1974): of a document's candidates and the answer "none of them", which is the right one?
"""

import math
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

MOST_TELLING = 4
NO_BRAKES: Mapping[str, float] = {}


def weights(field: str) -> dict[str, float]:
    """The learned weights of a field's features."""
    return learned()[field]


@cache
def learned() -> dict[str, dict[str, float]]:
    """The learned weights by field."""
    return tomllib.loads(Path(__file__).with_name("weights.toml").read_text(encoding="utf-8"))


def steps(name: str, *edges: int, beyond: str = "far") -> Callable[[float], str]:
    """What names a number by the first of the edges that it does not pass.

    >>> steps("words", 1, 2, 5, beyond="many")(3)
    'words-5'
    """
    names = [f"{name}-{edge}" for edge in (*edges, beyond)]
    return lambda number: names[bisect_left(edges, number)]


def log_odds(field: str, features: Iterable[str]) -> float:
    """What a candidate's features weigh together."""
    known = weights(field)
    return sum([known[feature] for feature in features if feature in known])


def shares(odds: Sequence[float]) -> list[float]:
    """How likely each candidate is the right one, when none of them may be."""
    top = max([0.0, *odds])
    parts = [math.exp(one - top) for one in odds]
    whole = sum(parts) + math.exp(-top)
    return [part / whole for part in parts]


def spoken_for(field: str, features: Iterable[str], brakes: Mapping[str, float] = NO_BRAKES) -> str:
    """The features that speak most for a candidate and against it, in words; `brakes` add to what was learned."""
    known = weights(field)
    weighed = [(known.get(feature, 0.0) + brakes.get(feature, 0.0), feature) for feature in features]
    telling = sorted(weighed, key=lambda pair: -abs(pair[0]))[:MOST_TELLING]
    return ", ".join(f"{feature} {weight:+.1f}" for weight, feature in telling if abs(weight) >= 0.05)
