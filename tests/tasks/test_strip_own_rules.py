"""Rules of the user's own decide over copydesk's, where they were meant to."""

import re
from pathlib import Path

import pytest

from flows.settings import load
from tasks.errors import UsageError
from tasks.ingest import Document, Sidecar
from tasks.stage import digest_of_file
from tasks.store import made_from
from tasks.strip import STAGE, Span, StripSettings, strip
from tasks.strip.origins import Origin, origin_of
from tasks.strip.own_rules import own_rules
from tests.conftest import ROOT, clean, published, write_folder

TEXT = """\
The ferry left the harbour on Monday morning with two hundred people and their cars on board, the company said.

Ferry of the week: write to us which one you like best, and win two tickets to the island and back.

It reached the island at noon, an hour late, because the wind had turned in the night and the sea was high.
"""
RULE = """\
[[rule]]
name = "ferry-of-the-week"
pattern = '^ferry of the week\\b'
kind = "boilerplate"
"""


def rules(folder: Path, text: str) -> StripSettings:
    return StripSettings(rules=str(write_folder(folder, {"own.toml": text}) / "own.toml"))


def labelled(settings: StripSettings, source: str = "island/a.txt", sidecars: dict[str, str] | None = None) -> Span:
    """The span of the second paragraph."""
    document = Document("d", source, "text", "utf-8", 0, "", TEXT, 0)
    beside = [Sidecar("d", key, value, key) for key, value in (sidecars or {}).items()]
    return strip([document], {}, settings, {"d": beside})[0][1]


def test_a_rule_of_ones_own_decides_over_the_labeller(tmp_path):
    assert labelled(StripSettings()).kind == "body"
    found = labelled(rules(tmp_path, RULE))
    assert (found.kind, found.rule, found.score) == ("boilerplate", "ferry-of-the-week", 1.0)


def test_a_rule_keeps_what_copydesk_removes(tmp_path):
    text = TEXT.replace("Ferry of the week:", "Photo:")
    document = Document("d", "a.txt", "text", "utf-8", 0, "", text, 0)
    assert strip([document], {}, StripSettings())[0][1].kind == "credit"
    own = rules(tmp_path, "[[rule]]\nname = 'letters'\npattern = '^Photo: write'\nkind = 'body'\n")
    assert strip([document], {}, own)[0][1].kind == "body"


def test_the_first_rule_that_knows_a_segment_decides(tmp_path):
    both = RULE + RULE.replace("ferry-of-the-week", "other").replace("boilerplate", "caption")
    assert labelled(rules(tmp_path, both)).rule == "ferry-of-the-week"


def test_a_rule_for_a_domain_is_for_its_hosts_only(tmp_path):
    own = rules(tmp_path, RULE + 'domain = "post.example"\n')
    assert labelled(own, sidecars={"url": "https://www.news.post.example/a"}).kind == "boilerplate"
    assert labelled(own, sidecars={"url": "https://outpost.example/a"}).kind == "body"
    assert labelled(own).kind == "body"


def test_a_rule_for_an_outlet_is_for_its_sidecars_and_its_folder(tmp_path):
    own = rules(tmp_path, RULE + 'outlet = "Island"\n')
    assert labelled(own).kind == "boilerplate"
    assert labelled(own, source="raw/a.txt", sidecars={"outlet": "island"}).kind == "boilerplate"
    assert labelled(own, source="raw/a.txt").kind == "body"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RULE.replace("'^ferry", "'(ferry"), "rule 1, pattern: no regular expression of RE2: missing )"),
        (RULE.replace("boilerplate", "rubbish"), "rule 1, kind: Input should be 'body', 'heading'"),
        (RULE.replace("ferry-of-the-week", "Ferry!"), "rule 1, name: String should match pattern"),
        (RULE + "colour = 'red'\n", "rule 1, colour: Extra inputs are not permitted, found 'red'"),
        (RULE.replace("pattern", "patern"), "rule 1, pattern: Field required"),
        ("rule = 3\n", "wanted nothing but [[rule]] tables"),
        ("[rules]\n", "found rules, wanted nothing but [[rule]] tables"),
        ("[[rule", "the rules are no TOML"),
    ],
)
def test_a_wrong_rule_is_a_wrong_setting_that_names_file_and_rule(tmp_path, text, told):
    file = write_folder(tmp_path, {"own.toml": text}) / "own.toml"
    with pytest.raises(UsageError) as wrong:
        load(None, {"strip.rules": str(file)})
    assert str(wrong.value).startswith(f"strip.rules: {file}: ")
    assert told in str(wrong.value)


def test_a_file_of_rules_that_is_missing_is_told(tmp_path):
    with pytest.raises(UsageError, match="the rules cannot be read"):
        load(None, {"strip.rules": str(tmp_path / "none.toml")})


def test_no_pattern_takes_for_ever(tmp_path):
    own = rules(tmp_path, "[[rule]]\nname = 'evil'\npattern = '^(a+)+$'\nkind = 'boilerplate'\n")
    document = Document("d", "a.txt", "text", "utf-8", 0, "", "a" * 50_000 + "!", 0)
    assert strip([document], {}, own)[0][0].rule != "evil"


def test_what_the_file_says_decides_and_not_where_it_lies(tmp_path):
    one, same = rules(tmp_path / "a", RULE), rules(tmp_path / "b", RULE)
    other = rules(tmp_path / "c", RULE.replace("boilerplate", "caption"))
    origin = made_from(STAGE, one, ())
    assert made_from(STAGE, same, ()) == origin
    assert len({origin, made_from(STAGE, other, ()), made_from(STAGE, StripSettings(), ())}) == 3


def test_a_file_that_is_gone_in_mid_run_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        digest_of_file(str(tmp_path / "gone.toml"))


def test_a_changed_rule_makes_anew_what_follows(tmp_path):
    raw = write_folder(tmp_path / "island", {"a.txt": TEXT})
    write_folder(tmp_path, {"own.toml": RULE})
    settings = load(
        None,
        {"run.prefect": "off", "run.report": "off", "run.workers": "1", "strip.rules": str(tmp_path / "own.toml")},
    )
    clean(tmp_path / "data", raw, settings=settings)
    assert "tickets" not in published(tmp_path / "data")["articles"][0]["text"]
    write_folder(tmp_path, {"own.toml": RULE.replace("boilerplate", "body")})
    clean(tmp_path / "data", raw, settings=settings)
    assert "tickets" in published(tmp_path / "data")["articles"][0]["text"]


def test_a_page_tells_its_host_in_its_head():
    page = '<head><meta charset="utf-8"><link href="https://www.post.example/a?b" rel=canonical></head>'
    document = Document("d", "crawl/x.zip!a/b.html", "html", "utf-8", 0, "", "", 0)
    assert origin_of(document, [], page) == Origin("", "post.example", "crawl/x.zip!a")
    assert origin_of(document, [Sidecar("d", "url", "http://other.example", "url")], page).host == "other.example"
    assert origin_of(document, [], "<head><link rel=canonical></head>").host == ""


def test_the_rules_in_the_guide_are_rules(tmp_path):
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    [printed] = re.findall(r"^```toml\n(.*?)^```$", guide, flags=re.M | re.S)
    file = write_folder(tmp_path, {"own.toml": printed}) / "own.toml"
    assert [rule.kind for rule in own_rules(str(file))] == ["boilerplate", "body"]
