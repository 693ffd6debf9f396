"""The card of the day: offered once a passage is read, sent as a picture with a link."""

from __future__ import annotations

import asyncio
import io
import time
from typing import Any

import pytest

from bot import cards
from bot.database import Database
from bot.handlers.cards import draw
from tests.acceptance.telegram import running_bot, shanghai

pytest.importorskip("PIL")

from PIL import Image

CARD = "🖼 做成卡片"


async def test_a_passage_that_is_read_can_be_made_a_card(library: Database) -> None:
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        digest = await telegram.ask(ann, "/today")
        read = await telegram.tap(ann, digest, "✅ 读完了")
        light = await telegram.tap_for_message(ann, read, CARD)
        dark = await telegram.tap_for_message(ann, light, "🌙 深色的")
        opened = await telegram.ask(ann, f"/start {light.text.rpartition('=')[2]}")

    assert CARD not in [button.label for row in digest.buttons for button in row]
    assert [button.label for button in read.buttons[-1]] == [CARD]
    assert light.text == "《河湾读书会的一年》\n🔗 读这一段：https://t.me/rizhi_bot?start=p_1_0_0"
    assert [button.label for row in dark.buttons for button in row] == ["☀️ 浅色的"]
    assert opened.text.startswith("《河湾读书会的一年》")
    pictures = [Image.open(io.BytesIO(sent.photo.body)) for sent in (light, dark) if sent.photo]
    assert [picture.size for picture in pictures] == [(1080, 1350)] * 2
    brightness = [picture.convert("L").getpixel((5, 5)) for picture in pictures]
    assert brightness[0] > 200 > 60 > brightness[1]  # type: ignore[operator]


async def test_a_card_of_someone_else_is_not_to_be_had(library: Database) -> None:
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann, ben = telegram.reader(), telegram.reader("本")
        await telegram.subscribe(ann)
        await telegram.ask(ann, "/today")
        await telegram.subscribe(ben)
        own = await telegram.ask(ben, "/today")

        assert await telegram.toast(ben, own, "1:card:1:0") == "这个按钮过期了。"
        assert not any(message.photo for message in telegram.said(ben))


async def test_without_pillow_no_card_is_offered(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "find_spec", lambda name: None)
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        digest = await telegram.ask(ann, "/today")
        read = await telegram.tap(ann, digest, "✅ 读完了")

        assert CARD not in [button.label for row in read.buttons for button in row]
        assert await telegram.toast(ann, read, "1:card:1:0") == "这个按钮过期了。"


async def test_the_bot_goes_on_while_it_draws(library: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw_slowly(*arguments: Any) -> bytes:
        time.sleep(0.3)
        return draw(*arguments)

    monkeypatch.setattr("bot.handlers.cards.draw", draw_slowly)
    async with running_bot(library, shanghai(3, "08:00")) as telegram:
        ann = telegram.reader()
        await telegram.subscribe(ann)
        read = await telegram.tap(ann, await telegram.ask(ann, "/today"), "✅ 读完了")
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.01)
                beats += 1

        beating = asyncio.create_task(beat())
        await telegram.tap_for_message(ann, read, CARD)
        beating.cancel()

    assert beats > 10
