"""What `copydesk serve` shows in a browser: Prefect's UI, and the reports of the runs beside it.

The UI's newer interface asks a server of its makers how it may count its users, even where that is switched off, and
what was scraped might name any address: a page of ours speaks to this machine only.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Send], Awaitable[None]]

RUNS = "COPYDESK_RUNS"  # in the environment of a server: the folder of the runs that it shows
REPORTS = "/reports"
THIS_MACHINE = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* "
    "ws://localhost:* blob: data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# A report has what was scraped in it. It runs nothing of that, and could read nothing of the UI's if it did.
ALONE = "sandbox allow-scripts"


def create_app() -> App:
    """Prefect's server, with the reports of the runs where there is a folder of them."""
    from prefect.server.api.server import create_app as prefect_app
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    app = prefect_app()
    if runs := os.environ.get(RUNS):
        shelf = with_policy(StaticFiles(directory=runs, check_dir=False), ALONE)
        app.router.routes.insert(0, Mount(REPORTS, shelf))
    return with_policy(app, THIS_MACHINE)


def with_policy(app: App, policy: str) -> App:
    """The app, which tells browsers what its pages may do; a policy that it states itself stays."""

    async def guarded(scope: Any, receive: Any, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                if not any(name.lower() == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", policy.encode()))
            await send(message)

        await app(scope, receive, answer)

    return guarded
