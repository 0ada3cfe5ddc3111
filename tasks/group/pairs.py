"""Finds all pairs of the corpus that may tell one event, and keeps what an earlier run found as far as it holds.

What a look sees depends on which articles there are, and on nothing else. It holds from run to run unless an article
came or went that is among the likeliest of it, or that makes a term too common to find anybody by, or rare enough: only
such looks are taken again, beside those of articles that came.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tasks.group.likeness import Numbers
from tasks.group.looks import Each, Watch, all_postings, all_seen, all_touched, looks
from tasks.group.memory import Known, Signatures, how, nothing
from tasks.group.rows import GroupSettings
from tasks.group.window import Article, Days, Edges, Flags, Looks, renumbered


class Standing(NamedTuple):
    """What stays of an earlier run, whose articles keep their order.

    `now` has the number of each earlier article, -1 where it went; `came` says which articles are new; `old` and `new`
    are where the looks stood and stand that are the same article's.
    """

    now: Numbers
    came: Flags
    old: Numbers
    new: Numbers


def pairs(
    days: Days,
    article: Callable[[int], Article],
    signatures: Signatures,
    known: Known,
    settings: GroupSettings,
    each: Each = map,
) -> Known:
    """The pairs that may tell one event, with all that the next run wants to know.

    `days` are ordinals, those of the undated 0 and first; `signatures` are hashes of all that is known of each article;
    `known` is what an earlier run found.
    """
    known = known if known.way == how(settings) else nothing(settings)
    stays = standing(known, days, signatures)
    every, before = looks(days, settings.window_days), looks(known.days, settings.window_days)
    fresh = all_postings(np.flatnonzero(stays.came), article, each)
    postings = np.append(renumbered(known.postings, stays.now), fresh)
    postings.sort()
    bars = np.zeros(len(every.articles))
    bars[stays.new] = known.bars[stays.old]
    here = every.some(stays.new)
    there = Looks(here.articles, *before.some(stays.old)[1:])
    again = np.ones(len(bars), bool)
    went, came = (
        all_touched(Watch(reach, stand, article), changed, bars[stays.new], each)
        for reach, stand, changed in ((there, known.postings, stays.now < 0), (here, postings, stays.came))
    )
    again[stays.new] = went | came
    saw = all_seen(Watch(every.some(again), postings, article), settings.candidates, each)
    bars[again] = saw.bars
    edges = np.append(still(known.edges, stays.now, days, again), saw.edges)
    return known._replace(signatures=signatures, days=days, postings=postings, edges=edges, bars=bars)


def standing(known: Known, days: Days, signatures: Signatures) -> Standing:
    """What stays of an earlier run for articles of these days and signatures."""
    now = numbers_now(known.signatures, signatures)
    came = np.ones(len(days), bool)
    came[now[now >= 0]] = False
    stayed = np.flatnonzero(now >= 0)
    dated = stayed[known.days[stayed] > 0]
    old = np.append(stayed, beside_undated(dated, known.days))
    return Standing(now, came, old, np.append(now[stayed], beside_undated(now[dated], days)))


def numbers_now(before: Signatures, now: Signatures) -> Numbers:
    """The number of each earlier article, -1 for one that is gone."""
    if not len(now):
        return np.full(len(before), -1)
    order = np.argsort(now)
    at = order[np.minimum(np.searchsorted(now, before, sorter=order), len(now) - 1)]
    return np.where(now[at] == before, at, -1)


def beside_undated(dated: Numbers, days: Days) -> Numbers:
    """Where dated articles look at the undated, in the order of `looks`."""
    return len(days) + dated - np.count_nonzero(days == 0)


def still(edges: Edges, now: Numbers, days: Days, again: Flags) -> Edges:
    """The pairs of looks that are not taken again, with the numbers that their articles have now."""
    held = edges[(now[edges["one"]] >= 0) & (now[edges["other"]] >= 0)]
    held["one"], held["other"] = now[held["one"]], now[held["other"]]
    beside = (days[held["one"]] == 0) & (days[held["other"]] > 0)
    looks = np.where(beside, beside_undated(held["other"], days), held["other"])
    return np.asarray(held[~again[looks]])
