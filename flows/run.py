"""One run from the command line: plainly, under the embedded Prefect server, or under the one of PREFECT_API_URL."""

import os
from collections.abc import Sequence
from pathlib import Path

from flows.clean import held
from flows.each import engine, plainly
from flows.history import clean_and_record
from flows.lean import uncollected
from flows.server import BRIEF, COPIED, QUIET, api_of, embedded, free_port
from flows.settings import Settings
from flows.summary import Summary
from tasks.errors import ServerError
from tasks.ingest import Given, absolute, distinct
from tasks.publish import destination


def run(sources: Sequence[Given], data: Path, settings: Settings) -> Summary:
    """Cleans the sources into the tables under `data`; progress goes to standard error.

    Raises UsageError for a wrong source, BusyError for a folder in use, ServerError where Prefect does not answer.
    """
    distinct(sources)
    if settings.publish.to:
        destination(settings.publish.to)
    with held(data):
        pass  # all this is asked before a server is started, and again by the flow
    if not settings.run.prefect:
        with engine(settings.run) as workers:
            summary, _ = clean_and_record(sources, data.resolve(), settings, plainly(workers))
            return summary
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    if os.environ.get("PREFECT_API_URL"):
        return under_prefect(sources, data, settings)
    home, port = data / "prefect", free_port()
    os.environ.update(BRIEF, PREFECT_API_URL=api_of(port), PREFECT_HOME=str(home.resolve()))
    with uncollected():
        import fastapi  # noqa: F401  # this and what follows the run needs as well as its server

        import flows.schedule  # noqa: F401
    with embedded(home, port, made=COPIED) as server:
        server.wait(settings.run.startup_seconds)
        return under_prefect(sources, data, settings)


def under_prefect(sources: Sequence[Given], data: Path, settings: Settings) -> Summary:
    """A run of the flow under the Prefect server that the environment names."""
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.logging.handlers import APILogHandler

    from flows.schedule import clean_flow

    url = os.environ["PREFECT_API_URL"]
    try:
        with get_client(sync_client=True) as client:
            if wrong := client.api_healthcheck():
                raise unanswered(url, wrong)
        return clean_flow([absolute(source) for source in sources], data.resolve(), settings)
    except httpx.HTTPError as wrong:
        raise unanswered(url, wrong) from None
    finally:
        APILogHandler().flush()  # before the server ends, if it is ours


def unanswered(url: str, wrong: Exception) -> ServerError:
    """The error of a Prefect server that does not answer."""
    return ServerError(f"{url}: no Prefect server answers ({wrong}); start it, or unset PREFECT_API_URL")
