"""Sending, as python-telegram-bot does it: what arrives, and what is refused with which words."""

from __future__ import annotations

import datetime as dt
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot, LinkPreviewOptions, ReplyParameters
from telegram.error import Forbidden

from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal


async def test_a_message_arrives_as_it_was_sent(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann", "en")
    ann.start()
    sent = await bot.send_message(
        ann.id,
        "<b>第一</b> &amp; 😀<i>x</i>",
        parse_mode="HTML",
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text_html == "<b>第一</b> &amp; 😀<i>x</i>"
    assert sent.from_user
    assert sent.from_user.id == bot.id
    assert sent.chat.first_name == "Ann"
    stored = api.transcript(ann)[-1]
    assert (stored.html, stored.silent, stored.link_preview_off, stored.edited) == (
        "<b>第一</b> &amp; 😀<i>x</i>",
        True,
        True,
        False,
    )


async def test_a_message_that_is_there_already_is_waited_for_no_longer(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    for text in ("first", "second"):
        await bot.send_message(ann.id, text)
    first = await api.message(ann, timeout=1)
    assert first.text == "first"
    assert (await api.message(ann, after=first, timeout=1)).text == "second"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=50))
async def test_random_text_comes_back_unchanged(api: BotApiServer, bot: Bot, text: str) -> None:
    ann = api.user("Ann")
    ann.start()
    sent = await bot.send_message(ann.id, f"<b>「{escape(text)}」</b>。", parse_mode="HTML")
    kept = "".join(c for c in text if c not in "\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
    assert sent.text == f"「{kept}」。"
    bold = next(entity for entity in sent.entities if entity.type == "bold" and entity.offset == 0)
    assert sent.parse_entity(bold).startswith("「")


async def test_messages_are_numbered_as_telegram_does(api: BotApiServer, bot: Bot) -> None:
    ann, bob = api.user("Ann"), api.user("Bob")
    group = api.group("Readers", [ann])
    forum = api.group("Forum", [ann], forum=True)
    first = ann.start().message_id
    assert bob.start().message_id == first + 1
    assert (await bot.send_message(group.id, "x")).message_id == first + 2
    before = api.transcript(forum)[-1].message_id
    assert (await bot.send_message(forum.id, "x")).message_id == before + 1


async def test_replies_and_quotes_refer_to_messages(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    question = ann.send("温故而知新")
    answer = await bot.send_message(
        ann.id, "x", reply_parameters=ReplyParameters(question.message_id, quote="知新")
    )
    assert answer.reply_to_message
    assert answer.reply_to_message.text == "温故而知新"
    assert answer.quote
    assert (answer.quote.text, answer.quote.position) == ("知新", 3)
    missing = bot.send_message(ann.id, "x", reply_parameters=ReplyParameters(999))
    assert await refusal(api, missing) == "Bad Request: message to be replied not found"
    lenient = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(ann.id, "x", reply_parameters=lenient)).reply_to_message is None
    wrong = ReplyParameters(question.message_id, quote="nowhere")
    assert (
        await refusal(api, bot.send_message(ann.id, "x", reply_parameters=wrong))
        == "Bad Request: QUOTE_TEXT_INVALID"
    )


@pytest.mark.parametrize("chat_id", [0, -1, 42, "@nobody_at_all", "not_a_chat"])
async def test_unknown_chats_are_not_found(api: BotApiServer, bot: Bot, chat_id: int | str) -> None:
    assert await refusal(api, bot.send_message(chat_id, "x")) == "Bad Request: chat not found"


async def test_the_bot_may_not_write_first(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    words = "Forbidden: bot can't initiate conversation with a user"
    assert await refusal(api, bot.send_message(ann.id, "x")) == words
    ann.start()
    assert (await bot.send_message(ann.id, "x")).text == "x"


async def test_the_bot_may_not_write_to_who_blocked_it_until_unblocked(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ann.id, "x")
    ann.unblock()
    await bot.send_message(ann.id, "x")
    updates = await bot.get_updates(timeout=0)
    changes = [update.my_chat_member for update in updates if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
    ann.delete_account()
    assert await refusal(api, bot.send_message(ann.id, "x")) == "Forbidden: user is deactivated"


async def test_texts_that_telegram_refuses_are_refused(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    assert await refusal(api, bot.send_message(ann.id, "")) == "Bad Request: message text is empty"
    assert await refusal(api, bot.send_message(ann.id, " \n")) == "Bad Request: text must be non-empty"
    assert await refusal(api, bot.send_message(ann.id, "x" * 4097)) == "Bad Request: message is too long"
    words = "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    assert await refusal(api, bot.send_message(ann.id, "<b>x", parse_mode="HTML")) == words
    assert (
        await refusal(api, bot.send_message(ann.id, "x", message_thread_id=9))
        == "Bad Request: message thread not found"
    )


async def test_dates_come_from_the_clock_that_was_given() -> None:
    moment = dt.datetime(2031, 5, 4, 3, 2, 1, tzinfo=dt.UTC)
    with BotApiServer(now=lambda: moment) as api:
        assert api.user("Ann").send("x").date == moment


async def test_copies_and_forwards_carry_the_text(api: BotApiServer, bot: Bot) -> None:
    ann, bob = api.user("Ann"), api.user("Bob")
    original = ann.send("学如不及")
    bob.start()
    copied = await bot.copy_message(bob.id, ann.id, original.message_id)
    assert api.transcript(bob)[-1].message_id == copied.message_id
    forwarded = await bot.forward_message(bob.id, ann.id, original.message_id)
    assert forwarded.forward_origin
    assert (forwarded.text, forwarded.forward_origin.type) == ("学如不及", "user")
    assert (
        await refusal(api, bot.copy_message(bob.id, ann.id, 999)) == "Bad Request: message to copy not found"
    )
    assert (
        await refusal(api, bot.forward_message(bob.id, ann.id, 999))
        == "Bad Request: message to forward not found"
    )


async def test_polls_reactions_and_typing_are_accepted(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    question = ann.send("x")
    poll = (await bot.send_poll(ann.id, "哪一年？", ["1949", "1978"], is_anonymous=False)).poll
    assert poll
    assert ([option.text for option in poll.options], poll.is_anonymous) == (["1949", "1978"], False)
    assert (
        await refusal(api, bot.send_poll(ann.id, "", ["a", "b"]))
        == "Bad Request: poll question must be non-empty"
    )
    await bot.set_message_reaction(ann.id, question.message_id, "👍")
    liked = api.latest(question)
    assert liked
    assert liked.reaction == ({"type": "emoji", "emoji": "👍"},)
    assert await bot.send_chat_action(ann.id, "typing")
    assert (
        await refusal(api, bot.send_chat_action(ann.id, "sleeping"))
        == "Bad Request: wrong parameter action in request"
    )
