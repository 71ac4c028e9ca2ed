"""A clock that tests move, errors of services, and a notation in which a breaker's life is a line of text.

`F` a call that fails, `S` one that succeeds, `I` one that ends with an error that doesn't count, `P` leave is asked
for and kept, `+5` five seconds pass, `!open` and `!closed` by hand.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.errors import Refusing, Rejected, Throttled, TimedOut, Unauthorised, Unreachable, Unreadable
from app.core.guard import Breaker, State

DOWN = Unreachable("It does not answer.", service="Slack")
UNDONE = Unreachable("No connection was made.", service="Slack", happened=False)
SLOW = TimedOut("It took too long.", service="Slack")
NOT_NOW = Throttled("Slow down.", service="Slack", happened=False)
OURS = Rejected("No such channel.", service="Slack")
LOCKED_OUT = Unauthorised("Connect it again.", service="Slack")
ODD = Unreadable("Another shape.", path="data", service="Slack")


class Time:
    """Stands still until it is moved; sleeping moves it, and is noted."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class Played:
    states: list[State] = field(default_factory=list)
    """After each step."""
    permissions: list[bool] = field(default_factory=list)
    """Of each `P`."""
    refused: int = 0


def breaker(time: Time, *, failures: int = 3, successes: int = 2, probes: int = 1) -> Breaker:
    return Breaker("Slack", failures=failures, successes=successes, probes=probes, clock=time)


def play(breaker: Breaker, time: Time, steps: Sequence[str]) -> Played:
    played = Played()
    for step in steps:
        if step.startswith("+"):
            time.advance(float(step))
        elif step in ("!open", "!closed"):
            breaker.open() if step == "!open" else breaker.close()
        else:
            allowed = _call(breaker, step)
            played.refused += not allowed
            if step == "P":
                played.permissions.append(allowed)
        played.states.append(breaker.state)
    return played


def half_open(breaker: Breaker, time: Time, rest_s: float) -> None:
    breaker.open()
    time.advance(rest_s)
    breaker.enter().abandoned()


def _call(breaker: Breaker, step: str) -> bool:
    try:
        permit = breaker.enter()
    except Refusing:
        return False
    if step == "S":
        permit.succeeded()
    elif step in "FI":
        permit.failed(DOWN if step == "F" else OURS)
    return True
