"""Groups, forums and channels: who hears what, and where the bot may write."""

from __future__ import annotations

import pytest
from telegram import Bot, Update
from telegram.error import ChatMigrated

from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal


async def heard(bot: Bot) -> list[Update]:
    """Return the updates that wait, and confirm them."""
    updates = list(await bot.get_updates(timeout=0))
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return updates


async def texts(bot: Bot) -> list[str | None]:
    return [update.message.text for update in await heard(bot) if update.message and update.message.text]


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group = api.group("Readers", [ann])
    await heard(bot)
    said = await bot.send_message(group.id, "x")
    for text in (
        "good morning",
        "/today",
        "/today@rizhi_bot",
        "/today@other_bot",
        "ask @rizhi_bot",
        "/x@rizhi_bot y",
    ):
        ann.send(text, group)
    ann.reply(next(m for m in api.transcript(group) if m.message_id == said.message_id), "thanks")
    ann.reply(api.transcript(group)[-1], "to myself")
    expected = ["/today", "/today@rizhi_bot", "ask @rizhi_bot", "/x@rizhi_bot y", "thanks"]
    assert await texts(bot) == expected


async def test_an_admin_bot_or_one_without_privacy_hears_all(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group = api.group("Readers", [ann])
    group.promote()
    ann.send("good morning", group)
    assert await texts(bot) == ["good morning"]
    api.state.privacy = False
    group.demote()
    ann.send("good night", group)
    assert await texts(bot) == ["good night"]


async def test_comings_and_goings_are_told(api: BotApiServer, bot: Bot) -> None:
    ann, bob = api.user("Ann"), api.user("Bob")
    group = api.group("Readers", [ann])
    await heard(bot)
    group.join(bob)
    group.leave(bob)
    group.kick_bot()
    joined, left, kicked = await heard(bot)
    assert joined.message
    assert [user.id for user in joined.message.new_chat_members] == [bob.id]
    assert left.message
    assert left.message.left_chat_member
    assert kicked.my_chat_member
    assert kicked.my_chat_member.new_chat_member.status == "kicked"
    assert kicked.my_chat_member.from_user.id == ann.id


async def test_a_bot_that_was_thrown_out_may_not_write(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group, forum = api.group("Readers", [ann]), api.group("Forum", [ann], forum=True)
    group.kick_bot()
    assert await bot.leave_chat(forum.id)
    words = "Forbidden: bot was kicked from the group chat"
    assert await refusal(api, bot.send_message(group.id, "x")) == words
    words = "Forbidden: bot is not a member of the supergroup chat"
    assert await refusal(api, bot.send_message(forum.id, "x")) == words
    group.add_bot()
    await bot.send_message(group.id, "x")
    group.mute_bot()
    words = "Bad Request: not enough rights to send text messages to the chat"
    assert await refusal(api, bot.send_message(group.id, "x")) == words


async def test_an_upgraded_group_tells_its_new_number(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group = api.group("Readers", [ann])
    await heard(bot)
    new = group.upgrade()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id
    assert str(new.id).startswith("-100")
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    assert api.calls()[-1].description == words
    await bot.send_message(new.id, "x")
    first, second = (update.message for update in await heard(bot))
    assert first
    assert first.migrate_to_chat_id == new.id
    assert second
    assert second.migrate_from_chat_id == group.id


async def test_topics_keep_their_messages_apart(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    forum = api.group("Forum", [ann], forum=True)
    topic = forum.open_topic("Daily")
    question = ann.send("/today", forum, thread=topic)
    answer = await bot.send_message(forum.id, "x", message_thread_id=topic)
    assert (answer.message_thread_id, answer.is_topic_message) == (topic, True)
    assert question.thread_id == topic
    assert (await heard(bot))[-1].message.message_thread_id == topic  # type: ignore[union-attr]
    words = "Bad Request: message thread not found"
    assert await refusal(api, bot.send_message(forum.id, "x", message_thread_id=999)) == words
    forum.close_topic(topic)
    closed = bot.send_message(forum.id, "x", message_thread_id=topic)
    assert await refusal(api, closed) == "Bad Request: TOPIC_CLOSED"
    forum.promote()
    await bot.send_message(forum.id, "x", message_thread_id=topic)
    forum.delete_topic(topic)
    assert await refusal(api, bot.send_message(forum.id, "x", message_thread_id=topic)) == words
    assert api.latest(question) is None


async def test_a_channel_speaks_for_itself(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    channel = api.channel("News", [ann], username="daily_news")
    post = await bot.send_message("@daily_news", "x")
    assert post.from_user is None
    assert post.sender_chat
    assert post.sender_chat.id == channel.id
    await post.edit_text("y")
    assert (await api.message(channel)).text == "y"
    channel.post("from the owner")
    update = (await heard(bot))[-1]
    assert update.channel_post
    assert update.channel_post.text == "from the owner"
    channel.demote()
    words = "Bad Request: need administrator rights in the channel chat"
    assert await refusal(api, bot.send_message(channel.id, "x")) == words


async def test_members_and_admins_can_be_asked_for(api: BotApiServer, bot: Bot) -> None:
    ann, bob, eve = api.user("Ann"), api.user("Bob"), api.user("Eve")
    group = api.group("Readers", [ann, bob])
    group.promote(bob)
    admins = await bot.get_chat_administrators(group.id)
    assert {admin.user.id: admin.status for admin in admins} == {ann.id: "creator", bob.id: "administrator"}
    assert (await bot.get_chat_member(group.id, eve.id)).status == "left"
    assert (await bot.get_chat(group.id)).title == "Readers"
    assert await refusal(api, bot.get_chat_member(group.id, 5)) == "Bad Request: user not found"
    ann.start()
    assert (await bot.get_chat(ann.id)).first_name == "Ann"
    words = "Bad Request: there are no administrators in the private chat"
    assert await refusal(api, bot.get_chat_administrators(ann.id)) == words


async def test_pinning_needs_rights(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group = api.group("Readers", [ann])
    sent = await bot.send_message(group.id, "x")
    words = "Bad Request: not enough rights to manage pinned messages in the chat"
    assert await refusal(api, sent.pin()) == words
    group.promote()
    assert await sent.pin()
    pinned = (await bot.get_chat(group.id)).pinned_message
    assert pinned
    assert pinned.message_id == sent.message_id
