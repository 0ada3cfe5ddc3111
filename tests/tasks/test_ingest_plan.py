"""What a run reads: all that is new or changed, once, and nothing else."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.errors import UsageError
from tasks.ingest import (
    STAGE,
    Document,
    Ingested,
    IngestSettings,
    Input,
    Job,
    Quarantine,
    Sidecar,
    ingest,
    part_name,
    plan,
)
from tasks.ingest.discover import Slice, batches, discover, shared
from tasks.ingest.listing import distinct
from tasks.store import Store, made_from

DEFAULT = IngestSettings()
SMALL = IngestSettings(part_bytes=1024)
MIRROR = IngestSettings(mirror=True)


def run(store: Store, *given: Path, limits: IngestSettings = DEFAULT) -> list[Job]:
    jobs = plan(given, store, limits)
    for job in jobs:
        there = Ingested(*(store.rows(STAGE, row, job.part) for row in STAGE.writes)) if job.part else None
        rows = ingest(job, limits, there)
        for row, found in zip(STAGE.writes, rows, strict=True):
            store.write(STAGE, row, job.part or part_name(rows), found, made_from(STAGE, limits, ()))
    return jobs


def rows(store: Store, row: Any) -> list[Any]:
    found = [one for part in store.parts(STAGE, row) for one in store.rows(STAGE, row, part)]
    if row in (Document, Quarantine):
        assert max(Counter(one.doc_id for one in found).values(), default=1) == 1, "a document in two parts"
    return found


def texts(store: Store) -> list[str]:
    return sorted(document.text for document in rows(store, Document))


def newest(store: Store) -> dict[str, str]:
    """The text that counts of each source: that of its newest document."""
    found = sorted(rows(store, Document), key=lambda document: document.mtime_ns)
    return {document.source: document.text for document in found}


def folder(path: Path, **files: str) -> Path:
    path.mkdir(exist_ok=True)
    for name, text in files.items():
        (path / f"{name}.txt").write_text(text)
    return path


def records(*texts: str, first: int = 1) -> str:
    return "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts, first))


def lines_of(count: int, word: str = "words", size: int = 200) -> list[str]:
    return [f"{number} " + f"{word} " * (size // 6) for number in range(count)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_a_second_run_has_nothing_to_do(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    (raw / "c.jsonl").write_text(records(*lines_of(12)))
    run(store, raw, limits=SMALL)
    assert len(rows(store, Document)) == 14
    assert plan([raw], store, SMALL) == []


def test_a_new_file_is_the_only_one_read(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.")
    run(store, raw)
    folder(raw, b="Two.")
    [job] = run(store, raw)
    assert [part.source for part in job.slices] == ["raw/b.txt"]
    assert texts(store) == ["One.", "Two."]


def test_new_bytes_are_a_new_document_and_the_old_one_stays(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    run(store, raw)
    folder(raw, a="One, corrected.")
    [job] = run(store, raw)
    assert job.part is None
    assert texts(store) == ["One, corrected.", "One.", "Two."]
    assert newest(store)["raw/a.txt"] == "One, corrected."
    assert plan([raw], store, DEFAULT) == []


def test_a_touched_file_changes_no_document(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    run(store, raw)
    before = rows(store, Document)
    os.utime(raw / "a.txt", ns=(1, 2**60))
    assert [job.part is None for job in run(store, raw)] == [False]
    assert rows(store, Document) == before
    assert plan([raw], store, DEFAULT) == []


@pytest.mark.parametrize("limits", [DEFAULT, SMALL])
def test_a_touched_file_of_records_changes_no_document(tmp_path, store, limits):
    raw = folder(tmp_path / "raw")
    (raw / "a.jsonl").write_text(records(*lines_of(12)))
    run(store, raw, limits=limits)
    before = rows(store, Document)
    os.utime(raw / "a.jsonl", ns=(1, 2**60))
    run(store, raw, limits=limits)
    assert rows(store, Document) == before
    assert plan([raw], store, limits) == []


@pytest.mark.parametrize("mtime_ns", [1, 2**60])
def test_a_restored_version_is_the_newest_again_whatever_its_time(tmp_path, store, mtime_ns):
    raw = folder(tmp_path / "raw", a="One.")
    for text in ("One, corrected.", "One."):
        run(store, raw)
        folder(raw, a=text)
    os.utime(raw / "a.txt", ns=(1, mtime_ns))
    run(store, raw)
    assert newest(store) == {"raw/a.txt": "One."}
    assert texts(store) == ["One, corrected.", "One."]
    assert plan([raw], store, DEFAULT) == []


def test_a_new_version_with_an_old_time_is_the_newest(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.")
    run(store, raw)
    folder(raw, a="Two.")
    os.utime(raw / "a.txt", ns=(1, 1))
    run(store, raw)
    assert newest(store) == {"raw/a.txt": "Two."}


def test_a_changed_sidecar_is_read_and_its_document_stays(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    run(store, raw)
    before = rows(store, Document)
    for title in ("First", "Second"):
        (raw / "a.txt.meta.json").write_text(json.dumps({"title": title}))
        run(store, raw)
        assert [(row.key, row.value) for row in rows(store, Sidecar)] == [("title", title)]
    (raw / "a.txt.meta.json").unlink()
    run(store, raw)
    assert rows(store, Sidecar) == []
    assert rows(store, Document) == before


def test_a_broken_sidecar_that_is_mended_leaves_quarantine(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.")
    (raw / "a.txt.meta.json").write_text("{")
    run(store, raw)
    assert [row.source for row in rows(store, Quarantine)] == ["raw/a.txt.meta.json"]
    (raw / "a.txt.meta.json").write_text('{"title": "A title"}')
    run(store, raw)
    assert rows(store, Quarantine) == []
    assert texts(store) == ["One."]


@pytest.mark.parametrize("limits", [DEFAULT, SMALL])
def test_a_file_of_records_that_grew_gives_its_new_records_once(tmp_path, store, limits):
    raw = folder(tmp_path / "raw")
    file = raw / "a.jsonl"
    for count in (7, 8, 20):
        file.write_text(records(*lines_of(count)))
        run(store, raw, limits=limits)
        assert texts(store) == sorted(lines_of(count))
        assert plan([raw], store, limits) == []


def test_one_file_of_records_is_cut_for_every_core_and_where_it_was_when_it_grew(tmp_path, store):
    raw = folder(tmp_path / "raw")
    file = raw / "a.jsonl"
    file.write_text(records(*lines_of(60, size=30_000)))
    assert len(run(store, raw)) > 2
    before = {part: store.digest(STAGE, Document, part) for part in store.parts(STAGE, Document)}
    file.write_text(records(*lines_of(90, size=30_000)))
    run(store, raw)
    assert sum(store.digest(STAGE, Document, part) != digest for part, digest in before.items()) <= 1
    assert len(texts(store)) == 90


def test_a_long_file_that_grew_is_remade_at_its_end_only(tmp_path, store):
    raw = folder(tmp_path / "raw")
    file = raw / "a.jsonl"
    file.write_text(records(*lines_of(25)))
    run(store, raw, limits=SMALL)
    before = {part: store.digest(STAGE, Document, part) for part in store.parts(STAGE, Document)}
    file.write_text(records(*lines_of(26)))
    run(store, raw, limits=SMALL)
    after = {part: store.digest(STAGE, Document, part) for part in store.parts(STAGE, Document)}
    assert sum(before[part] != after[part] for part in before) <= 1
    assert len(after) <= len(before) + 1


@pytest.mark.parametrize("limits", [DEFAULT, SMALL])
def test_a_record_put_in_front_of_others_makes_no_document_twice(tmp_path, store, limits):
    raw = folder(tmp_path / "raw")
    file = raw / "a.jsonl"
    file.write_text(records(*lines_of(12)))
    run(store, raw, limits=limits)
    file.write_text(records("An older one.", first=0) + records(*lines_of(12)))
    run(store, raw, limits=limits)
    assert texts(store) == sorted(["An older one.", *lines_of(12)])
    run(store, raw, limits=IngestSettings(part_bytes=limits.part_bytes, max_bytes=10**6))
    assert texts(store) == sorted(["An older one.", *lines_of(12)])


def test_a_record_corrected_in_its_file_is_the_newest(tmp_path, store):
    raw = folder(tmp_path / "raw")
    (raw / "a.jsonl").write_text(records("Old.", "Other."))
    run(store, raw)
    (raw / "a.jsonl").write_text(records("New.", "Other."))
    run(store, raw)
    assert newest(store) == {"raw/a.jsonl#1": "New.", "raw/a.jsonl#2": "Other."}
    assert len(texts(store)) == 3


def test_a_record_that_stands_in_two_slices_is_one_document(tmp_path, store):
    raw = folder(tmp_path / "raw")
    (raw / "a.jsonl").write_text(records(*lines_of(12)) * 3 + '{"text": "No id, so two of them."}\n' * 2)
    run(store, raw, limits=SMALL)
    assert len(store.parts(STAGE, Document)) > 3
    assert texts(store) == sorted([*lines_of(12), *["No id, so two of them."] * 2])


def test_another_part_size_reads_nothing_again(tmp_path, store):
    raw = folder(tmp_path / "raw", b="Two.")
    (raw / "a.jsonl").write_text(records(*lines_of(12)))
    run(store, raw, limits=SMALL)
    assert plan([raw], store, DEFAULT) == []


def test_a_file_that_is_gone_keeps_its_documents_unless_mirrored(tmp_path, store):
    raw = folder(tmp_path / "raw", **{"a": "One.", "b # !": "Two."})
    (raw / "c.jsonl").write_text(records("Three."))
    (raw / "d.txt").write_bytes(b"")
    run(store, raw)
    for path in raw.iterdir():
        path.unlink()
    folder(raw, e="Five.")
    run(store, raw)
    assert texts(store) == ["Five.", "One.", "Three.", "Two."]
    run(store, raw, limits=MIRROR)
    assert texts(store) == ["Five."]
    assert rows(store, Quarantine) == []
    assert plan([raw], store, MIRROR) == []


def test_a_mirror_drops_nothing_of_folders_that_were_not_given(tmp_path, store):
    one, other = folder(tmp_path / "one", a="One."), folder(tmp_path / "other", b="Two.")
    run(store, one, other)
    shutil.rmtree(other)
    assert run(store, one, limits=MIRROR) == []
    assert texts(store) == ["One.", "Two."]


def test_a_dropped_file_that_comes_back_is_read_again(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    run(store, raw)
    (raw / "a.txt").unlink()
    run(store, raw, limits=MIRROR)
    folder(raw, a="One.")
    run(store, raw, limits=MIRROR)
    assert texts(store) == ["One.", "Two."]


def test_other_settings_read_all_that_is_there_into_the_parts_that_hold_it(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One is too long.", b="Two.")
    run(store, raw, limits=IngestSettings(max_bytes=8))
    assert texts(store) == ["Two."]
    parts = store.parts(STAGE, Document)
    run(store, raw)
    assert texts(store) == ["One is too long.", "Two."]
    assert rows(store, Quarantine) == []
    assert store.parts(STAGE, Document) == parts


def test_a_part_that_was_left_half_written_is_made_anew(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    run(store, raw)
    [part] = store.parts(STAGE, Input)
    store.path(STAGE, Input, part).unlink()
    folder(raw, c="Three.")
    run(store, raw)
    assert texts(store) == ["One.", "Three.", "Two."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_put_aside_until_it_may(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.", b="Two.")
    (raw / "a.txt").chmod(0)
    run(store, raw)
    assert [row.reason for row in rows(store, Quarantine)] == ["unreadable"]
    (raw / "a.txt").chmod(0o600)
    run(store, raw)
    assert texts(store) == ["One.", "Two."]
    assert rows(store, Quarantine) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_what_lies_in_a_folder_that_may_not_be_listed_is_not_taken_for_gone(tmp_path, store):
    raw = folder(tmp_path / "raw", a="One.")
    locked = folder(raw / "locked", b="Two.")
    run(store, raw, limits=MIRROR)
    locked.chmod(0)
    run(store, raw, limits=MIRROR)
    locked.chmod(0o700)
    assert texts(store) == ["One.", "Two."]


def test_a_folder_that_cannot_be_listed_is_put_aside_until_it_can(tmp_path, store):
    """Beyond 4,096 bytes of path nothing can be opened by it, whoever asks."""
    raw = folder(tmp_path / "raw", a="One.")
    name = "d" * 250
    depth, there = 0, os.open(raw, os.O_RDONLY)
    while len(str(raw)) + depth * (len(name) + 1) <= 4096:
        os.mkdir(name, dir_fd=there)
        there, depth = os.open(name, os.O_RDONLY, dir_fd=there), depth + 1
    os.close(os.open("b.txt", os.O_CREAT, dir_fd=there))
    run(store, raw)
    assert texts(store) == ["One."]
    assert [row.reason for row in rows(store, Quarantine)] == ["unreadable"]
    (raw / name).rename(tmp_path / "elsewhere")
    run(store, raw)
    assert rows(store, Quarantine) == []


def test_a_tree_deeper_than_the_stack_is_walked(tmp_path):
    raw = folder(tmp_path / "raw")
    deep = raw / "/".join("d" * 1_500)
    for level in reversed([deep, *deep.parents][:1_500]):
        level.mkdir()
    folder(deep, a="One.")
    assert [file[0].source for file in discover([raw], 100)] == ["raw" + "/d" * 1_500 + "/a.txt"]
    subprocess.run(["rm", "-r", raw], check=True)  # shutil's stack is no deeper


def test_files_come_in_order_of_name_without_hidden_ones_links_and_sidecars(tmp_path):
    raw = folder(tmp_path / "raw", b="b", a="a")
    folder(raw / "A", z="z")
    folder(raw / ".git", x="x")
    (raw / ".hidden.txt").write_text("x")
    (raw / "a.txt.meta.json").write_text("{}")
    (tmp_path / "outside.txt").write_text("x")
    (raw / "link.txt").symlink_to(tmp_path / "outside.txt")
    (raw / "linked").symlink_to(tmp_path)
    os.mkfifo(raw / "pipe")
    assert [file[0].source for file in discover([raw], 100)] == ["raw/A/z.txt", "raw/a.txt", "raw/b.txt"]


def test_a_file_alone_has_the_source_it_has_in_its_folder(tmp_path):
    raw = folder(tmp_path / "raw", a="a")
    assert [file[0].source for file in discover([raw / "a.txt"], 100)] == ["raw/a.txt"]


def test_what_is_given_twice_is_read_once(tmp_path):
    raw = folder(tmp_path / "raw", a="a")
    folder(raw / "sub", b="b")
    given = [raw, raw / "sub", raw / "a.txt", raw / ".." / "raw"]
    assert distinct(given) == [raw]


def test_two_folders_of_one_name_are_refused(tmp_path):
    one, other = tmp_path / "x" / "raw", tmp_path / "y" / "raw"
    for path in (one, other):
        path.mkdir(parents=True)
        folder(path, a="a")
    with pytest.raises(UsageError, match="would both be called raw/"):
        distinct([one, other])
    with pytest.raises(UsageError, match="would both be called raw/"):
        distinct([one / "a.txt", other])


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no such file or folder"):
        distinct([tmp_path / "nowhere"])


def test_a_name_that_is_no_utf_8_is_written_in_the_source_and_still_read(tmp_path, store):
    raw = folder(tmp_path / "raw")
    with open(os.fsencode(raw) + b"/caf\xe9.txt", "w") as file:
        file.write("One.")
    run(store, raw)
    assert newest(store) == {"raw/caf%E9.txt": "One."}


def test_a_run_that_goes_on_makes_the_parts_it_would_have_made(tmp_path):
    raw = folder(tmp_path / "raw", **{f"{number:02}": "x" * 100 * (number % 7 + 1) for number in range(40)})
    found = [part for file in discover([raw], 1024) for part in file]
    whole = [tuple(part.source for part in batch) for batch in batches(found, 1024)]
    rest = [tuple(part.source for part in batch) for batch in batches(found[sum(map(len, whole[:3])) :], 1024)]
    assert whole[3:] == rest


@pytest.mark.parametrize(
    ("files", "parts"), [(1, [1]), (3, [2, 1]), (16, [2] * 8), (80, [10] * 8), (1000, [64] * 15 + [40])]
)
def test_a_small_run_is_cut_into_parts_for_every_core(files, parts):
    quarter = Slice("a.txt", "a.txt", "", 2**18, 0, 2**18, 0)
    assert [len(part) for part in shared([quarter] * files, 2**24)] == parts


STEP = st.one_of(
    st.tuples(st.just("write"), st.sampled_from("ab"), st.integers(0, 3)),
    st.tuples(st.just("records"), st.sampled_from("cd"), st.lists(st.integers(0, 9), max_size=6)),
    st.tuples(st.just("touch"), st.sampled_from("ab"), st.integers(1, 2**60)),
    st.tuples(st.just("remove"), st.sampled_from("abcd"), st.just(0)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=8))
def test_whatever_happens_to_files_the_newest_documents_are_what_they_hold(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("any")
    raw, store = folder(root / "raw", z="Always there."), Store(root / "store")
    for what, name, how in steps:
        texts, lists = raw / f"{name}.txt", raw / f"{name}.jsonl"
        if what == "write":
            texts.write_text(f"Version {how}")
        elif what == "records":
            lists.write_text("".join(f'{{"id": "{one}", "text": "Record {one}"}}\n' for one in dict.fromkeys(how)))
        elif what == "touch" and texts.exists():
            os.utime(texts, ns=(how, how))
        elif what == "remove":
            texts.unlink(missing_ok=True)
            lists.unlink(missing_ok=True)
        run(store, raw, limits=SMALL)
        assert plan([raw], store, SMALL) == []
        held = newest(store)
        for path in raw.glob("*.txt"):
            assert held[f"raw/{path.name}"] == path.read_text()
        for path in raw.glob("*.jsonl"):
            for line in path.read_text().splitlines():
                record = json.loads(line)
                assert held[f"raw/{path.name}#{record['id']}"] == record["text"]
