"""Copies: found whatever was done to them, kept apart where only the template is one, and never lost."""

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.dedupe import SKETCH, STAGE, DedupeSettings, Fate, Relation, Sketch, dedupe, outside, sketch
from tasks.dedupe.memory import remembered
from tasks.errors import DamagedError, StoreError, UsageError
from tasks.extract import STAGE as EXTRACT
from tasks.extract import Fact
from tasks.ingest import STAGE as INGEST
from tasks.ingest import Document
from tasks.stage import to_rows
from tasks.store import Store
from tasks.strip import STAGE as STRIP
from tasks.strip import Span

SEEDS = Path(__file__).parents[2] / "seeds"
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or")]


def prose(seed: object, words: int) -> str:
    """Sentences of made-up words: the same for the same seed, alike for no two seeds."""
    chance = random.Random(str(seed))
    made = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(words)]
    return "\n\n".join(" ".join(made[at : at + 40]) + "." for at in range(0, words, 40))


class Raw:
    """A document before it is in a store, with what extract would know of it."""

    def __init__(self, name: str, text: str, mtime: int = 0, **fields: str) -> None:
        digits = random.Random(name + text).getrandbits(64)
        self.document = Document(f"{digits:016x}", name, "text", "utf-8", 1, "0" * 64, text, mtime)
        self.doc_id = self.document.doc_id
        self.spans = [Span(self.doc_id, 0, len(text), "body", "all", 1.0)]
        self.facts = [
            Fact(self.doc_id, field, value, None, None, "sidecar", field, "given", 1.0, True, "given")  # type: ignore[arg-type]
            for field, value in fields.items()
        ]


def stored(root: Path, *parts: Sequence[Raw]) -> Store:
    """A store with these documents, sketched."""
    store = Store(root)
    for number, part in enumerate(parts):
        name, documents = f"part-{number}", [raw.document for raw in part]
        spans, facts = {raw.doc_id: raw.spans for raw in part}, {raw.doc_id: raw.facts for raw in part}
        store.write(INGEST, Document, name, documents, "")
        store.write(STRIP, Span, name, [span for raw in part for span in raw.spans], "")
        store.write(EXTRACT, Fact, name, [fact for raw in part for fact in raw.facts], "")
        store.write(SKETCH, Sketch, name, sketch(documents, spans, facts, DedupeSettings()), "")
    return store


def found(root: Path, *parts: Sequence[Raw], **chosen: str) -> tuple[dict[str, Relation], dict[str, str]]:
    """What dedupe says of these documents: the relation and the fate of each duplicate."""
    asked = DedupeSettings.model_validate(chosen)
    told = list(dedupe(stored(root / "store", *parts), asked, root / "scratch"))
    assert [part for part, _, _ in told] == [f"part-{number}" for number in range(len(parts))]
    relations = [relation for _, rows, _ in told for relation in to_rows(Relation, rows)]
    fates: list[Fate] = [fate for _, _, rows in told for fate in to_rows(Fate, rows)]
    return {row.doc_id: row for row in relations}, {fate.doc_id: fate.kept_as for fate in fates}


def wrapped(house: str, number: int, text: str) -> Raw:
    """A text inside what an outlet prints on every page."""
    top, bottom = prose(f"{house} top", 60), prose(f"{house} bottom", 40)
    return Raw(f"{house}/{number}.txt", f"{top}\n\n{text}\n\n{bottom}", outlet=house)


