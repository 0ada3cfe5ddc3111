"""Reads one document: what every rule reads in text, markup, address and sidecar, then the choice among them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tasks.extract.agencies import agency_readings
from tasks.extract.beside import address_readings, crawl_time, path_readings, sidecar_readings
from tasks.extract.choosing import choose
from tasks.extract.dating import date_readings
from tasks.extract.headlines import weighed
from tasks.extract.imprint import outlet_readings
from tasks.extract.language import language_reading
from tasks.extract.layout import lay_out
from tasks.extract.outlets import Outlets, known_outlets
from tasks.extract.people import author_readings
from tasks.extract.reading import Reading
from tasks.extract.relative import relative_readings
from tasks.extract.rows import ExtractSettings, Fact
from tasks.extract.second_voice import second_voice
from tasks.extract.tidying import beside_markup, tidied
from tasks.extract.titles import title_readings
from tasks.ingest import Document, Sidecar
from tasks.strip import Span, replay


def facts_of(
    document: Document, spans: Sequence[Span], html: str | None, sidecars: Sequence[Sidecar], settings: ExtractSettings
) -> list[Fact]:
    """The facts of a document, the chosen ones of a field before its others."""
    language = language_reading(body_of(document, spans), settings.language_characters)
    outlets = known_outlets(settings.outlets)
    spoken = language.value if language else None
    in_text = text_readings(document.text, spans, spoken, outlets, crawl_time(sidecars, settings.crawled))
    readings = [
        *sidecar_readings(sidecars),
        *([language] if language else []),
        *(page_readings(html, in_text, outlets) if html else in_text),
        *path_readings(document.source),
    ]
    readings += address_readings(readings, outlets)
    return [
        Fact(
            document.doc_id,
            one.field,  # type: ignore[arg-type]  # a rule's field is one of FieldName
            one.value,
            one.start,
            one.end,
            one.origin,  # type: ignore[arg-type]  # and its origin one of Origin
            one.pointer,
            one.rule,
            round(min(1.0, one.score), 4),
            is_chosen,
            why,
        )
        for one, is_chosen, why in choose(readings)
    ]


def body_of(document: Document, spans: Sequence[Span]) -> str:
    """The article's text as strip left it; the whole text where strip said nothing."""
    return replay(document.text, spans) if spans else document.text


def text_readings(
    text: str, spans: Sequence[Span], language: str | None, outlets: Outlets, crawled: datetime | None = None
) -> Iterator[Reading]:
    """What the text itself prints; days counted from the crawl only where its time is known."""
    layout = lay_out(text, spans, language)
    titles, headline = title_readings(layout)
    yield from titles
    yield from date_readings(layout, headline)
    if crawled:
        yield from relative_readings(layout, headline, crawled, language)
    yield from outlet_readings(layout, headline, outlets)
    yield from agency_readings(layout, outlets)
    yield from author_readings(layout, headline, outlets)


def page_readings(html: str, in_text: Iterable[Reading], outlets: Outlets) -> list[Reading]:
    """What the markup says and what the text prints, the titles weighed against each other."""
    found = read_page(html, in_text, outlets)
    return [*weighed([one for one in found if one.field == "title"]), *(one for one in found if one.field != "title")]


def read_page(html: str, in_text: Iterable[Reading], outlets: Outlets) -> list[Reading]:
    """What the markup says and what the text prints, the latter less sure; lxml is imported for pages only."""
    from tasks.extract.markup import markup_readings
    from tasks.page import parse

    tree = parse(html)
    in_markup = list(tidied(markup_readings(tree), outlets))
    found = [*in_markup, *beside_markup(in_text, in_markup)]
    return [*found, *second_voice(tree, html, found)]
