"""The form under which search compares texts: that of `content.tokens.fold`, with characters made one that
mean the same in some texts only.

着 is written 著 in Taiwan, where 著 is a word of its own as well; and 〇 as a ring where fonts lack it, as in
二○○八年. Words are cut before: the dictionary has 著名 and not 着名, and elsewhere a ring is a bullet.
"""

from __future__ import annotations

from collections.abc import Sequence

from content import tokens
from content.tokens import Folded

ALIKE = (("著", "着"), ("○", "零"))


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
    return folded
