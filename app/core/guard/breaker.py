"""A circuit breaker: it stops calling a service that fails, and tries it again with single probes.

Closed, it lets every call through; `failures` in a row open it. Open, it refuses for `rest_s` seconds. The first call
after that makes it half-open: `probes` calls at a time go through, `successes` of them close it, one failure opens it
again. There is no timer: time alone changes nothing until somebody asks.

It is our own because of the half-open state: of the published libraries, two let ten of ten callers through at once
and close after one success, and the third holds a lock while the call runs, so that parallel calls wait for each
other (docs/decisions/0018). Nothing is awaited here; callers may be tasks or threads.
"""

import functools
import inspect
import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeAlias, TypeVar, cast

from app.core import log
from app.core.errors import Refusing, Upstream

P = ParamSpec("P")
T = TypeVar("T")

_log = log.get(__name__)
_PROBING_S = 1.0
"""When to ask again while all probes are out: nobody knows how long they take."""


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state. `at_s` is on the breaker's own clock; listeners are called the moment it happens."""

    service: str
    before: State
    after: State
    at_s: float
    why: str


Listener: TypeAlias = Callable[[Transition], object]


@dataclass(frozen=True, slots=True)
class BreakerSnapshot:
    """`failures`: how many in a row. `opens_door_in_s`: seconds until a probe may go, None unless it is open."""

    state: State
    failures: int
    opens_door_in_s: float | None


def tells_of_illness(error: Exception) -> bool:
    """Whether the error means that the service itself is ill; a refused request or a defect of ours does not."""
    return isinstance(error, Upstream) and error.counts


class Permit:
    """Leave for one call, to be settled once by what became of it; as a context manager it settles itself.

    A permit of an earlier generation, one that a change of state has made old, changes nothing any more.
    """

    __slots__ = ("_breaker", "_generation", "_probing")

    def __init__(self, breaker: "Breaker", generation: int, *, probe: bool) -> None:
        self._breaker = breaker
        self._generation = generation
        self._probing = probe

    def succeeded(self) -> None:
        breaker = self._breaker
        if self._probing or breaker.failing:  # a healthy service costs no more than this look
            breaker._succeeded(self._generation, probe=self._freed())

    def failed(self, error: BaseException) -> None:
        """Counts only where the error tells of illness. May follow `abandoned`, if that is known no earlier."""
        probe = self._freed()
        if isinstance(error, Exception) and self._breaker.counts(error):
            self._breaker._failed(self._generation, probe=probe)
        elif probe:
            self._breaker._abandoned(self._generation)

    def abandoned(self) -> None:
        """Nothing was learned: the call was cancelled or never made."""
        if self._freed():
            self._breaker._abandoned(self._generation)

    def _freed(self) -> bool:
        """Whether this permit still holds a probe's place; it does no longer."""
        held, self._probing = self._probing, False
        return held

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self.failed(error)
        elif self._probing or self._breaker.failing:  # as in `succeeded`, without the call
            self.succeeded()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        self.__exit__(kind, error, trace)


