"""A card is a picture of one size, small enough to send, with every part inside its margins."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from bot.cards.card import Card

pytest.importorskip("PIL")

from PIL import Image, ImageChops

from bot.cards.drawing import HEIGHT, MARGIN, THEMES, WIDTH, draw_card, set_title

CARD = Card(
    "读书会", "早起读一页书，胜过晚睡刷十页屏。", ("晨读", "读书会"), "2024-03-02 · 简报", "晨读", "12/64"
)
LONG = replace(
    CARD,
    title="河湾镇召开年度读书工作总结暨来年计划会议 讨论来年怎样把读书会办到每一个村、每一条街、每一户人家",
    sentence="会议认为，" + "一年来各村读书会从无到有、由点及面，" * 4 + "十分不易。",
    keywords=("读" * 10, "书" * 9),
    plan="计" * 22,
    origin="2024-03-02 · " + "源" * 15,
    place="1024/2048",
)
CARDS = {
    "usual": CARD,
    "long": LONG,
    "without a sentence": replace(CARD, sentence=""),
    "English": replace(
        CARD, title="On reading slowly", sentence="A page a day is a shelf of books in ten years."
    ),
    "nearly nothing": Card("读", "", (), "", "", "1/1"),
    "endless word": replace(CARD, title="W" * 60, sentence="https://example.org/" + "w" * 60),
}


def picture(card: Card, theme: str) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(card, theme)))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_whatever_it_says_a_card_keeps_its_size_and_its_margins(card: Card, theme: str) -> None:
    drawn = picture(card, theme)
    paper = Image.new("RGB", drawn.size, THEMES[theme].paper)
    left, top, right, bottom = (
        ImageChops.difference(drawn.convert("RGB"), paper).point(_strong).getbbox() or (0,) * 4
    )

    assert (drawn.format, drawn.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(draw_card(card, theme)) < 250_000
    assert left >= MARGIN - 60  # what hangs out
    assert (WIDTH - right, top, HEIGHT - bottom) >= (MARGIN - 4, 60, 60)


def test_the_title_never_runs_into_the_foot() -> None:
    drawn = picture(replace(LONG, sentence="字" * 90), "light").convert("RGB")
    above = drawn.crop((0, 1062, WIDTH, 1092))

    assert len(above.getcolors(100_000) or []) == 1


def test_each_part_of_a_title_has_lines_of_its_own() -> None:
    _, lines = set_title(replace(CARD, title="市里召开读书会议 统筹推进晨读和夜读的开展", terms=()))
    _, english = set_title(replace(CARD, title="On reading", terms=()))

    assert lines[0] == "市里召开读书会议"
    assert "".join(lines[1:]) == "统筹推进晨读和夜读的开展"
    assert english == ["On reading"]


def test_a_title_that_fits_on_one_line_is_not_broken() -> None:
    assert set_title(replace(CARD, title="让水翻过山去的大运河", terms=())) == (78, ["让水翻过山去的大运河"])
    assert set_title(replace(CARD, title="劝学", terms=())) == (104, ["劝学"])


def test_what_differs_looks_different() -> None:
    drawn = {
        draw_card(CARD, "light"),
        draw_card(CARD, "dark"),
        draw_card(replace(CARD, place="13/64"), "light"),
    }

    assert len(drawn) == 3


def _strong(value: int) -> int:
    """Differences that the eye sees; the palette changes a shade here and there."""
    return value if value > 24 else 0
