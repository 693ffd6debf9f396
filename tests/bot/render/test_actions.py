"""Callback data: what is written is read back, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.actions import ARGUMENTS, DATA, MAX_DATA_BYTES, MAX_NUMBER, Action, decode, encode

numbers = st.integers(0, MAX_NUMBER)
known_actions = st.sampled_from(sorted(ARGUMENTS)).flatmap(
    lambda name: st.builds(Action, st.just(name), st.tuples(*[numbers] * len(ARGUMENTS[name])))
)


@given(known_actions)
def test_an_action_comes_back_from_its_data(action: Action) -> None:
    data = encode(action)

    assert decode(data) == action
    assert data.isascii()
    assert len(data) <= MAX_DATA_BYTES


def test_the_data_of_a_button_never_changes_its_meaning() -> None:
    assert encode(Action("read", (81,))) == "1:read:81"
    assert decode("1:hit:7:12:2") == Action("hit", (7, 12, 2))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1:read",
        "1:read:",
        "1:read:81:2",
        "1:read:-1",
        "1:read:081",
        "1:read:٣",
        "1:read:1e9",
        "1:read: 81",
        "1:read:81\n",
        f"1:read:{MAX_NUMBER + 1}",
        "1:delete_everything:1",
        "2:read:81",
        "0:read:81",
        "read:81",
        "1:READ:81",
    ],
)
def test_stale_and_forged_data_means_nothing(data: str) -> None:
    assert decode(data) is None


@given(st.text() | st.from_regex(DATA))
def test_whatever_is_pressed_is_an_action_or_nothing(data: str) -> None:
    action = decode(data)

    assert action is None or encode(action) == data


@pytest.mark.parametrize(
    ("name", "given_numbers"),
    [("no_such", ()), ("read", ()), ("read", (1, 2)), ("read", (-1,)), ("read", (MAX_NUMBER + 1,))],
)
def test_an_action_that_cannot_be_is_refused(name: str, given_numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="numbers"):
        Action(name, given_numbers)
