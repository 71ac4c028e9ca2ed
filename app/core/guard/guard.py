"""Everything that stands between the program and one outside service.

Around each other, outermost first: the deadline of the whole call, retries, the rate, the breaker, the call itself.
Every attempt counts for the breaker, with two exceptions that would blame the service for our own impatience:

* `Throttled` counts only when the call gives up on it. A pause that is waited out is no illness.
* `TimedOut` counts only where the attempt had a fair time; near the deadline it may have had hardly any.

The deadline holds without a timer of its own: no wait is begun that would pass it, and the timer of each attempt ends
with it. So a time-out is always seen by the attempt that caused it, and the breaker learns of it.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from app.core import log
from app.core.clock import Clock, utc_now
from app.core.errors import Refusing, Throttled, TimedOut, Upstream
from app.core.guard.breaker import Breaker, Permit, State, Transition
from app.core.guard.rate import Rate
from app.core.guard.retry import Retries, worth_repeating
from app.core.guard.settings import GuardSettings, Mode
from app.core.guard.statistics import GuardSnapshot, Latencies, Outcome, Statistics, outcome_of

T = TypeVar("T")
Attempt: TypeAlias = Callable[[float], Awaitable[T]]
"""Makes the call once, within the given seconds."""
GuardListener: TypeAlias = Callable[[str, Transition], object]
"""Is told the guard's key and what its breaker did."""
Observer: TypeAlias = Callable[[str, Outcome, float, int], object]
"""Is told of each call that ended: the guard's key, how, after how many seconds and attempts. Must be quick."""
Sleep: TypeAlias = Callable[[float], Awaitable[None]]

_FAIR_S = 5.0
_log = log.get(__name__)


class _Call(Generic[T]):
    """One call on its way through the guard."""

    __slots__ = ("attempt", "attempts", "deadline", "fair_s", "mode", "permit", "write")

    def __init__(self, attempt: Attempt[T], mode: Mode, deadline: float, fair_s: float, *, write: bool) -> None:
        self.attempt = attempt
        self.mode = mode
        self.deadline = deadline
        self.fair_s = fair_s
        self.write = write
        self.attempts = 0
        self.permit: Permit | None = None
        """Of the latest attempt that went out; None while the next one waits for leave."""


