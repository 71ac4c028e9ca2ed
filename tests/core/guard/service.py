"""A service that answers as scripted, and its guard on a clock that tests move."""

import asyncio
from collections.abc import Awaitable

import pytest

from app.core.errors import Upstream
from app.core.guard import Guard, GuardSettings
from tests.core.guard.play import Time

SETTINGS = GuardSettings(retry_jitter=0)
PATIENT = GuardSettings(retry_jitter=0, breaker_failures=10)


class Service:
    """Answers as scripted: raises errors, returns anything else; «ok» when nothing is scripted any more."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.given: list[float] = []

    async def __call__(self, timeout_s: float) -> object:
        self.given.append(timeout_s)
        await asyncio.sleep(0)
        answer = self.script.pop(0) if self.script else "ok"
        if isinstance(answer, Exception):
            raise answer
        return answer


def guard(time: Time, settings: GuardSettings = SETTINGS, calls_per_minute: int | None = None) -> Guard:
    return Guard(
        "composio:slack", settings, name="Slack", calls_per_minute=calls_per_minute, clock=time, sleep=time.sleep
    )


async def refused(call: Awaitable[object]) -> Upstream:
    with pytest.raises(Upstream) as found:
        await call
    return found.value


async def hang(_: float) -> None:
    await asyncio.Event().wait()
