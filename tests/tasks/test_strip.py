"""The article told from what stands around it, on plain text and on pages."""

import itertools
import random
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.ingest import Document
from tasks.page import lay_out
from tasks.strip import KEPT, Span, StripSettings, label, replay, strip
from tasks.strip.rules import photo_credit

SEEDS = Path(__file__).parents[2] / "seeds"


def document(text: str, doc_id: str = "d") -> Document:
    return Document(doc_id, doc_id, "text", "utf-8", len(text), "", text, 0)


def spans_of(text: str) -> list[Span]:
    return strip([document(text)], {}, StripSettings())[0]


def kinds(text: str) -> dict[str, str]:
    return {text[span.start : span.end].strip(): span.kind for span in spans_of(text)}


def article(text: str) -> str:
    return replay(text, spans_of(text))


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1 .\n\t\u00a0—“日。()"), max_size=300))
def test_the_segments_of_a_document_cover_its_text_once(text: str) -> None:
    spans = spans_of(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(one.end == two.start for one, two in itertools.pairwise(spans))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_covered_once(text: str) -> None:
    assert "".join(text[span.start : span.end] for span in spans_of(text)) == text


def test_an_empty_text_has_no_spans() -> None:
    assert spans_of("") == []


def test_a_documents_spans_do_not_depend_on_its_batch() -> None:
    documents = [document(path.read_text(encoding="utf-8"), path.name) for path in sorted(SEEDS.glob("*.txt"))]
    together = strip(documents, {}, StripSettings())[0]
    alone = [span for one in reversed(documents) for span in strip([one], {}, StripSettings())[0]]
    assert sorted(together) == sorted(alone)


REMOVED = {
    "000": {1: "title", 3: "byline", 4: "boilerplate", 5: "title", 6: "dateline", 40: "boilerplate"},
    "001": {1: "title", 3: "dateline", 79: "credit", 81: "credit", 83: "credit"},
    "002": {1: "boilerplate", 3: "title", 6: "title", 22: "boilerplate", 24: "boilerplate"},
    "003": {1: "boilerplate", 2: "dateline", 4: "title", 28: "caption", 46: "caption"},
    "004": {1: "boilerplate", 4: "boilerplate", 6: "title", 8: "dateline", 46: "boilerplate", 49: "boilerplate"},
}


def seed(name: str) -> str:
    return next(SEEDS.glob(f"{name}_*.txt")).read_bytes().decode()


def removed_lines(text: str) -> dict[int, str]:
    found = {}
    for span in spans_of(text):
        inner = text[span.start : span.end]
        start = span.start + len(inner) - len(inner.lstrip())
        if span.kind not in KEPT:
            found[text.count("\n", 0, start) + 1] = span.kind
    return found


@pytest.mark.parametrize("name", sorted(REMOVED))
def test_a_seed_loses_what_is_no_article_and_nothing_else(name: str) -> None:
    assert removed_lines(seed(name)) == REMOVED[name]


OTHER_NAMES = {
    "Syria": "Freedonia", "Lavrov": "Adebayo", "Kerry": "Lindqvist", "Moscow": "Lagos", "Russia": "Nigeria",
    "CSTO": "ECOWAS", "Afghanistan": "Sylvania", "Dhaka Tribune": "Ulverton Gazette", "2013": "2019", "2021": "2018",
    "May": "March", "September": "July", "AFP": "Reuters", "TASS": "Xinhua", "us-russia": "newsroom-2",
    "Russia, US": "Nigeria, Sweden", "Popular Links": "Most read", "Helpful keywords": "Useful tags",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REMOVED))
def test_a_seed_with_other_names_and_dates_loses_the_same_lines(name: str) -> None:
    text = seed(name)
    for old, new in OTHER_NAMES.items():
        text = text.replace(old, new)
    assert removed_lines(text) == REMOVED[name]


GERMAN = """Startseite
Politik
Stadtrat beschließt neuen Radweg am Fluss

Von Erika Beispiel
Stand: 14. März 2022, 17:30 Uhr

Der Stadtrat hat am Montagabend mit großer Mehrheit den Bau eines neuen Radwegs entlang des Flusses beschlossen.

Die Arbeiten sollen im Herbst beginnen und rund zwei Millionen Euro kosten, teilte die Verwaltung mit.

Kritik aus der Opposition

„Das Geld fehlt uns dann bei den Schulen“, sagte die Vorsitzende der Opposition in der Debatte.

Der neue Radweg führt über vier Kilometer am Ufer entlang. (Foto: dpa)

Lesen Sie auch: Warum die Brücke gesperrt bleibt

Die Verwaltung rechnet damit, dass täglich dreitausend Menschen den Weg benutzen werden.

Kommentare (12)
© 2022 Beispielzeitung. Alle Rechte vorbehalten.
"""


