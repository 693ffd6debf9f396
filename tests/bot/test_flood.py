"""Buckets: twenty at once, then one a second, each person for himself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.flood import BURST, MOST_PEOPLE, Buckets, Verdict

ANSWER, TELL, DROP = Verdict.ANSWER, Verdict.TELL, Verdict.DROP


def test_twenty_are_answered_at_once_then_he_is_told_once_then_one_a_second() -> None:
    buckets = Buckets()

    assert [buckets.ask(1, 0.0) for _ in range(BURST + 3)] == [*[ANSWER] * BURST, TELL, DROP, DROP]
    assert buckets.ask(1, 0.9) is DROP
    assert [buckets.ask(1, 1.1) for _ in range(3)] == [ANSWER, TELL, DROP]


def test_nobody_pays_for_another() -> None:
    buckets = Buckets()
    for _ in range(100):
        buckets.ask(1, 0.0)

    assert buckets.ask(2, 0.0) is ANSWER


@given(st.lists(st.floats(0, 100), max_size=300))
def test_no_more_are_answered_than_the_bucket_holds_and_the_time_gives(moments: list[float]) -> None:
    buckets, last = Buckets(), max(moments, default=0.0)
    answered = sum(buckets.ask(1, moment) is ANSWER for moment in sorted(moments))

    assert answered <= BURST + last + 1


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    buckets = Buckets()

    assert [buckets.ask(1, moment) for moment in (5.0, 1.0, 5.0)] == [ANSWER] * 3


def test_people_who_have_been_quiet_are_forgotten() -> None:
    buckets = Buckets()
    for person in range(MOST_PEOPLE + 50):
        buckets.ask(person, float(person))

    assert len(buckets._buckets) <= MOST_PEOPLE + 1
