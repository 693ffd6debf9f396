"""Putting together again what a line end took apart. Which lines belong together is decided elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

WIDE = re.compile(
    "[·×\u1100-\u115f\u2014-\u2026\u2030-\u203b\u2460-\u24ff\u2500-\u27bf\u2e80-\ua4cf\uac00-\ud7a3"
    "\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]"
)
"""Characters that fill a square: wide, full-width and, in Chinese setting, ambiguous by UAX #11."""

CHINESE = re.compile("[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd]")
LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
WORD_END = re.compile("[A-Za-z\u00c0-\u024f,.;:!?]")
DASHES = "-–—"


def joint(before: str, after: str) -> str:
    """Return what stands between two lines that are joined: a space between words, otherwise nothing.

    In a line with Chinese, a space is set only between a word and a letter: a number may be cut in two.
    """
    if not before or not after or before[-1] in DASHES or after[0] in DASHES or CHINESE.match(after):
        return ""
    if not CHINESE.search(before):
        return " "
    return " " if WORD_END.match(before[-1]) and LETTER.match(after) else ""


def join_lines(lines: Iterable[str]) -> str:
    """Return the lines as one."""
    pieces: list[str] = []
    for line in lines:
        pieces += [joint(pieces[-1], line), line] if pieces else [line]
    return "".join(pieces)
