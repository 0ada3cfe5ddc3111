"""What an outlet prints on every page is learnt over all runs, and it does not show in which order documents came."""

import random

from tests.conftest import clean, published, write_folder

WORDS = "ferry harbour island captain winter council bridge school market storm quiet engine people morning".split()
ALWAYS = "The reading room on the quay is open to everybody on weekdays, from nine in the morning until six at night."


def article(number: int) -> str:
    chance = random.Random(number)
    said = [(" ".join(chance.choices(WORDS, k=9)), " ".join(chance.choices(WORDS, k=9))) for _ in range(5)]
    paragraphs = [f"On day {number} the {one}, the mayor said, and a {other}." for one, other in said]
    return "\n\n".join([*paragraphs, ALWAYS]) + "\n"


def test_the_fourth_article_shows_what_the_others_repeat_and_the_order_does_not(tmp_path):
    four = {f"{number}.txt": article(number) for number in range(4)}
    raw = write_folder(tmp_path / "grown/raw", {name: four[name] for name in list(four)[:3]})
    clean(tmp_path / "one by one", raw)
    assert all(ALWAYS in row["text"] for row in published(tmp_path / "one by one")["articles"])
    write_folder(raw, four)
    clean(tmp_path / "one by one", raw)
    grown = published(tmp_path / "one by one")
    assert not any(ALWAYS in row["text"] for row in grown["articles"])
    assert [row["rule"] for row in grown["spans"]].count("outlet-repeats") == 4
    clean(tmp_path / "at once", raw)
    assert published(tmp_path / "at once") == grown


def test_only_parts_that_hold_what_repeats_are_made_anew(tmp_path):
    raw = write_folder(tmp_path / "raw", {f"{number}.txt": article(number) for number in range(3)})
    clean(tmp_path / "data", raw)
    other = write_folder(tmp_path / "other", {"9.txt": article(9).replace(ALWAYS, "")})
    clean(tmp_path / "data", other)
    spans = tmp_path / "data/store/strip/spans"
    before = {path.name: path.stat().st_mtime_ns for path in spans.iterdir()}
    write_folder(raw, {"3.txt": article(3)})
    clean(tmp_path / "data", raw)
    kept = [name for name, changed in before.items() if (spans / name).stat().st_mtime_ns == changed]
    labels = tmp_path / "data/store/label/spans"
    assert (len(before), len(kept)) == (2, 1)
    assert {path.name for path in labels.iterdir()} > set(before)
