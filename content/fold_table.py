"""What each character folds to, filled as characters are met: by OpenCC and our list of variants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import pairwise

from content.words import load_words

FEW, FEW_IN = 16, 100
"""Characters of a text that change: so many, and one more for each hundred of the text, are replaced one by
one in less time than all are looked up."""
_UNIFIED = (0x3400, 0x9FFF)
"""Code points of which most are everyday characters, each its own NFKC form."""
_HAN = (_UNIFIED, (0xF900, 0xFAFF), (0x20000, 0x323AF))
"""Blocks of Chinese characters (Unicode 15.1), to be looked up in OpenCC's table."""
_PUNCTUATION = (*range(0x2010, 0x2028), *range(0x3001, 0x3012))
"""Code points among which are everyday marks of Chinese: 、。《》“”."""
_ACCENTS = re.compile("[\u0300-\u036f]")
"""Marks of Latin, Greek and Cyrillic letters; other scripts have marks of their own."""
_LOWER_ASCII = r" \n!-@\[-~"
"""ASCII without capitals and control characters, for a regular expression's brackets."""


class FoldTable(dict[int, str]):
    """Code point → its folded form, filled as characters are met."""

    def __init__(self, simplified: Mapping[str, str]) -> None:
        super().__init__()
        self.simplified = simplified
        stable = re.escape("".join(filter(self._is_stable, map(chr, _PUNCTUATION))))
        self.unlike = re.compile(f"[^{_LOWER_ASCII}{stable}{_without(simplified)}]")
        """Characters that may fold to something else: all but the everyday ones that do not."""
        self._plain: set[str] = set()

    def special(self, unlike: set[str]) -> set[str]:
        """Return those that fold to none or several characters, or may be composed with one before them."""
        new = unlike - self._plain
        self._plain |= {char for char in new if len(self[ord(char)]) == 1 and not joins(char)}
        return unlike - self._plain

    def replace(self, text: str, unlike: set[str]) -> str:
        """Return the text with these characters folded, each to one other."""
        changed = {char: form for char in unlike if (form := self[ord(char)]) != char}
        if len(changed) > FEW + len(text) // FEW_IN:
            return self.unlike.sub(lambda at: changed.get(at[0], at[0]), text)
        for char, form in changed.items():  # no form is another's source: folding twice changes nothing
            text = text.replace(char, form)
        return text

    def places(self, text: str, unlike: set[str]) -> list[int]:
        """Return where the text has these characters, in order."""
        if len(unlike) > FEW:
            return [found.start() for found in self.unlike.finditer(text) if found[0] in unlike]
        return sorted(at for char in unlike for at in _each(char, text))

    def _is_stable(self, char: str) -> bool:
        return unicodedata.category(char)[0] == "P" and self._form(char) == char

    def __missing__(self, code: int) -> str:
        form = self[code] = self._form(chr(code))
        return form

    def _form(self, char: str) -> str:
        if char in "\n\u2028\u2029":
            return "\n"
        category = unicodedata.category(char)
        if char.isspace() or category in ("Cc", "Cs"):
            return " "  # a lone surrogate cannot be stored; it separates
        if category == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
            return ""  # zero-width characters and variation selectors
        return "".join(self.simplified.get(each, each) for each in _bare(unicodedata.normalize("NFKC", char)))


def _bare(composed: str) -> str:
    """Return the letters without case and accents, as people type them: é and ü as e and u, ß as ss."""
    parted = unicodedata.normalize("NFD", composed)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", parted)).casefold()


def _each(char: str, text: str) -> Iterator[int]:
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


def _without(changed: Collection[str]) -> str:
    """Return the unified characters that are not among the changed ones, as ranges for brackets."""
    first, last = _UNIFIED
    codes = [first - 1, *(code for code in sorted(map(ord, changed)) if first <= code <= last), last + 1]
    return "".join(
        f"\\u{one + 1:04x}-\\u{other - 1:04x}" for one, other in pairwise(codes) if one + 1 < other
    )


@cache
def fold_table() -> FoldTable:
    from opencc import OpenCC

    han = [chr(code) for first, last in _HAN for code in range(first, last + 1)]
    # One character a line: OpenCC's phrases cannot match, so each is converted by itself.
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    changed = {one: other for one, other in zip(han, simple, strict=True) if one != other}
    changed |= {pair[0]: pair[1] for pair in load_words("variants")}
    return FoldTable({one: changed.get(other, other) for one, other in changed.items()})  # 戱 → 戯 → 戏


@cache
def joins(char: str) -> bool:
    """Return whether `char` may be composed with the one before it: a mark, or a Hangul vowel or final."""
    first = unicodedata.normalize("NFKC", char)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
