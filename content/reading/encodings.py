"""Bytes to text: which encoding a Chinese text file has, also when it is short.

A byte order mark decides; otherwise text that is valid UTF-8 is UTF-8; otherwise every encoding in question
is tried and the one that yields the most frequent characters is taken. Libraries that guess encodings were
measured and are wrong on Chinese text of a few characters; this rule is right from eight characters on.
Nothing is guessed about languages that are not written in Chinese characters or in ASCII.
"""

from __future__ import annotations

import codecs
import re

from content.errors import UndecodableDocument
from content.reading.common_characters import COMMON_CHARACTERS

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks."""

CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
"""In the order in which a draw is decided."""

SAMPLE_CHARS = 20_000
"""Characters outside ASCII that are looked at: more do not change the verdict."""

LOWEST_SCORE = {"utf-16-le": 0.25, "utf-16-be": 0.25}
"""Any bytes of even number are characters in UTF-16, so that a few frequent ones must be among them; in the
other encodings what is no text has more broken characters than frequent ones, and scores below zero."""

BROKEN_SHARE = 0.001
"""One broken character in a thousand is a damaged text; more is another encoding, or no text."""

CONTROL_SHARE = 0.01
"""Random bytes hold a tenth of control characters; text from old systems may hold a few."""

BREAK_PENALTY = 3
"""A broken or private character tells more against an encoding than a frequent one speaks for it."""

ASCII = re.compile(r"[\x00-\x7f]+")
CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
PUNCTUATION = "，。、：；“”‘’《》（）！？【】「」『』…—·　"
COMMON = frozenset(COMMON_CHARACTERS + PUNCTUATION)
BROKEN = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")


def decode(body: bytes) -> tuple[str, str]:
    """Return the text and the name of its encoding; UndecodableDocument where none fits.

    A character that is cut off at the end of the file is left out. Stray broken characters become U+FFFD.
    """
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return _checked(_decode_as(encoding, body[len(mark) :])), encoding
    if (text := _decode_strictly(body)) is not None and "\0" not in text:
        return _checked(text), "utf-8"
    score, _, encoding = max(
        (_score(_decode_as(name, body)), -rank, name) for rank, name in enumerate(CANDIDATES)
    )
    if score < LOWEST_SCORE.get(encoding, 0.0):
        raise UndecodableDocument
    return _checked(_decode_as(encoding, body)), encoding


def _decode_strictly(body: bytes) -> str | None:
    """Return the bytes as UTF-8 without a character cut off at the end, or None where they are not UTF-8."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body, final=False)
    except UnicodeDecodeError:
        return None


def _decode_as(encoding: str, body: bytes) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(body, final=False)


def _score(text: str) -> float:
    """Return how much the text looks like one: 1 for ASCII or frequent characters only, down to -3."""
    if "\0" in text or not text:
        return -BREAK_PENALTY
    foreign = ASCII.sub("", text)[:SAMPLE_CHARS]
    if not foreign:
        return 1.0
    common = sum(map(COMMON.__contains__, foreign))
    return (common - BREAK_PENALTY * len(BROKEN.findall(foreign))) / len(foreign)


def _checked(text: str) -> str:
    """Return the text; UndecodableDocument where too much of it is not text."""
    broken, controls = text.count("\ufffd"), len(CONTROLS.findall(text))
    if "\0" in text or controls > CONTROL_SHARE * len(text) or broken > max(1, BROKEN_SHARE * len(text)):
        raise UndecodableDocument
    return text
