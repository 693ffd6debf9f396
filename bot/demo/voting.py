"""Voting in polls: what the app lets a person choose, and how the bot hears of it."""

from __future__ import annotations

from dataclasses import replace

from bot.demo.model import Message, Person
from bot.demo.polls import Poll
from bot.demo.state import State
from bot.demo.views import person_json


def vote(state: State, message: Message, person: Person, options: tuple[int, ...]) -> None:
    """Let the person choose these options of the message's poll; none takes the vote back.

    Raises ValueError where the app would not let the person do that.
    """
    poll = message.poll
    if poll is None or poll.closed:
        raise ValueError("there is nothing to vote on")
    before = poll.votes.get(person.id, ())
    _check(poll, before, options)
    if before == options:
        return
    votes = {number: chosen for number, chosen in poll.votes.items() if number != person.id}
    put(state, replace(poll, votes=votes | ({person.id: options} if options else {})))
    _tell(state, message, person, options)


def _check(poll: Poll, before: tuple[int, ...], options: tuple[int, ...]) -> None:
    known = set(options) <= set(range(len(poll.options)))
    if not known or len(set(options)) != len(options) or (len(options) > 1 and not poll.several):
        raise ValueError("these options cannot be chosen")
    if before and not poll.revoting:
        raise ValueError("this vote is final")


def put(state: State, poll: Poll) -> None:
    """Put the poll in the place of what it was, wherever it was forwarded to."""
    for chat in state.chats.values():
        for message in list(chat.messages.values()):
            if message.poll and message.poll.id == poll.id:
                state.change_message(message, poll=poll)


def _tell(state: State, message: Message, person: Person, options: tuple[int, ...]) -> None:
    """The bot hears of every vote, and of whose it is where the poll is not anonymous."""
    poll = state.chats[message.chat_id].messages[message.message_id].poll
    assert poll
    state.updates.add("poll", poll.as_json())
    if not poll.anonymous:
        ids = {"option_ids": list(options), "option_persistent_ids": [str(at) for at in options]}
        state.updates.add("poll_answer", {"poll_id": poll.id, "user": person_json(person)} | ids)
    state.changed()
