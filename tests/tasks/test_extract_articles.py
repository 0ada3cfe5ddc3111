"""Whole raw texts in other languages and layouts than the seeds', through strip and extract."""

import tomllib
from pathlib import Path

import pytest

from tasks.extract import ExtractSettings, chosen, extract
from tasks.ingest import Document
from tasks.strip import StripSettings, strip

CASES = tomllib.loads(Path("tests/cases/extract/articles.toml").read_text(encoding="utf-8"))


def read(text: str, settings: ExtractSettings) -> dict[str, str]:
    document = Document("d", "t/a.txt", "text", "utf-8", len(text), "", text, 0)
    spans = strip([document], {}, StripSettings())[0]
    return {field: ", ".join(of) for field, of in chosen(extract([document], {"d": spans}, {}, {}, settings)).items()}


@pytest.mark.parametrize("language", CASES)
def test_an_article_is_read_in_its_language(language: str) -> None:
    assert read(CASES[language]["text"], ExtractSettings()) == CASES[language]["wanted"]


def test_a_table_of_the_user_s_adds_outlets(tmp_path: Path) -> None:
    table = tmp_path / "outlets.toml"
    row = '{ name = "The Harbour Messenger", aliases = ["Вестник порта"], domains = ["messenger.example"] }'
    table.write_text(f"outlet = [{row}]", encoding="utf-8")
    settings = ExtractSettings(outlets=str(table))
    assert read(CASES["ru"]["text"], settings)["outlet"] == "The Harbour Messenger"
