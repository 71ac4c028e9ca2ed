"""One call through the guard: its deadline, its retries, and what the breaker learns of them."""

import asyncio

import pytest

from app.core.errors import Throttled, TimedOut, Upstream
from app.core.guard import GuardSettings, Mode, State
from tests.core.guard.play import DOWN, LOCKED_OUT, NOT_NOW, ODD, OURS, UNDONE, Time
from tests.core.guard.service import PATIENT, Service, guard, hang, refused


async def test_what_the_service_answers_is_given_back(time: Time) -> None:
    service = Service("hello")

    assert await guard(time).call(service) == "hello"
    assert (service.given, time.slept) == ([20], [])


async def test_a_failure_is_mended_by_trying_again_a_little_later(time: Time) -> None:
    service = Service(DOWN, DOWN, "hello")

    assert await guard(time).call(service) == "hello"
    assert (service.given, time.slept) == ([20, 18, 14], [2, 4])


@pytest.mark.parametrize(("mode", "attempts"), [(Mode.INTERACTIVE, 4), (Mode.BACKGROUND, 7)])
async def test_people_get_three_retries_and_jobs_six(mode: Mode, attempts: int, time: Time) -> None:
    service = Service(*[DOWN] * 20)

    error = await refused(guard(time, PATIENT).call(service, mode=mode))

    assert error is DOWN
    assert len(service.given) == attempts


@pytest.mark.parametrize("error", [OURS, LOCKED_OUT, ODD])
async def test_what_would_fail_again_is_not_repeated_and_opens_nothing(error: Upstream, time: Time) -> None:
    guarded, service = guard(time), Service(*[error] * 5)

    for _ in range(5):
        assert await refused(guarded.call(service, mode=Mode.BACKGROUND)) is error

    assert len(service.given) == 5
    assert guarded.breaker.snapshot().failures == 0


async def test_a_defect_of_ours_passes_as_it_is(time: Time) -> None:
    guarded, service = guard(time), Service(*[ZeroDivisionError()] * 3)

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await guarded.call(service)

    assert guarded.breaker.state is State.CLOSED


@pytest.mark.parametrize(("error", "attempts"), [(DOWN, 1), (TimedOut("?"), 1), (UNDONE, 2), (NOT_NOW, 2)])
async def test_a_write_is_repeated_only_where_it_did_not_happen(error: Upstream, attempts: int, time: Time) -> None:
    service = Service(error)

    if attempts == 1:
        assert await refused(guard(time).call(service, write=True)) is error
    else:
        assert await guard(time).call(service, write=True) == "ok"
    assert len(service.given) == attempts


async def test_retry_after_is_waited_out(time: Time) -> None:
    assert await guard(time).call(Service(Throttled("Slow down.", retry_after_s=7))) == "ok"
    assert time.slept == [7]


async def test_a_wait_beyond_the_budget_is_not_begun(time: Time) -> None:
    asked = Throttled("Slow down.", retry_after_s=3600)

    assert await refused(guard(time).call(Service(asked), budget_s=5)) is asked
    assert time.slept == []


async def test_retries_end_with_the_budget(time: Time) -> None:
    service = Service(*[DOWN] * 9)

    assert await refused(guard(time, PATIENT).call(service, mode=Mode.BACKGROUND, budget_s=13)) is DOWN
    assert (len(service.given), time.slept) == (3, [2, 4])


async def test_a_service_that_hangs_is_given_up_at_the_deadline(time: Time) -> None:
    guarded = guard(time, GuardSettings(interactive_retries=0))

    error = await refused(guarded.call(hang, budget_s=0.01))

    assert isinstance(error, TimedOut)
    assert error.detail == "Slack did not answer within 0.01 s."
    assert (error.happened, guarded.breaker.snapshot().failures) == (None, 1)


async def test_one_attempt_does_not_use_up_a_long_budget(time: Time) -> None:
    guarded = guard(time, GuardSettings(attempt_most_s=0.01, breaker_failures=1))
    hung = asyncio.Event()

    async def hangs_once(_: float) -> str:
        if not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        return "ok"

    assert await guarded.call(hangs_once, mode=Mode.BACKGROUND, budget_s=100) == "ok"
    assert guarded.snapshot().attempts == 2


async def test_an_attempt_with_hardly_any_time_left_tells_nothing_of_the_service(time: Time) -> None:
    guarded = guard(time)

    async def late(timeout_s: float) -> None:
        if timeout_s > 3:
            time.advance(17.5)
            raise UNDONE
        raise TimedOut("Cut short.")

    await refused(guarded.call(late))

    assert (guarded.snapshot().attempts, guarded.breaker.snapshot().failures) == (2, 1)


async def test_a_time_out_that_is_not_ours_passes_as_it_is(time: Time) -> None:
    with pytest.raises(TimeoutError):
        await guard(time).call(Service(TimeoutError()))


async def test_an_outer_deadline_passes_untouched(time: Time) -> None:
    guarded = guard(time)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await guarded.call(hang)

    assert (guarded.breaker.snapshot().failures, guarded.snapshot().last_failure) == (0, None)


async def test_a_cancelled_probe_makes_room(time: Time) -> None:
    guarded = guard(time)
    guarded.breaker.open()
    time.advance(30)
    probing = asyncio.create_task(guarded.call(hang))
    await asyncio.sleep(0)

    probing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probing

    assert await guarded.call(Service()) == "ok"