def test_a_german_page_keeps_its_paragraphs_and_its_heading() -> None:
    found = kinds(GERMAN)
    assert found["Kritik aus der Opposition"] == "heading"
    assert found["Stadtrat beschließt neuen Radweg am Fluss"] == "title"
    assert found["Von Erika Beispiel"] == "byline"
    assert found["Stand: 14. März 2022, 17:30 Uhr"] == "dateline"
    assert found["Der neue Radweg führt über vier Kilometer am Ufer entlang. (Foto: dpa)"] == "caption"
    assert [line for line, kind in found.items() if kind == "boilerplate"] == [
        "Startseite",
        "Politik",
        "Lesen Sie auch: Warum die Brücke gesperrt bleibt",
        "Kommentare (12)",
        "© 2022 Beispielzeitung. Alle Rechte vorbehalten.",
    ]


RUSSIAN = """Главная
Новости
В городе открыли новую библиотеку для детей

12 апреля 2021, 10:15
Автор: Иван Примеров

В понедельник в центре города открылась новая детская библиотека, сообщили в пресс-службе администрации.

Здание строили три года, и на работы потратили около ста миллионов рублей из областного бюджета.

Читайте также: Музей закрыли на ремонт

«Мы ждали этого дня очень долго», — рассказала директор библиотеки на церемонии открытия.

Фото: пресс-служба администрации
Комментарии: 0
"""


def test_a_russian_page_keeps_three_paragraphs() -> None:
    assert [line[:10] for line in article(RUSSIAN).split("\n\n")] == ["В понедель", "Здание стр", "«Мы ждали "]


JAPANESE = """ホーム
ニュース
市が新しい図書館を開館、子ども向けの本は三万冊

2020年5月4日 9時30分

市は四日、駅前に新しい図書館を開館した。子ども向けの本を三万冊そろえ、夜八時まで開いている。

市長は式典で「多くの家族に使ってほしい」と話した。建設には三年かかり、費用は約二十億円だった。

関連記事
"""


def test_a_japanese_page_keeps_sentences_that_end_in_their_own_stop() -> None:
    assert [line[:4] for line in article(JAPANESE).split("\n\n")] == ["市は四日", "市長は式"]


def test_place_and_agency_before_a_lead_are_a_dateline() -> None:
    text = "LAGOS (Reuters) - The central bank left its main rate where it was on Tuesday, as expected by all.\n"
    assert [span.kind for span in spans_of(text)] == ["dateline", "body"]
    assert article(text).startswith("The central bank")


def test_place_and_agency_are_a_dateline_on_a_page_too() -> None:
    paragraphs = "".join(f"<p>{(SENTENCE * 3).format(name, name, name)}</p>" for name in ("Ada", "Ben", "Cleo", "Dan"))
    html = page(f"<article><h1>Town votes to mend its bridge</h1>{paragraphs.replace('<p>', '<p>ULM (dpa) - ', 1)}")
    text = lay_out(html).text
    spans, _ = strip([document(text)._replace(form="html")], {"d": html}, StripSettings())
    assert [text[span.start : span.end] for span in spans if span.kind == "dateline"] == ["ULM (dpa) - "]


WRAPPED = """\
The harbour master said on Friday that the ferry would not sail again
before the summer, because a part of its engine has to be made anew in
a workshop abroad.

Passengers were taken home by bus. About two hundred of them had spent
the night in a school hall, where volunteers cooked for them and lent
them blankets.

The company has promised to refund all the tickets that were bought in
advance, and to run a smaller ship on the route from the first of May,
if the weather lets it.
"""


def test_a_wrapped_paragraph_is_one_segment() -> None:
    assert len(spans_of(WRAPPED)) == 3
    assert article(WRAPPED) == WRAPPED.strip()


def page(body: str) -> str:
    return f"<html><head><title>A</title></head><body>{body}</body></html>"


