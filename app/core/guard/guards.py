"""The guards of all outside services: one object for each, so that all calls share its breaker and its rate."""

import asyncio
import time
from collections.abc import Callable, Iterable

from app.core.clock import Clock, utc_now
from app.core.guard.guard import Guard, GuardListener, Observer, Sleep
from app.core.guard.settings import GuardSettings


class Guards:
    """Made once, in a composition root."""

    def __init__(
        self,
        settings: GuardSettings | None = None,
        *,
        listeners: Iterable[GuardListener] = (),
        observer: Observer | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._settings = settings or GuardSettings()
        self._listeners = tuple(listeners)
        self._observer = observer
        self._clock, self._now, self._sleep = clock, now, sleep
        self._guards: dict[str, Guard] = {}

    def of(self, key: str, *, name: str = "", calls_per_minute: int | None = None) -> Guard:
        """The guard of a service, made when it is first asked for.

        Raises ValueError where it exists with another rate: one of the two callers would be wrong about it.
        """
        guard = self._guards.get(key)
        if guard is None:
            guard = self._guards[key] = Guard(
                key,
                self._settings,
                name=name,
                calls_per_minute=calls_per_minute,
                listeners=self._listeners,
                clock=self._clock,
                now=self._now,
                sleep=self._sleep,
            )
            guard.observer = self._observer
        elif calls_per_minute not in (None, guard.calls_per_minute):
            raise ValueError(f"{key} is guarded at {guard.calls_per_minute} calls a minute, not {calls_per_minute}")
        return guard

    def all(self) -> tuple[Guard, ...]:
        """In the order of their keys."""
        return tuple(guard for _, guard in sorted(self._guards.items()))
