"""What group reads in a text: names, folded spellings, places, figures, days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tasks.group.folding import folded
from tasks.group.names import folded_name, names
from tasks.group.places import places
from tasks.group.rarity import common, rarity
from tasks.group.references import month_days, references
from tasks.group.terms import figures
from tasks.group.uncased import uncased_places
from tasks.group.vector import (
    KIND_MASK,
    LEAD_PLACES,
    MOST,
    PAIRS,
    PLACES,
    WORDS,
    reading,
    vector,
    vectors,
)

MONDAY = date(2013, 5, 27)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sergei", "Sergey"),
        ("Sergei", "Сергей"),
        ("Kerry", "Керри"),
        ("Lavrov", "Лаврова"),
        ("Putin", "Путина"),
        ("Zelensky", "Zelenskyy"),
        ("Müller", "Muller"),
        ("Papandreou", "Παπανδρέου"),
        ("Merkel", "Merkels"),
    ],
)
def test_spellings_of_a_name_meet(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Lavrov", "Lavelle"), ("Kerry", "Korea"), ("Obama", "Osama")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text(max_size=30))
def test_folding_takes_any_text_and_is_short(word: str) -> None:
    assert len(folded(word)) <= 8


@pytest.mark.parametrize("called", ["Moskau", "Москва", "Москве", "Moscow"])
def test_a_city_is_one_place_whatever_it_is_called(called: str) -> None:
    assert places()[folded_name(called)] == "Moscow"


@pytest.mark.parametrize("called", ["Vereinigte Staaten", "United States", "Estados Unidos", "USA"])
def test_a_country_of_several_words_is_one_place(called: str) -> None:
    assert places()[folded_name(called)] == "US"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("التقى الوزيران في موسكو ثم سافرا إلى الولايات المتحدة", ["موسكو", "الولايات المتحدة"]),
        ("وصل الوفد من القاهرة وبغداد بعد ذلك", ["القاهرة", "بغداد"]),
        ("השרים נפגשו במוסקבה ובפריז", ["מוסקבה", "פריז"]),
        ("두 장관은 서울에서 러시아와 미국의 계획을", ["서울", "러시아", "미국"]),
        ("両国外相はモスクワで会談し、ロシアは", ["モスクワ", "ロシア"]),
        ("两国外长在莫斯科会谈后前往美国", ["莫斯科", "美国"]),
        ("ニュースを見て、タイトルを読む", []),
        ("They met in Moscow.", []),
    ],
)
def test_a_place_is_known_in_a_script_without_capitals(text: str, wanted: list[str]) -> None:
    assert [place.text for place in uncased_places(text)] == wanted


def test_reports_in_different_scripts_share_their_places() -> None:
    russian, arabic = (
        vector(reading("", text, language, None))
        for text, language in (("Переговоры прошли в Москве.", "ru"), ("جرت المحادثات في موسكو أمس", "ar"))
    )
    shared = {term & KIND_MASK for term in set(russian.terms) & set(arabic.terms)}
    assert shared == {PLACES, LEAD_PLACES}


def found(text: str, language: str = "en") -> list[str]:
    return [name.text for name in names(text, common(language))]


def test_the_first_word_of_a_sentence_is_no_name_for_its_capital() -> None:
    assert found("Talks went on. The talks were long.") == []


def test_a_name_at_the_start_of_a_sentence_is_one() -> None:
    assert found("Holmgaard went ashore. But Holmgaard said nothing.") == ["Holmgaard", "Holmgaard"]


def test_a_person_keeps_given_name_and_particle() -> None:
    assert found("They met Ursula von der Leyen, then Bashar al-Assad.") == ["Ursula von der Leyen", "Bashar al-Assad"]


def test_figures_are_read_in_the_notation_of_any_country() -> None:
    assert figures("70,000 or 70.000 or 70 000; 3,5 or 3.5") == ["70000", "70000", "70000", "3.5", "3.5"]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    assert rarity("und", "de") < rarity("partei", "de") < rarity("zzyzx", "de")


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("They met in Moscow on May 7.", "en", date(2013, 5, 7), date(2013, 5, 7)),
        ("It was signed on 7 May 2009.", "en", date(2009, 5, 7), date(2009, 5, 7)),
        ("It began on Thursday.", "en", date(2013, 5, 23), date(2013, 5, 23)),
        ("He resigned yesterday.", "en", date(2013, 5, 26), date(2013, 5, 26)),
        ("He told Reuters two weeks ago.", "en", date(2013, 5, 11), date(2013, 5, 15)),
        ("Sie trafen sich vor zwei Wochen.", "de", date(2013, 5, 11), date(2013, 5, 15)),
        ("Am 7. Mai sprachen sie in Moskau.", "de", date(2013, 5, 7), date(2013, 5, 7)),
        ("El 7 de mayo hablaron en Moscú.", "es", date(2013, 5, 7), date(2013, 5, 7)),
        ("Ils se sont vus mardi à Moscou.", "fr", date(2013, 5, 21), date(2013, 5, 21)),
        ("Они встретились 7 мая в Москве.", "ru", date(2013, 5, 7), date(2013, 5, 7)),
        ("Встреча прошла в среду.", "ru", date(2013, 5, 22), date(2013, 5, 22)),
        ("التقيا في موسكو في 7 مايو", "ar", date(2013, 5, 7), date(2013, 5, 7)),
        ("両外相は5月7日にモスクワで会談した。", "ja", date(2013, 5, 7), date(2013, 5, 7)),
    ],
)
def test_a_day_gone_by_is_resolved(text: str, language: str, first: date, last: date) -> None:
    (reference,) = references([text], [MONDAY], language)
    assert reference.days == [(first, last)]
    assert text[reference.start : reference.end] == text


@pytest.mark.parametrize(
    "text", ["It opens at 7:30.", "Talks go on today, Monday.", "He may leave.", "Some 7 people came.", "It was 5/7."]
)
def test_what_names_no_earlier_day_is_no_reference(text: str) -> None:
    assert list(references([text], [MONDAY], "en")) == []


def test_an_undated_article_refers_to_days_with_a_year_only() -> None:
    text = "They met on May 7. They had met on May 8, 2011. It was a Tuesday."
    assert [found.days for found in references([text], [None], "en")] == [[(date(2011, 5, 8), date(2011, 5, 8))]]


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    assert list(references(["It was on June 31 or on February 30."], [MONDAY], "en")) == []


def test_the_point_of_an_ordinal_ends_no_sentence() -> None:
    text = "Beide trafen sich am 7. Mai in Moskau. Danach flogen sie heim."
    assert [text[found.start : found.end] for found in references([text], [MONDAY], "de")] == [text[:38]]


def test_a_day_is_found_in_whichever_of_many_texts_names_it() -> None:
    texts = ["Nobody came.", "They MET in May. It was 30 JUNE 2012, they say.", "", "Das war am 7."]
    found = list(references(texts, [MONDAY] * len(texts), "en"))
    assert [texts[one.text][one.start : one.end] for one in found] == ["It was 30 JUNE 2012, they say."]


def test_a_phrase_for_a_time_gone_by_is_known_in_capitals_and_in_other_scripts() -> None:
    texts = ["VOR ZWEI WOCHEN war er dort.", "Er war vor der Woche dort."]
    assert [one.text for one in references(texts, [MONDAY] * 2, "de")] == [0]
    assert [one.days for one in references(["Это было 2 недели назад."], [MONDAY], "ru")] != []


def test_days_are_read_in_an_unknown_language_as_in_english() -> None:
    assert month_days("on May 7", None) == [(5, 7)]


SAID = st.lists(
    st.sampled_from("Lavrov met the envoy in Moscow on May 7 2012 and 80 others 中国 fell".split()), max_size=60
)


@examples(deadline=None)
@given(st.lists(st.tuples(SAID, st.sampled_from(["en", "de", "ja", None])), min_size=1, max_size=6))
def test_what_an_article_says_does_not_depend_on_those_read_with_it(told: list[tuple[list[str], str | None]]) -> None:
    reads = [reading(" ".join(said[:5]), " ".join(said), language, MONDAY) for said, language in told]
    assert vectors(reads) == [vector(read) for read in reads]


def test_of_words_that_tell_as_much_the_first_in_spelling_are_kept() -> None:
    spelled = [f"{first}{second}zyx" for first in "bcdfghjklmnpqrst" for second in "bcdfghjklmnp"]
    terms = vector(reading("", " ".join(reversed(spelled)), "en", None)).terms
    alone = set(vector(reading("", " ".join(spelled[: MOST[WORDS]]), "en", None)).terms)
    assert {term for term in terms if term & KIND_MASK == WORDS} == {t for t in alone if t & KIND_MASK == WORDS}
    assert sum(term & KIND_MASK == PAIRS for term in terms) == MOST[PAIRS]


@examples(deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru", "ja", "xx", None]))
def test_any_text_can_be_read(text: str, language: str | None) -> None:
    terms, weights = vector(reading(text[:40], text, language, MONDAY))
    assert terms == sorted(set(terms))
    assert len(terms) == len(weights)
    assert all(weight > 0 for weight in weights)
    for reference in references([text], [MONDAY], language):
        assert 0 <= reference.start < reference.end <= len(text)
        assert all(first <= last for first, last in reference.days)
