"""How long a retry waits, which failures are worth one, and what Retry-After says."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusing, Unreachable, Upstream
from app.core.guard.retry import Retries, parse_retry_after, worth_repeating
from tests.core.guard.play import DOWN, LOCKED_OUT, NOT_NOW, ODD, OURS, SLOW, UNDONE

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def middle() -> float:
    return 0.5


def test_waits_double_up_to_the_most() -> None:
    waits = [Retries(jitter=0).wait_s(DOWN, number, middle) for number in range(1, 8)]

    assert waits == [2, 4, 8, 16, 30, 30, 30]


@given(st.integers(1, 2000), st.floats(0, 1), st.floats(0, 1))
def test_jitter_spreads_a_wait_and_never_exceeds_the_most(number: int, jitter: float, drawn: float) -> None:
    retries = Retries(jitter=jitter)

    wait = retries.wait_s(DOWN, number, lambda: drawn)

    assert 0 <= wait <= 30.000001
    if number == 1:
        assert 2 * (1 - jitter) - 1e-9 <= wait <= 2 * (1 + jitter) + 1e-9


def test_first_waits_lie_between_half_and_one_and_a_half() -> None:
    assert [Retries().wait_s(DOWN, 1, lambda: drawn) for drawn in (0.0, 0.5, 1.0)] == [1, 2, 3]  # noqa: B023 - drawn at once


@given(st.floats(0, 4000), st.integers(1, 6), st.floats(0, 1))
def test_what_the_service_asks_for_is_never_shortened(asked: float, number: int, drawn: float) -> None:
    error = Unreachable("Busy.", retry_after_s=asked)

    wait = Retries().wait_s(error, number, lambda: drawn)

    assert asked <= wait <= asked + 1


@pytest.mark.parametrize(
    ("error", "read", "write"),
    [
        (DOWN, True, False),
        (UNDONE, True, True),
        (SLOW, True, False),
        (NOT_NOW, True, True),
        (OURS, False, False),
        (LOCKED_OUT, False, False),
        (ODD, False, False),
        (Refusing("Shut.", happened=False), False, False),
        (Unreachable("It was done, and then it broke off.", happened=True), True, False),
        (KeyError("ours"), False, False),
    ],
)
def test_what_may_help_is_made_again_and_a_write_only_if_it_did_not_happen(
    error: Upstream, read: bool, write: bool
) -> None:
    assert (worth_repeating(error, write=False), worth_repeating(error, write=True)) == (read, write)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("1.5", 1.5),
        ("Mon, 02 Mar 2026 09:00:07 GMT", 7),
        ("Monday, 02-Mar-26 09:00:07 GMT", 7),
        ("Mon Mar  2 09:00:07 2026", 7),
        ("Mon, 02 Mar 2026 10:00:07 +0100", 7),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("inf", None),
        ("nan", None),
        ("9" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001 - made aware below
def test_every_date_is_read_back(at: datetime) -> None:
    whole = at.replace(microsecond=0, tzinfo=UTC)

    seconds = parse_retry_after(whole.strftime("%a, %d %b %Y %H:%M:%S GMT"), NOW)

    assert seconds == max(0.0, (whole - NOW).total_seconds())


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [-+A-Z0-9]+")))
def test_nonsense_is_never_an_error(value: str) -> None:
    found = parse_retry_after(value, NOW.astimezone(timezone(timedelta(hours=5))))

    assert found is None or found >= 0
