"""Many calls through one guard: the breaker they share, its door, and their turns."""

import asyncio

import pytest

from app.core.errors import Refusing, Throttled
from app.core.guard import Guard, GuardSettings, Mode, State
from tests.core.guard.play import DOWN, NOT_NOW, Time
from tests.core.guard.service import SETTINGS, Service, guard, refused


async def test_every_attempt_counts_and_a_person_is_not_kept_once_it_is_open(time: Time) -> None:
    guarded, service = guard(time), Service(*[DOWN] * 9)

    assert await refused(guarded.call(service)) is DOWN
    assert (len(service.given), guarded.breaker.state) == (3, State.OPEN)

    error = await refused(guarded.call(service))
    assert isinstance(error, Refusing)
    assert (error.detail, len(service.given)) == ("Slack is temporarily unavailable. Try again in 30 s.", 3)


async def test_a_job_waits_for_the_door_and_closes_the_breaker(time: Time) -> None:
    guarded, service = guard(time), Service(DOWN, DOWN, DOWN)

    assert await guarded.call(service, mode=Mode.BACKGROUND) == "ok"
    assert (sum(time.slept), guarded.breaker.state) == (2 + 4 + 30, State.HALF_OPEN)
    assert await guarded.call(service, mode=Mode.BACKGROUND) == "ok"
    assert guarded.breaker.state is State.CLOSED


async def test_a_job_does_not_wait_for_a_door_that_opens_too_late(time: Time) -> None:
    guarded = guard(time)
    guarded.breaker.open()

    assert isinstance(await refused(guarded.call(Service(), mode=Mode.BACKGROUND, budget_s=30)), Refusing)
    assert time.slept == []


async def test_jobs_that_wait_together_go_through_the_door_one_at_a_time(time: Time) -> None:
    guarded, service = guard(time), Service()
    guarded.breaker.open()

    answers = await asyncio.gather(*(guarded.call(service, mode=Mode.BACKGROUND, budget_s=900) for _ in range(5)))

    assert answers == ["ok"] * 5
    assert guarded.breaker.state is State.CLOSED


async def test_a_pause_that_is_waited_out_is_no_illness(time: Time) -> None:
    guarded = guard(time, GuardSettings(breaker_failures=1))

    assert await guarded.call(Service(NOT_NOW, NOT_NOW)) == "ok"
    assert guarded.breaker.state is State.CLOSED


async def test_a_pause_that_is_not_waited_out_counts(time: Time) -> None:
    guarded, asked = guard(time), Throttled("Slow down.", retry_after_s=3600)

    for _ in range(3):
        await refused(guarded.call(Service(asked)))

    assert guarded.breaker.state is State.OPEN


async def test_ten_calls_at_once_stay_parallel(time: Time) -> None:
    together = asyncio.Barrier(10)

    async def meet(_: float) -> int:
        return await together.wait()

    guarded = guard(time, calls_per_minute=600)

    assert sorted(await asyncio.gather(*(guarded.call(meet, budget_s=5) for _ in range(10)))) == list(range(10))


async def test_ten_that_fail_together_open_it_once(time: Time) -> None:
    together = asyncio.Barrier(10)

    async def fail(_: float) -> None:
        async with together:
            raise DOWN

    guarded = guard(time)
    await asyncio.gather(*(guarded.call(fail, budget_s=5) for _ in range(10)), return_exceptions=True)

    assert (guarded.snapshot().openings, guarded.snapshot().failures) == (1, 3)


async def test_calls_beyond_the_rate_wait_for_their_turn(time: Time) -> None:
    guarded, service = guard(time, calls_per_minute=6), Service()

    for _ in range(8):
        await guarded.call(service)

    assert time.slept == [10, 10]


async def test_a_turn_beyond_the_deadline_is_told_at_once_and_blames_nobody(time: Time) -> None:
    guarded, service = guard(time, calls_per_minute=1), Service()
    await guarded.call(service)

    error = await refused(guarded.call(service))

    assert isinstance(error, Throttled)
    assert error.detail == "Too many calls to Slack are waiting. Try again in 60 s."
    assert (error.retry_after_s, error.happened, time.slept, len(service.given)) == (60, False, [], 1)
    assert guarded.breaker.snapshot().failures == 0


async def test_while_it_is_open_nobody_waits_for_a_turn_or_uses_one(time: Time) -> None:
    guarded, service = guard(time, calls_per_minute=1), Service()
    guarded.breaker.open()

    for _ in range(3):
        assert isinstance(await refused(guarded.call(service)), Refusing)

    guarded.breaker.close()
    assert await guarded.call(service) == "ok"
    assert time.slept == []


async def test_a_turn_is_given_back_by_who_is_cancelled_while_waiting() -> None:
    time = Time()
    guarded = Guard("slack", SETTINGS, calls_per_minute=1, clock=time, sleep=_never)
    await guarded.call(Service())
    waiting = asyncio.create_task(guarded.call(Service(), budget_s=100))
    await asyncio.sleep(0)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    time.advance(60)
    assert await guarded.call(Service()) == "ok"


async def _never(_: float) -> None:
    await asyncio.Event().wait()


async def test_while_open_people_are_answered_in_less_than_a_millisecond() -> None:
    guarded = Guard("slack", SETTINGS)
    guarded.breaker.open()
    clock = asyncio.get_running_loop().time
    took = []
    for _ in range(50):
        begun = clock()
        await refused(guarded.call(Service()))
        took.append(clock() - begun)

    assert min(took) < 0.001
