"""In groups: what is answered there, where, and what is never shown."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import ChatMemberRestricted, User

from bot.database import Database
from bot.handlers.updates import may_write
from bot.members import allow
from bot.models import Subscription, Target
from bot.subscriptions import resume
from tests.acceptance.telegram import running_bot, shanghai
from tests.conftest import NOW

NAME = "@rizhi_bot"


async def test_a_group_is_answered_only_when_it_addresses_the_bot(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        group = telegram.api.group("读书会", [ann])
        for text in (
            "水位尺",
            "/search 水位尺",
            "/help",
            "/help@other_bot",
            f"你好 {NAME}",
            f"/nonsense{NAME}",
        ):
            ann.send(text, group)
        found = await telegram.ask(ann, f"/search{NAME} 水位尺", group)
        replied = await telegram.ask(ann, "/search 老周", group, reply_to=found)
        helped = await telegram.ask(ann, f"/help{NAME}", group)
        elsewhere = [
            await telegram.ask(ann, f"/{name}{NAME}", group) for name in ("next", "settings", "stop")
        ]

        assert found == telegram.said(group)[0]
        assert replied.text.startswith("🔍 老周")
        assert "/today" in helped.text
        assert "/settings" not in helped.text
        for message in elsewhere:
            assert message.text == "这个命令请在私聊里用。"
            assert message.buttons[0][0].url == "https://t.me/rizhi_bot"


async def test_a_group_reads_a_passage_a_day_and_nothing_is_pushed_to_it(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann, bob = telegram.reader("安"), telegram.reader("博")
        group = telegram.api.group("读书会", [ann, bob])
        first = await telegram.ask(ann, f"/today{NAME}", group)
        same = await telegram.ask(bob, f"/today{NAME}", group)
        toast = await telegram.toast(bob, first, "✅ 读完了")
        await telegram.move_to(shanghai(4, "12:00"))
        silence = telegram.said(group)[-1]
        second = await telegram.ask(ann, f"/today{NAME}", group)
        third = await telegram.tap_for_message(bob, second, "⏭ 再读一段")
        end = await telegram.tap_for_message(bob, third, "⏭ 再读一段")

    assert first.text == same.text
    assert toast == "记下了，今天读过。"
    assert silence == same
    assert "｜2/3" in second.text
    assert end.text.startswith("🎉 《河畔》在这里读完了：3 段，用了 2 天。")
    assert end.buttons == ()


async def test_in_a_forum_the_answer_comes_to_the_same_topic(library: Database) -> None:
    async with running_bot(library, NOW) as telegram:
        ann = telegram.reader()
        forum = telegram.api.group("读书会", [ann], forum=True)
        topic = forum.open_topic("每日一段")
        found = await telegram.ask(ann, f"/search{NAME} 水位尺", forum, thread=topic)
        today = await telegram.ask(ann, f"/today{NAME}", forum, thread=topic)
        context = await telegram.tap_for_message(ann, today, "📖 上下文")

    assert {found.thread_id, today.thread_id, context.thread_id} == {topic}


async def test_a_group_that_became_a_supergroup_keeps_its_place(river: Database) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        group = telegram.api.group("读书会", [ann])
        await telegram.ask(ann, f"/today{NAME}", group)
        moved = group.upgrade()
        await telegram.move_to(shanghai(4, "12:00"))
        digest = await telegram.ask(ann, f"/today{NAME}", moved)

    assert "｜2/3" in digest.text


async def test_a_topic_that_is_closed_is_told_to_who_brought_the_bot_and_taken_back_when_it_opens(
    river: Database,
) -> None:
    async with running_bot(river, NOW) as telegram:
        ann = telegram.reader()
        forum = telegram.api.group("读书会", [ann], forum=True)
        topic = forum.open_topic("晨读")
        ann.start()
        welcome = await telegram.api.message(ann)
        await telegram.ask(ann, f"/today{NAME}", forum, thread=topic)
        river.run_write(push_to_groups)
        forum.close_topic(topic)
        await telegram.move_to(shanghai(3, "07:30"))
        notice = await telegram.api.message(ann, after=welcome)
        shut = blocked_since(river)
        forum.reopen_topic(topic)
        await telegram.api.until(lambda: blocked_since(river) is None)
        await telegram.move_to(shanghai(4, "07:30"))
        digests = [message.text for message in telegram.said(forum)]

    assert notice.text.startswith("🔕")
    assert notice.buttons[0][0].url == f"https://t.me/c/{str(forum.id).removeprefix('-100')}/{topic}"
    assert shut is not None
    assert ["｜1/3" in digests[0], "｜2/3" in digests[1], len(digests)] == [True, True, 2]


def push_to_groups(session: Session) -> None:
    """Let the group's plan come by itself, which its organiser will be able to set."""
    [subscription] = session.scalars(select(Subscription).join(Target).where(Target.kind == "group"))
    resume(session, subscription, NOW + dt.timedelta(minutes=1))


