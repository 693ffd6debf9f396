"""Polls and quizzes: what is refused, who may vote, and what python-telegram-bot hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Poll, Update

from bot.demo.model import Message
from bot.demo.people import User
from bot.demo.server import BotApiServer
from tests.bot.demo.conftest import refusal


@pytest.fixture
def ann(api: BotApiServer) -> User:
    """Someone who has begun."""
    ann = api.user("Ann")
    ann.start()
    return ann


async def ask(api: BotApiServer, bot: Bot, chat: int, **extra: Any) -> Message:
    """Let the bot ask for the hour, and return the message as the server has it."""
    sent = await bot.send_poll(chat, "几点送？", ["07:30", "12:00", "21:00"], **extra)
    return api.state.chats[chat].messages[sent.message_id]


async def heard(bot: Bot) -> list[Update]:
    """Return what the bot hears but for messages."""
    updates = await bot.get_updates(timeout=1)
    return [update for update in updates if update.poll or update.poll_answer]


def counts(poll: Poll | None) -> list[int]:
    assert poll
    return [option.voter_count for option in poll.options]


async def test_a_vote_is_counted_and_told_with_whose_it_is(api: BotApiServer, bot: Bot, ann: User) -> None:
    asked = await ask(api, bot, ann.id, is_anonymous=False)
    ann.vote(asked, 2)

    state, answer = await heard(bot)
    assert counts(state.poll) == [0, 0, 1]
    assert state.poll
    assert state.poll.total_voter_count == 1
    assert answer.poll_answer
    assert answer.poll_answer.user
    assert (answer.poll_answer.user.id, answer.poll_answer.option_ids) == (ann.id, (2,))
    assert answer.poll_answer.poll_id == state.poll.id


async def test_of_an_anonymous_vote_the_count_alone_is_told(api: BotApiServer, bot: Bot, ann: User) -> None:
    ann.vote(await ask(api, bot, ann.id), 0)

    assert [(counts(update.poll), update.poll_answer) for update in await heard(bot)] == [([1, 0, 0], None)]


async def test_a_vote_can_be_changed_and_taken_back(api: BotApiServer, bot: Bot, ann: User) -> None:
    asked = await ask(api, bot, ann.id, is_anonymous=False)
    ann.vote(asked, 0)
    ann.vote(asked, 0)  # the same again is no vote
    ann.vote(asked, 1)
    ann.vote(asked)

    updates = await heard(bot)
    answers = [update.poll_answer.option_ids for update in updates if update.poll_answer]
    assert answers == [(0,), (1,), ()]
    assert counts([update.poll for update in updates if update.poll][-1]) == [0, 0, 0]


async def test_several_may_be_chosen_where_that_is_allowed(api: BotApiServer, bot: Bot, ann: User) -> None:
    ann.vote(await ask(api, bot, ann.id, allows_multiple_answers=True), 0, 2)

    assert counts((await heard(bot))[0].poll) == [1, 0, 1]


@pytest.mark.parametrize("options", [(0, 1), (3,), (-1,), (1, 1)])
async def test_what_the_app_does_not_offer_cannot_be_chosen(
    api: BotApiServer, bot: Bot, ann: User, options: tuple[int, ...]
) -> None:
    asked = await ask(api, bot, ann.id)

    with pytest.raises(ValueError, match="cannot be chosen"):
        ann.vote(asked, *options)


async def test_a_quizs_answer_is_final_and_what_is_right_is_told(
    api: BotApiServer, bot: Bot, ann: User
) -> None:
    asked = await ask(api, bot, ann.id, type="quiz", correct_option_ids=[1], explanation="正午。")
    ann.vote(asked, 0)

    with pytest.raises(ValueError, match="final"):
        ann.vote(asked, 1)
    told = (await heard(bot))[0].poll
    assert told
    assert (told.type, told.correct_option_ids, told.explanation) == ("quiz", (1,), "正午。")


async def test_everyone_in_a_group_votes_in_one_poll_and_a_forwarded_one_is_the_same(
    api: BotApiServer, bot: Bot, ann: User
) -> None:
    bob = api.user("Bob")
    group = api.group("共读", [ann, bob], supergroup=True)
    asked = await ask(api, bot, group.id)
    forwarded = ann.forward(asked)
    ann.vote(asked, 0)
    bob.vote(asked, 0)

    latest = api.latest(forwarded)
    assert latest
    assert latest.poll
    assert latest.poll.votes == {ann.id: (0,), bob.id: (0,)}


async def test_a_closed_poll_takes_no_more_votes_and_is_closed_once(
    api: BotApiServer, bot: Bot, ann: User
) -> None:
    asked = await ask(api, bot, ann.id)
    ann.vote(asked, 1)
    closed = await bot.stop_poll(ann.id, asked.message_id)

    assert (closed.is_closed, counts(closed)) == (True, [0, 1, 0])
    assert [update.poll.is_closed for update in await heard(bot) if update.poll] == [False, True]
    with pytest.raises(ValueError, match="nothing to vote on"):
        ann.vote(asked, 0)
    again = await refusal(api, bot.stop_poll(ann.id, asked.message_id))
    assert again == "Bad Request: poll has already been closed"


async def test_only_polls_are_closed(api: BotApiServer, bot: Bot, ann: User) -> None:
    said = await bot.send_message(ann.id, "x")

    assert (
        await refusal(api, bot.stop_poll(ann.id, said.message_id))
        == "Bad Request: message with poll to stop not found"
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"question": ""}, "poll question must be non-empty"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": []}, "poll must have at least 1 option"),
        ({"options": ["x"] * 13}, "poll can't have more than 12 options"),
        ({"options": ["x", ""]}, "poll options must be non-empty"),
        ({"options": ["x" * 101]}, "poll options length must not exceed 100"),
        ({"type": "quiz"}, "wrong correct option ID specified"),
        ({"type": "quiz", "correct_option_ids": [2]}, "wrong correct option ID specified"),
        (
            {"type": "quiz", "correct_option_ids": [0], "explanation": "x" * 201},
            "message caption is too long",
        ),
    ],
)
async def test_bad_polls_are_refused(
    api: BotApiServer, bot: Bot, ann: User, given: dict[str, Any], words: str
) -> None:
    poll = {"question": "?", "options": ["x", "y"]} | given

    assert await refusal(api, bot.send_poll(ann.id, **poll)) == f"Bad Request: {words}"


async def test_in_a_channel_polls_are_anonymous(api: BotApiServer, bot: Bot, ann: User) -> None:
    channel = api.channel("日知", [ann])

    assert (
        await refusal(api, bot.send_poll(channel.id, "?", ["x", "y"], is_anonymous=False))
        == "Bad Request: non-anonymous polls can't be sent to channel chats"
    )
