"""Libraries that do parts of what the guard does, wrapped alike, as far as they happen to be installed.

None is needed by the program or by its checks. To see them beside it, put them in a folder of their own:
`pip install --no-deps --target FOLDER purgatory aiobreaker pybreaker stamina`, and
`PYTHONPATH=FOLDER .venv/bin/python -m scripts.benchmarks --only guard`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib import import_module
from importlib.metadata import version
from typing import Any, TypeAlias

from tenacity import AsyncRetrying, stop_after_attempt, wait_exponential_jitter

Call: TypeAlias = Callable[[], Awaitable[object]]
Wrap: TypeAlias = Callable[[Call, float], Awaitable[Call]]
"""Puts a library around a call; the seconds are how long its breaker rests."""

FAILURES = 3


async def purgatory(call: Call, rest_s: float) -> Call:
    factory = _library("purgatory").AsyncCircuitBreakerFactory(default_threshold=FAILURES, default_ttl=rest_s)
    breaker = await factory.get_breaker("service")

    async def guarded() -> object:
        async with breaker:
            return await call()

    return guarded


async def aiobreaker(call: Call, rest_s: float) -> Call:
    breaker = _library("aiobreaker").CircuitBreaker(fail_max=FAILURES, timeout_duration=timedelta(seconds=rest_s))

    async def guarded() -> object:
        return await breaker.call_async(call)

    return guarded


def pybreaker(call: Callable[[], object]) -> Callable[[], object]:
    """It knows no asyncio."""
    breaker = _library("pybreaker").CircuitBreaker(fail_max=FAILURES, success_threshold=2)
    return lambda: breaker.call(call)


async def tenacity(call: Call, _: float) -> Call:
    retrying = AsyncRetrying(stop=stop_after_attempt(4), wait=wait_exponential_jitter(multiplier=2), reraise=True)

    async def guarded() -> object:
        return await retrying(call)

    return guarded


async def tenacity_within_a_deadline(call: Call, rest_s: float) -> Call:
    retried = await tenacity(call, rest_s)

    async def guarded() -> object:
        async with asyncio.timeout(20):
            return await retried()

    return guarded


async def stamina(call: Call, _: float) -> Call:
    caller = _library("stamina").AsyncRetryingCaller(attempts=4).on(ValueError)

    async def guarded() -> object:
        return await caller(call)

    return guarded


BREAKERS: dict[str, Wrap] = {"purgatory": purgatory, "aiobreaker": aiobreaker}
WHOLE: dict[str, Wrap] = {
    "tenacity": tenacity,
    "tenacity within asyncio.timeout": tenacity_within_a_deadline,
    "stamina": stamina,
}
LIBRARIES = ("purgatory", "aiobreaker", "pybreaker", "stamina")


def absent() -> list[str]:
    """Those that can't be compared with here."""
    missing = []
    for name in LIBRARIES:
        try:
            _library(name)
        except ImportError:
            missing.append(name)
    return missing


def called(name: str) -> str:
    """With its version: «purgatory 3.0.1»."""
    library, *rest = name.split(" ")
    return " ".join([library, version(library), *rest])


def _library(name: str) -> Any:
    return import_module(name)
