"""Keyboards, presses, edits and deletions."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest

from bot.demo.errors import ApiError
from bot.demo.keyboards import read_markup
from bot.demo.model import Button
from bot.demo.parameters import Parameters
from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal

MAKES_NO_DIFFERENCE = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


def one(data: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("go", callback_data=data)]])


async def test_buttons_are_stored_with_what_they_do(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    rows = [
        [InlineKeyboardButton("a", callback_data="字" * 21), InlineKeyboardButton("b", url="Example.org")],
        [InlineKeyboardButton("c", copy_text=CopyTextButton("出处"))],
    ]
    sent = await bot.send_message(ann.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    assert api.transcript(ann)[-1].buttons == (
        (Button("a", data="字" * 21), Button("b", url="http://example.org/")),
        (Button("c", copy="出处"),),
    )
    assert sent.reply_markup


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "b", "callback_data": "字" * 22}, "BUTTON_DATA_INVALID"),
        ({"text": "b", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        (
            {"text": "b", "callback_data": ""},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        ({"text": "b", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "b", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "b", "pay": True}, "BUTTON_TYPE_INVALID"),
        (
            {"text": "b", "url": "not-a-url"},
            "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "b", "url": "http://localhost:80/x"},
            "inline keyboard button URL 'http://localhost:80/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "b", "url": "ftp://example.com"},
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "b", "web_app": {"url": "http://example.com"}},
            "inline keyboard button Web App URL 'http://example.com' is invalid: "
            "Only HTTPS links are allowed",
        ),
        (
            {"text": "b", "url": "e.org", "callback_data": "x"},
            "can't parse inline keyboard button: exactly one action is needed, not url and callback_data",
        ),
    ],
)
def test_bad_buttons_are_refused(button: dict[str, Any], words: str) -> None:
    markup = {"inline_keyboard": [[{"text": "good", "callback_data": "x"}], [button]]}
    with pytest.raises(ApiError) as refused:
        read_markup(Parameters({"reply_markup": markup}, {}))
    assert refused.value.description == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ('{"inline_keyboard": 1}', 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array'),
        (
            '{"inline_keyboard": [1]}',
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            '{"inline_keyboard": [[1]]}',
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
    ],
)
def test_markups_of_the_wrong_shape_are_refused(markup: str, words: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_markup(Parameters({"reply_markup": markup}, {}))
    assert refused.value.description == f"Bad Request: {words}"


def test_an_empty_keyboard_is_none() -> None:
    assert read_markup(Parameters({"reply_markup": '{"inline_keyboard": [[]]}'}, {})) is None


@pytest.mark.parametrize(("rows", "columns"), [(1, 9), (13, 8)])
async def test_keyboards_that_are_too_big_are_refused(
    api: BotApiServer, bot: Bot, rows: int, columns: int
) -> None:
    ann = api.user("Ann")
    ann.start()
    button = InlineKeyboardButton("b", callback_data="x")
    markup = InlineKeyboardMarkup([[button] * columns] * rows)
    call = bot.send_message(ann.id, "x", reply_markup=markup)
    assert await refusal(api, call) == "Bad Request: reply markup is too long"


async def test_a_press_reaches_the_bot_and_is_answered_once(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann", "zh")
    ann.start()
    await bot.send_message(ann.id, "x", reply_markup=one("v1:7"))
    ann.press(api.transcript(ann)[-1], "go")
    query = (await bot.get_updates(timeout=0))[-1].callback_query
    assert query
    assert (query.data, query.from_user.id, bool(query.chat_instance)) == ("v1:7", ann.id, True)
    assert query.message
    assert query.message.message_id == api.transcript(ann)[-1].message_id
    await query.answer("好")
    assert [(toast.text, toast.show_alert) for toast in api.toasts(ann)] == [("好", False)]
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await refusal(api, query.answer()) == words


async def test_stale_unknown_and_wordy_answers_are_refused(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    message = ann.start()
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    stale = ann.forge(message, "anything", stale=True)
    assert await refusal(api, bot.answer_callback_query(stale.id)) == words
    assert await refusal(api, bot.answer_callback_query("123")) == words
    fresh = ann.forge(message, "anything")
    too_long = bot.answer_callback_query(fresh.id, "x" * 201)
    assert await refusal(api, too_long) == "Bad Request: MESSAGE_TOO_LONG"
    assert await bot.answer_callback_query(fresh.id, "x" * 200)


async def test_pressing_what_is_not_there_names_what_is(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    rows = [[InlineKeyboardButton("home", url="e.org")]]
    await bot.send_message(ann.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    message = api.transcript(ann)[-1]
    with pytest.raises(LookupError, match="“home”"):
        ann.press(message, "away")
    with pytest.raises(ValueError, match="hears nothing"):
        ann.press(message, "home")


async def test_a_press_under_a_deleted_message_comes_without_it(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    await bot.send_message(ann.id, "x", reply_markup=one())
    message = api.transcript(ann)[-1]
    ann.delete(message)
    ann.press(message, "go")
    query = (await bot.get_updates(timeout=0))[-1].callback_query
    assert query
    assert isinstance(query.message, Message)  # python-telegram-bot 22.8 does not tell; the date does
    assert (query.message.date.timestamp(), query.message.text) == (0, None)


async def test_edits_change_text_and_keyboard(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    sent = await bot.send_message(ann.id, "old", reply_markup=one("1"))
    await sent.edit_text("<b>new</b>", parse_mode="HTML", reply_markup=one("2"))
    stored = api.transcript(ann)[-1]
    assert (stored.html, stored.buttons[0][0].data, stored.edited) == ("<b>new</b>", "2", True)
    await sent.edit_reply_markup(one("3"))
    assert api.transcript(ann)[-1].buttons[0][0].data == "3"
    await sent.edit_text("bare")
    assert api.transcript(ann)[-1].buttons == ()


async def test_edits_that_change_nothing_are_refused(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    sent = await bot.send_message(ann.id, "<b>x</b>", parse_mode="HTML", reply_markup=one())
    same = sent.edit_text(" <b>x</b>", parse_mode="HTML", reply_markup=one())
    assert await refusal(api, same) == MAKES_NO_DIFFERENCE
    assert await refusal(api, sent.edit_reply_markup(one())) == MAKES_NO_DIFFERENCE
    assert not api.transcript(ann)[-1].edited


async def test_what_cannot_be_edited_is_not(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    theirs = ann.send("mine")
    assert (
        await refusal(api, bot.edit_message_text("x", ann.id, theirs.message_id))
        == "Bad Request: message can't be edited"
    )
    assert (
        await refusal(api, bot.edit_message_text("x", ann.id, 999))
        == "Bad Request: message to edit not found"
    )
    file = await bot.send_document(ann.id, b"x", filename="x.txt")
    assert (
        await refusal(api, bot.edit_message_text("x", ann.id, file.message_id))
        == "Bad Request: there is no text in the message to edit"
    )


async def test_messages_can_be_deleted_by_the_rules(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    group = api.group("Readers", [ann])
    sent = await bot.send_message(group.id, "x")
    assert await sent.delete()
    assert await refusal(api, sent.delete()) == "Bad Request: message to delete not found"
    theirs = ann.send("/help", group)
    call = bot.delete_message(group.id, theirs.message_id)
    assert await refusal(api, call) == "Bad Request: message can't be deleted"
    group.promote()
    assert await bot.delete_message(group.id, theirs.message_id)
    assert api.latest(theirs) is None


async def test_python_telegram_bot_sees_the_errors_it_knows(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    sent = await bot.send_message(ann.id, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("x")
