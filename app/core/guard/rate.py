"""How many calls a minute go to a service; a minute's worth may go at once after a quiet time.

Each call is given its turn when it asks, so the wait is known beforehand: whoever can't wait as long learns at once
when to come again, and takes no turn. aiolimiter tells the wait only by making one wait, and reads its own clock;
that is why these lines are ours. One number holds it all: when the next call would go if there were no bursts.
"""

import time
from collections.abc import Callable


class Rate:
    def __init__(self, calls_per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        if calls_per_minute < 1:
            raise ValueError("a rate needs at least one call a minute")
        self._interval_s = 60 / calls_per_minute
        self._burst_s = 60 - self._interval_s
        self._clock = clock
        self._next = clock() - 60

    def take(self, at_most_s: float) -> float:
        """Seconds until the turn that is taken; where they exceed `at_most_s`, none is taken."""
        now = self._clock()
        wait = max(0.0, self._next - self._burst_s - now)
        if wait <= at_most_s:
            self._next = max(self._next, now) + self._interval_s
        return wait

    def give_back(self) -> None:
        """A turn that was taken and not used. Those who wait keep theirs; whoever comes next comes sooner."""
        self._next -= self._interval_s
