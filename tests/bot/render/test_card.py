"""What stands around a card."""

from __future__ import annotations

from bot.render.card import offer_card, render_caption
from bot.render.digest import render_digest
from bot.render.links import PlaceLink
from tests.bot.render.made import EN, HOSTILE, ZH, actions, assert_sendable, labels, make_digest

PLACE = PlaceLink(3, 0, 24)


def test_a_card_is_offered_below_a_digest_that_was_read() -> None:
    def last_row(*, is_read: bool, can_draw: bool) -> list[str]:
        digest = make_digest(is_read=is_read)
        return labels(offer_card(render_digest(digest, ZH), digest, ZH, can_draw))[-1]

    assert last_row(is_read=True, can_draw=True) == ["🖼 做成卡片"]
    assert len(last_row(is_read=True, can_draw=False)) == 4
    assert len(last_row(is_read=False, can_draw=True)) == 4


def test_the_caption_says_what_it_is_from_and_leads_there() -> None:
    light = render_caption(make_digest(), PLACE, "rizhi_bot", ZH, is_dark=False)
    dark = render_caption(make_digest(), PLACE, "rizhi_bot", EN, is_dark=True)

    assert light.text == (
        "<b>《在读书会成立大会上的讲话》</b>\n🔗 读这一段：https://t.me/rizhi_bot?start=p_3_0_24"
    )
    assert (labels(light), actions(light)) == ([["🌙 深色的"]], [["1:card:81:1"]])
    assert (labels(dark), actions(dark)) == ([["☀️ In light"]], [["1:card:81:0"]])


def test_a_caption_is_short_whatever_the_title() -> None:
    caption = render_caption(make_digest(title=HOSTILE * 20), PLACE, "rizhi_bot", ZH, is_dark=False)

    assert len(assert_sendable(caption)) < 1024
