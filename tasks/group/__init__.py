"""Group: gathers the articles on one event into a story, and ties later mentions of the event to it.

Owns `signs` (what it knows of each article, made part by part), and for the whole corpus `stories`, `members`, and
`relations` of the kinds same_story and mentions. What it makes depends on which articles there are, not on the order or
the parts in which they came: it is made from all signs each time, but that pairs compared once are remembered. In
order: `names`, `uncased`, `folding`, `terms`, `rarity`, `calendar`, `references` (what is read in a text), `wording`,
`vector` and `signs` (what is kept of it), `catalogue` and `noted` (the signs of the corpus, by time), `likeness` and
`window` (who may share an event with whom, and how like they are), `looks`, `memory` and `pairs` (all pairs),
`contrast`, `groups` and `linkage` (what is one story), `stories` (rows), `mentions`, `reasons` and `ties` (what ties
their articles), `corpus` (the stage), `nearest` (what explain shows).
"""

from tasks.group.corpus import group
from tasks.group.nearest import Near, nearest
from tasks.group.noted import SPILL
from tasks.group.rows import SIGN, STAGE, GroupSettings, Member, Role, Sign, Story
from tasks.group.signs import sign

__all__ = [
    "SIGN",
    "SPILL",
    "STAGE",
    "GroupSettings",
    "Member",
    "Near",
    "Role",
    "Sign",
    "Story",
    "group",
    "nearest",
    "sign",
]
