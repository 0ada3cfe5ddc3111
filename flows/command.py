"""The command line: `copydesk run | explain | report | path | tables | settings | serve | maintain | rebuild`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from flows.lean import uncollected, without_pandas
from tasks.errors import CopydeskError, UsageError

DATA = Path("data")
NO_POOL = (("--run.workers", "1"), ("--run.engine", "dask"))
WITH_SETTINGS = (["run"], ["serve"], ["maintain"], ["rebuild"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns the exit code: 0 done, 1 failed, 2 a wrong command line or settings."""
    if arguments is None:
        without_pandas()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if needs_workers(words):
        from flows.workers import prepare

        prepare()  # it imports what takes a second, while we do
    with uncollected():
        given = parser(with_settings=words[:1] in WITH_SETTINGS).parse_args(words)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        return command(given)
    except UsageError as wrong:
        print(f"copydesk: {wrong}", file=sys.stderr)
        return 2
    except CopydeskError as wrong:
        print(f"copydesk: {wrong}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("copydesk: stopped; the next run goes on from here", file=sys.stderr)
        return 130


def needs_workers(words: Sequence[str]) -> bool:
    """Whether worker processes of ours are sure to be needed, by the flags; a file of settings is read too late.

    A run over what was cleaned before may find nothing new: it asks for them once it knows.
    """
    pairs = list(pairwise(part for word in words for part in word.split("=", 1)))
    if any(pair in NO_POOL for pair in pairs):
        return False
    is_first = not Path(dict(pairs).get("--data", DATA), "store").exists()
    return words[:1] == ["rebuild"] or (words[:1] == ["run"] and is_first)


def parser(with_settings: bool) -> argparse.ArgumentParser:
    """The command line as it is understood. The flags of all settings cost the import of every stage."""
    top = argparse.ArgumentParser(prog="copydesk", description="Cleans scraped news into Parquet tables.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, does: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help, allow_abbrev=False)
        sub.set_defaults(command=does)
        return sub

    run = command("run", run_command, "clean, de-duplicate, group, publish")
    told = "a file, folder or URL (s3://…) of raw documents; - for standard input"
    run.add_argument("sources", nargs="*", metavar="SOURCE", help=told)
    told = "try again what is in quarantine; without SOURCE, under all the folders that earlier runs read"
    run.add_argument("--quarantined", action="store_true", help=told)
    run.add_argument("--json", action="store_true", help="print the closing table as one JSON object")
    explain = command("explain", explain_command, "one document in the margin, or one story: every line, fact and tie")
    explain.add_argument("doc", metavar="DOC_OR_STORY", help="an id, a source, or a part of one")
    report = command("report", report_command, "a page to look at: the whole snapshot, or one document or story")
    report.add_argument("only", nargs="?", metavar="DOC_OR_STORY", help="an id, a source, or a part of one")
    path = command("path", path_command, "where the current snapshot's files of a table lie")
    path.add_argument(
        "table", metavar="TABLE", help="articles, stories, relations, documents, spans, facts, quarantine"
    )
    command("tables", tables_command, "the data dictionary")
    command("settings", settings_command, "what each setting does")
    serve = command("serve", serve_command, "the scheduled flow and its UI on this machine")
    serve.add_argument("sources", nargs="+", metavar="SOURCE", help="a file, folder or URL (s3://…) of raw documents")
    serve.add_argument("--cron", default="0 3 * * *", help="when to run (default: every night at three)")
    serve.add_argument("--port", type=int, default=4200, help="the port of the UI (default: 4200)")
    maintain = command(
        "maintain", maintain_command, "what there is to do in the data folder: leftovers, damage, small files"
    )
    rebuild = command("rebuild", rebuild_command, "all tables anew from the raw files, compared with those published")
    rebuild.add_argument("sources", nargs="+", metavar="SOURCE", help="all that was ever cleaned into it")
    maintain.add_argument("--apply", action="store_true", help="do it; without this, only say what there is to do")
    rebuild.add_argument("--apply", action="store_true", help="publish them; without this, only say what would change")
    for sub in (run, serve, maintain, rebuild) if with_settings else ():
        add_settings(sub)
    path.add_argument("--data", default=str(DATA), help="that folder, or a URL that is published to (default: data)")
    for sub in (run, explain, report, serve, maintain, rebuild):
        sub.add_argument("--data", type=Path, default=DATA, help="the folder of store and snapshots (default: data)")
    return top


def add_settings(sub: argparse.ArgumentParser) -> None:
    """Adds a flag for every setting."""
    from flows.settings import fields

    sub.add_argument("--settings", type=Path, metavar="FILE.toml", help="settings, a section a stage")
    group = sub.add_argument_group("settings, also as [section] key in the file")
    for name, field, default in fields():
        told = f"{field.description} (default: {default})".replace("%", "%%")
        group.add_argument(f"--{name}", metavar="VALUE", help=told, default=argparse.SUPPRESS)


def settings_of(given: argparse.Namespace) -> Any:
    """The settings that the command line asks for."""
    from flows.settings import load

    return load(given.settings, {name: value for name, value in vars(given).items() if "." in name})


def run_command(given: argparse.Namespace) -> int:
    """Cleans the sources and prints the closing table."""
    from flows.history import known_sources
    from flows.received import received, standard_input
    from flows.run import run
    from flows.summary import as_json, as_text

    settings = settings_of(given)
    if given.quarantined:
        settings = settings.model_copy(update={"run": settings.run.model_copy(update={"quarantined": True})})
    if not given.sources and not settings.run.quarantined:
        raise UsageError("no SOURCE: give the file or folder of raw documents, - for standard input, or --quarantined")
    with received(given.sources or known_sources(given.data), given.data, standard_input()) as sources:
        summary = run(sources, given.data, settings)
    print(as_json(summary) if given.json else as_text(summary), end="")
    return 0


def refuse_pipe(sources: Sequence[Path | str]) -> None:
    """Raises UsageError for standard input, where a command reads its sources more than once."""
    if "-" in map(str, sources):
        raise UsageError("-: standard input can be read but once; give a file or folder, or pipe into `copydesk run -`")


def explain_command(given: argparse.Namespace) -> int:
    """Prints one document in the margin."""
    from flows.explain import explain

    print(explain(given.data, given.doc), end="")
    return 0


def report_command(given: argparse.Namespace) -> int:
    """Writes the page of the current snapshot, or of one document or story, and prints where it is."""
    from flows.report import write
    from flows.tables import snapshot

    print(write(given.data, snapshot(given.data).name, given.only))
    return 0


def path_command(given: argparse.Namespace) -> int:
    """Prints where a table's files lie, the current snapshot resolved once."""
    from flows.tables import folder

    print(folder(given.data, given.table))
    return 0


def tables_command(_: argparse.Namespace) -> int:
    """Prints the data dictionary."""
    from flows.tables import dictionary

    print(dictionary(), end="")
    return 0


def settings_command(_: argparse.Namespace) -> int:
    """Prints what each setting does."""
    from flows.settings import page

    print("\n".join(page()).rstrip())
    return 0


def serve_command(given: argparse.Namespace) -> int:
    """Runs the scheduled flow and its UI until stopped."""
    from flows.serve import serve

    refuse_pipe(given.sources)
    serve(given.sources, given.data, settings_of(given), given.cron, given.port)
    return 0


def maintain_command(given: argparse.Namespace) -> int:
    """Prints what nobody needs in the data folder, and removes it if asked to."""
    from flows.maintain import as_text, maintain

    found = maintain(given.data, settings_of(given), time.time(), given.apply)
    print(as_text(found, given.data, given.apply), end="")
    return 0


def rebuild_command(given: argparse.Namespace) -> int:
    """Prints what making all tables anew would change, and publishes them if asked to."""
    from flows.each import engine, plainly
    from flows.rebuild import as_text, rebuild

    refuse_pipe(given.sources)
    settings = settings_of(given)
    with engine(settings.run) as workers:
        found = rebuild(given.sources, given.data, settings, plainly(workers), given.apply)
    print(as_text(found), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
