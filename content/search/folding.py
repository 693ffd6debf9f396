"""The form under which search compares texts: that of `content.tokens.fold`, with characters made one that
mean the same in some texts only.

着 is written 著 in Taiwan, where 著 is a word of its own as well; and 〇 as a ring where fonts lack it, as in
二○○八年. 瞭解, 憑藉, 反覆, 彷彿, 薰陶, 想像 and 計畫 are 了解, 凭借, 反复, 仿佛, 熏陶, 想象 and 计划, which
OpenCC knows of whole words only. Words are cut before: the dictionary has 著名 and not 着名, and elsewhere a
ring is a bullet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from content import tokens
from content.tokens import Folded

ALIKE = (("著", "着"), ("○", "零"), ("瞭", "了"), ("藉", "借"), ("覆", "复"), ("彷", "仿"), ("薰", "熏"))
WORDS = (("像", re.compile("想像"), "想象"), ("画", re.compile("(?<!设)计画(?!面)"), "计划"))
"""Words of which a character means something else by itself: that character, what finds the word, the other
form. Texts without the character are not gone through; 設計畫面 is about a picture."""


def fold(text: str) -> Folded:
    """Return the form of `text` under which search compares it, with the way back to the original."""
    folded = tokens.fold(text)
    return folded._replace(text=make_alike(folded.text))


def fold_each(texts: Sequence[str]) -> list[str]:
    """Return the form of each text, without the way back."""
    return [make_alike(folded) for folded in tokens.fold_each(texts)]


def make_alike(folded: str) -> str:
    """Return what `content.tokens` folded in the form of search; its characters stay where they are."""
    for one, other in ALIKE:
        folded = folded.replace(one, other)
    for char, word, other in WORDS:
        if char in folded:
            folded = word.sub(other, folded)
    return folded
