"""Tells two events of one topic apart by what most reports of the one say and hardly any of the other.

Two raids by the same navy on pirates of the same coast share most of their words, pair by pair; but all reports of
the one have names and words that those of the other lack. That takes several reports of each to be seen.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.int64]  # of an article each of them once

SEVERAL = 4  # articles; what two or three have in common may be by chance
MOST = 0.5
HARDLY = 0.12
OWN = 0.7  # what is each group's own, beside what is common; B-cubed F1 of ECB+ .941, at .5 .934, without .926


class Said(NamedTuple):
    """How many articles there are, all their terms, ascending, and those that most of them say."""

    articles: int
    terms: Terms
    mostly: Terms


def said(articles: Iterable[Terms]) -> Said:
    """What articles, each given by its terms, say together."""
    each = [*articles]
    every = np.sort(np.concatenate(each))
    terms, counts = np.unique(every, return_counts=True)
    return Said(len(each), every, terms[counts >= MOST * len(each)])


def are_two_events(one: Said, other: Said) -> bool:
    """Whether each of two groups, of several articles, says much that the other does not, beside what both say.

    >>> raid = said([np.array(terms) for terms in ([1, 2, 3], [1, 2, 3], [1, 2], [1, 2, 9])])
    >>> are_two_events(raid, said([np.array(terms) for terms in ([1, 4, 5], [1, 4, 5], [1, 4, 5], [1, 4])]))
    True
    >>> are_two_events(raid, said([np.array(terms) for terms in ([1, 2, 5], [1, 2, 3], [1, 2, 5], [1, 2, 3])]))
    False
    """
    by_other, by_one = saying(one.mostly, other), saying(other.mostly, one)
    own = min(np.count_nonzero(by_other <= HARDLY * other.articles), np.count_nonzero(by_one <= HARDLY * one.articles))
    return bool(own > OWN * np.count_nonzero(by_other >= MOST * other.articles))


def saying(terms: Terms, group: Said) -> NDArray[np.int64]:
    """How many articles of a group say each of some terms."""
    return np.searchsorted(group.terms, terms, "right") - np.searchsorted(group.terms, terms)
