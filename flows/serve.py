"""The scheduled flow and its UI on this machine: server and schedule in one command, ended together."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from flows.server import HOST, QUIET, embedded
from flows.settings import Settings
from tasks.ingest import distinct


def serve(sources: Sequence[Path], data: Path, settings: Settings, cron: str, port: int) -> None:
    """Runs the flow by the schedule, and the server with its UI, until stopped.

    A run that is still going when the next one is due is not doubled. Raises UsageError for a port in use or a
    source that does not exist.
    """
    distinct(sources)
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    ui = {"PREFECT_UI_ENABLED": "true", "PREFECT_SERVER_UI_API_URL": f"http://{HOST}:{port}/api"}
    with embedded(data / "prefect", port, ui) as server:
        os.environ.update(PREFECT_API_URL=server.url, PREFECT_HOME=str((data / "prefect").resolve()))
        from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy

        from flows.schedule import clean_flow

        server.wait(settings.run.startup_seconds)
        print(f"the UI is at http://{HOST}:{port}; stop with Ctrl-C", file=sys.stderr)
        clean_flow.serve(
            name="nightly",
            cron=cron,
            parameters={
                "sources": [str(path.resolve()) for path in sources],
                "data": str(data.resolve()),
                "settings": settings.model_dump(mode="json"),
            },
            global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
            pause_on_shutdown=False,
            print_starting_message=False,
        )
