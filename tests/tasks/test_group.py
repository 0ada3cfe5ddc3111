"""Stories and mentions, on texts of our own and on the five seeds."""

import random
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tasks import dedupe
from tasks.dedupe import Fate, Relation
from tasks.extract import Fact
from tasks.group import SIGN, GroupSettings, Member, Sign, Story, group, nearest, sign
from tasks.ingest import Document
from tasks.stage import to_rows
from tasks.store import Store
from tasks.strip import Span

USUAL = GroupSettings()


class Raw(NamedTuple):
    """An article as a test writes it; `text` is all body."""

    doc_id: str
    published: str | None
    title: str | None
    text: str
    outlet: str | None = None
    language: str = "en"


class Outcome(NamedTuple):
    """What grouping made of the articles."""

    stories: list[Story]
    members: list[Member]
    relations: list[Relation]

    def story_of(self) -> dict[str, str]:
        return {member.doc_id: member.story_id for member in self.members}

    def of_kind(self, kind: str) -> list[tuple[str, str]]:
        return [(found.doc_id, found.other) for found in self.relations if found.kind == kind]


def document(raw: Raw) -> Document:
    return Document(raw.doc_id, raw.doc_id, "text", "utf-8", len(raw.text), "", raw.text, 0)


def facts(raw: Raw) -> list[Fact]:
    values = {"published": raw.published, "title": raw.title, "outlet": raw.outlet, "language": raw.language}
    return [
        Fact(raw.doc_id, field, value, None, None, "sidecar", field, "sidecar", 1.0, True, "given")
        for field, value in values.items()
        if value
    ]


def grouped(
    folder: Path, parts: Iterable[list[Raw]], hidden: Iterable[str] = (), settings: GroupSettings = USUAL
) -> Outcome:
    store = Store(folder)
    for number, raws in enumerate(parts):
        spans = {raw.doc_id: [Span(raw.doc_id, 0, len(raw.text), "body", "all", 1.0)] for raw in raws}
        signs = sign(list(map(document, raws)), spans, {raw.doc_id: facts(raw) for raw in raws}, settings)
        store.write(SIGN, Sign, f"{number:04}", signs, "test")
    store.write(dedupe.STAGE, Fate, "0000", [Fate(doc_id, "another") for doc_id in hidden], "test")
    outcome = Outcome([], [], [])
    for _, stories, members, relations in group(store, settings):
        outcome.stories.extend(to_rows(Story, stories))
        outcome.members.extend(to_rows(Member, members))
        outcome.relations.extend(to_rows(Relation, relations))
    return outcome


FERRY = Raw(
    "f1",
    "2017-03-14T09:10",
    "Ferry collides with freighter off Aarhus, 34 rescued",
    "A car ferry collided with a freighter in fog off Aarhus early on Tuesday, and the coastguard took 34 people off "
    "the listing ship, officials said.\n\nThe Dronning Ragnhild was on her way from Kalundborg when she struck the "
    "Cypriot freighter Melina Star. Captain Jens Holmgaard said the radar had failed minutes earlier.\n\nCoastguard "
    "chief Birgit Thorup praised the crew. The owner, Samsolinjen, said 212 passengers had been aboard.",
    "Harbour Post",
)
FERRY_AGAIN = Raw(
    "f2",
    "2017-03-15",
    "Radar failure blamed as Danish ferry hits Melina Star",
    "Investigators went aboard the ferry Dronning Ragnhild on Wednesday, a day after she rammed the freighter Melina "
    "Star near Aarhus with 212 passengers on board.\n\nNobody was badly hurt. Her captain, Jens Holmgaard, told "
    "police that his radar went dark shortly before. Rescue boats under Birgit Thorup brought 34 people ashore.",
    "Daily Lantern",
)
FERRY_LATER = Raw(
    "f3",
    "2017-04-06",
    "Parliament debates safety of coastal shipping",
    "Lawmakers in Copenhagen called for new rules on coastal shipping on Thursday. Transport Minister Ole Brandt said "
    "old ships would need a second navigator.\n\nThe debate follows the collision of the Dronning Ragnhild with the "
    "Melina Star off Aarhus on March 14. The opposition wants stricter rules on working hours.",
)
STRIKE = Raw(
    "s1",
    "2017-03-14",
    "Teachers in Leeds walk out over pay",
    "Thousands of teachers in Leeds stayed away from work on Tuesday in a dispute over pay. Union leader Margaret "
    "Oakes said 61 schools had closed. The council said talks with the union would go on in the evening.",
)
OTHER_FERRY = Raw(
    "o1",
    "2018-08-02",
    "Ferry runs aground near Split, 58 taken off",
    "A ferry ran aground on rocks near Split late on Wednesday and 58 people were taken off by the coastguard. The "
    "Sveta Nedjelja was coming from Hvar when her engine failed, captain Ante Baric said.",
)
ALL = [FERRY, FERRY_AGAIN, FERRY_LATER, STRIKE, OTHER_FERRY]


