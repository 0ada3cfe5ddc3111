"""Publishing a part: what was published of it before is taken over only as far as it would be the same."""

import shutil
from pathlib import Path

import pytest

from tasks import publish, strip
from tasks.group import STAGE as GROUP
from tasks.group import Member
from tasks.publish import Article, PublishSettings
from tasks.store import Store, digest_of
from tasks.strip import Span


@pytest.fixture
def store(seeds_data, tmp_path):
    return Store(Path(shutil.copytree(seeds_data / "store", tmp_path / "store")))


def articles(store, part):
    """The articles of a part as they would be published now."""
    origins = {Article: publish.origin(store, part, Article, PublishSettings())}
    [(_, found)] = publish.publish(store, part, origins)
    return found.sort_by("doc_id")


def made_anew(store, part):
    """The same, with nothing published before."""
    place = store.path(publish.STAGE, Article, part)
    aside = place.rename(place.with_suffix(".aside"))
    found = articles(store, part)
    aside.rename(place)
    return found


def part_of(store):
    """The part that holds most of the seeds."""
    return max(store.parts(publish.STAGE, Article), key=lambda part: len(store.rows(publish.STAGE, Article, part)))


def changed(store, stage, row, part, change):
    """Writes a part's rows again, each as `change` has it."""
    rows = store.rows(stage, row, part)
    store.write(stage, row, part, filter(None, map(change, rows)), store.footer(stage, row, part).made_from)


def test_an_article_whose_story_changed_is_what_it_would_be_made_anew(store):
    part = part_of(store)
    before = articles(store, part)
    changed(store, GROUP, Member, part, lambda row: row._replace(story_id="0" * 16))
    found = articles(store, part)
    assert set(found.column("story_id").to_pylist()) == {"0" * 16}
    assert found.column("text").equals(before.column("text"))
    assert digest_of(found) == digest_of(made_anew(store, part))


def test_an_article_that_was_a_copy_before_is_written_beside_those_that_are_taken_over(store):
    part = part_of(store)
    rows = store.rows(publish.STAGE, Article, part)
    origin = store.footer(publish.STAGE, Article, part).made_from
    store.write(publish.STAGE, Article, part, rows[1:], origin)
    assert digest_of(articles(store, part)) == digest_of(made_anew(store, part))
    assert articles(store, part).num_rows == len(rows)


def test_an_article_that_is_a_copy_now_goes(store):
    part = part_of(store)
    gone = store.rows(publish.STAGE, Article, part)[0].doc_id
    changed(store, GROUP, Member, part, lambda row: None if row.doc_id == gone else row)
    assert gone not in articles(store, part).column("doc_id").to_pylist()


def test_no_article_is_taken_over_whose_spans_changed(store):
    part = part_of(store)
    before = articles(store, part)
    changed(store, strip.STAGE, Span, part, lambda row: row._replace(kind="body"))
    found = articles(store, part)
    assert not set(found.column("text").to_pylist()) & set(before.column("text").to_pylist())
    assert digest_of(found) == digest_of(made_anew(store, part))
