"""Compressions, archives and crawls opened, whatever they are called, and within limits."""

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from tasks.ingest import Ingested, IngestSettings, Job, ingest, plan
from tasks.ingest.discover import discover
from tasks.store import Store

DEFAULT = IngestSettings()
ARTICLE = "Talks go on in the harbour town.\n\nBoth sides met on Monday, and will meet again.\n"
PAGE = "<html><head><title>A page</title></head><body><h1>Talks go on</h1><p>Both sides met.</p></body></html>"
LINES = b"".join(json.dumps({"id": number, "text": f"{number}. {ARTICLE}"}).encode() + b"\n" for number in range(3))


def zstd(raw: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as file:
        file.write(raw)
    return sink.getvalue().to_pybytes()


PACK: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}


def zipped(members: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return whole.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode=mode) as archive:
        for name, raw in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(raw)
            archive.addfile(about, io.BytesIO(raw))
    return whole.getvalue()


MEMBERS = {"a/one.txt": ARTICLE.encode(), "a/page.html": PAGE.encode(), "b/records.jsonl": LINES}
HELD = {"!a/one.txt", "!a/page.html", *(f"!b/records.jsonl#{number}" for number in range(3))}


def read(tmp_path: Path, name: str, raw: bytes, limits: IngestSettings = DEFAULT) -> Ingested:
    file = tmp_path / "raw" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(raw)
    return ingest(Job(None, tuple(part for one in discover([file], 2**40) for part in one)), limits)


def sources(rows: Ingested, name: str) -> set[str]:
    return {row.source.removeprefix(f"raw/{name}") for row in rows.documents}


def reasons(rows: Ingested) -> dict[str, str]:
    return {row.source.removeprefix("raw/"): row.reason for row in rows.quarantine}


@pytest.mark.parametrize("ending", PACK)
def test_a_compressed_text_is_the_text(tmp_path, ending):
    [document] = read(tmp_path, f"a.txt.{ending}", PACK[ending](ARTICLE.encode())).documents
    assert (document.source, document.text, document.bytes) == (f"raw/a.txt.{ending}", ARTICLE, len(ARTICLE))


@pytest.mark.parametrize("ending", PACK)
def test_compressed_records_are_records(tmp_path, ending):
    rows = read(tmp_path, f"a.jsonl.{ending}", PACK[ending](LINES))
    assert sources(rows, f"a.jsonl.{ending}") == {"#0", "#1", "#2"}


@pytest.mark.parametrize("ending", PACK)
def test_streams_put_end_to_end_are_one(tmp_path, ending):
    pack = PACK[ending]
    [document] = read(tmp_path, "a", pack(ARTICLE.encode()) + pack(b"The end.")).documents
    assert document.text == ARTICLE + "The end."


@pytest.mark.parametrize("ending", PACK)
def test_a_stream_that_breaks_off_is_put_aside(tmp_path, ending):
    noise = random.Random(5).randbytes(50_000).hex().encode()
    rows = read(tmp_path, "a.txt", PACK[ending](noise)[:-2000])
    assert (reasons(rows), rows.documents) == ({"a.txt": "broken-archive"}, [])


