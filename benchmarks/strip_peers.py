"""The extractors that `strip` is compared with, as far as they are installed: markup in, main text out.

pip install trafilatura justext resiliparse readability-lxml newspaper4k      (and magic-html, from Python 3.12 on)
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

Peer = Callable[[str, str], str]
STOPLISTS = {"de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch", "ru": "Russian"}


def page_peers() -> dict[str, Peer]:
    """What reads markup, by name; each is given the markup and the language."""
    makers = {
        "trafilatura": trafilatura_in_its_modes,
        "resiliparse": resiliparse,
        "justext": justext,
        "readability": readability,
        "newspaper": newspaper,
        "magic_html": magic_html,
    }
    return {"whole page": whole} | {
        name: peer for library, make in makers.items() if find_spec(library) for name, peer in make().items()
    }


def text_peers() -> dict[str, Peer]:
    """What reads plain text: nothing but leaving it alone does better than nothing there."""
    return {"as it is": lambda raw, _: raw}


def whole(raw: str, _: str) -> str:
    from tasks.page import lay_out

    return lay_out(raw).text


def trafilatura_in_its_modes() -> dict[str, Peer]:
    import trafilatura

    def mode(**options: Any) -> Peer:
        return lambda raw, _: trafilatura.extract(raw, include_comments=False, **options) or ""

    return {
        "trafilatura": mode(),
        "trafilatura precision": mode(favor_precision=True),
        "trafilatura fast": mode(fast=True),
    }


def resiliparse() -> dict[str, Peer]:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return {"resiliparse": lambda raw, _: extract_plain_text(HTMLTree.parse(raw), main_content=True, comments=False)}


def justext() -> dict[str, Peer]:
    import justext

    stoplists = {name: justext.get_stoplist(name) for name in {"English", *STOPLISTS.values()}}

    def read(raw: str, language: str) -> str:
        found = justext.justext(raw.encode(), stoplists[STOPLISTS.get(language, "English")], encoding="utf-8")
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    return {"jusText": read}


def readability() -> dict[str, Peer]:
    from readability import Document

    return {"readability-lxml": lambda raw, _: whole(Document(raw).summary(), "")}


def newspaper() -> dict[str, Peer]:
    import newspaper

    def read(raw: str, _: str) -> str:
        found = newspaper.Article("https://page.example/", fetch_images=False)
        found.download(input_html=raw)
        found.parse()
        return str(found.text)

    return {"newspaper4k": read}


def magic_html() -> dict[str, Peer]:
    from magic_html import GeneralExtractor

    extractor: Any = GeneralExtractor()
    return {
        "magic-html": lambda raw, _: whole(extractor.extract(raw, base_url="https://page.example/")["html"] or "", "")
    }
