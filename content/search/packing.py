"""How PostgreSQL keeps a passage's terms: as a short text, from which the same terms can be read again.

Pairs that overlap are written as the run they come from, `'` after a character that stands as a term of its
own, words and numbers between `_` and a blank: 依法, 法治, 治, 2020 as 依法治'_2020 . Where a word and its
neighbour make a pair of two scripts, `<` stands for `'_`, and `>` for the blank: 年1, 3月 as 年<13>月.
Neighbouring terms are neighbours here as well, so a passage has a phrase where its packed terms, with `<` and
`>` written out, have those of the phrase.

The text is in an alphabet of its own, in which common characters of Chinese take one or two bytes of UTF-8
instead of three, and letters of other scripts three: their code points are exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from content.search.entries import FACT, REPEATED, TITLE
from content.search.expressions import Phrase
from content.tokens import WIDE
from content.words import load_lines

ALONE, WHOLE, END = "'", "_", " "
"""After a character that is a term; before and after a word or number; a blank parts runs, too."""
MET, MEETS = "<", ">"
"""In place of `ALONE` and `WHOLE`, and of `END`, where the characters at both sides are a term."""
_MARKS = {FACT, TITLE, REPEATED}
_SHORT = [chr(code) for code in range(1, 0x800)]
"""What takes one or two bytes."""
_KEPT = f"{ALONE}{WHOLE}{END}{MET}{MEETS}\\0123456789abcdefghijklmnopqrstuvwxyz"
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
    about: list[str] = []
    text: list[str] = []
    for term in terms:
        is_of_text = term[0] not in _MARKS and _wide[term[0]] == _wide[term[-1]]
        (text if is_of_text else about).append(term)
    body, told = _pack_text(text, {*about})
    about = [term for term in about if term not in told]
    return Packed(shorten(END.join(["", *about, ""])), shorten("".join(body)))


def _pack_text(terms: Sequence[str], about: Set[str]) -> tuple[list[str], set[str]]:
    """Return the terms of a text, packed, and the pairs of two scripts in `about` that they tell of."""
    body: list[str] = []
    told: set[str] = set()
    end = alone = ""  # of the run that may go on; what stands alone before
    for term, after in zip_longest(terms, terms[1:], fillvalue=END):
        if _wide[term[0]]:
            begun = term[1:] if term[0] == end else f"{END if end else ''}{term}"
            body.append(begun if term[1:] else f"{begun}{ALONE}")
            end, alone = term[1:], "" if term[1:] else term
            continue
        before, behind = f"{alone}{term[0]}", f"{term[-1]}{after[0]}"
        if before in about:
            body[-1] = body[-1][: -len(ALONE)]
        body += MET if before in about else WHOLE, term, MEETS if behind in about else END
        told |= {before, behind} & about
        end = alone = ""
    return body, told


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
