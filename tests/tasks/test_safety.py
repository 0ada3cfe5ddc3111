"""What is thrown at the room neither reaches out, nor gets in, nor holds it up."""

import io
import json
import os
import pickle
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.ingest import Ingested, IngestSettings, Job, ingest, plan
from tasks.ingest.decode import decode
from tasks.ingest.discover import discover
from tasks.ingest.kinds import HEAD, kind_of
from tasks.ingest.read import form_of
from tasks.ingest.web import CHARSET
from tasks.store import Store

ROOT = Path(__file__).parents[2]
DEFAULT = IngestSettings()
LEAKS = (
    '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "http://127.0.0.1:9/x.dtd" [<!ENTITY a SYSTEM "file:///etc/passwd">'
    '<!ENTITY % b SYSTEM "http://127.0.0.1:9/b"> %b;]><html xmlns:xi="http://www.w3.org/2001/XInclude"><head>'
    '<base href="http://127.0.0.1:9/"><link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head><body>'
    '<xi:include href="file:///etc/passwd" parse="text"/><img src="http://127.0.0.1:9/a.png"><p>Talks go on. &a;</p>'
    '<iframe src="http://127.0.0.1:9/"></iframe><script src="http://127.0.0.1:9/a.js"></script></body></html>'
)


def read(given: Path, limits: IngestSettings = DEFAULT) -> Ingested:
    return ingest(Job(None, tuple(part for one in discover([given], 2**40) for part in one)), limits)


def read_text(tmp_path: Path, name: str, text: str | bytes, limits: IngestSettings = DEFAULT) -> Ingested:
    file = tmp_path / "raw" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, limits)


WATCHED = """
import sys
from pathlib import Path
seen = []
watch = ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec",
         "os.symlink", "os.link", "os.remove", "os.rename", "os.mkdir", "pickle.find_class", "urllib.Request")
def hook(event, arguments):
    if event in watch or (event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")):
        seen.append(f"{event} {arguments}")
    if event == "open" and str(arguments[0]) in ("/etc/passwd", "/etc/hostname"):
        seen.append(f"{event} {arguments}")
from tasks.ingest import Ingested, IngestSettings, Job, ingest
from tasks.ingest.discover import discover
from tasks.strip import StripSettings, strip
def clean(given):
    rows = ingest(Job(None, tuple(part for one in discover([given], 2**40) for part in one)), IngestSettings())
    strip(rows.documents, {page.doc_id: page.html for page in rows.pages}, StripSettings())
    return rows
clean(Path(sys.argv[2]))  # what libraries do once, when they are imported, is not what documents make them do
sys.addaudithook(hook)
rows = clean(Path(sys.argv[1]))
print(len(rows.documents), [line for line in seen if "__pycache__" not in line])
"""


def test_nothing_is_fetched_run_or_written_while_hostile_documents_are_read(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.html").write_text(LEAKS)
    (raw / "a.jsonl").write_text(json.dumps({"html": LEAKS, "url": "http://127.0.0.1:9/"}))
    with tarfile.open(raw / "a.tar", "w") as archive:
        for name, target in (("link", "/etc/passwd"), ("../up", "/etc/hostname")):
            about = tarfile.TarInfo(name)
            about.type, about.linkname = tarfile.SYMTYPE, target
            archive.addfile(about)
    with zipfile.ZipFile(raw / "a.zip", "w") as archive:
        archive.writestr("../../up.txt", "Talks go on.")
        archive.writestr("in.html", LEAKS)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/b.html").write_text("<html><body><p>Talks go on.</p></body></html>")
    command = [sys.executable, "-c", WATCHED, str(raw), str(tmp_path / "b")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "3 []", done.stdout + done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "a.html",
        "a.jsonl",
        "a.tar",
        "a.zip",
        "b",
        "b.html",
        "raw",
    ]


def test_an_entity_neither_leaks_a_file_nor_blows_up(tmp_path):
    rows = read_text(tmp_path, "a.html", LEAKS)
    assert "Talks go on." in rows.documents[0].text
    assert "root:" not in rows.documents[0].text
    laughs = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "ha">{laughs}]><html><body><p>So &e11;</p></body></html>'
    assert len(read_text(tmp_path, "b.xhtml", bomb).documents[0].text) < 100


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The secret.")
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("One.")
    (raw / "a.txt.meta.json").symlink_to(outside / "secret.txt")
    (raw / "file.txt").symlink_to(outside / "secret.txt")
    (raw / "folder").symlink_to(outside)
    (raw / "loop").symlink_to(raw)
    rows = read(raw)
    assert [row.text for row in rows.documents] == ["One."]
    assert not rows.sidecars
    assert not rows.quarantine


