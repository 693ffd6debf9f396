"""From /start to the first digest, as a newcomer meets it."""

from __future__ import annotations

from bot.database import Database
from tests.acceptance.telegram import running_bot
from tests.conftest import NOW


async def test_one_tap_after_start_subscribes(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.api.user("Ann", language_code="zh-hans")

        welcome = await telegram.ask(ann, "/start")
        confirmed = await telegram.tap(ann, welcome, "每天 07:30 收")

    assert "订好了" in confirmed.text
    assert "下一次：3 月 3 日 周二 07:30" in confirmed.text
