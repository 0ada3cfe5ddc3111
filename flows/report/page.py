"""The page: what is shown of a snapshot, and its HTML."""

import base64
import hashlib
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.report.cards import Card, cards, day
from flows.report.choosing import Choice
from flows.report.overview import Overview, overview
from flows.report.passages import Pair, pairs
from flows.report.shelf import Shelf
from flows.report.stories import Timeline, timelines
from flows.summary import shown

# Of one document among many, and of one that was asked for.
CHARACTERS, CHARACTERS_ALONE = 20_000, 200_000

ASIDE = """
    select * exclude (sha256) replace (left(source, 300) as source, left(detail, 400) as detail) from quarantine
    qualify row_number() over (partition by reason order by doc_id) <= 20
    order by reason, source, doc_id limit 100
"""


class Page(NamedTuple):
    """All that a report shows."""

    run: str
    snapshot: str
    choice: Choice
    overview: Overview
    timelines: list[Timeline]
    cards: list[Card]
    pairs: list[Pair]
    aside: list[dict[str, Any]]


def page_of(shelf: Shelf, choice: Choice, run: str, snapshot: str) -> Page:
    """What is shown of the documents that were chosen, and of the whole snapshot."""
    wanted = 1 if choice.only else 0
    lots = ((choice.shown[:wanted], CHARACTERS_ALONE), (choice.shown[wanted:], CHARACTERS))
    found = [card for ids, most in lots if ids for card in cards(shelf, ids, most)]
    texts = {card.doc_id: card.document["text"] or "" for card in found}
    aside = [] if choice.only else shelf.ask(ASIDE)
    return Page(
        run, snapshot, choice, overview(shelf), timelines(shelf, choice.only), found, pairs(shelf, texts), aside
    )


def rendered(page: Page) -> str:
    """The page as HTML."""
    pieces = environment()
    style, script = (Markup(read(pieces, name)) for name in ("page.css", "page.js"))
    return pieces.get_template("page.html").render(
        page=page,
        style=style,
        script=script,
        policy=policy(style, script),
        titles={card.doc_id: card.title for card in page.cards},
        compared={(pair.relation["doc_id"], pair.relation["other"]) for pair in page.pairs},
    )


def environment() -> Environment:
    """The templates: whatever they print is escaped, and harmless in every direction of writing."""
    pieces = Environment(
        loader=PackageLoader("flows.report"),
        autoescape=True,
        finalize=harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pieces.filters.update(day=day, figure="{:,}".format, percent="{:.1f}".format)
    return pieces


def read(pieces: Environment, name: str) -> str:
    """A file beside the templates, as it is."""
    loader = pieces.loader
    assert loader is not None
    return loader.get_source(pieces, name)[0]


def harmless(value: Any) -> Any:
    """A value as it is printed: text with its controls made visible; markup of our own as it is."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def policy(style: str, script: str) -> str:
    """A content-security policy that lets this style and this script through, and nothing else."""
    allowed = f"style-src {digest(style)}; script-src {digest(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def digest(text: str) -> str:
    """The hash of an inline style or script as the policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
