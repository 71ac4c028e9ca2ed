"""How an integration that is pulled stands after each pull, and when it is tried again. Pure.

One failure of a network is nothing; many are. Lost access is a state of its own, because no repetition helps: a person
has to connect the account again. Everything else is tried again, more and more rarely.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import Category
from app.records import Kept


class State(StrEnum):
    """Where an integration stands, for people. «syncing» is shown while a pull goes on, over any of them."""

    NEW = "new"
    OK = "ok"
    SYNCING = "syncing"
    RETRYING = "retrying"
    FAILING = "failing"
    NEEDS_RECONNECT = "needs_reconnect"
    PAUSED = "paused"
    RATE_LIMITED = "rate_limited"


class Cause(StrEnum):
    """Why a pull failed, by what is to be done about it."""

    OUTAGE = "outage"
    """No connection, a time-out, a 5xx, an open breaker: it passes by itself."""
    THROTTLED = "throttled"
    ACCESS = "access"
    REFUSED = "refused"
    """The service understood and refuses: settings are wrong, most likely."""
    UNREADABLE = "unreadable"
    DEFECT = "defect"
    """Of ours."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a pull could not go on."""

    cause: Cause
    category: Category
    detail: str
    """A sentence for people."""
    retry_after: timedelta | None = None
    """How long the service asks to be left alone."""
    kept: Kept | None = None
    """The answer that could not be read."""


FAILING_AFTER = 5
"""So many failures in a row, or so long without a success, are no hiccup any more."""
FAILING_AFTER_TIME = timedelta(hours=1)
_OUTAGE_MOST = timedelta(minutes=5)
"""A service that was away is noticed to be back at most this much later, however long it was away."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after the n-th failure in a row: doubling from `first` to `most`."""

    first: timedelta = timedelta(seconds=15)
    most: timedelta = timedelta(hours=1)

    def after(self, failures: int, most: timedelta | None = None) -> timedelta:
        ceiling = min(self.most, most) if most is not None else self.most
        return min(ceiling, self.first * float(2 ** min(failures - 1, 20)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a failure."""

    state: State
    next_sync_at: datetime | None
    """None: not before a person acts."""


def after_failure(
    cause: Cause,
    *,
    failures: int,
    first_failed_at: datetime,
    now: datetime,
    backoff: Backoff,
    retry_after: timedelta | None = None,
    jitter: float = 0.5,
) -> Verdict:
    """`failures` counts this one too. `jitter` from 0 to 1 spreads the next tries of many over a fifth of the wait."""
    if cause is Cause.ACCESS:
        return Verdict(State.NEEDS_RECONNECT, None)
    wait = backoff.after(failures, _OUTAGE_MOST if cause is Cause.OUTAGE else None)
    wait *= 0.9 + 0.2 * jitter
    if retry_after is not None:
        wait = max(wait, retry_after)
    if cause is Cause.THROTTLED:
        return Verdict(State.RATE_LIMITED, now + wait)
    long = failures >= FAILING_AFTER or now - first_failed_at >= FAILING_AFTER_TIME
    return Verdict(State.FAILING if long else State.RETRYING, now + wait)
