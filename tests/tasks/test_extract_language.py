"""The language: by script or by langdetect, the same answer always, null where there is too little text."""

import threading
from importlib.util import find_spec

import pytest

from tasks.extract.language import detected, language_reading

SENTENCES = {
    "en": "The council of the harbour town met on Tuesday and agreed to rebuild the pier.",
    "de": "Der Rat der Hafenstadt hat am Dienstag beschlossen, die Mole wieder aufzubauen.",
    "fr": "Le conseil de la ville portuaire a décidé mardi de reconstruire la jetée détruite.",
    "ru": "Совет портового города решил во вторник восстановить разрушенный бурей пирс.",
    "ja": "港町の議会は火曜日、嵐で壊れた桟橋を再建することを決めた。",
    "zh": "港口城市的议会周二决定重建被风暴摧毁的码头。",
    "ko": "항구 도시 의회는 화요일에 폭풍으로 무너진 부두를 다시 짓기로 했다.",
    "th": "สภาเมืองท่าเรือตัดสินใจสร้างท่าเรือที่พังจากพายุขึ้นใหม่ในวันอังคาร",
    "el": "Το συμβούλιο της πόλης αποφάσισε την Τρίτη να ξαναχτίσει την προβλήτα.",
    "he": "מועצת עיר הנמל החליטה ביום שלישי לבנות מחדש את המזח שנהרס בסערה.",
    "ka": "საპორტო ქალაქის საბჭომ სამშაბათს ნავმისადგომის აღდგენა გადაწყვიტა.",
    "is": "Bæjarráð hafnarbæjarins ákvað á þriðjudag að endurreisa bryggjuna sem það þurfti og það er þörf.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_has_its_language(code: str) -> None:
    found = language_reading(SENTENCES[code])
    assert found is not None
    assert found.value == code


@pytest.mark.parametrize("text", ["", "12:30", "!!! ---", "OK", "7 May 2013"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert language_reading(text) is None


@pytest.mark.parametrize(
    ("headline", "code"),
    [
        ("Budget sailor's guide to harbour insurance", "en"),  # langdetect: fr .71, en .29
        ("HAFENSTADT WILL NEUE MOLE NICHT BEZAHLEN", "de"),  # vi
        ("Havnen skal åpnes", "no"),
        ("Bryggjan við höfnina verður endurreist að nýju", "is"),  # sv
        ("Ibandla leliKapa livuma ukwakha ibhuloho eliphezulu eThekwini", "zu"),  # sw
        ("IBhunga lidibene noRhulumente ngetyala emva komlilo eMonti", "xh"),  # tl
    ],
)
def test_a_headline_has_its_language(headline: str, code: str) -> None:
    found = language_reading(headline)
    assert found is not None
    assert found.value == code


def test_names_of_another_language_do_not_make_a_text_one_of_it() -> None:
    names = "Sigurður Ingi Jóhannsson and Þórdís Kolbrún Reykfjörð Gylfadóttir told the council of the harbour town "
    found = language_reading(names + "that the pier which the storm had broken would be rebuilt in the spring. " * 3)
    assert found is not None
    assert found.value == "en"


def test_threads_that_ask_at_once_get_one_answer() -> None:
    answers: list[tuple[str, float]] = []
    threads = [threading.Thread(target=lambda: answers.append(detected(SENTENCES["de"]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1


@pytest.mark.skipif(find_spec("langdetect_rs") is None, reason="the extra `fast` is not installed")
def test_the_fast_detector_gives_the_same_answers() -> None:
    import langdetect
    import langdetect_rs

    langdetect.DetectorFactory.seed = langdetect_rs.DetectorFactory.seed = 0
    for sentence in SENTENCES.values():
        slow, fast = langdetect.detect_langs(sentence)[0], langdetect_rs.detect_langs(sentence)[0]
        assert (slow.lang, round(slow.prob, 9)) == (fast.lang, round(fast.prob, 9))
