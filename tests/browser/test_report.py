"""The report in a real browser: it loads nothing, runs nothing of a text's, and is found through by eye and by key."""

import pytest

from flows.report import write
from tests.browser.chromium import HOSTILE, chromium
from tests.flows.made import add, empty, newsroom, publish, tell

TIP = "found => getComputedStyle(found, '::before').content"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser):
    """Opens a report; says at the end whether the page asked for anything, complained, or ran what it should not."""
    contexts, complaints = [], []

    def opened(path, **given):
        contexts.append(browser.new_context(**given))
        page = contexts[-1].new_page()
        page.on("request", lambda request: request.url.startswith("file://") or complaints.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("popup", lambda popup: complaints.append(popup.url))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def seeds_report(seeds_data):
    return write(seeds_data, "browser")


@pytest.fixture(scope="module")
def large_report(tmp_path_factory):
    return write(publish(tmp_path_factory.mktemp("large"), newsroom(2000)), "browser")


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory):
    news = empty()
    bad = "".join(HOSTILE[:-1])
    pieces = [(bad, "title", bad), *[(text, "body", "prose") for text in HOSTILE]]
    tell(news, [add(news, f"{bad}.txt", pieces, {"outlet": bad, "author": bad, "published": "2024-01-01"})], bad)
    return write(publish(tmp_path_factory.mktemp("hostile"), news), "browser")


def documents(page):
    return page.locator(".doc:visible")


def test_the_seeds_are_read_side_by_side(visit, seeds_report):
    page = visit(seeds_report, viewport={"width": 1280, "height": 900})
    assert page.locator("h1").inner_text() == "5 documents became 5 articles in 4 stories"
    before, after = (page.locator(f".doc[open] .{side}").bounding_box() for side in ("before", "after"))
    assert before["y"] == after["y"] and before["x"] + before["width"] <= after["x"]


def test_pointing_at_a_segment_shows_its_rule(visit, seeds_report):
    page = visit(seeds_report)
    segment = page.locator(".doc[open] .seg.boilerplate").first
    assert segment.evaluate(TIP) == "none"
    segment.hover()
    assert "boilerplate · " in segment.evaluate(TIP)


def test_tab_moves_to_a_segment_and_shows_its_rule(visit, seeds_report):
    page = visit(seeds_report)
    page.locator(".doc[open] > summary").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(f"({TIP})(document.activeElement)").startswith('"title · ')


def test_a_fact_says_what_was_read(visit, seeds_report):
    page = visit(seeds_report)
    fact = page.locator(".doc[open] .fact.chosen", has_text="27-05-2013")
    fact.hover()
    assert "published = 2013-05-27T10:28" in fact.evaluate(TIP)


def test_a_link_of_the_timeline_opens_its_document(visit, seeds_report):
    page = visit(seeds_report)
    page.locator(".story li.coverage a").click()
    target = page.locator(".doc", has_text="Dhaka Tribune").locator("visible=true").last
    assert target.evaluate("found => found.open")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_page_is_read_without_its_script(visit, seeds_report):
    page = visit(seeds_report, java_script_enabled=False)
    assert not page.locator(".tools").is_visible()
    last = documents(page).last
    last.locator("summary").first.click()
    assert last.locator(".print").is_visible()


