"""How articles are told from shops, services and what else is no article."""

import pytest

from tasks.ingest import Document, Quarantine
from tasks.strip import Span, StripSettings, batch_of, judged, strip
from tasks.strip.article import FLOOR

REPORT = (
    "The council of Ulverton voted on Monday to close the old bridge over the river for two years, the mayor said. "
    "Engineers had found cracks in three of its pillars last autumn, and a report published in March called it unsafe. "
)
OFFER = (
    "Our experts offer you flexible services that help your business grow, and our friendly team is there for you. "
    "Contact us today for a free quote and find out why our customers trust our solutions for their every need! "
)


def spans_of(text: str, kept: int) -> list[Span]:
    """The lines of a text as spans, the last `kept` of them as body."""
    found, start = list[Span](), 0
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        kind = "body" if at >= len(lines) - kept else "boilerplate"
        found.append(Span("d", start, start + len(line), kind, "r", 0.9))
        start += len(line)
    return found


def document(text: str) -> Document:
    return Document("d", "d", "text", "utf-8", 0, "", text, 0)


def likeness(text: str, kept: int) -> float:
    """How like an article a text is of which the last `kept` lines are body."""
    [found] = judged(batch_of([document(text)], [spans_of(text, kept)]))
    return found.likeness


def put_aside(text: str) -> list[Quarantine]:
    return strip([document(text)], {}, StripSettings())[1]


def page_of(prose: str) -> str:
    return "Home\nMenu\nContact\n" + "".join(f"{prose}\n" for _ in range(12))


def test_prose_that_is_kept_makes_no_article_by_itself() -> None:
    report, offer = (likeness(page_of(prose), 12) for prose in (REPORT, OFFER))
    assert report > 5 * offer


@pytest.mark.parametrize("text", [f"{OFFER}\n", page_of(OFFER)[len("Home\nMenu\nContact\n") :]])
def test_what_is_brief_or_came_clean_is_never_next_to_impossible(text: str) -> None:
    assert likeness(text, 12) >= FLOOR > StripSettings().least_likeness


@pytest.mark.parametrize(
    "notice",
    [
        "404\n\nThe page that you look for has moved or was never there.\n",
        "Error 503: Service Unavailable\n\nThe server cannot answer at the moment. Please try again later.\n",
        "Access Denied\n\nYou don't have permission to see this page on this server.\n",
        "Please log in to continue\n\nYou need an account to read on. It takes less than a minute to make one.\n",
        "Seite nicht gefunden\n\nDie Seite gibt es nicht mehr. Bitte gehen Sie zurück zur Startseite.\n",
        "Страница не найдена\n\nВозможно, она была удалена или перенесена на другой адрес.\n",
        "ページが見つかりません。\n\nお探しのページは移動または削除された可能性があります。\n",
    ],
)
def test_what_a_server_says_in_place_of_a_page_is_put_aside(notice: str) -> None:
    assert [row.reason for row in put_aside(notice)] == ["no-article"]


@pytest.mark.parametrize(
    "brief",
    [
        "Page not found in the town's archive\n\nA page of its oldest book is missing, the town said on Monday.\n",
        "404 people moved to Ulverton\n\nMore people than ever came to live in the town last year, the council said.\n",
        "Log in\n\nStorm closes harbour\n\nThe harbour of Ulverton was closed on Friday because of the storm.\n",
    ],
)
def test_news_in_brief_is_no_notice(brief: str) -> None:
    assert put_aside(brief) == []


def test_a_document_without_text_is_no_article() -> None:
    assert likeness("", 0) == 0


def test_a_document_is_as_like_an_article_in_whatever_batch_it_stands() -> None:
    texts = [page_of(REPORT), "", page_of(OFFER), "404\n", f"{OFFER}\n"]
    cuts = [spans_of(text, 12) for text in texts]
    found = judged(batch_of([document(text) for text in texts], cuts))
    assert [row.likeness for row in found] == [likeness(text, 12) for text in texts]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Правительство острова решило в понедельник закрыть гавань до весны, сообщил мэр города.",
        "Balıkçılar limanın kışın kapatılmasına pazartesi günü belediye önünde itiraz etti.",
        "漁港の組合は月曜日、冬の間は港を閉鎖すると発表した。市長は会見で理由を説明した。",
        "Umphathi wedolobha uthe ibhuloho elidala lizovalwa iminyaka emibili ngenxa yokuqhekeka.",
    ],
)
def test_news_in_no_language_is_put_aside(paragraph: str) -> None:
    menu = ["Menu", "Login", "Shop", "$ 4.99", *(f"News {number}" for number in range(30))]
    text = "".join(f"{line}\n" for line in [*menu, *[paragraph] * 8])
    assert put_aside(text) == []