def blocked_since(database: Database) -> dt.datetime | None:
    return database.run_read(
        lambda session: session.scalar(select(Target.blocked_at).where(Target.kind == "group"))
    )


@pytest.mark.parametrize(
    ("is_member", "can_send", "expected"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_restricted_bot_writes_only_where_it_may(is_member: bool, can_send: bool, expected: bool) -> None:
    rights: dict[str, Any] = {
        name: can_send for name in inspect.signature(ChatMemberRestricted).parameters if "can_" in name
    }
    bot = User(1, "Rizhi", is_bot=True)
    member = ChatMemberRestricted(bot, is_member=is_member, until_date=NOW, **rights)
    assert may_write(member) is expected


async def test_members_collections_are_shown_to_members_in_private_and_to_nobody_else(
    library: Database,
) -> None:
    async with running_bot(library, NOW, admin_ids="9") as telegram:
        member, stranger, admin = (
            telegram.reader("会员", 7),
            telegram.reader("路人", 8),
            telegram.reader("管", 9),
        )
        library.run_write(lambda session: allow(session, 7, NOW))
        group = telegram.api.group("读书会", [member, stranger])
        seen = [await telegram.ask(user, "领读人应当") for user in (member, admin)]
        hidden = [
            await telegram.ask(stranger, "领读人应当"),
            await telegram.ask(stranger, "in:charter 领读人"),
            await telegram.ask(member, f"/search{NAME} 领读人应当", group),
        ]
        plans = [await telegram.ask(user, "/start") for user in (member, admin, stranger)]
        charter = next(row[0] for row in plans[0].buttons if "公约" in row[0].label)
        hit = next(button.data for button in seen[0].buttons[0] if button.data)
        passage = hit.split(":")[3]
        forged = [
            await telegram.toast(stranger, plans[2], charter.data or ""),
            await telegram.toast(stranger, hidden[0], hit),
        ]
        await telegram.toast(stranger, hidden[0], f"1:hit:{search_of(hidden[0].buttons)}:{passage}:0")
        await telegram.toast(stranger, hidden[0], "1:place:2:0:0")
        shown = [message.text for user in (stranger, group) for message in telegram.said(user)]

    assert all("公约" in message.text for message in seen)
    assert [any("公约" in row[0].label for row in plan.buttons) for plan in plans] == [True, True, False]
    assert forged[0] == "这个按钮过期了。"
    assert forged[1].startswith("这次搜索过期了。")
    assert not any("领读人应当在前一天" in text or "公约" in text for text in shown)


def search_of(buttons: tuple[tuple[object, ...], ...]) -> str:
    """Return the number of the search whose results these are; 1 where there are none."""
    data = [str(getattr(button, "data", "")) for row in buttons for button in row]
    return next((item.split(":")[2] for item in data if item.startswith("1:hit:")), "1")