@pytest.mark.parametrize("report", ["seeds_report", "large_report"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_the_contrast_that_reading_needs(visit, request, report, scheme):
    """WCAG 2.2, 1.4.3: 4.5 to 1. A tint lies on the paper, so it is blended with it before it is compared."""
    page = visit(request.getfixturevalue(report), color_scheme=scheme)
    poor = page.evaluate("""() => {
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const paint = (layers) => {
            for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
            return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = (rgb) => rgb.map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
        const poor = new Set();
        for (const found of document.querySelectorAll("main *, header *")) {
            if (!found.checkVisibility() || found.closest("svg")) continue;
            const own = [...found.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!own) continue;
            const layers = [];
            for (let at = found; at; at = at.parentElement) layers.unshift(getComputedStyle(at).backgroundColor);
            const back = light(paint(layers)), ink = light(paint([...layers, getComputedStyle(found).color]));
            const ratio = (Math.max(back, ink) + 0.05) / (Math.min(back, ink) + 0.05);
            if (ratio < 4.5) poor.add(`${found.tagName}.${found.className} ${ratio.toFixed(2)}`);
        }
        return [...poor];
    }""")
    assert poor == []


@pytest.mark.parametrize("width", [320, 380, 800, 1280])
def test_no_screen_is_too_narrow(visit, seeds_report, width):
    page = visit(seeds_report, viewport={"width": width, "height": 800})
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    assert page.evaluate(OVERFLOW) == 0


def test_hostile_text_runs_nothing_and_is_seen(visit, hostile_report):
    page = visit(hostile_report, viewport={"width": 800, "height": 800})
    page.evaluate("for (const found of document.querySelectorAll('details')) found.open = true")
    for number in range(page.locator(".doc [tabindex]").count()):
        page.locator(".doc [tabindex]").nth(number).focus()
    page.locator(".print h5").click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, svg[onload], main a:not([href^='#'])").count() == 0
    seen = page.locator(".typescript").inner_text()
    for text in HOSTILE[:-2]:
        assert text in seen
    assert "abc<U+202E>def" in seen and "<U+001B>[2J<U+0007><U+0000>" in seen


def test_a_line_of_a_megabyte_makes_no_page_wide(visit, hostile_report):
    page = visit(hostile_report, viewport={"width": 800, "height": 800})
    assert page.locator(".doc[open] .typescript").is_visible()
    assert page.evaluate(OVERFLOW) == 0


def test_a_large_corpus_opens_soon(visit, large_report):
    page = visit(large_report)
    spent = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    assert documents(page).count() == 200
    assert spent < 10_000


def test_search_leaves_what_has_the_words(visit, large_report):
    page = visit(large_report)
    title = page.locator(".doc summary b").nth(30).inner_text()
    page.locator("#search").fill(title.upper())
    assert documents(page).count() >= 1
    for found in documents(page).all_text_contents():
        assert all(word in found.lower() for word in title.lower().split())
    assert page.locator("#found").inner_text() == f"{documents(page).count()} of 200 documents"
    page.locator("#search").fill("no such word anywhere")
    assert documents(page).count() == 0 and page.locator(".nothing").is_visible()


def test_filters_leave_what_they_name(visit, large_report):
    page = visit(large_report)
    page.locator("#status").select_option("duplicate")
    assert {found.get_attribute("data-status") for found in documents(page).all()} == {"duplicate"}
    page.locator("#rule").select_option("byline-line")
    count = documents(page).count()
    assert count >= 1
    page.locator("#status").select_option("article")
    assert documents(page).count() == 0
    page.locator("#status").select_option("")
    assert documents(page).count() == count


def test_the_keys_move_open_search_and_clear(visit, large_report):
    page = visit(large_report)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("subscribe")
    assert documents(page).count() < 200
    page.keyboard.press("Escape")
    assert documents(page).count() == 200
    page.locator("#documents summary").first.focus()
    focused = "document.activeElement.closest('.item').id"
    first = page.evaluate(focused)
    page.keyboard.press("j")
    assert page.evaluate(focused) != first
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("Enter")
    assert page.locator(f"#{first}").evaluate("found => found.open")


def test_a_link_to_a_document_that_is_filtered_away_brings_it_back(visit, large_report):
    page = visit(large_report)
    page.locator("#status").select_option("quarantined")
    hidden = page.locator(".doc:not(:visible)").first.get_attribute("id")
    page.evaluate(f"location.hash = '{hidden}'")
    page.wait_for_function(f"document.getElementById('{hidden}').open")
    assert documents(page).count() == 200
