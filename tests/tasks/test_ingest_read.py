"""Files and records read into rows: a document each, or a reason why not."""

import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest import Document, Ingested, IngestSettings, Job, Page, Quarantine, Sidecar, document_id, ingest, plan
from tasks.ingest.discover import discover
from tasks.store import Store

DEFAULT = IngestSettings()
PAGE = "<html><head><title>A page</title></head><body><h1>Talks go on</h1><p>Both sides met.</p></body></html>"


def read(given: Path, limits: IngestSettings = DEFAULT) -> Ingested:
    slices = tuple(part for file in discover([given], limits.part_bytes) for part in file)
    return ingest(Job(None, slices), limits)


def read_bytes(tmp_path: Path, name: str, raw: bytes | str, limits: IngestSettings = DEFAULT) -> Ingested:
    file = tmp_path / "raw" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read(file, limits)


def reasons(rows: Ingested) -> dict[str, str]:
    return {row.source.removeprefix("raw/"): row.reason for row in rows.quarantine}


def bodies(rows: Ingested) -> dict[str, str]:
    return {row.source.removeprefix("raw/"): row.text for row in rows.documents}


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_a_text_is_kept_as_it_stands(tmp_path):
    [document] = read_bytes(tmp_path, "a.txt", "\n One.\r\n\tTwo. \n").documents
    assert document.text == "\n One.\r\n\tTwo. \n"
    assert (document.source, document.form, document.encoding, document.bytes) == ("raw/a.txt", "text", "utf-8", 15)


def test_a_document_is_named_by_its_source_and_its_bytes(tmp_path):
    [document] = read_bytes(tmp_path, "a.txt", "One.").documents
    sha256 = hashlib.sha256(b"One.").hexdigest()
    assert document.sha256 == sha256
    assert document.doc_id == hashlib.sha256(f"raw/a.txt\n{sha256}".encode()).hexdigest()[:16]
    assert document_id("raw/a.txt", sha256) == document.doc_id != document_id("raw/b.txt", sha256)


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a"])
def test_a_page_is_told_by_its_content_and_keeps_its_markup(tmp_path, name):
    rows = read_bytes(tmp_path, name, PAGE)
    [document], [page] = rows.documents, rows.pages
    assert (document.form, document.text) == ("html", "Talks go on\n\nBoth sides met.")
    assert (page.doc_id, page.html) == (document.doc_id, PAGE)


def test_a_page_has_a_block_a_line_of_its_text_and_a_text_has_none(tmp_path):
    rows = read_bytes(tmp_path, "a.html", PAGE)
    [document] = rows.documents
    shown = [(block.doc_id, block.tag, document.text[block.start : block.end]) for block in rows.blocks]
    assert shown == [(document.doc_id, "h1", "Talks go on"), (document.doc_id, "p", "Both sides met.")]
    assert read_bytes(tmp_path, "a.txt", "One.").blocks == []


def test_a_text_that_has_a_tag_in_it_is_a_text(tmp_path):
    text = "The <b> tag makes a word bold.\n" + "Nothing else in this article is about markup at all.\n" * 9
    assert read_bytes(tmp_path, "a.html", text).documents[0].form == "text"


def test_a_page_that_shows_nothing_is_empty(tmp_path):
    rows = read_bytes(tmp_path, "a.html", "<html><body><script>var x = 1</script></body></html>")
    assert (reasons(rows), rows.pages) == ({"a.html": "empty"}, [])


def test_a_document_beyond_the_limit_is_put_aside_with_its_size(tmp_path):
    limits = IngestSettings(max_bytes=10)
    rows = read_bytes(tmp_path, "a.txt", "x" * 11, limits)
    assert (reasons(rows), rows.quarantine[0].bytes) == ({"a.txt": "too-large"}, 11)
    assert bodies(read_bytes(tmp_path, "b.txt", "x" * 10, limits)) == {"b.txt": "x" * 10}


def test_a_long_text_is_one_document_however_it_is_cut(tmp_path):
    rows = read_bytes(tmp_path, "a.txt", "word " * 1000, IngestSettings(part_bytes=1024))
    assert bodies(rows) == {"a.txt": "word " * 1000}
    assert len(rows.inputs) == 5


def test_records_are_documents_named_by_id_or_by_line(tmp_path):
    rows = read_bytes(
        tmp_path,
        "a.jsonl",
        lines({"id": "x", "text": "One."}, {"text": "Two."}) + "\n" + lines({"id": 7, "text": "Three."}),
    )
    assert bodies(rows) == {"a.jsonl#x": "One.", "a.jsonl#2": "Two.", "a.jsonl#7": "Three."}


def test_what_a_record_says_besides_are_sidecar_rows_one_an_author(tmp_path):
    record = {"text": "One.", "title": " A title ", "authors": ["Ann", "", "Bo"], "outlet": None, "mood": "calm"}
    rows = read_bytes(tmp_path, "a.jsonl", lines(record))
    said = [(row.key, row.value, row.pointer) for row in rows.sidecars]
    assert sorted(said) == [
        ("authors", "Ann", "authors[0]"),
        ("authors", "Bo", "authors[2]"),
        ("title", "A title", "title"),
    ]


def test_a_record_of_markup_is_a_page(tmp_path):
    rows = read_bytes(tmp_path, "a.jsonl", lines({"html": PAGE, "text": "Talks."}))
    assert (rows.documents[0].form, rows.pages[0].html) == ("html", PAGE)


