"""What became of a request: judged over real HTTP, by what provably happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.delivery.outcomes import Blocked, Failed, Moved, Outcome, Refused, Retry, Sent, Unknown, classify
from bot.delivery.send import send_message
from bot.demo import faults
from bot.demo.server import BotApiServer
from bot.render.markup import Html
from bot.render.message import Button, Message

HELLO = Message(Html("<b>你好</b>"))


async def test_an_answer_is_a_sent_message(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    outcome = await send_message(bot, ann.id, 0, HELLO, silent=True)
    [call] = api.calls("sendMessage")
    assert isinstance(outcome, Sent)
    assert api.transcript(ann)[-1].message_id == outcome.message_id
    assert call.parameters["disable_notification"] in (True, "true")


async def test_buttons_carry_actions_copies_and_links(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    buttons = (
        (Button("读", action="1:read:7"), Button("抄", copy="出处")),
        (Button("看", url="https://a.test/"),),
    )
    assert isinstance(await send_message(bot, ann.id, 0, Message(HELLO.text, buttons), silent=False), Sent)
    shown = api.transcript(ann)[-1].buttons
    assert [[button.label for button in row] for row in shown] == [["读", "抄"], ["看"]]


async def test_markup_that_telegram_cannot_read_goes_out_as_plain_text(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    broken = Message(Html("<b>一 &lt; 二</i>"), ((Button("读", action="1:read:7"),),))
    assert isinstance(await send_message(bot, ann.id, 0, broken, silent=False), Sent)
    assert api.transcript(ann)[-1].text == "一 < 二"
    assert len(api.transcript(ann)[-1].buttons) == 1


FAULTS: list[tuple[faults.Fault, Outcome]] = [
    (faults.flood(7), Retry("too many requests", 7.0)),
    (faults.refuse(500, "Internal Server Error"), Retry("Internal Server Error")),
    (faults.blocked(), Blocked("Forbidden: bot was blocked by the user")),
    (faults.refuse(400, "Bad Request: chat not found"), Blocked("Chat not found")),
    (faults.refuse(400, "Bad Request: TOPIC_CLOSED"), Blocked("Topic_closed")),
    (faults.refuse(400, "Bad Request: message thread not found"), Blocked("Message thread not found")),
    (
        faults.refuse(400, "Bad Request: not enough rights to send text messages to the chat"),
        Blocked("Not enough rights to send text messages to the chat"),
    ),
    (faults.refuse(400, "Bad Request: message is too long"), Failed("Message is too long")),
    (
        faults.refuse(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100_7
        ),
        Moved(-100_7),
    ),
    (faults.drop(), Unknown("RemoteProtocolError")),
    (faults.drop_after(), Unknown("RemoteProtocolError")),
    (faults.bad_gateway(), Unknown("TelegramError")),
    (faults.Fault(status=403, body="<html>no entry</html>"), Retry("refused on the way to Telegram")),
    (faults.Fault(status=404, body="<html>no such page</html>"), Retry("refused on the way to Telegram")),
    (faults.Fault(status=401, body="<html>log in first</html>"), Retry("refused on the way to Telegram")),
    (faults.refuse(401, "Unauthorized"), Refused()),
    (faults.refuse(404, "Not Found"), Refused()),
]


@pytest.mark.parametrize(("fault", "expected"), FAULTS, ids=lambda value: type(value).__name__)
async def test_each_failure_is_judged_by_what_provably_happened(
    api: BotApiServer, bot: Bot, fault: faults.Fault, expected: Outcome
) -> None:
    ann = api.user("Ann")
    ann.start()
    api.faults.add("sendMessage", fault)
    assert await send_message(bot, ann.id, 0, HELLO, silent=False) == expected


async def test_an_answer_that_never_comes_leaves_doubt(api: BotApiServer, bot: Bot) -> None:
    ann = api.user("Ann")
    ann.start()
    api.faults.add("sendMessage", faults.hang_after(2))
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(ann.id, "你好", read_timeout=0.1)
    assert classify(caught.value) == Unknown("ReadTimeout")


async def test_where_no_one_listens_nothing_was_sent(
    api: BotApiServer, make_bot: Callable[[str], Bot]
) -> None:
    bot = make_bot(api.token)
    async with bot:
        api.stop()
        outcome = await send_message(bot, 1, 0, HELLO, silent=False)
    assert isinstance(outcome, Retry)
    assert outcome.after is None


async def test_a_full_pool_has_sent_nothing(api: BotApiServer) -> None:
    ann = api.user("Ann")
    ann.start()
    narrow = HTTPXRequest(connection_pool_size=1, httpx_kwargs={"trust_env": False})
    async with Bot(api.token, base_url=f"{api.url}/bot", request=narrow) as bot:
        api.faults.add("sendMessage", faults.slow(0.5))
        first = asyncio.create_task(bot.send_message(ann.id, "一"))
        await asyncio.sleep(0.1)
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(ann.id, "二", pool_timeout=0.01)
        await first
    assert isinstance(classify(caught.value), Retry)


def test_what_no_one_foresaw_is_in_doubt() -> None:
    assert classify(RuntimeError("?")) == Unknown("RuntimeError")
    assert classify(TelegramError("Invalid server response")) == Unknown("TelegramError")
    assert classify(Conflict("?")) == Unknown("Conflict")


def test_the_library_strips_and_capitalises_and_we_do_not_mind() -> None:
    assert classify(BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN")) == Blocked("Chat_write_forbidden")
    assert isinstance(classify(Forbidden("Forbidden: user is deactivated")), Blocked)
