"""A run: what changes is made, what does not is left, nothing is lost."""

import json
import os
import random
import shutil
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.clean import held
from tasks.errors import BusyError, UsageError
from tasks.strip import Span, replay
from tests.conftest import PLAIN, SEEDS, clean, published, write_folder

STORIES = [
    """The harbour of {place} was closed on {day} after a crane fell across two berths, the port authority said.

Nobody was hurt. Divers will look at the quay wall before ships may come back, said {name}, who runs the port.

{place} handles {number} containers a year, more than any other port on that coast.
""",
    """Teachers in {place} walked out of {number} schools on {day} over pay that has not risen for four years.

"We would rather teach," said {name}, who speaks for their union, outside the town hall, where parents had brought tea.

The council has offered half of what they ask for and wants to talk again next week.
""",
    """A painting that hung unnoticed in a {place} kitchen for decades was sold on {day} for {number} thousand euros.

Its owner, {name}, had taken the small winter landscape for a print. An auctioneer saw it while valuing a clock.

Experts date the panel to the early seventeenth century and think that it was once part of an altar.
""",
    """Bees have moved onto the roof of the opera house in {place}: {number} of them came with the first hive on {day}.

{name}, who keeps them, chose the spot for its lime trees. Singers will get the first jars of honey in autumn.

The neighbours were asked beforehand, and one of them has planted lavender on her balcony to help.
""",
    """The ferry from {place} to the islands sails at night again, the line said on {day}, after two winters' pause.

It sold {number} tickets within an hour. "People have missed waking up at sea," said its captain, {name}.

Cabins cost less than before, and bicycles travel free until the end of the season.
""",
    """A court in {place} ruled on {day} that a bakery may go on ringing its bell each time fresh bread leaves the oven.

A neighbour had counted {number} rings in a month and sued. The judge, {name}, came to listen for herself.

She found the sound shorter than that of the tram, and advised both sides to have breakfast together.
""",
]
NAMES = ["Ida Brandt", "Jonas Okoro", "Mei Tanaka", "Luis Ferreira", "Anna Kowalska", "Omar Haddad"]
PLACES = ["Esbjerg", "Walvis Bay", "Nagoya", "Setúbal", "Gdynia", "Latakia"]


def story(number: int) -> str:
    """An article of its own: place, name, day and figures differ."""
    day = date(2020, 1, 1) + timedelta(days=37 * number)
    body = STORIES[number % 6].format(
        place=PLACES[number % 6], day=f"{day:%A}", name=NAMES[number % 5], number=1_000 + 7 * number
    )
    return f"News from {PLACES[number % 6]} that was heard far away\n\n{day:%d %B %Y}\n\n{body}"


def state(folder: Path) -> dict[Path, tuple[int, int]]:
    """Every file with its inode and time: a file that was written again differs."""
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def content(data: Path) -> dict[str, bytes]:
    """The bytes of all that is published."""
    door = (data / "clean").resolve()
    return {str(path.relative_to(door)): path.read_bytes() for path in sorted(door.rglob("*")) if path.is_file()}


def test_a_second_run_writes_no_file_and_publishes_nothing(tmp_path):
    first = clean(tmp_path / "data", SEEDS)
    before = state(tmp_path / "data")
    second = clean(tmp_path / "data", SEEDS)
    assert first.is_new and not second.is_new
    assert second.snapshot == first.snapshot
    assert state(tmp_path / "data") == before


def test_the_order_of_the_input_does_not_matter(tmp_path):
    files = sorted(SEEDS.iterdir())
    for number in range(2):
        random.Random(number).shuffle(files)
        clean(tmp_path / str(number), *files)
    assert published(tmp_path / "0") == published(tmp_path / "1")


def test_two_runs_over_halves_end_in_the_tables_of_one(tmp_path, seeds_data):
    files = sorted(SEEDS.iterdir())
    for name, halves in {"a": (files[:2], files[2:]), "b": (files[3:], files[:3])}.items():
        for half in halves:
            clean(tmp_path / name, *half)
        assert published(tmp_path / name) == published(seeds_data)


def test_seeds_dropped_one_by_one_in_any_order_end_alike(tmp_path, seeds_data):
    files = sorted(SEEDS.iterdir())
    random.Random(7).shuffle(files)
    for file in files:
        clean(tmp_path, file)
    assert published(tmp_path) == published(seeds_data)


def test_a_changed_file_is_a_revision_and_remakes_only_what_depends_on_it(tmp_path):
    folder = write_folder(tmp_path / "raw", {f"{number}.txt": story(number) for number in range(6)})
    small = PLAIN.model_copy(update={"ingest": PLAIN.ingest.model_copy(update={"part_bytes": 1024})})
    clean(tmp_path / "data", folder, settings=small)
    before = state(tmp_path / "data/store")
    assert len(list((tmp_path / "data/store/strip/spans").iterdir())) > 1
    (folder / "4.txt").write_text(story(4).replace("two winters", "three winters"))
    clean(tmp_path / "data", folder, settings=small)
    after = state(tmp_path / "data/store")
    spans = {path for path in before if path.parent.name == "spans"}
    assert all(after[path] == before[path] for path in spans)
    documents = published(tmp_path / "data")["documents"]
    old, new = sorted(
        (row for row in documents if row["source"] == "raw/4.txt"), key=lambda row: row["status"] == "article"
    )
    assert (old["status"], old["kept_as"], new["status"]) == ("duplicate", new["doc_id"], "article")
    assert len(documents) == 7