def test_two_reports_of_one_event_in_other_words_are_one_story(tmp_path: Path) -> None:
    stories = grouped(tmp_path, [ALL]).story_of()
    assert stories["f2"] == stories["f1"] == "f1"


def test_another_event_of_the_same_kind_is_another_story(tmp_path: Path) -> None:
    stories = grouped(tmp_path, [ALL]).story_of()
    assert len({stories[doc_id] for doc_id in ("f1", "s1", "o1")}) == 3


def test_an_article_alone_is_a_story_of_one(tmp_path: Path) -> None:
    outcome = grouped(tmp_path, [[STRIKE]])
    assert [(story.story_id, story.articles, story.headline) for story in outcome.stories] == [("s1", 1, STRIKE.title)]


def test_a_later_article_that_names_the_day_mentions_the_story(tmp_path: Path) -> None:
    outcome = grouped(tmp_path, [ALL])
    assert outcome.of_kind("mentions") == [("f3", "f1")]
    assert {story.story_id: story.mentions for story in outcome.stories}["f1"] == 1


def test_a_mention_shows_its_sentence_where_it_stands(tmp_path: Path) -> None:
    mention = next(found for found in grouped(tmp_path, [ALL]).relations if found.kind == "mentions")
    (place,) = mention.shared
    assert FERRY_LATER.text[place.start : place.start + place.length] == mention.why
    assert mention.why.startswith("The debate follows the collision")


def test_a_sentence_that_may_mean_several_days_finds_the_story_of_one_of_them(tmp_path: Path) -> None:
    text = FERRY_LATER.text.replace("on March 14", "three weeks ago")
    outcome = grouped(tmp_path, [[FERRY, FERRY_AGAIN], [FERRY_LATER._replace(text=text)]])
    assert outcome.of_kind("mentions") == [("f3", "f1")]


def test_grouping_leaves_nothing_behind_in_the_store(tmp_path: Path) -> None:
    grouped(tmp_path, [ALL])
    assert [path for path in (tmp_path / ".spill").rglob("*") if path.is_file()] == []


def test_coverage_is_tied_to_the_lead_with_what_both_have(tmp_path: Path) -> None:
    (tie,) = (found for found in grouped(tmp_path, [ALL]).relations if found.kind == "same_story")
    assert (tie.doc_id, tie.other) == ("f2", "f1")
    assert "Melina Star" in tie.why
    assert "a day apart" in tie.why


def test_the_story_says_who_told_it_and_when(tmp_path: Path) -> None:
    story = next(story for story in grouped(tmp_path, [ALL]).stories if story.story_id == "f1")
    assert story.outlets == ["Daily Lantern", "Harbour Post"]
    assert (str(story.first_on), str(story.last_on)) == ("2017-03-14", "2017-03-15")
    assert "Melina Star" in story.names


def test_a_duplicate_is_a_member_of_no_story(tmp_path: Path) -> None:
    assert "f2" not in grouped(tmp_path, [ALL], hidden=["f2"]).story_of()


def test_the_same_report_a_year_later_is_another_event(tmp_path: Path) -> None:
    later = FERRY_AGAIN._replace(published="2018-03-15")
    assert grouped(tmp_path, [[FERRY, later]]).story_of() == {"f1": "f1", "f2": "f2"}


def test_an_undated_report_joins_only_on_much_evidence(tmp_path: Path) -> None:
    of_the_day = FERRY_AGAIN.text.replace("on Wednesday, a day after she rammed", "after she rammed on Tuesday")
    undated = [
        FERRY,
        FERRY_AGAIN._replace(published=None, text=of_the_day),
        OTHER_FERRY._replace(published=None),
    ]
    assert grouped(tmp_path, [undated]).story_of() == {"f1": "f1", "f2": "f1", "o1": "o1"}


def test_a_story_of_undated_articles_has_no_days(tmp_path: Path) -> None:
    (story,) = grouped(tmp_path, [[STRIKE._replace(published=None, title=None)]]).stories
    assert (story.first_on, story.last_on, story.headline) == (None, None, None)


def test_no_articles_make_no_stories(tmp_path: Path) -> None:
    assert grouped(tmp_path, [[]]) == Outcome([], [], [])


def test_an_empty_article_is_a_story_of_one(tmp_path: Path) -> None:
    assert grouped(tmp_path, [[Raw("e", None, None, "")]]).story_of() == {"e": "e"}


