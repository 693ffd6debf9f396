"""How PostgreSQL keeps a passage's terms: as a short text, from which the same terms can be read again.

Pairs that overlap are written as the run they come from, `'` after a character that stands as a term of its
own, words and numbers between `_` and a blank: 依法, 法治, 治, 2020 as 依法治'_2020 . Neighbouring terms are
neighbours here as well, so a passage has a phrase where its packed terms have those of the phrase.

The text is in an alphabet of its own, in which common characters of Chinese take one or two bytes of UTF-8
instead of three, and letters of other scripts three: their code points are exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from content.search.entries import FACT, REPEATED, TITLE
from content.search.expressions import Phrase
from content.tokens import WIDE
from content.words import load_lines

ALONE, WHOLE, END = "'", "_", " "
"""After a character that is a term; before and after a word or number; a blank parts runs, too."""
_MARKS = {FACT, TITLE, REPEATED}
_SHORT = [chr(code) for code in range(1, 0x800)]
"""What takes one or two bytes."""
_KEPT = f"{ALONE}{WHOLE}{END}\\0123456789abcdefghijklmnopqrstuvwxyz"
"""What is the same in both alphabets: the marks above, and what is common and short already; and a backslash,
which would mean something in a tsquery.
"""


class _Wide(dict[str, bool]):
    """Character → whether its script has no blanks, filled as characters are met."""

    def __missing__(self, char: str) -> bool:
        self[char] = found = re.match(f"[{WIDE}]", char) is not None
        return found


_wide = _Wide()


class Packed(NamedTuple):
    """The terms of a passage, in the short alphabet."""

    about: str
    """What no run is made of (facts, titles, what is repeated, pairs of two scripts), each between blanks."""
    body: str
    """The terms of the text, in order."""


def pack(terms: Iterable[str]) -> Packed:
    """Return the packed terms of `content.search.entries`."""
    about, body = [""], []
    end = ""  # of the run that may go on: pairs of two scripts come before any run
    for term in terms:
        if term[0] == end:
            end = term[1:]
            body.append(end or ALONE)
        elif len(term) <= 2 and _wide[term[0]] and _wide[term[-1]]:
            body.append(f"{END if end else ''}{term}{'' if term[1:] else ALONE}")
            end = term[1:]
        elif term[0] in _MARKS or _wide[term[0]] or _wide[term[-1]]:
            about.append(term)
        else:
            body.append(f"{WHOLE}{term}{END}")
            end = ""
    return Packed(shorten(END.join([*about, ""])), shorten("".join(body)))


def pack_phrase(phrase: Phrase) -> Packed:
    """Return what the packed terms of a passage have that has the phrase: one of the two is empty."""
    about, body = pack(phrase.terms)
    if body:
        return Packed("", body[:-1] if phrase.is_prefix and body[-1] in (ALONE, END) else body)
    return Packed(about[:-1] if phrase.is_prefix else about, "")


def shorten(text: str) -> str:
    """Return the text in the short alphabet."""
    return text.translate(_alphabet())


def lengthen(text: str) -> str:
    """Return a text of the short alphabet as it was."""
    return text.translate(_way_back())


@cache
def _alphabet() -> dict[int, str]:
    common = [FACT, TITLE, REPEATED, *"".join(load_lines("characters"))]
    codes = [code for code in _SHORT if code not in _KEPT]
    exchanged = dict(zip(common, codes, strict=False))
    used = {*exchanged.values()}
    left = [char for char in exchanged if char not in used]  # what is used must go elsewhere
    freed = [code for code in exchanged.values() if code not in exchanged]
    return str.maketrans(exchanged | dict(zip(freed, left, strict=True)))


@cache
def _way_back() -> dict[int, str]:
    return {ord(short): chr(char) for char, short in _alphabet().items()}
