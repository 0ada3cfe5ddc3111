"""Which documents a report shows: all of a small corpus, and of a large one some of every kind."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flows.report.shelf import Shelf
from tasks.errors import UsageError

# A page of 200 documents is about 5 MB, opens at once and can still be read through; see the module's benchmark.
DOCUMENTS = 200
TIED = """
    with story as (
        select doc_id from articles where story_id in (select story_id from articles where doc_id = $doc)
    )
    select kept_as as doc_id from documents where doc_id = $doc and kept_as is not null
    union select doc_id from documents where kept_as = $doc
    union select other from relations where doc_id = $doc
    union select doc_id from relations where other = $doc
    union select doc_id from relations where kind = 'mentions' and other in (from story)
    union from story
"""

# A doc_id is a hash, so the first ones in its order are a sample that is the same whenever it is drawn.
EVERY_KIND = (
    "select doc_id from documents qualify row_number() over (partition by status order by doc_id) <= 3",
    "select doc_id from quarantine qualify row_number() over (partition by reason order by doc_id) <= 2",
    """
    select unnest([doc_id, other]) from relations
    qualify row_number() over (partition by kind order by doc_id, other)
        <= if(kind in ('same_story', 'mentions'), 2, 8)
    """,
    "select example from rules",
    "select min(doc_id) from facts where chosen group by field, rule",
)
LARGEST_STORIES = """
    select doc_id from articles join
        (select story_id from stories where articles > 1 order by articles desc, story_id limit 12) using (story_id)
    qualify row_number() over (partition by story_id order by story_role = 'lead' desc, doc_id) <= 5
"""
SAMPLE = "select doc_id from documents order by doc_id limit $most"


class Choice(NamedTuple):
    """The documents that are shown, in the order in which they were chosen, and how many there are."""

    shown: list[str]
    of: int
    only: str | None


def choose(shelf: Shelf, only: str | None, most: int = DOCUMENTS) -> Choice:
    """The documents that are shown: of every outcome, reason and rule, the largest stories, and a sample.

    With `only`, that document or story and all that it is tied to. Raises UsageError where nothing is so named.
    """
    [of] = shelf.ids("select count(*) from documents")
    if only is not None:
        doc_id = named(shelf, only)
        tied = shelf.ids(f"select doc_id from ({TIED}) join documents using (doc_id) order by doc_id", doc=doc_id)
        return Choice(distinct([doc_id, *tied])[:most], int(of), doc_id)
    if int(of) <= most:
        return Choice(shelf.ids("select doc_id from documents order by source, doc_id"), int(of), None)
    chosen = distinct(doc_id for question in (*EVERY_KIND, LARGEST_STORIES) for doc_id in sorted(shelf.ids(question)))
    sample = shelf.ids(SAMPLE, most=most)
    return Choice(distinct([*chosen[: most - most // 5], *sample])[:most], int(of), None)


def named(shelf: Shelf, only: str) -> str:
    """The id of the document or story of that name: an id, a source, or a part of one."""
    exact = "select doc_id from documents where doc_id = $only or source = $only"
    found = (
        shelf.ids(exact, only=only)
        or shelf.ids("select lead from stories where story_id = $only", only=only)
        or shelf.ids("select doc_id from documents where contains(source, $only) order by source limit 2", only=only)
    )
    if not found:
        raise UsageError(f"{only}: no document or story has this id or source; `documents` lists them")
    if len(found) > 1:
        raise UsageError(f"{only}: more than one document is so named; say more of its source, or give its id")
    return found[0]


def distinct(ids: Iterable[Any]) -> list[str]:
    """The ids without their repetitions, in order."""
    return list(dict.fromkeys(ids))
