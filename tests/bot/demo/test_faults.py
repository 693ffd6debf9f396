"""Failures on demand: what python-telegram-bot makes of each, and whether the message is there afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.demo import faults
from bot.demo.people import User
from bot.demo.server import BotApiServer


@pytest.fixture
def ann(api: BotApiServer) -> User:
    """A user to whom the bot may write."""
    user = api.user("Ann")
    user.start()
    return user


def arrived(api: BotApiServer, user: User) -> list[str]:
    return [message.text for message in api.transcript(user) if message.sender is not user.person]


async def test_a_refusal_happens_as_often_as_asked(
    api: BotApiServer, bot: Bot, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it python-telegram-bot warns about itself
    api.faults.add("sendMessage", faults.flood(7), times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(ann.id, "x")
        assert refused.value.retry_after == dt.timedelta(seconds=7)
    await bot.send_message(ann.id, "x")
    assert [call.status for call in api.calls("sendMessage")] == [429, 429, 200]
    assert arrived(api, ann) == ["x"]


async def test_a_fault_may_be_about_one_chat(api: BotApiServer, bot: Bot, ann: User) -> None:
    bob = api.user("Bob")
    bob.start()
    api.faults.add("sendMessage", faults.blocked(), chat_id=bob.id)
    await bot.send_message(ann.id, "x")
    with pytest.raises(Forbidden):
        await bot.send_message(bob.id, "x")
    await bot.send_message(bob.id, "x")


async def test_any_error_can_be_asked_for(api: BotApiServer, bot: Bot, ann: User) -> None:
    api.faults.add(faults.ANY, faults.refuse(400, "Bad Request: not enough rights"))
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.send_message(ann.id, "x")
    api.faults.add("sendMessage", faults.refuse(500, "Internal Server Error"))
    with pytest.raises(NetworkError) as refused:
        await bot.send_message(ann.id, "x")
    assert refused.value.__cause__ is None
    assert arrived(api, ann) == []


@pytest.mark.parametrize(("after", "texts"), [(False, []), (True, ["x"])])
async def test_a_bad_gateway_is_not_json(
    api: BotApiServer, bot: Bot, ann: User, after: bool, texts: list[str]
) -> None:
    api.faults.add("sendMessage", faults.bad_gateway(after=after))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ann.id, "x")
    assert arrived(api, ann) == texts


@pytest.mark.parametrize(("fault", "texts"), [(faults.drop(), []), (faults.drop_after(), ["x"])])
async def test_a_dropped_connection_leaves_the_message_there_or_not(
    api: BotApiServer, bot: Bot, ann: User, fault: faults.Fault, texts: list[str]
) -> None:
    api.faults.add("sendMessage", fault)
    with pytest.raises(NetworkError) as broken:
        await bot.send_message(ann.id, "x")
    assert isinstance(broken.value.__cause__, httpx.RemoteProtocolError | httpx.ReadError)
    assert arrived(api, ann) == texts
    assert api.calls("sendMessage")[-1].status == 0
    await bot.send_message(ann.id, "again")


async def test_a_hanging_answer_times_out_though_the_message_is_there(
    api: BotApiServer, bot: Bot, ann: User
) -> None:
    api.faults.add("sendMessage", faults.hang_after(30))
    with pytest.raises(TimedOut) as late:
        await bot.send_message(ann.id, "x", read_timeout=0.2)
    assert isinstance(late.value.__cause__, httpx.ReadTimeout)
    assert arrived(api, ann) == ["x"]


async def test_a_slow_answer_comes_in_the_end(api: BotApiServer, bot: Bot, ann: User) -> None:
    api.faults.add("sendMessage", faults.slow(0.2))
    assert (await bot.send_message(ann.id, "x")).text == "x"


async def test_faults_can_be_called_off(api: BotApiServer, bot: Bot, ann: User) -> None:
    api.faults.add("sendMessage", faults.drop(), times=99)
    api.faults.clear()
    await bot.send_message(ann.id, "x")


async def test_a_server_that_is_gone_refuses_connections_and_comes_back(
    api: BotApiServer, bot: Bot, ann: User
) -> None:
    api.stop()
    with pytest.raises(NetworkError) as broken:
        await bot.send_message(ann.id, "x")
    assert isinstance(broken.value.__cause__, httpx.ConnectError)
    api.start()
    await bot.send_message(ann.id, "x")
    assert arrived(api, ann) == ["x"]


async def send_texts(api: BotApiServer, chats: Sequence[int], **parameters: object) -> list[httpx.Response]:
    """Send a text to each of the chats, as fast as it goes."""
    url = f"{api.url}/bot{api.token}/sendMessage"
    async with httpx.AsyncClient(trust_env=False) as client:
        return [await client.post(url, json={"chat_id": chat, "text": "x", **parameters}) for chat in chats]


async def test_limits_are_kept_when_asked_for() -> None:
    with BotApiServer(limits=True) as api:
        ann = api.user("Ann")
        ann.start()
        answers = await send_texts(api, [ann.id] * 21)
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 1 <= answers[-1].json()["parameters"]["retry_after"] <= 10


async def test_what_is_too_much_costs_stars_in_a_paid_broadcast_and_is_refused_without_one() -> None:
    with BotApiServer(limits=True) as api:
        readers = [api.user(str(number)) for number in range(40)]
        for reader in readers:
            reader.start()
        chats = [reader.id for reader in readers]
        answers = await send_texts(api, chats, allow_paid_broadcast=True)
        refused = await send_texts(api, chats[:1])
        assert api.api.limits is not None
        assert [answer.status_code for answer in answers] == [200] * 40
        assert api.api.limits.paid == 10
        assert [answer.status_code for answer in refused] == [429]
