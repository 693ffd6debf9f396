"""Telegram says wait: the admins hear of long waits, once, and of what follows from them."""

from __future__ import annotations

import datetime as dt

from bot.database import Database
from bot.delivery.budget import Flood
from bot.demo.people import User
from bot.handlers.floods import tell_of_floods
from tests.acceptance.telegram import Telegram, running_bot
from tests.conftest import NOW

TWELVE_HOURS = 43_837
GROUP = -1_001_234


def alarms(telegram: Telegram, admin: User) -> list[str]:
    """Return what the admin was told of waits."""
    return [message.text for message in telegram.said(admin) if message.text.startswith("⏳")]


async def test_the_admins_hear_once_of_a_group_that_is_to_be_left_alone(river: Database) -> None:
    async with running_bot(river, NOW, admin_ids="8,9") as telegram:
        admins = [telegram.reader("管", 9), telegram.api.user("Admin", "en", 8)]
        await telegram.subscribe(admins[1])
        admins[0].start()
        budget = telegram.services.budget
        await budget.told_to_wait(GROUP, 60)
        for _ in range(2):
            await budget.told_to_wait(GROUP, TWELVE_HOURS)
            await tell_of_floods(telegram.application)
        [[chinese], [english]] = [alarms(telegram, admin) for admin in admins]

    assert chinese == (
        "⏳ Telegram 要求机器人 12 小时内不再往群组 -1001234 发消息。到点的推送过后再送，其他聊天不受影响。"
    )
    assert english == (
        "⏳ Telegram told the bot to leave the group -1001234 alone for 12 h. "
        "What is due there goes out after that; other chats are not affected."
    )


async def test_a_wait_for_all_is_told_of_once_it_is_over(database: Database) -> None:
    async with running_bot(database, NOW, admin_ids="9") as telegram:
        admin = telegram.reader("管", 9)
        admin.start()
        for group in (-5, -6):
            await telegram.services.budget.told_to_wait(group, 90)
        await tell_of_floods(telegram.application)
        assert alarms(telegram, admin) == []

        telegram.clock.offset += dt.timedelta(seconds=91)
        await tell_of_floods(telegram.application)
        said = alarms(telegram, admin)

    assert said[1:] == [
        "⏳ Telegram 要求机器人停发消息 1.5 分钟。这期间到点的，现在接着送；应答可能有没送到的。"
    ]


async def test_no_readers_number_is_told(database: Database) -> None:
    async with running_bot(database, NOW, admin_ids="9") as telegram:
        admin, reader = telegram.reader("管", 9), telegram.reader("安", 77_001)
        admin.start()
        telegram.services.budget.floods.append(Flood(reader.id, 90, is_for_all=False))
        await tell_of_floods(telegram.application)
        [notice] = alarms(telegram, admin)

    assert "某位读者" in notice
    assert str(reader.id) not in notice
