"""What a guard counts, and the frozen picture of it that is shown."""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.errors import Category, Problem, Unreachable, Upstream
from app.core.guard.breaker import State, Transition

LATENCY_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_CHANGES_KEPT = 20


class Outcome(StrEnum):
    """How a call or an attempt ended."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    THROTTLED = "throttled"
    REFUSED_BY_BREAKER = "refused_by_breaker"
    REJECTED = "rejected"
    UNAUTHORISED = "unauthorised"
    UNREADABLE = "unreadable"
    CANCELLED = "cancelled"
    OTHER = "other"


_BY_CODE = {
    "unreachable": Outcome.UNREACHABLE,
    "upstream_timeout": Outcome.TIMED_OUT,
    "throttled": Outcome.THROTTLED,
    "breaker_open": Outcome.REFUSED_BY_BREAKER,
    "rejected": Outcome.REJECTED,
    "unauthorised": Outcome.UNAUTHORISED,
    "unreadable": Outcome.UNREADABLE,
}


def outcome_of(error: BaseException) -> Outcome:
    if isinstance(error, Upstream):
        return _BY_CODE.get(error.code, Outcome.OTHER)
    return Outcome.OTHER if isinstance(error, Exception) else Outcome.CANCELLED


@dataclass(frozen=True, slots=True)
class Latency:
    """Of attempts that ended by themselves, well or not. `buckets`: how many took up to each of LATENCY_BOUNDS_S and
    longer than the one before; the last one counts what took longer than all."""

    count: int
    sum_s: float
    max_s: float
    buckets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """The last failed attempt. The error's own words are not kept: they may quote what was sent."""

    at: datetime
    category: Category
    code: str
    service: str = ""
    """Who failed, as people call it: the service itself, or the gateway on the way to it."""
    silent: bool = False
    """Nothing of the other side was heard at all: it may be our own network."""


@dataclass(frozen=True, slots=True)
class Change:
    """A transition of the breaker, by the clock on the wall."""

    at: datetime
    before: State
    after: State
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSnapshot:
    """A guard as it stands. `failures` are those in a row, `retry_at` is when an open breaker lets a probe through."""

    key: str
    name: str
    state: State
    failures: int
    retry_at: datetime | None
    calls_per_minute: int | None
    calls: int
    running: int
    attempts: int
    retries: int
    outcomes: Mapping[Outcome, int]
    """Of calls: with those still running they add up to `calls`."""
    attempts_failed: Mapping[Outcome, int]
    latency: Latency
    openings: int
    changes: tuple[Change, ...]
    """The latest, oldest first."""
    last_failure: Failure | None
    succeeded_at: datetime | None
    """When an attempt last succeeded."""
    down_since: datetime | None
    """Since when the breaker has not been closed; None while it is."""


class Statistics:
    """Counters that only grow, since the process began."""

    __slots__ = (
        "attempts",
        "attempts_failed",
        "calls",
        "changes",
        "last_failure",
        "openings",
        "outcomes",
        "retries",
        "succeeded_s",
    )

    def __init__(self) -> None:
        self.calls = self.attempts = self.retries = self.openings = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.attempts_failed: Counter[Outcome] = Counter()
        self.changes: deque[Change] = deque(maxlen=_CHANGES_KEPT)
        self.last_failure: Failure | None = None
        self.succeeded_s: float | None = None
        """On the guard's own clock: reading the wall's at each success would cost more."""

    def failed(self, error: Exception, at: datetime) -> None:
        self.attempts_failed[outcome_of(error)] += 1
        category = error.category if isinstance(error, Problem) else Category.INTERNAL
        code = error.code if isinstance(error, Problem) else "internal"
        service = error.service if isinstance(error, Upstream) else ""
        silent = isinstance(error, Unreachable) and error.silent
        self.last_failure = Failure(at, category, code, service, silent)

    def changed(self, transition: Transition, at: datetime) -> None:
        self.openings += transition.after is State.OPEN
        self.changes.append(Change(at, transition.before, transition.after, transition.why))


class Latencies:
    __slots__ = ("_buckets", "_max_s", "_sum_s")

    def __init__(self) -> None:
        self._buckets = [0] * (len(LATENCY_BOUNDS_S) + 1)
        self._sum_s = self._max_s = 0.0

    def add(self, seconds: float) -> None:
        self._buckets[bisect_left(LATENCY_BOUNDS_S, seconds)] += 1
        self._sum_s += seconds
        self._max_s = max(self._max_s, seconds)

    def snapshot(self) -> Latency:
        return Latency(sum(self._buckets), self._sum_s, self._max_s, tuple(self._buckets))
