"""How an integration stands after a failure, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.connections.rules import Backoff, Cause, State, Verdict, after_failure

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BACKOFF = Backoff()


def verdict(cause: Cause, failures: int = 1, *, since: timedelta = timedelta(0), retry_after: float = 0) -> Verdict:
    return after_failure(
        cause,
        failures=failures,
        first_failed_at=NOW - since,
        now=NOW,
        backoff=BACKOFF,
        retry_after=timedelta(seconds=retry_after) if retry_after else None,
    )


def wait(found: Verdict) -> timedelta:
    assert found.next_sync_at is not None
    return found.next_sync_at - NOW


@pytest.mark.parametrize(
    ("cause", "failures", "since", "state"),
    [
        (Cause.OUTAGE, 1, timedelta(0), State.RETRYING),
        (Cause.OUTAGE, 4, timedelta(minutes=10), State.RETRYING),
        (Cause.OUTAGE, 5, timedelta(minutes=10), State.FAILING),
        (Cause.OUTAGE, 2, timedelta(hours=1), State.FAILING),
        (Cause.REFUSED, 1, timedelta(0), State.RETRYING),
        (Cause.THROTTLED, 50, timedelta(days=1), State.RATE_LIMITED),
        (Cause.ACCESS, 1, timedelta(0), State.NEEDS_RECONNECT),
        (Cause.ACCESS, 50, timedelta(days=1), State.NEEDS_RECONNECT),
    ],
)
def test_states(cause: Cause, failures: int, since: timedelta, state: State) -> None:
    assert verdict(cause, failures, since=since).state == state


def test_lost_access_is_not_tried_again_by_itself() -> None:
    assert verdict(Cause.ACCESS).next_sync_at is None


def test_the_first_try_again_comes_soon_and_the_others_ever_later() -> None:
    waits = [wait(verdict(Cause.REFUSED, failures)) for failures in range(1, 12)]

    assert waits[0] == timedelta(seconds=15)
    assert waits[1] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def test_a_service_that_was_away_for_long_is_looked_for_every_five_minutes() -> None:
    assert wait(verdict(Cause.OUTAGE, 1000)) == timedelta(minutes=5)


@given(
    st.sampled_from([cause for cause in Cause if cause != Cause.ACCESS]),
    st.integers(1, 10**6),
    st.floats(0, 10**6),
    st.floats(0, 1),
)
def test_the_next_try_is_never_before_what_the_service_asks_nor_beyond_the_most(
    cause: Cause, failures: int, retry_after: float, jitter: float
) -> None:
    asked = timedelta(seconds=retry_after)

    found = after_failure(
        cause,
        failures=failures,
        first_failed_at=NOW,
        now=NOW,
        backoff=BACKOFF,
        retry_after=asked,
        jitter=jitter,
    )

    assert asked <= wait(found) <= max(asked, BACKOFF.most * 1.1)
    assert wait(found) >= BACKOFF.first * 0.9
