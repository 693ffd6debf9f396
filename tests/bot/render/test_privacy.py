"""What is kept, in words."""

from __future__ import annotations

import pytest

from bot.render.privacy import render_forget, render_forgotten, render_privacy
from bot.render.texts import LANGUAGES, Language, Texts
from bot.render.values import Kept
from tests.bot.render.made import EN, actions, assert_sendable

KEPT = Kept(settings=1, subscriptions=1, deliveries=35, readings=1, searches=2, is_member=True)


def test_only_what_there_is_is_listed() -> None:
    assert assert_sendable(render_forgotten(KEPT, EN)) == (
        "🗑 Erased: language and time zone, 1 subscription, 35 deliveries, 1 passage ticked off, 2 searches."
        " I will not write to you again; to begin anew, send /start.\n\n"
        "The operator's list of people let in still has your number: it is the operator's own record;"
        " to have it removed, ask there."
    )
    assert "Erased: 2 searches." in render_forgotten(Kept(searches=2), EN).text


def test_where_nothing_is_kept_there_is_nothing_to_confirm() -> None:
    message = render_forget(Kept(), EN)

    assert assert_sendable(message) == "Nothing is kept about you here."
    assert message.buttons == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_and_the_statement_can_be_sent(language: Language) -> None:
    question = render_forget(KEPT, Texts(language))

    assert_sendable(question)
    assert actions(question) == [["1:forget_now"], ["1:export", "1:forget_not"]]
    assert_sendable(render_privacy(30, 15, 2, Texts(language)))
