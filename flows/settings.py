"""All settings in one model, a section a stage: the flags, the TOML file, the form in the Prefect UI, prefect.yaml."""

import difflib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo

from flows.limits import Limits
from tasks.dedupe import DedupeSettings
from tasks.errors import UsageError
from tasks.extract import ExtractSettings
from tasks.group import GroupSettings
from tasks.ingest import IngestSettings
from tasks.publish import PublishSettings
from tasks.stage import Settings as Section
from tasks.strip import StripSettings
from tasks.toml import table_in

HEAD = """# The settings

Printed by `copydesk settings`. A setting is a flag (`--ingest.mirror on`), a key in a settings file (`--settings
FILE.toml`, `[ingest]` and under it `mirror = true`), a field of the form in the Prefect UI, and a parameter in
`prefect.yaml`. A flag goes before the file, the file before the default.
"""


class RunSettings(Section):
    """Where and how a run is done; nothing here changes what comes out."""

    prefect: bool = Field(True, description="run as a Prefect flow; off for scripts and quick looks")
    report: bool = Field(True, description="write the report page of a run that published something")
    workers: int = Field(0, ge=0, le=256, description="worker processes; 0 for as many as there are cores")
    engine: Literal["processes", "dask"] = Field(
        "processes", description="who does the work: processes of this machine, or a Dask cluster's workers"
    )
    address: str = Field("", description="where the Dask scheduler listens, such as tcp://10.0.0.1:8786")
    memory_mb: int = Field(
        4096, ge=0, le=2**20, description="memory that a worker process may take, in megabytes; 0 for no limit"
    )
    document_seconds: int = Field(
        120, ge=0, le=86_400, description="processor time that a worker may take over one document; 0 for no limit"
    )
    quarantined: bool = Field(
        False, description="try again what is in quarantine: inputs whose raw files are there, documents in any case"
    )
    startup_seconds: int = Field(
        180, ge=5, le=3600, description="how long the embedded Prefect server may take to start"
    )
    settle_seconds: int = Field(
        0, ge=0, le=86_400, description="a new file changed less than so long ago waits for the next run"
    )
    log: str = Field(
        "", description="a file to which each step is told, a JSON object a line; - for standard error; empty for none"
    )
    keep_runs: int = Field(
        400, ge=1, le=100_000, description="how many runs' folders `maintain` keeps: what was made, and its report"
    )

    def limits(self) -> Limits:
        """What a worker process may take."""
        return Limits(self.memory_mb, self.document_seconds)


class Settings(Section):
    """The settings of a run, a section a stage."""

    ingest: IngestSettings = Field(IngestSettings(), description="what is read, and within which limits")
    strip: StripSettings = Field(StripSettings(), description="how boilerplate is told from the article")
    extract: ExtractSettings = Field(ExtractSettings(), description="how metadata is read")
    dedupe: DedupeSettings = Field(DedupeSettings(), description="when two documents are copies")
    group: GroupSettings = Field(GroupSettings(), description="when two articles tell one event")
    publish: PublishSettings = Field(PublishSettings(), description="how snapshots are kept")
    run: RunSettings = Field(RunSettings(), description="where and how a run is done")


def fields() -> Iterator[tuple[str, FieldInfo, Any]]:
    """Every setting as `section.key`, with what it is and its default."""
    for section, info in Settings.model_fields.items():
        for key, field in type(info.default).model_fields.items():
            yield f"{section}.{key}", field, field.get_default(call_default_factory=True)


def page() -> Iterator[str]:
    """The lines of a page on all settings, in Markdown."""
    yield HEAD
    sections = {name: info for name, info in Settings.model_fields.items() if type(info.default).model_fields}
    for section, info in sections.items():
        yield f"## [{section}]: {info.description}\n"
        yield "| key | default | bounds | what it does |"
        yield "|---|---|---|---|"
        for key, field in type(info.default).model_fields.items():
            default = json.dumps(field.get_default(call_default_factory=True), ensure_ascii=False, default=str)
            yield f"| `{key}` | `{default}` | {bounds(field)} | {field.description} |"
        yield ""


def bounds(field: FieldInfo) -> str:
    """Between which values a setting may lie; empty where any will do."""
    words = {"Ge": "at least", "Gt": "more than", "Le": "at most", "Lt": "less than"}
    limits = [(words[type(rule).__name__], rule) for rule in field.metadata if type(rule).__name__ in words]
    return ", ".join(f"{word} {getattr(rule, type(rule).__name__.lower()):,}" for word, rule in limits)


def load(path: Path | None, flags: Mapping[str, str]) -> Settings:
    """The settings of a TOML file, overridden by flags named `section.key`.

    Raises UsageError, naming the setting, for what is unknown or out of bounds.
    """
    chosen = table_in(path, "settings") if path else {}
    for name, value in flags.items():
        section, _, key = name.partition(".")
        chosen.setdefault(section, {})[key] = parsed(value)
    try:
        return Settings.model_validate(chosen)
    except ValidationError as wrong:
        raise UsageError("\n".join(map(told, wrong.errors()))) from None


def parsed(value: str) -> Any:
    """The value of a flag: a list or table is written as JSON, all else is taken as it stands."""
    if not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def told(wrong: Mapping[str, Any]) -> str:
    """A validation error as one line that names the setting and the next step."""
    name = ".".join(map(str, wrong["loc"]))
    if wrong["type"] == "extra_forbidden":
        near = difflib.get_close_matches(name, [known for known, _, _ in fields()] + list(Settings.model_fields), 1)
        hint = f"did you mean {near[0]}?" if near else "`copydesk run --help` lists them all"
        return f"{name}: there is no such setting; {hint}"
    if wrong["type"] == "value_error":
        return f"{name}: {wrong['ctx']['error']}"
    return f"{name}: {wrong['msg'][0].lower()}{wrong['msg'][1:]}, found {wrong['input']!r}"