def test_the_seeds_have_no_copies(tmp_path: Path) -> None:
    seeds = [Raw(path.name, path.read_text("utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    assert len(seeds) == 5
    assert found(tmp_path, seeds) == ({}, {})


def test_an_empty_store_has_no_parts_to_tell_of(tmp_path: Path) -> None:
    assert list(dedupe(Store(tmp_path / "store"), DedupeSettings(), tmp_path / "scratch")) == []


def test_a_text_without_words_is_no_copy_of_another(tmp_path: Path) -> None:
    assert found(tmp_path, [Raw("a", ""), Raw("b", ""), Raw("c", "* * *")]) == ({}, {})


def test_a_wire_story_under_five_wrappings_is_one_article_with_four_copies(tmp_path: Path) -> None:
    story = prose("wire story", 400)
    houses = [f"house {number}" for number in range(5)]
    own = [wrapped(house, number, prose((house, number), 200)) for house in houses for number in range(6)]
    told = [wrapped(house, 9, story if house != houses[4] else story[: len(story) // 4]) for house in houses]
    relations, fates = found(tmp_path, own, told)
    assert len(fates) == 4 and len(set(fates.values())) == 1
    assert set(fates) | set(fates.values()) == {raw.doc_id for raw in told}
    assert [relations[raw.doc_id].kind for raw in told if raw.doc_id in fates].count("copy") == 3
    assert relations[told[4].doc_id].kind == "excerpt"
    for raw in told:
        if raw.doc_id in fates:
            assert_passages_are_shared(raw, next(r for r in told if r.doc_id == fates[raw.doc_id]), relations)


def assert_passages_are_shared(raw: Raw, other: Raw, relations: dict[str, Relation]) -> None:
    shared = relations[raw.doc_id].shared
    assert shared
    for passage in shared:
        ours = raw.document.text[passage.start : passage.start + passage.length]
        theirs = other.document.text[passage.other_start : passage.other_start + passage.length]
        assert ours.split() == theirs.split()


def test_what_an_outlet_prints_on_every_page_makes_no_copies(tmp_path: Path) -> None:
    pages = [wrapped("house", number, prose(("short", number), 45)) for number in range(8)]
    assert found(tmp_path, pages) == ({}, {})


def test_a_story_that_an_outlet_printed_many_times_is_not_its_boilerplate(tmp_path: Path) -> None:
    story = prose("story", 300)
    again = [wrapped("house", number, f"{story}\n\n{prose(('update', number), 40)}") for number in range(6)]
    others = [wrapped("house", 10 + number, prose(("other", number), 200)) for number in range(6)]
    _, fates = found(tmp_path, again + others)
    assert len(fates) == 5
    assert set(fates) | set(fates.values()) == {raw.doc_id for raw in again}


def test_a_text_rewritten_cut_and_reordered_is_still_a_copy(tmp_path: Path) -> None:
    paragraphs = prose("long", 480).split("\n\n")
    rewritten = "\n\n".join([prose("new lead", 40), *reversed(paragraphs[3:10]), prose("new end", 80)])
    relations, fates = found(
        tmp_path, [Raw("a", "\n\n".join(paragraphs)), Raw("b", rewritten), Raw("c", prose("c", 300))]
    )
    assert len(fates) == 1
    assert len(next(iter(relations.values())).shared) == 7


def test_a_brief_of_a_few_lines_is_found_whatever_of_it_the_sketch_keeps(tmp_path: Path) -> None:
    told = [(prose(("brief", at), 75), prose(("lead", at), 10)) for at in range(30)]
    whole = [Raw(f"whole {at}", text) for at, (text, _) in enumerate(told)]
    briefs = [Raw(f"brief {at}", f"{lead} {text[: len(text) // 3]}") for at, (text, lead) in enumerate(told)]
    _, fates = found(tmp_path, whole, briefs)
    assert fates == {brief.doc_id: raw.doc_id for brief, raw in zip(briefs, whole, strict=True)}


def test_two_market_reports_of_one_template_are_not_copies(tmp_path: Path) -> None:
    words = prose("market", 120).replace("\n\n", " ").split()

    def report(day: int) -> str:
        chance = random.Random(day)
        return " ".join(
            word + (f" {chance.randint(100, 99999)}" if at % 9 == 0 else "") for at, word in enumerate(words)
        )

    assert found(tmp_path, [Raw(f"{day}", report(day)) for day in range(3)]) == ({}, {})


def test_a_quoted_paragraph_makes_no_copy(tmp_path: Path) -> None:
    story = prose("story", 400)
    quoting = prose("q", 160) + "\n\n" + story.split("\n\n")[2] + "\n\n" + prose("r", 120)
    assert found(tmp_path, [Raw("story", story), Raw("quoting", quoting)]) == ({}, {})


def test_a_round_up_does_not_join_the_two_stories_it_holds(tmp_path: Path) -> None:
    one, two = prose("one", 200), prose("two", 200)
    told = [Raw(f"{name}{n}", text) for name, text in (("one", one), ("two", two)) for n in range(3)]
    _, fates = found(tmp_path, [*told, Raw("round-up", f"{one}\n\n{two}")])
    assert {fates.get(raw.doc_id, raw.doc_id) for raw in told[:3]} & {
        fates.get(raw.doc_id, raw.doc_id) for raw in told[3:]
    } == set()


@pytest.mark.parametrize(
    "script", ["日月火水木金土年時分国会議員", "กขคงจฉชซดตถทธนบปผ", "абвгдежзиклмнопрст", "ابتثجحخدذرزس"]
)
def test_copies_are_found_in_every_script(tmp_path: Path, script: str) -> None:
    chance = random.Random(script)

    def text(seed: str) -> str:
        chance.seed(seed)
        return " ".join("".join(chance.choices(script, k=chance.randint(2, 6))) for _ in range(200))

    story = text("story")
    copies = [Raw("a", story), Raw("b", story[: len(story) // 3]), Raw("c", text("c"))]
    relations, _ = found(tmp_path, copies)
    assert [row.kind for row in relations.values()] == ["excerpt"]


def test_the_fullest_copy_is_kept_and_among_equals_the_agency_s_own(tmp_path: Path) -> None:
    story = prose("story", 300)
    short = Raw("a", story[: len(story) // 2], outlet="Gazette", agency="Reuters", published="2013-05-07")
    early = Raw("b", story, outlet="Courier", agency="Reuters", published="2013-05-08")
    agency = Raw("c", story + " Ends.", outlet="Reuters", published="2013-05-09")
    _, fates = found(tmp_path, [short, early, agency])
    assert fates == {short.doc_id: agency.doc_id, early.doc_id: agency.doc_id}


def test_among_equals_the_earliest_is_kept(tmp_path: Path) -> None:
    story = prose("story", 300)
    late, undated = Raw("a", story, published="2013-05-09"), Raw("b", story)
    early = Raw("c", story, published="2013-05-08T10:00")
    _, fates = found(tmp_path, [late, undated, early])
    assert set(fates.values()) == {early.doc_id}


def test_new_bytes_under_an_old_source_make_the_old_a_revision(tmp_path: Path) -> None:
    old, older = Raw("a.txt", prose("old", 90), 2), Raw("a.txt", prose("older", 90), 1)
    new = Raw("a.txt", prose("quite another text", 90), 3)
    relations, fates = found(tmp_path, [older, new], [old])
    assert fates == {old.doc_id: new.doc_id, older.doc_id: new.doc_id}
    assert {row.kind for row in relations.values()} == {"revision"}


def test_records_of_one_state_of_a_file_are_no_revisions(tmp_path: Path) -> None:
    assert found(tmp_path, [Raw("a#1", prose("x", 90), 5), Raw("a#1", prose("y", 90), 5)]) == ({}, {})


def test_an_old_state_is_kept_as_what_its_new_state_is_kept_as(tmp_path: Path) -> None:
    story = prose("story", 300)
    whole = Raw("whole", story + " And more was said.", outlet="x")
    old, new = Raw("a", prose("before", 100), 1), Raw("a", story[: len(story) // 2], 2)
    relations, fates = found(tmp_path, [whole, old, new])
    assert fates == {old.doc_id: whole.doc_id, new.doc_id: whole.doc_id}
    assert relations[old.doc_id].other == new.doc_id


def test_a_later_state_of_the_same_address_is_kept_where_it_is_a_copy(tmp_path: Path) -> None:
    story = prose("story", 300)
    first = Raw("a", story + " This was taken out.", 1, url="https://x.example/1")
    later = Raw("b", story, 2, url="https://x.example/1")
    relations, fates = found(tmp_path, [first, later])
    assert fates == {first.doc_id: later.doc_id}
    assert relations[first.doc_id].kind == "revision"


def edited(story: str, seed: int) -> str:
    """A story as another paper may print it: cut, with other paragraphs, or whole."""
    chance = random.Random(seed)
    paragraphs = story.split("\n\n")
    if chance.random() < 0.5:
        paragraphs = paragraphs[: max(1, round(len(paragraphs) * chance.random()))]
    return "\n\n".join(paragraphs + [prose(("own", seed), 40)] * chance.randint(0, 1))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 1)), max_size=14), st.randoms())
def test_neither_order_nor_parts_change_what_is_found(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, int, int]], chance: random.Random
) -> None:
    raws = [
        Raw(f"{at}", edited(prose(("s", story), 160), seed), outlet=f"h{house}")
        for at, (story, seed, house) in enumerate(drawn)
    ]
    relations, fates = found(tmp_path_factory.mktemp("one"), raws)
    shuffled = chance.sample(raws, len(raws))
    cut = chance.randint(0, len(raws))
    assert found(tmp_path_factory.mktemp("two"), shuffled[:cut], shuffled[cut:]) == (relations, fates)
    assert set(fates) == set(relations)
    assert not set(fates) & set(fates.values()), "what a duplicate is kept as is itself kept"


def test_copies_are_found_in_a_cluster_of_many(tmp_path: Path) -> None:
    story = prose("story", 240)
    many = [Raw(f"{n}", f"{story}\n\n{prose(('own', n), 30)}", outlet=f"h{n}") for n in range(40)]
    short = Raw("short", story[: len(story) // 4])
    _, fates = found(tmp_path, [*many, short])
    assert len(fates) == 40 and len(set(fates.values())) == 1


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(0, 1)), max_size=12), st.integers(0, 12))
def test_a_second_run_with_more_changed_and_gone_ends_as_one_run(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, int, int]], cut: int
) -> None:
    root = tmp_path_factory.mktemp("grown")
    raws = [
        Raw(f"{at}", edited(prose(("s", story), 160), seed), outlet=f"h{house}")
        for at, (story, seed, house) in enumerate(drawn)
    ]
    gone = Raw("gone", prose(("s", 0), 160), outlet="h0")
    changed = [Raw(raw.document.source, raw.document.text + "\n\nAnd it was mended.", 1) for raw in raws[:2]]
    found(root, [gone, *raws[:cut]])
    grown = found(root, raws[:cut], [*raws[cut:], *changed])
    assert grown == found(tmp_path_factory.mktemp("once"), raws[:cut], [*raws[cut:], *changed])


def test_what_is_remembered_may_be_lost_or_broken(tmp_path: Path) -> None:
    story = prose("story", 200)
    raws = [Raw("a", story), Raw("b", story[: len(story) // 2])]
    once = found(tmp_path, raws)
    kept = tmp_path / "store" / "dedupe" / "compared.npz"
    assert found(tmp_path, raws) == once
    kept.write_bytes(kept.read_bytes()[:100])
    assert found(tmp_path, raws) == once
    kept.unlink()
    assert found(tmp_path, raws) == once


def test_what_another_version_remembered_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(tmp_path, [Raw("a", prose("story", 200)), Raw("b", prose("story", 100))])
    kept = tmp_path / "store" / "dedupe" / "compared.npz"
    assert len(remembered(kept).pairs.keys) == 1
    monkeypatch.setattr("tasks.dedupe.memory.STAGE", STAGE._replace(version=STAGE.version + 1))
    assert not any(len(kind.keys) for kind in remembered(kept))


def test_a_line_that_becomes_boilerplate_costs_no_second_look_at_what_was_read(tmp_path: Path) -> None:
    story, line = prose("story", 120), prose("line", 30)
    told = [Raw("a", f"{line}\n\n{story}", outlet="h"), Raw("b", f"{story[: len(story) // 2]}\n\n{line}", outlet="h")]
    others = [Raw(f"o{n}", f"{line}\n\n{prose(('o', n), 120)}", outlet="h") for n in range(4)]
    before, _ = found(tmp_path / "grown", told)
    unread = [told[0].document._replace(text=""), told[1].document._replace(text="")]
    store = stored(tmp_path / "grown" / "store", told, others)
    store.write(INGEST, Document, "part-0", unread, "")
    (_, grown, _), _ = dedupe(store, DedupeSettings(), tmp_path / "scratch")
    once, _ = found(tmp_path / "once", told, others)
    assert to_rows(Relation, grown) == list(once.values())
    assert [row.containment for row in once.values()] != [row.containment for row in before.values()]


def test_of_an_outdated_text_nothing_is_left_out_whatever_its_outlet_prints(tmp_path: Path) -> None:
    line = prose("line", 30)
    old, new = Raw("a", f"{line}\n\n{prose('old', 60)}", 1, outlet="h"), Raw("a", prose("new", 60), 2, outlet="h")
    others = [Raw(f"o{n}", f"{line}\n\n{prose(('o', n), 120)}", outlet="h") for n in range(5)]
    before, _ = found(tmp_path, [old, new])
    assert found(tmp_path, [old, new], others)[0] == before
    assert found(tmp_path / "once", [old, new], others)[0] == before


def test_what_was_decided_of_copies_does_not_outlive_what_is_known_of_them(tmp_path: Path) -> None:
    story = prose("story", 200)
    late, early = Raw("a", story, published="2013-05-09"), Raw("b", story, published="2013-05-08")
    assert found(tmp_path, [late, early])[1] == {late.doc_id: early.doc_id}
    assert found(tmp_path, [late, early])[1] == {late.doc_id: early.doc_id}
    mended = Raw("a", story, published="2013-05-07")
    assert found(tmp_path, [mended, early])[1] == {early.doc_id: mended.doc_id}


def test_another_setting_decides_anew(tmp_path: Path) -> None:
    one, two = prose("one", 200), prose("two", 200)
    told = [Raw(f"{name}{n}", text) for name, text in (("one", one), ("two", two)) for n in range(2)]
    told.append(Raw("round-up", f"{one}\n\n{two}"))
    strict = found(tmp_path, told)
    loose = found(tmp_path, told, links="0.1")
    assert len(set(strict[1].values())) == 2 and len(set(loose[1].values())) == 1
    assert found(tmp_path, told) == strict


def test_what_an_earlier_corpus_has_is_kept_there(tmp_path: Path) -> None:
    story = prose("story", 200)
    theirs = Raw("theirs", story[: len(story) // 2])
    stored(tmp_path / "earlier" / "store", [theirs, Raw("other", prose("other", 200))])
    ours, new = Raw("ours", story), Raw("new", prose("new", 200))
    relations, fates = found(tmp_path, [ours, new], against=str(tmp_path / "earlier"))
    assert fates == {ours.doc_id: theirs.doc_id}
    assert relations[ours.doc_id].shared


def test_nothing_is_written_where_an_earlier_corpus_lies(tmp_path: Path) -> None:
    stored(tmp_path / "earlier" / "store", [Raw("theirs", prose("story", 200))])
    before = sorted((tmp_path / "earlier").rglob("*"))
    found(tmp_path, [Raw("ours", prose("story", 180))], against=str(tmp_path / "earlier"))
    assert sorted((tmp_path / "earlier").rglob("*")) == before
    assert (tmp_path / "store" / "evidence").exists()


def test_a_change_in_the_earlier_corpus_makes_the_relations_anew(tmp_path: Path) -> None:
    asked, raw = DedupeSettings(against=str(tmp_path / "earlier")), Raw("theirs", prose("story", 200))
    stored(tmp_path / "earlier" / "store", [raw])
    before = outside(asked)
    assert before == outside(asked) != outside(DedupeSettings())
    stored(tmp_path / "earlier" / "store", [raw], [Raw("other", prose("other", 200))])
    assert outside(asked) != before


def test_a_folder_without_an_earlier_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"dedupe\.against"):
        found(tmp_path, [Raw("ours", prose("story", 200))], against=str(tmp_path / "nothing"))


def test_what_cannot_be_read_of_the_earlier_corpus_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    theirs = stored(tmp_path / "earlier" / "store", [Raw("theirs", prose("story", 200))])
    [path] = theirs.paths(SKETCH, Sketch)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match="run copydesk on that folder again") as wrong:
        found(tmp_path, [Raw("ours", prose("story", 200))], against=str(tmp_path / "earlier"))
    assert not isinstance(wrong.value, DamagedError) and path.exists()


def test_fields_that_must_agree_keep_texts_apart(tmp_path: Path) -> None:
    story = prose("story", 200)
    raws = [Raw("a", story, published="2013-05-07"), Raw("b", story, published="2014-05-07"), Raw("c", story)]
    assert len(found(tmp_path, raws)[1]) == 2
    assert len(found(tmp_path, raws[:2], agree="language,published")[1]) == 0
    assert len(found(tmp_path, raws[1:], agree="published")[1]) == 1


def test_partitions_may_be_worked_on_by_other_processes(tmp_path: Path) -> None:
    story = prose("story", 200)
    store = stored(tmp_path / "store", [Raw("a", story), Raw("b", story[: len(story) // 2])])
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        (shared,) = dedupe(store, DedupeSettings(), tmp_path / "scratch", each=pool.map)
    (alone,) = dedupe(store, DedupeSettings(), tmp_path / "scratch")
    assert shared == alone and len(shared[1]) == 1