ARCHIVES = {
    "news.zip": zipped(MEMBERS),
    "news.tar": tarred(MEMBERS),
    "news.tar.gz": tarred(MEMBERS, "w:gz"),
    "news.tgz": tarred(MEMBERS, "w:gz"),
    "news.tar.xz": tarred(MEMBERS, "w:xz"),
    "news.tar.zst": zstd(tarred(MEMBERS)),
    "no ending": tarred(MEMBERS, "w:bz2"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_gives_what_its_members_give(tmp_path, name):
    rows = read(tmp_path, name, ARCHIVES[name])
    assert (sources(rows, name), reasons(rows)) == (HELD, {})
    assert {row.text for row in rows.documents if row.source.endswith("one.txt")} == {ARTICLE}


def test_an_archive_in_an_archive_is_opened_once(tmp_path):
    inner = {"in.zip": zipped(MEMBERS), "in.tar.gz": tarred(MEMBERS, "w:gz"), "x.txt.gz": gzip.compress(b"Inside.")}
    for name, outer in (("a.zip", zipped(inner)), ("a.tar.gz", tarred(inner, "w:gz"))):
        rows = read(tmp_path, name, outer)
        assert sources(rows, name) == {f"!{one}{held}" for one in ("in.zip", "in.tar.gz") for held in HELD} | {
            "!x.txt.gz"
        }
        deeper = read(tmp_path, "b.tar", tarred({name: outer}))
        assert sources(deeper, "b.tar") == {f"!{name}!x.txt.gz"}
        assert set(reasons(deeper).values()) == {"nested-archive"}


def test_members_that_point_out_of_their_archive_are_put_aside(tmp_path):
    outside = {"../up.txt": b"x", "/etc/motd": b"x", "a/../../b.txt": b"x", "C:/x.txt": b"x", "..\\w.txt": b"x"}
    for name, raw in (("a.zip", zipped(outside | MEMBERS)), ("a.tar", tarred(outside | MEMBERS))):
        rows = read(tmp_path, name, raw)
        assert (sources(rows, name), set(reasons(rows).values())) == (HELD, {"unsafe-path"})
        assert {source.removeprefix(f"{name}!") for source in reasons(rows)} == set(outside)


def test_links_and_devices_in_archives_are_put_aside(tmp_path):
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("p", tarfile.FIFOTYPE),
        ):
            about = tarfile.TarInfo(name)
            about.type, about.linkname = kind, "/etc/passwd"
            archive.addfile(about)
    assert reasons(read(tmp_path, "a.tar", whole.getvalue())) == {f"a.tar!{name}": "unsafe-path" for name in "shdp"}
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert reasons(read(tmp_path, "a.zip", whole.getvalue())) == {"a.zip!link": "unsafe-path"}


def test_a_sidecar_in_an_archive_speaks_of_the_member_beside_it(tmp_path):
    beside = {"a/one.txt.meta.json": b'{"title": "One"}', "a/page.html.meta.json": b"{"}
    members = dict(sorted({**MEMBERS, **beside}.items()))
    for name, raw in (("a.zip", zipped(members)), ("a.tar", tarred(members)), ("a.tgz", tarred(members, "w:gz"))):
        rows = read(tmp_path, name, raw)
        assert (sources(rows, name), reasons(rows)) == (HELD, {f"{name}!a/page.html.meta.json": "bad-record"})
        said = [(row.value, row.pointer) for row in rows.sidecars if row.key != "id"]
        assert said == [("One", "one.txt.meta.json: title")]


def test_what_a_folder_would_hide_an_archive_hides_too(tmp_path):
    hidden = {".git/x": b"x", "__MACOSX/a/._one.txt": b"x", "a/.DS_Store": b"x"}
    rows = read(tmp_path, "a.zip", zipped(hidden | MEMBERS))
    assert (sources(rows, "a.zip"), reasons(rows)) == (HELD, {})


@pytest.mark.parametrize("ending", PACK)
def test_a_bomb_is_put_aside_before_it_goes_off(tmp_path, ending):
    limits = IngestSettings(max_unpacked=2**20)
    raw = PACK[ending](b"\0" * 2**22)
    rows = read(tmp_path, "a", raw, limits)
    assert (reasons(rows), rows.documents) == ({"a": "bomb"}, [])


def test_a_zip_bomb_of_many_members_is_put_aside(tmp_path):
    raw = zipped({f"{number}.txt": b" word" * 2**18 for number in range(8)})
    assert reasons(read(tmp_path, "a.zip", raw, IngestSettings(max_unpacked=2**20))) == {"a.zip": "bomb"}


def test_what_unpacks_to_far_more_than_it_is_is_put_aside(tmp_path):
    raw = gzip.compress(b"word " * (80 * 2**20 // 5), compresslevel=1)
    assert reasons(read(tmp_path, "a.gz", raw, IngestSettings(max_ratio=20))) == {"a.gz": "bomb"}
    assert reasons(read(tmp_path, "a.gz", raw)) == {"a.gz": "too-large"}


def test_a_member_beyond_the_limit_costs_only_itself(tmp_path):
    raw = zipped({"big.txt": b"word " * 1000, "small.txt": b"word"})
    rows = read(tmp_path, "a.zip", raw, IngestSettings(max_bytes=1000))
    assert (reasons(rows), sources(rows, "a.zip")) == ({"a.zip!big.txt": "too-large"}, {"!small.txt"})


def test_an_archive_that_is_cut_keeps_what_was_read_before(tmp_path):
    whole = tarred({f"{number}.txt": f"{number} {ARTICLE}".encode() for number in range(4)})
    rows = read(tmp_path, "a.tar", whole[: 512 * 5])
    assert sources(rows, "a.tar") == {"!0.txt", "!1.txt"}
    assert set(reasons(rows).values()) == {"broken-archive"}
    rows = read(tmp_path, "b.tar", whole[: 512 * 4] + b"\1" * 512 + whole[512 * 5 :])
    assert sources(rows, "b.tar") == {"!0.txt", "!1.txt"}
    assert reasons(rows) == {"b.tar": "broken-archive"}


def test_a_compressed_archive_that_breaks_off_keeps_what_was_read_before(tmp_path):
    noise = random.Random(5)
    members = {f"{number}.txt": noise.randbytes(30_000).hex().encode() for number in range(5)}
    whole = tarred(members, "w:gz")
    rows = read(tmp_path, "a.tgz", whole[: len(whole) // 2])
    assert sources(rows, "a.tgz") == {"!0.txt", "!1.txt"}
    assert set(reasons(rows).values()) == {"broken-archive"}


def test_a_locked_zip_member_is_put_aside(tmp_path):
    raw = bytearray(zipped({"a.txt": ARTICLE.encode()}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert reasons(read(tmp_path, "a.zip", bytes(raw))) == {"a.zip!a.txt": "broken-archive"}


def test_a_zip_whose_index_points_before_its_beginning_is_put_aside(tmp_path):
    raw = bytearray(zipped(MEMBERS))
    raw[-6:-2] = (int.from_bytes(raw[-6:-2], "little") + 10).to_bytes(4, "little")
    assert set(reasons(read(tmp_path, "a.zip", bytes(raw))).values()) == {"broken-archive"}


def test_an_office_document_is_binary(tmp_path):
    raw = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert reasons(read(tmp_path, "a.docx", raw)) == {"a.docx": "binary"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.zip", "a.tar", "a.tar.gz", "a.csv", "a.parquet"])
def test_a_long_file_cut_into_slices_gives_each_document_once(tmp_path, name):
    words = random.Random(9)
    texts = [f"{number} " + " ".join(str(words.random()) for _ in range(30)) for number in range(60)]
    table = pa.table({"id": list(range(60)), "text": texts})
    whole = {
        "jsonl": lambda: b"".join(
            json.dumps({"id": at, "text": text}).encode() + b"\n" for at, text in enumerate(texts)
        ),
        "csv": lambda: ("id,text\n" + "".join(f'{at},"{text}"\n' for at, text in enumerate(texts))).encode(),
        "zip": lambda: zipped({f"{at}.txt": text.encode() for at, text in enumerate(texts)}),
        "tar": lambda: tarred({f"{at}.txt": text.encode() for at, text in enumerate(texts)}),
        "parquet": lambda: parquet(table, row_group_size=25),
    }[name.split(".")[1]]()
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(gzip.compress(whole) if name.endswith("gz") else whole)
    limits = IngestSettings(part_bytes=4096)
    jobs = plan([tmp_path / "raw"], Store(tmp_path / "store"), limits)
    assert len(jobs) > 3
    read = [ingest(job, limits) for job in jobs]
    assert sorted(document.text for rows in read for document in rows.documents) == sorted(texts)
    assert not any(rows.quarantine for rows in read)


def parquet(table: pa.Table, **options: int) -> bytes:
    import pyarrow.parquet as pq

    whole = io.BytesIO()
    pq.write_table(table, whole, **options)
    return whole.getvalue()
