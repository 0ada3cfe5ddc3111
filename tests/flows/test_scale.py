"""The same bytes however many work on them, and nothing that has not changed is touched."""

from flows.clean import clean as clean_with
from flows.each import plainly
from flows.run import run
from flows.settings import load
from flows.workers import Workers
from tests.conftest import SEEDS, clean
from tests.flows.dying import content


def test_two_workers_make_the_bytes_of_one(tmp_path, seeds_data):
    run([SEEDS], tmp_path, load(None, {"run.prefect": "off", "run.workers": "2"}))
    assert content((tmp_path / "clean").resolve()) == content((seeds_data / "clean").resolve())


def test_a_new_article_on_an_old_event_rewrites_no_document_and_no_span_of_before(tmp_path):
    """Only the story grows: what 003 was read into lies as it lay."""
    first, second = sorted(SEEDS.glob("003*")), sorted(SEEDS.glob("004*"))
    clean(tmp_path, *first)
    before = {path: path.stat().st_ino for path in (tmp_path / "store").glob("*/*/*.parquet")}
    assert clean(tmp_path, *second).stories == 1
    written = {"/".join(path.parts[-3:-1]) for path, inode in before.items() if path.stat().st_ino != inode}
    assert "group/stories" in written or "group/members" in written
    assert not written & {"ingest/documents", "strip/spans", "extract/facts", "publish/documents", "publish/quarantine"}


def test_a_run_of_any_size_is_fewer_than_200_task_runs(tmp_path, monkeypatch):
    """A step of several jobs has one a part, or may have: of a million parts too, its task runs are counted."""
    monkeypatch.setattr("flows.corpus.MANY", 1)
    monkeypatch.setattr("tasks.dedupe.postings.BUCKET_BITS", 4)
    monkeypatch.setattr("tasks.group.looks.BUNCH", 1)
    from flows.schedule import shares  # Prefect, which takes seconds to import

    settings = load(None, {"ingest.part_bytes": "1024"})
    jobs, calls = {}, []
    with Workers(1) as workers:
        plain = plainly(workers)

        def counting(title, step, given, here=False, together=False):
            if together:
                calls.append(title)
            else:
                jobs[title] = len(given)
            return plain(title, step, given, here)

        clean_with([SEEDS], tmp_path, settings, counting)
    assert jobs["label"] == jobs["compose"] > 1
    assert len(calls) == 7  # at most thrice as many where there are copies, or a run before this one
    assert 3 * len(calls) + sum(len(list(shares(range(10**6 if many > 1 else 1)))) for many in jobs.values()) < 200
