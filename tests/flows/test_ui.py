"""The Prefect UI in a real browser: what a run tells is seen in it, and what was scraped is text there."""

import json

import pytest

from flows.artifacts import of_run
from flows.figures import figures
from flows.summary import shown
from tests.browser.chromium import HOSTILE, chromium
from tests.conftest import clean, write_folder
from tests.flows.outside import PATIENCE, ask
from tests.flows.test_clean import story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]

TITLES = (
    *HOSTILE[:-1],
    "[press](javascript:window.ran=1) ![](https://example.org/y.png)",
    "www.example.org a@example.org",
)
LIVE = "a[href*='example.org'], a[href^='javascript'], a[href^='mailto'], img[src*='example.org'], iframe, [onerror]"
INTERFACES = {"v1": "", "v2": "/v2"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the page of a run over hostile documents shows."""
    folder = tmp_path_factory.mktemp("hostile")
    pairs = enumerate(map(" ".join, zip(TITLES[::2], TITLES[1::2], strict=True)))
    records = [{"id": number, "title": title, "text": story(number)} for number, title in pairs]
    long = f"A line of a megabyte\n\n{HOSTILE[-1]}\n\n{story(5)}"
    lines = "\n".join(map(json.dumps, records))
    summary = clean(folder / "data", write_folder(folder / "raw", {"records.jsonl": lines, "long.txt": long}))
    return of_run(summary, figures(None, summary.snapshot))


@pytest.fixture(scope="module")
def address(told, prefect_url):
    """Where the UI shows it, below the interface's own address."""
    asked = {"key": "hostile", "type": "markdown", "data": told}
    return f"/artifacts/artifact/{ask(prefect_url, 'artifacts/', asked)['id']}"


@pytest.fixture(scope="module")
def browser(address):
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("interface", INTERFACES)
def test_hostile_headlines_are_text_in_the_ui(browser, prefect_url, address, interface):
    base = prefect_url.removesuffix("/api")
    elsewhere: list[str] = []
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1_000)
    context.add_cookies([{"name": "prefect_ui_version", "value": interface, "url": base}])
    page = context.new_page()
    page.on("request", lambda asked: asked.url.startswith((base, "blob:", "data:")) or elsewhere.append(asked.url))
    page.on("dialog", lambda dialog: elsewhere.append(dialog.message))
    page.goto(f"{base}{INTERFACES[interface]}{address}", wait_until="commit")
    page.get_by_role("cell", name="www").wait_for()
    seen = words(page.locator("body").inner_text())
    assert [title for title in TITLES if words(shown(title)) not in seen] == []
    assert page.locator(LIVE).count() == 0
    assert page.evaluate("window.ran") is None
    assert elsewhere == []
    context.close()


def words(text):
    """The text as it is seen: on one line, without what has no width."""
    return " ".join(text.replace("\u2060", "").split())
