"""Drawing a card: 1080 × 1350 pixels of PNG, light or dark. The one file that knows Pillow."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

from bot.cards import FONTS
from bot.cards.card import Card
from bot.cards.lines import break_lines, is_wide

WIDTH, HEIGHT, MARGIN = 1080, 1350, 104
"""Four by five: the tallest picture that chats show whole."""
TITLE_TOP, FOOT_TOP = 226, 1096
SMALL, BAR = 32, 44
"""The size of small type; how far the sentence stands in from its bar."""
TITLE_SIZES = ((104, 1), (90, 1), (78, 1), (90, 2), (76, 3), (64, 4), (54, 5), (46, 6))
"""Sizes in pixels, and how many lines a title may have in each: one line rather than two larger ones."""
SENTENCE_SIZES = (62, 56, 50, 46, 42, 38)
BOLD_SIZE = 70
"""The font has one weight; a stroke makes large type bolder, and smaller type blurred."""
TITLE_LEADING, SENTENCE_LEADING = 1.36, 1.72
GAP = 72
"""Between title and sentence, and between sentence and foot, at least."""
MARK = "日知"
KEPT = 64
"""Cards kept drawn: readers of one plan forward the same ones."""

_SQUEEZE = re.compile(r"(?<=[，。、；：）》」』】”’])(?=[，。、；：！？（《「『【“‘）》」』】”’])")
"""Between two full-width marks half a character is blank that reads as a hole."""
_HANGING = "《「『（【“‘"
"""Marks whose left half is blank: at a line's start they hang out by as much."""


@dataclass(frozen=True)
class Theme:
    """Colours."""

    paper: str
    ink: str
    soft: str
    line: str
    accent: str
    seal: str


THEMES = {
    "light": Theme("#faf7f0", "#22201c", "#7b7467", "#e2dbcb", "#a83522", "#b23a26"),
    "dark": Theme("#15191b", "#ece7dc", "#97a09b", "#2d3538", "#e58570", "#bd4735"),
}


@lru_cache(maxsize=KEPT)
def draw_card(card: Card, theme: str) -> bytes:
    """Return the card as a PNG in one of the `THEMES`."""
    colours = THEMES[theme]
    image = Image.new("RGB", (WIDTH, HEIGHT), colours.paper)
    canvas = ImageDraw.Draw(image)
    _draw_head(canvas, card, colours)
    size, lines = set_title(card)
    middle = (TITLE_TOP + FOOT_TOP - len(lines) * size * TITLE_LEADING) * 0.44
    top = TITLE_TOP if card.sentence else middle
    bottom = _draw_lines(canvas, MARGIN, top, lines, size, TITLE_LEADING, colours.ink, bold=size >= BOLD_SIZE)
    if card.sentence:
        _draw_sentence(canvas, card, bottom + GAP, colours)
    _draw_foot(canvas, card, colours)
    packed = io.BytesIO()
    image.quantize(64).save(packed, "PNG")
    return packed.getvalue()


def _draw_head(canvas: ImageDraw.ImageDraw, card: Card, colours: Theme) -> None:
    _write(canvas, MARGIN, 96, card.plan, SMALL, colours.soft)
    _write(canvas, WIDTH - MARGIN - _measure(card.place, SMALL), 96, card.place, SMALL, colours.soft)
    canvas.rectangle((MARGIN, 166, MARGIN + 72, 171), fill=colours.accent)


def set_title(card: Card) -> tuple[int, list[str]]:
    """Return the greatest size in which the title has no more lines than it may have, and its lines.

    Each part of a title has lines of its own, as far as there is room.
    """
    for parts in (card.title.split() if is_wide(card.title) else [card.title], [card.title]):
        for size, most in TITLE_SIZES:
            lines = [line for part in parts for line in _break(part, WIDTH - 2 * MARGIN, size, card.terms)]
            if len(lines) <= most:
                return size, lines
    return size, lines


def _draw_sentence(canvas: ImageDraw.ImageDraw, card: Card, top: float, colours: Theme) -> None:
    """Draw the sentence beside its bar, a little above the middle of the room between title and foot."""
    room = FOOT_TOP - GAP - top
    for size in SENTENCE_SIZES:
        lines = _break(card.sentence, WIDTH - 2 * MARGIN - BAR, size, card.terms)
        height = len(lines) * size * SENTENCE_LEADING
        if height <= room:
            break
    top += max(0.0, room - height) * 0.4
    canvas.rectangle((MARGIN, top, MARGIN + 5, top + height), fill=colours.accent)
    inset = (SENTENCE_LEADING - 1) * size / 2
    _draw_lines(canvas, MARGIN + BAR, top + inset, lines, size, SENTENCE_LEADING, colours.ink)


def _draw_foot(canvas: ImageDraw.ImageDraw, card: Card, colours: Theme) -> None:
    canvas.rectangle((MARGIN, FOOT_TOP, WIDTH - MARGIN, FOOT_TOP + 1), fill=colours.line)
    lines = [(" · ".join(card.keywords), colours.accent), (card.origin, colours.soft)]
    for row, (line, colour) in enumerate(item for item in lines if item[0]):
        _write(canvas, MARGIN, FOOT_TOP + 40 + row * 58, line, SMALL, colour)
    left, top = WIDTH - MARGIN - 76, FOOT_TOP + 38
    canvas.rounded_rectangle((left, top, left + 76, top + 116), 12, fill=colours.seal)
    for row, character in enumerate(MARK):
        _write(canvas, left + 17, top + 13 + row * 47, character, 42, "#ffffff")


def _draw_lines(
    canvas: ImageDraw.ImageDraw,
    left: float,
    top: float,
    lines: Sequence[str],
    size: int,
    leading: float,
    colour: str,
    *,
    bold: bool = False,
) -> float:
    """Draw lines of text, and return where they end."""
    for line in lines:
        hang = size / 2 if line[0] in _HANGING else 0
        _write(canvas, left - hang, top, line, size, colour, bold=bold)
        top += size * leading
    return top


def _write(
    canvas: ImageDraw.ImageDraw,
    left: float,
    top: float,
    text: str,
    size: int,
    colour: str,
    *,
    bold: bool = False,
) -> None:
    """Write one line whose characters' boxes begin at `top`."""
    font, stroke = _font(size), int(bold)
    baseline = top + 0.88 * size  # the ideographic em box of the font: 880 above, 120 below
    for run in _SQUEEZE.split(text):
        canvas.text((left, baseline), run, colour, font, "ls", stroke_width=stroke, stroke_fill=colour)
        left += font.getlength(run) - size / 2


def _break(text: str, width: int, size: int, terms: Sequence[str]) -> list[str]:
    return break_lines(text, width, lambda piece: _measure(piece, size), terms)


def _measure(text: str, size: int) -> float:
    runs = _SQUEEZE.split(text)
    return sum(map(_font(size).getlength, runs)) - (len(runs) - 1) * size / 2


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        FONTS / "NotoSerifSC-Regular.subset.otf", size, layout_engine=ImageFont.Layout.BASIC
    )