BAD_RECORDS = {
    "no json": "no json",
    "a number": "3",
    "a list": "[1]",
    "no body": '{"title": "x"}',
    "a blank body": '{"text": "  "}',
    "a body that is no string": '{"text": 3}',
    "cut": '{"text": "abc',
    "too deep": '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "a huge number": '{"text": ' + "9" * 10_000 + "}",
    "not utf-8": b'{"text": "caf\xe9"}',
}


@pytest.mark.parametrize("bad", BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_bad_record_costs_only_itself(tmp_path, bad):
    raw = bad if isinstance(bad, bytes) else bad.encode()
    rows = read_bytes(tmp_path, "a.jsonl", b'{"text": "One."}\n' + raw + b'\n{"text": "Three."}')
    assert reasons(rows) == {"a.jsonl#2": "bad-record"}
    assert bodies(rows) == {"a.jsonl#1": "One.", "a.jsonl#3": "Three."}


def test_half_a_surrogate_in_a_record_is_shown_as_unknown(tmp_path):
    rows = read_bytes(tmp_path, "a.jsonl", '{"text": "One \\ud83d.", "id": "\\ud800", "title": "\\udc00"}')
    assert bodies(rows) == {"a.jsonl#\ufffd": "One \ufffd."}
    assert [row.value for row in rows.sidecars if row.key == "title"] == ["\ufffd"]
    unescaped = '{"text": "One \ud83d."}'.encode("utf-8", "surrogatepass")
    assert bodies(read_bytes(tmp_path, "b.jsonl", unescaped)) == {"b.jsonl#1": "One \ufffd."}


def test_two_records_of_one_id_are_two_states_of_which_the_later_is_newer(tmp_path):
    rows = read_bytes(tmp_path, "a.jsonl", lines({"id": 1, "text": "Old."}, {"id": 1, "text": "New."}))
    old, new = sorted(rows.documents, key=lambda document: document.mtime_ns)
    assert (old.text, new.text, old.source) == ("Old.", "New.", new.source)


def test_a_record_that_stands_twice_is_one_document(tmp_path):
    rows = read_bytes(tmp_path, "a.jsonl", lines(*[{"id": 1, "text": "One.", "title": "T"}] * 3))
    assert (len(rows.documents), len(rows.sidecars)) == (1, 2)


def test_a_record_beyond_the_limit_costs_only_itself(tmp_path):
    limits = IngestSettings(max_bytes=50)
    rows = read_bytes(tmp_path, "a.jsonl", lines({"text": "One."}, {"text": "x" * 500}, {"text": "Three."}), limits)
    assert reasons(rows) == {"a.jsonl#2": "too-large"}
    assert bodies(rows) == {"a.jsonl#1": "One.", "a.jsonl#3": "Three."}


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), max_size=12), st.integers(1024, 1100))
def test_records_are_the_same_however_the_file_is_cut(tmp_path_factory, texts, part_bytes):
    records = [{"text": f"{text} {'x' * 200}"} for text in texts]
    raw = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    folder = tmp_path_factory.mktemp("cut")
    whole = read_bytes(folder, "a.jsonl", raw)
    cut = measured(folder / "raw", part_bytes)
    assert cut == whole.documents
    assert len(whole.documents) == len(texts)


def measured(folder: Path, part_bytes: int) -> list[Document]:
    """The documents of a folder read in slices, each as the plan hands it on."""
    limits = IngestSettings(part_bytes=part_bytes)
    jobs = plan([folder], Store(folder / "nothing"), limits)
    assert len(jobs) >= 1
    return sorted(document for job in jobs for document in ingest(job, limits).documents)


def test_a_sidecar_beside_a_file_speaks_of_its_document(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.html.meta.json").write_text('{"url": "https://example.org/a", "authors": ["Ann"]}')
    rows = read_bytes(tmp_path, "a.html", PAGE)
    said = {(row.doc_id, row.key, row.value, row.pointer) for row in rows.sidecars}
    doc_id = rows.documents[0].doc_id
    assert said == {
        (doc_id, "url", "https://example.org/a", "a.html.meta.json: url"),
        (doc_id, "authors", "Ann", "a.html.meta.json: authors[0]"),
    }


def test_a_broken_sidecar_costs_its_document_nothing(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt.meta.json").write_text("[]")
    rows = read_bytes(tmp_path, "a.txt", "One.")
    assert (bodies(rows), reasons(rows)) == ({"a.txt": "One."}, {"a.txt.meta.json": "bad-record"})


def test_the_order_of_the_files_does_not_matter(tmp_path):
    for number in range(6):
        rows = read_bytes(tmp_path, f"{number}.txt", f"Text {number}.")
    read_bytes(tmp_path, "bad.txt", "")
    slices = [part for file in discover([tmp_path / "raw"], 100) for part in file]
    rows = ingest(Job(None, tuple(slices)), DEFAULT)
    random.Random(3).shuffle(slices)
    assert ingest(Job(None, tuple(slices)), DEFAULT) == rows


def test_every_row_belongs_to_a_document_that_is_there(tmp_path):
    rows = read_bytes(tmp_path, "a.jsonl", lines({"html": PAGE, "title": "T"}, {"html": "<html></html>", "title": "U"}))
    named = {row.doc_id for row in rows.documents}
    mentioned: list[Page | Sidecar] = [*rows.pages, *rows.sidecars]
    assert {row.doc_id for row in mentioned} == named
    assert all(isinstance(row, Quarantine) and row.doc_id not in named for row in rows.quarantine)
