"""Polls and quizzes: sending one, and closing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.demo.access import find_chat, find_message, find_open_chat
from bot.demo.errors import bad_request
from bot.demo.methods.messages import author, common_fields
from bot.demo.model import Chat, Json
from bot.demo.parameters import Parameters
from bot.demo.polls import Poll
from bot.demo.state import State
from bot.demo.views import message_json
from bot.demo.voting import put

MAX_QUESTION_CHARS = 300
MAX_OPTIONS = 12
MAX_OPTION_CHARS = 100
MAX_EXPLANATION_CHARS = 200


def send_poll(state: State, given: Parameters) -> Json:
    """Store a message with a poll and return it."""
    chat = find_open_chat(state, given)
    poll = _read_poll(state, given)
    _check_poll(poll, chat)
    fields = common_fields(state, chat, given)
    return message_json(state, state.add_message(chat, author(state, chat), poll=poll, **fields))


def _read_poll(state: State, given: Parameters) -> Poll:
    options: list[Any] = given.json("options", "options") or []
    quiz = given.text("type") == "quiz"
    return Poll(
        state.next_poll_id(),
        given.text("question"),
        tuple(item["text"] if isinstance(item, dict) else str(item) for item in options),
        anonymous=_said(given, "is_anonymous", True),
        several=given.flag("allows_multiple_answers"),
        revoting=_said(given, "allows_revoting", not quiz),
        correct=_read_correct(given, len(options)) if quiz else (),
        explanation=given.text("explanation") if quiz else "",
        closed=given.flag("is_closed"),
    )


def _said(given: Parameters, name: str, default: bool) -> bool:
    return given.flag(name) if name in given else default


def _read_correct(given: Parameters, options: int) -> tuple[int, ...]:
    """`correct_option_id` is what the list was called before Bot API 9.6."""
    correct = given.json("correct_option_ids", "correct option IDs") or [given.number("correct_option_id")]
    if not all(at in range(options) for at in correct):
        raise bad_request("wrong correct option ID specified")
    return tuple(correct)


def _check_poll(poll: Poll, chat: Chat) -> None:
    if chat.type == "channel" and not poll.anonymous:
        raise bad_request("non-anonymous polls can't be sent to channel chats")
    if not poll.question:
        raise bad_request("poll question must be non-empty")
    if len(poll.question) > MAX_QUESTION_CHARS:
        raise bad_request(f"poll question length must not exceed {MAX_QUESTION_CHARS}")
    if len(poll.explanation) > MAX_EXPLANATION_CHARS:
        raise bad_request("message caption is too long")
    _check_options(poll.options)


def _check_options(options: tuple[str, ...]) -> None:
    if not options:
        raise bad_request("poll must have at least 1 option")
    if len(options) > MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options")
    if not all(options):
        raise bad_request("poll options must be non-empty")
    if any(len(option) > MAX_OPTION_CHARS for option in options):
        raise bad_request(f"poll options length must not exceed {MAX_OPTION_CHARS}")


def stop_poll(state: State, given: Parameters) -> Json:
    """Close the bot's own poll and return it as it ended."""
    message = find_message(find_chat(state, given), given, "edit")
    if message.poll is None or not message.by_bot:
        raise bad_request("message with poll to stop not found")
    if message.poll.closed:
        raise bad_request("poll has already been closed")
    closed = replace(message.poll, closed=True)
    put(state, closed)
    state.updates.add("poll", closed.as_json())
    state.changed()
    return closed.as_json()


METHODS = {"sendPoll": send_poll, "stopPoll": stop_poll}
