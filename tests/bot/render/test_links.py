"""Links: what is written is read back, and nothing else is."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.render.links import Link, PlaceLink, PlanLink, link_url, payload_of, read_payload, share_url

numbers = st.integers(0, 10**15 - 1)
links = st.builds(PlanLink, numbers) | st.builds(PlaceLink, numbers, numbers, numbers)


@given(links)
def test_a_link_comes_back_from_its_payload_which_telegram_accepts(link: Link) -> None:
    payload = payload_of(link)

    assert read_payload(payload) == link
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)


@given(st.text() | st.from_regex(r"[sp](_\d+){1,3}\n?"))
def test_whatever_is_sent_is_a_link_or_nothing(payload: str) -> None:
    link = read_payload(payload)

    assert link is None or payload_of(link) == payload


def test_the_address_of_a_link_never_changes() -> None:
    assert link_url(PlanLink(3), "rizhi_bot") == "https://t.me/rizhi_bot?start=s_3"
    assert link_url(PlaceLink(1, 0, 24), "rizhi_bot") == "https://t.me/rizhi_bot?start=p_1_0_24"


def test_what_is_shared_goes_into_the_address_whole() -> None:
    assert share_url("https://t.me/b?start=s_1", "A&B 河") == (
        "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fb%3Fstart%3Ds_1&text=A%26B+%E6%B2%B3"
    )