class Guard:
    """One for each outside service, in all of the process: `await guard.call(fetch, mode=Mode.BACKGROUND)`."""

    def __init__(
        self,
        key: str,
        settings: GuardSettings,
        *,
        name: str = "",
        calls_per_minute: int | None = None,
        listeners: Iterable[GuardListener] = (),
        clock: Callable[[], float] = time.monotonic,
        now: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`key` is for programs («composio:gmail»), `name` for people («Gmail»)."""
        self.key = key
        self.name = name or key
        self.calls_per_minute = calls_per_minute
        self.breaker = Breaker(
            self.name,
            failures=settings.breaker_failures,
            rest_s=settings.breaker_rest_s,
            successes=settings.breaker_successes,
            clock=clock,
            listeners=[self._changed, *(partial(listener, key) for listener in listeners)],
        )
        self._rate = Rate(calls_per_minute, clock=clock) if calls_per_minute else None
        self._retries = {mode: _retries(settings, mode) for mode in Mode}
        self._budget_s = {
            Mode.INTERACTIVE: settings.interactive_budget_s,
            Mode.BACKGROUND: settings.background_budget_s,
        }
        self._attempt_most_s = settings.attempt_most_s
        self._clock, self._now, self._sleep = clock, now, sleep
        self.observer: Observer | None = None
        self._statistics = Statistics()
        self._latencies = Latencies()
        self._down_since_s = clock()

    async def call(
        self,
        attempt: Attempt[T],
        *,
        mode: Mode = Mode.INTERACTIVE,
        write: bool = False,
        budget_s: float | None = None,
    ) -> T:
        """What the attempt returns. Raises its last error, TimedOut, Refusing, or Throttled where our own rate would
        make it wait too long. A `write` is made again only after an error whose `happened` is False."""
        budget, begun = self._budget_s[mode] if budget_s is None else budget_s, self._clock()
        call = _Call(attempt, mode, begun + budget, min(_FAIR_S, budget / 2), write=write)
        self._statistics.calls += 1
        try:
            try:
                # Not through tenacity: that alone costs about three times what all of this does (docs/benchmark.md).
                result = await self._attempt(call)
            except Upstream as error:
                if not self._worth(call, error):
                    raise
                result = await self._again(call, error)
        except BaseException as error:
            self._given_up(call, error)
            self._observed(outcome_of(error), begun, call)
            raise
        self._statistics.outcomes[Outcome.OK] += 1
        self._observed(Outcome.OK, begun, call)
        return result

    def snapshot(self) -> GuardSnapshot:
        counted, breaker = self._statistics, self.breaker.snapshot()
        left, succeeded_s = breaker.opens_door_in_s, counted.succeeded_s
        ago = None if succeeded_s is None else timedelta(seconds=self._clock() - succeeded_s)
        down = None if breaker.state is State.CLOSED else timedelta(seconds=self._clock() - self._down_since_s)
        return GuardSnapshot(
            key=self.key,
            name=self.name,
            state=breaker.state,
            failures=breaker.failures,
            retry_at=None if left is None else self._now() + timedelta(seconds=left),
            calls_per_minute=self.calls_per_minute,
            calls=counted.calls,
            running=counted.calls - counted.outcomes.total(),
            attempts=counted.attempts,
            retries=counted.retries,
            outcomes=dict(counted.outcomes),
            attempts_failed=dict(counted.attempts_failed),
            latency=self._latencies.snapshot(),
            openings=counted.openings,
            changes=tuple(counted.changes),
            last_failure=counted.last_failure,
            succeeded_at=None if ago is None else self._now() - ago,
            down_since=None if down is None else self._now() - down,
        )

    async def _again(self, call: _Call[T], failed: Upstream) -> T:
        def once_more() -> Awaitable[T]:
            self._statistics.retries += 1
            return self._attempt(call)

        return await self._retries[call.mode].again(
            once_more,
            failed,
            worth=partial(self._worth, call),
            left_s=lambda: call.deadline - self._clock(),
            sleep=self._sleep,
        )

    def _worth(self, call: _Call[T], error: BaseException) -> bool:
        if call.mode is Mode.INTERACTIVE and self.breaker.state is State.OPEN:
            return False  # the next attempt would be refused, and a person waits
        return worth_repeating(error, write=call.write)

    async def _attempt(self, call: _Call[T]) -> T:
        call.permit = None
        call.permit = permit = await self._leave(call)
        begun = self._clock()
        within_s = min(self._attempt_most_s, call.deadline - begun)
        self._statistics.attempts += 1
        call.attempts += 1
        try:
            result = await self._within(within_s, call.attempt)
        except Exception as error:
            self._latencies.add(self._clock() - begun)
            self._statistics.failed(error, self._now())
            if isinstance(error, Throttled) or (isinstance(error, TimedOut) and within_s < call.fair_s):
                permit.abandoned()
            else:
                permit.failed(error)
            raise
        except BaseException:  # cancelled from outside
            permit.abandoned()
            raise
        ended = self._clock()
        self._latencies.add(ended - begun)
        self._statistics.succeeded_s = ended
        permit.succeeded()
        return result

    async def _within(self, seconds: float, attempt: Attempt[T]) -> T:
        try:
            async with asyncio.timeout(seconds) as limit:
                return await attempt(seconds)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise TimedOut(f"{self.name} did not answer within {seconds:.3g} s.", service=self.name) from error

    async def _leave(self, call: _Call[T]) -> Permit:
        """Leave to make an attempt. Background calls wait for the breaker's door, where the deadline allows."""
        while True:
            try:
                self.breaker.check()  # before the rate: who is refused should neither wait nor use a turn
                if self._rate:
                    await self._turn(self._rate, call)
                return self.breaker.enter()
            except Refusing as refusing:
                wait = refusing.retry_after_s or 0.0
                if call.mode is Mode.INTERACTIVE or wait >= call.deadline - self._clock():
                    raise
                await self._sleep(wait)

    async def _turn(self, rate: Rate, call: _Call[T]) -> None:
        left = max(0.0, call.deadline - self._clock())
        wait = rate.take(left)
        if wait > left:
            sentence = f"Too many calls to {self.name} are waiting. Try again in {math.ceil(wait)} s."
            raise Throttled(sentence, service=self.name, retry_after_s=wait, happened=False)
        if wait:
            try:
                await self._sleep(wait)
            except BaseException:
                rate.give_back()
                raise

    def _observed(self, outcome: Outcome, begun: float, call: _Call[T]) -> None:
        if self.observer is None:
            return
        try:
            self.observer(self.key, outcome, self._clock() - begun, call.attempts)
        except Exception:  # noqa: BLE001 - whoever only counts must never break a call
            _log.exception("a guard's observer failed", service=self.key)

    def _given_up(self, call: _Call[T], error: BaseException) -> None:
        self._statistics.outcomes[outcome_of(error)] += 1
        if call.permit and isinstance(error, Throttled):
            call.permit.failed(error)

    def _changed(self, transition: Transition) -> None:
        self._statistics.changed(transition, self._now())
        if transition.before is State.CLOSED:
            self._down_since_s = transition.at_s
            _log.warning("a service is down", service=self.key, why=transition.why)
        elif transition.after is State.CLOSED:
            down_s = round(transition.at_s - self._down_since_s, 1)
            _log.info("a service is back", service=self.key, down_s=down_s, why=transition.why)


def _retries(settings: GuardSettings, mode: Mode) -> Retries:
    most = settings.interactive_retries if mode is Mode.INTERACTIVE else settings.background_retries
    return Retries(
        most=most, first_s=settings.retry_first_s, most_s=settings.retry_most_s, jitter=settings.retry_jitter
    )
