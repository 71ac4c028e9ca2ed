"""The ways in which calls go through a breaker: around a block, around a function, from tasks and from threads."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.core.errors import Refusing
from app.core.guard import State
from tests.core.guard.play import DOWN, OURS, Time, breaker, half_open, play

C, O, H = State.CLOSED, State.OPEN, State.HALF_OPEN  # noqa: E741 - as in the tables


def test_as_a_context_manager_it_counts_by_itself(time: Time) -> None:
    guarded = breaker(time, failures=1)

    with pytest.raises(type(OURS)), guarded.enter():
        raise OURS
    assert guarded.state is C
    with pytest.raises(type(DOWN)), guarded.enter():
        raise DOWN
    assert guarded.state is O


async def test_as_an_asynchronous_context_manager_it_counts_by_itself(time: Time) -> None:
    guarded = breaker(time, failures=1, successes=1)
    with pytest.raises(type(DOWN)):
        async with guarded.enter():
            raise DOWN
    time.advance(30)

    async with guarded.enter():
        assert guarded.state is H

    assert guarded.state is C


def test_it_decorates_functions(time: Time) -> None:
    guarded = breaker(time, failures=1)

    @guarded
    def half(number: int) -> float:
        if not number:
            raise DOWN
        return number / 2

    assert (half(3), half.__name__) == (1.5, "half")
    with pytest.raises(type(DOWN)):
        half(0)
    with pytest.raises(Refusing):
        half(3)


async def test_it_decorates_coroutine_functions(time: Time) -> None:
    guarded = breaker(time, failures=1)

    @guarded
    async def half(number: int) -> float:
        await asyncio.sleep(0)
        if not number:
            raise DOWN
        return number / 2

    assert asyncio.iscoroutinefunction(half)
    assert await half(3) == 1.5
    with pytest.raises(type(DOWN)):
        await half(0)
    with pytest.raises(Refusing):
        await half(3)


def test_a_generator_is_not_decorated(time: Time) -> None:
    def numbers() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="after its call"):
        breaker(time)(numbers)


async def test_a_cancelled_probe_makes_room_for_the_next(time: Time) -> None:
    guarded = breaker(time)
    half_open(guarded, time, 30)
    waiting = asyncio.create_task(guarded(asyncio.sleep)(60))
    await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    assert guarded.state is H
    guarded.enter()


def test_of_many_threads_one_gets_the_probe(time: Time) -> None:
    guarded = breaker(time)
    guarded.open()
    time.advance(30)

    with ThreadPoolExecutor(10) as threads:
        results = list(threads.map(lambda _: play(guarded, time, ["P"]).permissions[0], range(100)))

    assert results.count(True) == 1