def test_a_file_that_is_gone_keeps_its_document_unless_mirrored(tmp_path):
    folder = write_folder(tmp_path / "raw", {f"{number}.txt": story(number) for number in range(3)})
    clean(tmp_path / "data", folder)
    (folder / "1.txt").unlink()
    assert clean(tmp_path / "data", folder).documents == 3
    mirror = PLAIN.model_copy(update={"ingest": PLAIN.ingest.model_copy(update={"mirror": True})})
    assert clean(tmp_path / "data", folder, settings=mirror).documents == 2
    sources = {row["source"] for row in published(tmp_path / "data")["documents"]}
    assert sources == {"raw/0.txt", "raw/2.txt"}


def test_bad_input_becomes_quarantine_and_costs_no_other_document(tmp_path):
    folder = write_folder(
        tmp_path / "raw",
        {
            "good.txt": story(1),
            "empty.txt": "",
            "blank.txt": " \n\n ",
            "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
            "noise.bin": bytes(range(256)) * 16,
            "huge.txt": "word " * 5_000,
            "records.jsonl": f'{{"text": 3}}\nno json\n{json.dumps({"id": "a", "text": story(2)})}\n',
        },
    )
    limit = PLAIN.model_copy(update={"ingest": PLAIN.ingest.model_copy(update={"max_bytes": 10_000})})
    summary = clean(tmp_path / "data", folder, settings=limit)
    tables = published(tmp_path / "data")
    reasons = {row["source"].removeprefix("raw/"): row["reason"] for row in tables["quarantine"]}
    assert reasons == {
        "empty.txt": "empty",
        "blank.txt": "empty",
        "picture.txt": "binary",
        "noise.bin": "binary",
        "huge.txt": "too-large",
        "records.jsonl#1": "bad-record",
        "records.jsonl#2": "bad-record",
    }
    assert {row["source"] for row in tables["articles"]} == {"raw/good.txt", "raw/records.jsonl#a"}
    assert summary.documents == summary.articles + summary.copies + summary.quarantined == 9


def test_a_path_that_does_not_exist_is_told_before_anything_is_done(tmp_path):
    with pytest.raises(UsageError, match="no such file or folder"):
        clean(tmp_path / "data", tmp_path / "nothing")


def test_one_publisher_at_a_time(tmp_path):
    with held(tmp_path / "data"), pytest.raises(BusyError, match="another run"):
        clean(tmp_path / "data", SEEDS)


def test_an_empty_folder_publishes_empty_tables_that_have_their_columns(tmp_path):
    (tmp_path / "raw").mkdir()
    assert clean(tmp_path / "data", tmp_path / "raw").documents == 0
    assert published(tmp_path / "data")["articles"] == []


def test_articles_replay_from_their_spans(seeds_data):
    tables = published(seeds_data)
    texts = {row["doc_id"]: row["text"] for row in tables["documents"]}
    for article in tables["articles"]:
        spans = sorted(
            (Span(**row) for row in tables["spans"] if row["doc_id"] == article["doc_id"]), key=lambda span: span.start
        )
        assert replay(texts[article["doc_id"]], spans) == article["text"]
        assert [span.start for span in spans] == [0, *(span.end for span in spans[:-1])]
        assert spans[-1].end == len(texts[article["doc_id"]])


def test_facts_read_back_from_their_offsets(seeds_data):
    tables = published(seeds_data)
    texts = {row["doc_id"]: row["text"] for row in tables["documents"]}
    read = [fact for fact in tables["facts"] if fact["start"] is not None]
    assert read
    for fact in read:
        assert 0 <= fact["start"] < fact["end"] <= len(texts[fact["doc_id"]])
        if fact["field"] in ("title", "outlet", "agency", "author"):
            assert " ".join(texts[fact["doc_id"]][fact["start"] : fact["end"]].split()) == fact["value"]


def test_the_seeds_make_the_same_bytes_wherever_they_lie(tmp_path, seeds_data):
    shutil.copytree(SEEDS, tmp_path / "elsewhere/seeds")
    clean(tmp_path / "data", tmp_path / "elsewhere/seeds")
    assert content(tmp_path / "data") == content(seeds_data)


def test_old_snapshots_go_after_their_grace(tmp_path):
    folder = write_folder(tmp_path / "raw", {"1.txt": story(1)})
    first = clean(tmp_path / "data", folder)
    write_folder(folder, {"2.txt": story(2)})
    second = clean(tmp_path / "data", folder)
    assert first.snapshot.exists() and second.snapshot.exists()
    no_grace = PLAIN.model_copy(update={"publish": PLAIN.publish.model_copy(update={"grace_hours": 0})})
    write_folder(folder, {"3.txt": story(3)})
    third = clean(tmp_path / "data", folder, settings=no_grace)
    assert [path.name for path in (tmp_path / "data/snapshots").iterdir()] == [third.snapshot.name]


def test_a_file_that_may_still_be_written_to_waits_for_the_next_run(tmp_path):
    folder = write_folder(tmp_path / "raw", {"1.txt": story(1), "2.txt": story(2)})
    long_ago = time.time() - 3_600
    os.utime(folder / "1.txt", (long_ago, long_ago))
    patient = PLAIN.model_copy(update={"run": PLAIN.run.model_copy(update={"settle_seconds": 600})})
    assert clean(tmp_path / "data", folder, settings=patient).documents == 1
    os.utime(folder / "2.txt", (long_ago, long_ago))
    assert clean(tmp_path / "data", folder, settings=patient).documents == 2
