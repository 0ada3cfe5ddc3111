"""Raw documents from object storage and tables into it: a real server that speaks S3, on this machine."""

import json
import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from io import BytesIO

import polars
import pyarrow.fs as pafs
import pytest

from flows.command import main
from flows.each import plainly
from flows.rebuild import rebuild
from flows.server import free_port
from flows.settings import load
from flows.workers import Workers
from tasks.errors import UnreachableError, UsageError
from tasks.ingest import IngestSettings, ingest, plan
from tasks.places import place
from tasks.publish import pointer, send
from tasks.store import Store
from tests.conftest import PLAIN, SEEDS, clean, published


@pytest.fixture(scope="module")
def server():
    """The address of a server with nothing in it."""
    url = f"http://127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", url.rpartition(":")[2]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{url}/moto-api/", process)
        yield url
    finally:
        process.kill()
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def files(server):
    """Its file system; the environment says where it is, as it does for whoever runs copydesk."""
    said = {"AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "something"}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {**said, "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}.items():
            environment.setenv(name, value)
        yield pafs.FileSystem.from_uri("s3://any?allow_bucket_creation=true")[0]


@pytest.fixture
def bucket(files, request):
    """The name of a bucket that is this test's own."""
    name = f"b{abs(hash(request.node.name))}"
    files.create_dir(name)
    return name


def put(files, path: str, content: bytes | str) -> None:
    with files.open_output_stream(path) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def documents(url: str, store: Store, settings: IngestSettings = IngestSettings()) -> dict[str, str]:  # noqa: B008
    """The text of each document that a run would read, by source."""
    found = [ingest(job, settings) for job in plan([url], store, settings)]
    return {row.source: row.text for rows in found for row in rows.documents}


def test_objects_become_the_documents_that_their_files_are(tmp_path, files, bucket, seeds_data):
    for path in SEEDS.iterdir():
        put(files, f"{bucket}/raw/seeds/{path.name}", path.read_bytes())
    clean(tmp_path, f"s3://{bucket}/raw/seeds")
    assert published(tmp_path) == published(seeds_data)


def test_an_object_is_read_once_and_again_when_it_changes(tmp_path, files, bucket):
    url, store = f"s3://{bucket}/raw", tmp_path
    put(files, f"{bucket}/raw/a.txt", "Talks go on.")
    assert clean(store, url).new_parts == 1
    assert clean(store, url).new_parts == 0
    put(files, f"{bucket}/raw/a.txt", "Talks have ended, and nobody won.")
    assert clean(store, url).new_parts == 1


def test_hidden_objects_are_left_out_and_sidecars_go_with_their_objects(tmp_path, files, bucket):
    for name in ("a b?.txt", "ü/c#1.txt", ".x.txt", ".hidden/d.txt"):
        put(files, f"{bucket}/raw/{name}", name)
    put(files, f"{bucket}/raw/a b?.txt.meta.json", '{"title": "The title"}')
    settings, store = IngestSettings(), Store(tmp_path)
    [rows] = [ingest(job, settings) for job in plan([f"s3://{bucket}/raw"], store, settings)]
    assert {row.source for row in rows.documents} == {"raw/a b?.txt", "raw/ü/c#1.txt"}
    assert [row.value for row in rows.sidecars] == ["The title"]
    assert documents(f"s3://{bucket}/raw/ü/c#1.txt".replace("#", "%23"), store) == {"ü/c#1.txt": "ü/c#1.txt"}


def test_a_long_object_is_read_in_slices_and_an_archive_from_its_end(tmp_path, files, bucket):
    texts = {f"{number}": f"Record {number}. " + "words " * 6000 for number in range(40)}
    put(files, f"{bucket}/raw/all.jsonl", "".join(json.dumps({"id": k, "text": v}) + "\n" for k, v in texts.items()))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"{name}.txt", text)
    put(files, f"{bucket}/raw/all.zip", packed.getvalue())
    assert len(packed.getvalue()) > 2**20
    found = documents(f"s3://{bucket}/raw", Store(tmp_path), IngestSettings(part_bytes=2**19))
    assert found == {
        **{f"raw/all.jsonl#{name}": text for name, text in texts.items()},
        **{f"raw/all.zip!{name}.txt": text for name, text in texts.items()},
    }