class Breaker:
    """`with breaker.enter(): …`, `async with breaker.enter(): …`, or `@breaker` on a function of either sort."""

    def __init__(
        self,
        name: str,
        *,
        failures: int = 3,
        rest_s: float = 30.0,
        successes: int = 2,
        probes: int = 1,
        counts: Callable[[Exception], bool] = tells_of_illness,
        clock: Callable[[], float] = time.monotonic,
        listeners: Iterable[Listener] = (),
    ) -> None:
        """`name` is for people («Slack»). Listeners are called within the change: they must be quick."""
        if min(failures, successes, probes) < 1 or not 0 <= rest_s < math.inf:
            raise ValueError("a breaker needs at least one failure, success and probe, and a rest that ends")
        self.name = name
        self.counts = counts
        self.failing = 0
        """Failures in a row, through all openings; a success while closed, or closing, begins anew."""
        self._limits = (failures, successes, probes)
        self._rest_s = rest_s
        self._clock = clock
        self._listeners = list(listeners)
        self._lock = threading.RLock()  # never taken on the way of a healthy call
        self._state = State.CLOSED
        self._generation = 0
        self._opened_at = -math.inf
        self._succeeding = 0
        self._probing = 0
        self._shared: Permit | None = Permit(self, 0, probe=False)  # by all calls of one closed time, None otherwise

    @property
    def state(self) -> State:
        return self._state

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def enter(self) -> Permit:
        """Leave for one call. Raises Refusing, which says when to try again."""
        return self._shared or self._enter_as_probe()

    def check(self) -> None:
        """Raises what `enter` would raise now, and takes nothing."""
        if self._shared:
            return
        with self._lock:
            left = self._left_s()
            if self._state is State.HALF_OPEN and self._probing >= self._limits[2]:
                left = _PROBING_S
        if left:
            wait = f"Try again in {math.ceil(left)} s."
            sentence = f"{self.name} is temporarily unavailable. {wait}"
            raise Refusing(sentence, service=self.name, retry_after_s=left, happened=False)

    def open(self) -> None:
        """By hand: rests from now on, whatever the state."""
        with self._lock:
            self._become(State.OPEN, "opened by hand")

    def close(self) -> None:
        """By hand: forgets all failures, whatever the state."""
        with self._lock:
            self._become(State.CLOSED, "closed by hand")

    def snapshot(self) -> BreakerSnapshot:
        with self._lock:
            left = self._left_s() if self._state is State.OPEN else None
            return BreakerSnapshot(self._state, self.failing, left)

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Decorates a function, or a coroutine function."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError("a breaker guards calls; a generator's work comes after its call")
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                with self.enter():
                    return await function(*args, **kwargs)

            return cast(Callable[P, T], awaited)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            with self.enter():
                return function(*args, **kwargs)

        return called

    def _enter_as_probe(self) -> Permit:
        with self._lock:
            if self._state is State.OPEN and not self._left_s():
                self._become(State.HALF_OPEN, f"{self._rest_s:g} s have passed")
            self.check()
            if self._shared:  # another thread, or a listener, closed it just now
                return self._shared
            self._probing += 1
            return Permit(self, self._generation, probe=True)

    def _succeeded(self, generation: int, *, probe: bool) -> None:
        with self._lock:
            if generation != self._generation:
                return
            if self._state is State.CLOSED:
                self.failing = 0
            elif probe:
                self._probing -= 1
                self._succeeding += 1
                if self._succeeding >= self._limits[1]:
                    self._become(State.CLOSED, f"probes that succeeded: {self._succeeding}")

    def _failed(self, generation: int, *, probe: bool) -> None:
        with self._lock:
            if generation != self._generation:
                return
            self.failing += 1
            if self._state is State.HALF_OPEN:
                self._become(State.OPEN, "a probe failed")
            elif self.failing >= self._limits[0]:
                self._become(State.OPEN, f"failures in a row: {self.failing}")

    def _abandoned(self, generation: int) -> None:
        with self._lock:
            if generation == self._generation:
                self._probing -= 1

    def _left_s(self) -> float:
        """Of the rest; 0 where there is none."""
        return max(0.0, self._opened_at + self._rest_s - self._clock()) if self._state is State.OPEN else 0.0

    def _become(self, after: State, why: str) -> None:
        before, now = self._state, self._clock()
        self._generation += 1
        self._succeeding = self._probing = 0
        if after is State.OPEN:
            self._opened_at = now
        elif after is State.CLOSED:
            self.failing = 0
        self._shared = Permit(self, self._generation, probe=False) if after is State.CLOSED else None
        self._state = after
        if before is not after:
            self._tell(Transition(self.name, before, after, now, why))

    def _tell(self, transition: Transition) -> None:
        for listener in self._listeners:
            try:
                listener(transition)
            except Exception:  # noqa: BLE001 - whoever only listens must never break a call
                _log.exception("a breaker's listener failed", service=self.name)
