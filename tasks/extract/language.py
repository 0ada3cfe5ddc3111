"""Reads the language of a text: by its script where that decides, else by langdetect, seeded and safe among threads.

langdetect is imported here only. `langdetect_rs`, the extra `fast`, gives the same answers forty times faster and is
used where it is installed (held equal by a test).
"""

import re
import threading
import unicodedata
from collections import Counter
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from string import ascii_lowercase
from typing import Any

from tasks.extract.reading import Reading
from tasks.text import holds_any, letters

# Of 12 to 19 letters langdetect is believed where it is all but certain: right on 75 of 87 such headlines.
LEAST_LETTERS = 12
FEW_LETTERS = 20
CERTAIN = 0.9999
# Half of the web is English (W3Techs), and names from everywhere stand in its headlines: with this weight langdetect
# took 27 of 980 for another language, without it 44; of German ones no more were lost.
HEADLINE = 100
ENGLISH = 5
CAP = 1000
SCRIPTS = [
    ("hira", re.compile("[\u3040-\u30ff]")),
    ("hang", re.compile("[\uac00-\ud7af]")),
    ("hani", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("ko", re.compile("[\u1100-\u11ff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("lo", re.compile("[\u0e81-\u0edf]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("or", re.compile("[\u0b00-\u0b7f]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("si", re.compile("[\u0d80-\u0dff]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("bo", re.compile("[\u0f00-\u0fff]")),
    ("am", re.compile("[\u1200-\u137f]")),
]
FIRST_OF_SCRIPTS = "\u0370"
# Letters that one language alone writes, of the languages that langdetect does not know and takes for another, and the
# share of a text's letters above which they are more than its foreign names.
OWN_LETTERS = {
    "is": ("þð", 0.015),
    "az": ("ə", 0.03),
    "mt": ("ħġ", 0.01),
    "be": ("ў", 0.002),
    "kk": ("ұқғ", 0.01),
    "sr": ("ђћ", 0.002),
    "cy": ("ŵŷ", 0.002),
}
ANY_LETTER = "".join(characters + characters.upper() for characters, _ in OWN_LETTERS.values())
OWN_WORDS = {
    "zu": {
        "ukuthi",
        "futhi",
        "kanye",
        "uma",
        "kodwa",
        "ngoba",
        "lapho",
        "kuthiwa",
        "khona",
        "uthe",
        "bathi",
        "ngesikhathi",
    },
    "xh": {"ukuba", "kwaye", "kunye", "kwakhona", "kodwa", "ngenxa", "xa", "okanye", "uthi", "into", "phambi", "oku"},
}
# langdetect takes the Nguni languages for these. Their words end in vowels, have sounds that the others lack, and
# capitals behind a prefix (`eThekwini`, `i-IDAC`).
TAKEN_FOR_NGUNI = ("sw", "tl", "so")
DOUBT = 0.9  # or it doubts: it took a page in Zulu that began with its menu for Indonesian, at .71
NGUNI = re.compile(r"hl|dl|ty|rh|\b[UI][A-Z][a-z]|\b[a-z]{1,4}-?[A-Z]", re.ASCII)
XHOSA = re.compile("rh|ty", re.IGNORECASE)
ENDS_OPEN = re.compile(r"[aeiou]\b", re.ASCII)
SMALL = ascii_lowercase.encode()
warming = threading.Lock()


def language_reading(text: str, cap: int = CAP) -> Reading | None:
    """The language of a text with its probability; None where there is too little of it to tell."""
    found = letters(text[:cap])
    if not found:
        return None
    script, share = script_of(found)
    if script:
        return Reading("language", script, share, "script", "the script that the text is written in")
    if len(found) < LEAST_LETTERS:
        return None
    if code := by_own_letters(text[:cap], len(found)):
        return Reading("language", code, 0.9, "own-letters", "letters that this language alone writes")
    code, score = detected(lowered(unicodedata.normalize("NFC", text[:cap])), len(found) < HEADLINE)
    if not code or (len(found) < FEW_LETTERS and score < CERTAIN):
        return None
    if (code in TAKEN_FOR_NGUNI or score < DOUBT) and (other := nguni(text[: 2 * cap])):
        return Reading("language", other, score, "nguni", "words and sounds of the Nguni languages")
    return Reading("language", code, score, "langdetect", "langdetect on the cleaned text")


def script_of(found: str) -> tuple[str, float]:
    """The language that a script decides, with the script's share of the letters; empty where it decides none."""
    sample = found[:600]
    if sample.isascii() or max(sample) < FIRST_OF_SCRIPTS:
        return "", 0.0
    counts = Counter({name: len(script.findall(sample)) for name, script in SCRIPTS})
    east = counts["hira"] + counts["hang"] + counts["hani"]
    share = east / len(sample)
    if share > 0.3:
        if counts["hang"] > counts["hira"] and counts["hang"] > 0.1 * east:
            return "ko", share
        return ("ja" if counts["hira"] > 0.05 * east else "zh"), share
    name, most = counts.most_common(1)[0]
    return (name, most / len(sample)) if most > 0.5 * len(sample) else ("", 0.0)


def by_own_letters(text: str, many: int) -> str:
    """The language, unknown to langdetect, whose own letters a text of `many` letters has; empty for none."""
    small = text.casefold() if holds_any(text, ANY_LETTER) else ""
    for code, (characters, share) in OWN_LETTERS.items() if small else ():
        if sum(map(small.count, characters)) > max(1, share * many):
            return code
    return ""


@cache
def detector() -> Any:
    """The library that detects, seeded and warmed up once in a process.

    langdetect's first call races between threads and then answers wrongly (FINDINGS), hence the lock around it.
    """
    with warming:
        library = import_module("langdetect_rs" if find_spec("langdetect_rs") else "langdetect")
        library.DetectorFactory.seed = 0
        library.detect_langs("a sentence that loads the profiles before anyone asks")
        return library


def lowered(text: str) -> str:
    """A text without its capitals where it is written in them, for langdetect passes over words that are."""
    raw = text.encode("utf-8", "replace")
    if 2 * (len(raw) - len(raw.translate(None, SMALL))) >= len(text):
        return text  # most texts, and told in a hundredth of the time
    return text.lower() if 2 * sum(map(str.isupper, text)) > sum(map(str.isalpha, text)) else text


def detected(text: str, is_headline: bool = False) -> tuple[str, float]:
    """The likeliest language by langdetect as a BCP 47 code with its probability; empty where it cannot tell."""
    library = detector()
    try:
        found = library.detect_langs(text)
    except library.LangDetectException:  # not one letter that it knows
        return "", 0.0
    shares = {one.lang.split("-")[0]: one.prob for one in reversed(found)}
    if is_headline and "en" in shares:
        whole = 1 + (ENGLISH - 1) * shares["en"]
        shares = {code: share * (ENGLISH if code == "en" else 1) / whole for code, share in shares.items()}
    best = max(shares, key=lambda code: shares[code])
    return best, min(1.0, round(shares[best], 4))


def nguni(text: str) -> str:
    """Xhosa or Zulu where a text has words of theirs or reads as a Nguni language, empty where it does not."""
    words = text.casefold().split()
    hits = {code: len(marks.intersection(words)) for code, marks in OWN_WORDS.items()}
    best = max(hits, key=lambda code: hits[code])
    if hits[best] >= 3 and hits[best] > sum(hits.values()) - hits[best]:
        return best
    if len(ENDS_OPEN.findall(text)) < 0.8 * len(words) or len(NGUNI.findall(text)) < 0.2 * len(words):
        return ""
    return "xh" if XHOSA.search(text) else "zu"