PATTERNS: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "whether a text is a page": (
        form_of,
        ("<!---->", "<!--", " ", "<?xml ", "<!doctype", "<p ", "<", "</p", "<?xml?> <!-- -->", "<html-"),
    ),
    "what a file is": (
        lambda text: kind_of(text.encode()[:HEAD], "a"),
        ("a:b\n", "a:b\n x\n", "a", ":", "a:\n \n", "content-type: \n", "BZh", "{ "),
    ),
    "what encoding a page declares": (
        lambda text: decode(b"\xff" + text.encode()),
        ("<meta ", "<meta charset ", "<?xml ", "<?xml encoding='", "charset=", "<meta http-equiv charset"),
    ),
    "what encoding a server names": (CHARSET.search, ("charset", "charset ", "charset=", " ")),
}


@pytest.mark.parametrize("what", PATTERNS)
def test_no_pattern_takes_long_over_a_text_made_to_hold_it_up(what):
    look, pieces = PATTERNS[what]
    for piece in pieces:
        text = piece * (100_000 // len(piece))
        began = time.process_time()
        look(text)
        assert time.process_time() - began < 2, piece


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 30_000 + "Talks go on.",
        "<p>" * 30_000 + "Talks go on.",
        "<b><i>" * 15_000 + "Talks go on.",
        "<table><tr><td>" * 10_000 + "Talks go on.",
        "<html " + "a=b " * 30_000 + "><p>Talks go on.",
        "<html><body>" + "<!-- -->" * 20_000 + "<p>Talks go on.",
        "<html><body>&#0;&#x110000;&#xd800;&nosuch;<p>Talks go on.",
    ],
    ids=["div", "p", "bi", "table", "attributes", "comments", "entities"],
)
def test_a_page_made_to_hold_up_a_parser_is_read_or_put_aside(tmp_path, page):
    began = time.process_time()
    rows = read_text(tmp_path, "a.html", page)
    assert time.process_time() - began < 10
    assert len(rows.documents) + len(rows.quarantine) == 1
    assert all("Talks go on." in row.text for row in rows.documents)


def test_a_text_of_endless_lines_is_put_aside(tmp_path):
    limits = IngestSettings(max_lines=10, max_line=100)
    rows = [read_text(tmp_path, "a.txt", text, limits) for text in ("x\n" * 10, "x" * 101, "x " * 50)]
    assert [row.reason for some in rows for row in some.quarantine] == ["too-many-lines", "line-too-long"]
    assert len(rows[2].documents) == 1


def test_what_travels_to_a_worker_is_small(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(100):
        (raw / f"{number}.txt").write_text("Talks go on. " * 1000)
    jobs = plan([raw], Store(tmp_path / "store"), DEFAULT)
    assert sum(len(pickle.dumps(job)) for job in jobs) < 100 * 400


def test_names_made_to_deceive_are_kept_as_they_are_and_cost_nothing(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    names = [
        "a\nb.txt",
        "a\x1b[2J.txt",
        "\u202etxt.exe",
        "a#1",
        "b!c.txt",
        "%41.txt",
        "x" * 250,
        "a b.TXT",
        "-",
        "--json",
    ]
    for name in names:
        (raw / name).write_text(f"One. {name}")
    with open(os.fsencode(raw) + b"/\xff\xfe.txt", "w") as file:
        file.write("One.")
    rows = read(raw)
    assert {row.source for row in rows.documents} == {*(f"raw/{name}" for name in names), "raw/%FF%FE.txt"}
    assert len({row.doc_id for row in rows.documents}) == len(names) + 1
    assert not rows.quarantine


def test_a_zip_of_members_of_one_name_loses_none_of_them(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for text in ("One.", "Two.", "One."):
            archive.writestr("a.txt", text)
    rows = read_text(tmp_path, "a.zip", whole.getvalue())
    assert sorted(row.text for row in rows.documents) == ["One.", "Two."]
    assert max(rows.documents, key=lambda row: row.mtime_ns).text == "One."