def test_readers_of_a_bucket_see_the_tables_of_the_data_folder(tmp_path, files, bucket, capsys):
    url = f"s3://{bucket}/news"
    settings = load(None, {**as_flags(PLAIN), "publish.to": url})
    assert clean(tmp_path, SEEDS, settings=settings).elsewhere == url
    main(["path", "articles", "--data", url])
    folder = capsys.readouterr().out.strip()
    here = (tmp_path / "clean").resolve()
    assert folder == f"{url}/snapshots/{here.name}/articles"
    told = {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"], "aws_allow_http": "true", "aws_region": "us-east-1"}
    there = polars.read_parquet(f"{folder}/*.parquet", storage_options=told)
    assert there.equals(polars.read_parquet(here / "articles"))
    names = {info.path.partition(here.name)[2][1:] for info in files.get_file_info(everything(bucket)) if info.is_file}
    assert names >= {path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()}


def test_readers_keep_what_they_read_for_the_time_of_grace_and_nothing_is_sent_twice(tmp_path, files, bucket):
    url, there = f"s3://{bucket}", place(f"s3://{bucket}")
    old, new = (clean(tmp_path, *sorted(SEEDS.glob(f"{name}*"))).snapshot for name in ("001", "00[12]"))
    assert send(old, url, 0, 10) > send(old, url, 1, 10) == 0
    put(files, f"{bucket}/snapshots/unfinished/articles/part-a.parquet", "half")
    assert 0 < send(new, url, 5, 10) < sum(path.stat().st_size for path in new.rglob("*.parquet"))
    assert snapshots(files, bucket) == {old.name, new.name}
    send(new, url, 14, 10)
    assert snapshots(files, bucket) == {old.name, new.name}
    send(new, url, 16, 10)
    assert snapshots(files, bucket) == {new.name}
    assert pointer(there) == (f"snapshots/{new.name}", {})


def test_tables_that_cannot_be_sent_are_published_here_and_sent_by_the_next_run(tmp_path, files, bucket):
    url = f"s3://{bucket}-not-there/news"
    settings = load(None, {**as_flags(PLAIN), "publish.to": url})
    with pytest.raises(UnreachableError, match="cannot be published to"):
        clean(tmp_path, SEEDS, settings=settings)
    here = (tmp_path / "clean").resolve()
    files.create_dir(f"{bucket}-not-there")
    assert not clean(tmp_path, SEEDS, settings=settings).is_new
    assert pointer(place(url)).snapshot == f"snapshots/{here.name}"


def test_rebuilt_tables_are_sent_too(tmp_path, bucket):
    url, seed = f"s3://{bucket}/news", sorted(SEEDS.glob("001*"))
    clean(tmp_path, *seed)
    with Workers(1) as workers:
        settings = load(None, {**as_flags(PLAIN), "publish.to": url})
        rebuild(seed, tmp_path, settings, plainly(workers), apply=True)
    assert pointer(place(url)).snapshot == f"snapshots/{(tmp_path / 'clean').resolve().name}"


def test_a_url_that_names_nothing_is_refused(tmp_path, bucket):
    with pytest.raises(UsageError, match="there is no object"):
        clean(tmp_path, f"s3://{bucket}/nowhere")
    with pytest.raises(UsageError, match="no such kind of place"):
        clean(tmp_path, "ftps://example.com/raw")
    with pytest.raises(UsageError, match="no object storage"):
        clean(tmp_path, SEEDS, settings=load(None, {**as_flags(PLAIN), "publish.to": f"file://{tmp_path}"}))


def as_flags(settings) -> dict[str, str]:
    return {f"run.{name}": str(value) for name, value in settings.run.model_dump(exclude_defaults=True).items()}


def everything(bucket: str) -> pafs.FileSelector:
    return pafs.FileSelector(bucket, recursive=True)


def snapshots(files, bucket: str) -> set[str]:
    return {info.base_name for info in files.get_file_info(pafs.FileSelector(f"{bucket}/snapshots"))}