@examples(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_order_nor_parts_show_in_the_outcome(tmp_path: Path, chance: random.Random, parts: int) -> None:
    shuffled = chance.sample(ALL, len(ALL))
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    found = grouped(folder, [shuffled[start::parts] for start in range(parts)])
    whole = grouped(tmp_path / "whole", [ALL])
    assert [sorted(rows, key=lambda row: row[:3]) for rows in found] == [
        sorted(rows, key=lambda row: row[:3]) for rows in whole
    ]


@pytest.mark.parametrize("later", [[FERRY_AGAIN], [OTHER_FERRY._replace(published=None)], [FERRY, STRIKE]])
def test_a_store_that_grows_ends_in_what_one_run_over_all_of_it_makes(tmp_path: Path, later: list[Raw]) -> None:
    before = [raw for raw in ALL if raw.doc_id not in {raw.doc_id for raw in later}]
    grouped(tmp_path / "grown", [before])
    assert grouped(tmp_path / "grown", [before, later]) == grouped(tmp_path / "whole", [before, later])


BOND = "{} is issuing a {} mln dlr bond maturing in ten years, paying {} pct and priced at par, lead manager said."


def test_reports_of_one_kind_that_share_no_name_are_no_story(tmp_path: Path) -> None:
    one = Raw("b1", "2017-03-14", "Bond issue", BOND.format("Kalvik Holding", 125, 8) * 3)
    other = Raw("b2", "2017-03-14", "Bond issue", BOND.format("Ostrava Steel", 60, 9) * 3)
    assert len(grouped(tmp_path, [[one, other]]).stories) == 2


def test_the_nearest_that_is_no_member_is_told_with_the_reason(tmp_path: Path) -> None:
    grouped(tmp_path, [ALL])
    near = nearest(Store(tmp_path), "f1", ["f1", "f2"])
    assert near is not None
    assert near.doc_id in {"f3", "s1"}
    assert near.why_not


def test_why_the_nearest_is_no_member_is_said_by_the_settings_of_the_run(tmp_path: Path) -> None:
    grouped(tmp_path, [[FERRY, FERRY_AGAIN]], settings=GroupSettings(window_days=0))
    near = nearest(Store(tmp_path), "f1", ["f1"])
    assert near is not None
    assert near.why_not == "more than 0 days apart"


def test_a_memory_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    whole = grouped(tmp_path, [ALL])
    (memory,) = tmp_path.rglob("compared.npz")
    memory.write_bytes(memory.read_bytes()[:100])
    assert grouped(tmp_path, [ALL]) == whole


def test_a_story_that_the_store_does_not_know_has_no_nearest(tmp_path: Path) -> None:
    grouped(tmp_path, [ALL])
    assert nearest(Store(tmp_path), "unknown", []) is None


SEEDS = Path(__file__).parents[2] / "seeds"
PUBLISHED = {"000": "2013-05-27T10:28", "001": "2021-09-15", "003": "2013-05-07T19:58", "004": "2013-05-08T03:26"}
TITLES = {"000": 1, "001": 1, "002": 3, "003": 4, "004": 6}  # lines of their titles
BODY = {"000": (7, 38), "001": (6, 73), "002": (5, 18), "003": (6, 66), "004": (11, 44)}  # lines of the article


def seeds() -> list[Raw]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        first, last = BODY[path.name[:3]]
        lines = path.read_text(encoding="utf-8").split("\n")
        title = lines[TITLES[path.name[:3]] - 1]
        found.append(Raw(path.name[:3], PUBLISHED.get(path.name[:3]), title, "\n".join(lines[first - 1 : last])))
    return found


@pytest.mark.parametrize("order", [1, -1])
def test_the_seeds_come_out_as_two_reports_and_a_mention(tmp_path: Path, order: int) -> None:
    outcome = grouped(tmp_path, [[seed] for seed in seeds()[::order]])
    assert outcome.story_of() == {"000": "000", "001": "001", "002": "002", "003": "003", "004": "003"}
    assert outcome.of_kind("mentions") == [("000", "003")]


def test_the_seeds_come_out_alike_under_other_names_and_days(tmp_path: Path) -> None:
    outcome = grouped(tmp_path, [[renamed(seed) for seed in seeds()]])
    assert outcome.story_of() == {"000": "000", "001": "001", "002": "002", "003": "003", "004": "003"}
    assert outcome.of_kind("mentions") == [("000", "003")]


def renamed(seed: Raw) -> Raw:
    """The seed 28 days earlier, so that its weekdays hold, with other people and places."""
    text, title = seed.text.replace("May 7", "April 9"), seed.title or ""
    for old, new in {"Lavrov": "Tverdin", "Kerry": "Holbeck", "Moscow": "Ankara", "Syria": "Yemen"}.items():
        text, title = text.replace(old, new), title.replace(old, new)
    days = {"2013-05-27": "2013-04-29", "2013-05-07": "2013-04-09", "2013-05-08": "2013-04-10"}
    published = seed.published and days.get(seed.published[:10], seed.published[:10]) + seed.published[10:]
    return seed._replace(text=text, title=title, published=published)
