"""Turns: a minute's worth at once, then one after the other, and nobody waits longer than they said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.guard.rate import Rate
from tests.core.guard.play import Time


def test_a_minutes_worth_goes_at_once_and_then_one_at_a_time(time: Time) -> None:
    rate = Rate(60, clock=time)

    waits = [rate.take(100) for _ in range(63)]

    assert waits == [0] * 60 + [1, 2, 3]


def test_after_a_quiet_time_no_more_than_a_minutes_worth_goes_at_once(time: Time) -> None:
    rate = Rate(2, clock=time)
    time.advance(10_000)

    assert [rate.take(100) for _ in range(4)] == [0, 0, 30, 60]


def test_who_would_wait_too_long_takes_no_turn(time: Time) -> None:
    rate = Rate(1, clock=time)
    rate.take(0)

    assert rate.take(59) == 60
    assert rate.take(59) == 60
    time.advance(60)
    assert rate.take(0) == 0


def test_a_turn_that_is_given_back_goes_to_the_next(time: Time) -> None:
    rate = Rate(1, clock=time)
    rate.take(0)
    rate.take(60)

    rate.give_back()

    assert rate.take(60) == 60


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one call"):
        Rate(0)


@given(st.integers(1, 600), st.lists(st.floats(0, 90), max_size=200))
def test_no_minute_sees_more_than_two_minutes_worth(per_minute: int, pauses: list[float]) -> None:
    time = Time()
    rate = Rate(per_minute, clock=time)
    turns = []
    for pause in pauses:
        time.advance(pause)
        turns.append(time() + rate.take(1e9))

    assert all(sum(start <= turn < start + 60 for turn in turns) <= 2 * per_minute for start in turns)
    assert turns == sorted(turns)
