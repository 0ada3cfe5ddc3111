"""Whole raw texts in other languages and layouts than the seeds', through strip and extract."""

import tomllib
from pathlib import Path

import pytest

from flows.settings import load
from tasks.errors import UsageError
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


@pytest.mark.parametrize("text", ["[[outlet]]\nnam = 'x'\n", "outlet = 3\n", "[[outlet]]\nname = 3\n", "a = ["])
def test_a_table_that_is_none_is_told_before_the_run(tmp_path: Path, text: str) -> None:
    table = tmp_path / "outlets.toml"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"extract\.outlets: .*outlets\.toml: (wanted|the outlets are no TOML)"):
        load(None, {"extract.outlets": str(table)})


def test_another_table_makes_the_facts_anew(tmp_path: Path) -> None:
    table, settings = tmp_path / "outlets.toml", []
    for name in ("The Harbour Messenger", "The Pier"):
        table.write_text(f"outlet = [{{ name = {name!r} }}]", encoding="utf-8")
        settings.append(ExtractSettings(outlets=str(table)).decisive())
    assert settings[0] != settings[1]