SENTENCE = "The council of the small town voted on Monday to mend the old bridge before the winter comes, {} said. "


def test_a_page_keeps_what_its_article_says_and_drops_its_menus() -> None:
    paragraphs = "".join(f"<p>{(SENTENCE * 3).format(name, name, name)}</p>" for name in ("Ada", "Ben", "Cleo", "Dan"))
    html = page(
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/s'>Sport today</a></li></ul></nav>"
        f"<article><h1>Town votes to mend its bridge</h1>{paragraphs}<h2>What comes next</h2>{paragraphs}</article>"
        "<footer><p><a href='/c'>Contact us</a> <a href='/p'>Privacy</a></p></footer>"
    )
    text = lay_out(html).text
    spans, _ = strip([document(text)._replace(form="html")], {"d": html}, StripSettings())
    kept = replay(text, spans)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert kept.count("voted on Monday") == 24
    assert "What comes next" in kept
    assert not any(word in kept for word in ("Home", "Sport today", "Contact", "Privacy"))
    assert "title" in {span.kind for span in spans}


def test_a_page_is_labelled_alike_by_the_blocks_that_ingest_made_and_without_them() -> None:
    html = page(f"<nav><a>Home</a></nav><article><h1>Town votes to mend its bridge</h1>{'<p>Nobody spoke.</p>' * 5}")
    layout = lay_out(html, "d")
    one = document(layout.text)._replace(form="html")
    assert label([one], {"d": html}, {"d": layout.blocks}) == label([one], {"d": html})


def test_a_page_is_labelled_alike_in_whatever_batch_it_stands() -> None:
    bodies = ("<p>Nobody spoke.</p>" * 5, f"<p>{SENTENCE * 4}</p>" * 5, "<div>Read on</div><p>Ada said so.</p>" * 3)
    pages = {str(number): page(body) for number, body in enumerate(bodies)}
    every = [Document(name, "d", "html", "", 0, "", lay_out(html).text, 0) for name, html in pages.items()]
    alone = [label([one], pages).spans for one in every]
    assert label(every, pages).spans == pa.concat_tables(alone)


@pytest.mark.parametrize("html", ["", "<p></p>", "<p>Short.</p>", "<div>" * 3000 + "deep"])
def test_a_page_of_nothing_is_covered_too(html: str) -> None:
    text = lay_out(html).text
    spans, _ = strip([document(text)._replace(form="html")], {"d": html}, StripSettings())
    assert "".join(text[span.start : span.end] for span in spans) == text


def test_a_thousand_lines_of_noise_are_read_in_one_pass() -> None:
    noise = "\n".join("".join(random.Random(at).choices("ab .,:|-", k=200)) for at in range(1000))
    assert "".join(noise[span.start : span.end] for span in spans_of(noise)) == noise


BRIEF = "Storm closes harbour\n\nThe harbour of Ulverton was closed on Friday because of the storm, the town said.\n"


@pytest.mark.parametrize("text", [BRIEF, GERMAN, RUSSIAN, JAPANESE, WRAPPED, *map(seed, sorted(REMOVED))])
def test_an_article_however_short_is_not_put_aside(text: str) -> None:
    assert strip([document(text)], {}, StripSettings())[1] == []


SHOP = "\n".join(
    ["Home", "Shop", "Cart (0)", "Sort by price", *(f"Tea cup no. {n}\n$ {n}.99\nAdd to cart" for n in range(30))]
)


def test_a_shop_is_put_aside_and_keeps_its_spans() -> None:
    spans, aside = strip([document(SHOP)], {}, StripSettings())
    assert [row.reason for row in aside] == ["no-article"]
    assert "".join(SHOP[span.start : span.end] for span in spans) == SHOP


def test_a_setting_keeps_what_would_be_put_aside() -> None:
    assert strip([document(SHOP)], {}, StripSettings(least_likeness=0))[1] == []


def test_an_agency_that_signs_a_paragraph_makes_no_caption_of_it() -> None:
    paragraph = "Die Fischer hatten darum gebeten. Sie nutzen nun einen Steg jenseits der Bucht. (dpa)"
    assert photo_credit(paragraph) is None
    assert photo_credit("Der Steg jenseits der Bucht (dpa)") is not None
    assert photo_credit("Der Steg. Dahinter die Bucht. (AFP Photo)") is not None
