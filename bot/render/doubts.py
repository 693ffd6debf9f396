"""Places of a document where a person should look, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.render.markup import INVISIBLE, Html, shorten
from bot.render.texts import Texts

if TYPE_CHECKING:
    from content.reading import Doubt

TEXT_UNITS = 24
"""Enough to find the place by; a line on a phone."""


def doubt_lines(doubts: Sequence[Doubt], total: int, texts: Texts) -> list[Html]:
    """Return a heading and each place with its reason and what stands there, and how many more there are."""
    if not total:
        return []
    places = [_place(doubt, texts) for doubt in doubts]
    rest = total - len(doubts)
    more = [texts.html("doubts.more", n=rest)] if rest else []
    return [texts.html("doubts.head", n=total), *places, *more]


def _place(doubt: Doubt, texts: Texts) -> Html:
    text = shorten(INVISIBLE.sub("", doubt.text), TEXT_UNITS)
    key = "doubts.place" if text else "doubts.empty_place"
    fields = {"line": doubt.line, "reason": texts(f"doubt.{doubt.kind}")}
    return texts.html(key, **fields, text=text) if text else texts.html(key, **fields)
