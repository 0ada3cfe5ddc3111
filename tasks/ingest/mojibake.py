"""Text that somebody before us read in a wrong encoding, told only where it is certain, and read again in UTF-8."""

import re

# The sloppy ones are ftfy's: they give the bytes that a code page leaves out to control characters, as browsers do.
ENCODINGS = {"cp1252": ("sloppy-windows-1252", "latin-1"), "cp1251": ("sloppy-windows-1251",)}
# What a character of two or three bytes of UTF-8 looks like when each byte is read as one character of these.
LOOKS = {
    "cp1252": re.compile("[Â-ô][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"),
    "cp1251": re.compile("[Р-Тв][\x98\xa0¤¦§©«¬\xad®°±µ¶·»Ѐ-ЏЎўЈґҐ°ёђѓєѕіїјљњћќџ‘’“”•–—™›‚„…†‡€‰‹№]"),
}
# How two such characters begin in UTF-8: most texts have no such bytes, and to search them costs twenty times as much.
LEADS = {
    "cp1252": re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]"),
    "cp1251": re.compile(rb"\xd0[\xa0-\xa2\xb2](?:[\xc2\xd2\xe2]|\xd0[\x80-\x8f]|\xd1[\x91-\x9f])"),
}
# Fewer could be a printed É™ or Ã¼: NESTLÉ™ is no mojibake.
ENOUGH = 3
AROUND = 40


def mended(text: str) -> tuple[str, str | None]:
    """The text with its mojibake read again, and the encoding it had been misread in; None where there was none.

    A line is read again when all of it is UTF-8 if its characters are taken for bytes, and ftfy (Speer 2019) finds
    what it shows implausible. Three such places must be in the text.
    """
    if text.isascii():
        return text, None
    raw = text.encode("utf-8", "surrogatepass")
    for encoding, looks in LOOKS.items():
        if not LEADS[encoding].search(raw):
            continue
        places = [place.start() for place in looks.finditer(text)]
        if len(places) >= ENOUGH and any(is_bad(text, place) for place in places[:ENOUGH]):
            again = "\n".join(mended_line(line, encoding) for line in text.split("\n"))
            if again != text:
                return again, encoding
    return text, None


def is_bad(text: str, place: int) -> bool:
    """Whether ftfy finds a stretch of text implausible."""
    import ftfy.bad_codecs  # noqa: F401  # makes the sloppy encodings known
    from ftfy.badness import is_bad as is_implausible

    return bool(is_implausible(text[max(0, place - AROUND) : place + AROUND]))


def mended_line(line: str, encoding: str) -> str:
    """The line read again, or as it is."""
    found = LOOKS[encoding].search(line)
    if not found or not is_bad(line, found.start()):
        return line
    for name in ENCODINGS[encoding]:
        try:
            return line.encode(name).decode("utf-8")
        except UnicodeError:
            continue
    return line
