"""All guards of the process, and what each tells of itself."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app.core.errors import Category, Unreachable, Upstream
from app.core.guard import Guard, Guards, GuardSettings, Mode, Outcome, State, Transition
from tests.conftest import START, SettableClock
from tests.core.guard.play import DOWN, LOCKED_OUT, Time
from tests.core.guard.service import Service


@pytest.fixture
def guards(time: Time) -> Guards:
    return Guards(GuardSettings(retry_jitter=0), clock=time, now=SettableClock(), sleep=time.sleep)


async def fail(guard: Guard, *errors: Upstream, mode: Mode = Mode.INTERACTIVE) -> None:
    with pytest.raises(Upstream):
        await guard.call(Service(*errors), mode=mode)


def test_a_service_has_one_guard(guards: Guards) -> None:
    gmail = guards.of("composio:gmail", name="Gmail", calls_per_minute=240)

    assert guards.of("composio:gmail") is gmail
    assert guards.of("composio:gmail", calls_per_minute=240) is gmail
    assert guards.of("composio:slack") is not gmail
    assert [guard.key for guard in guards.all()] == ["composio:gmail", "composio:slack"]


def test_two_rates_for_one_service_are_a_mistake(guards: Guards) -> None:
    guards.of("composio:gmail", calls_per_minute=240)

    with pytest.raises(ValueError, match="at 240 calls a minute, not 60"):
        guards.of("composio:gmail", calls_per_minute=60)


async def test_one_service_going_down_does_not_touch_another(guards: Guards) -> None:
    await fail(guards.of("composio:slack"), DOWN, DOWN, DOWN)

    assert guards.of("composio:slack").breaker.state is State.OPEN
    assert await guards.of("composio:gmail").call(Service()) == "ok"


def test_a_new_guard_has_nothing_to_tell(guards: Guards) -> None:
    told = guards.of("composio:slack", name="Slack").snapshot()

    assert (told.key, told.name, told.state, told.failures) == ("composio:slack", "Slack", State.CLOSED, 0)
    assert (told.calls, told.attempts, told.outcomes, told.last_failure, told.changes) == (0, 0, {}, None, ())
    assert told.retry_at is None


async def test_it_counts_calls_attempts_and_how_they_ended(guards: Guards) -> None:
    guard = guards.of("composio:slack")
    await guard.call(Service(DOWN))
    await fail(guard, LOCKED_OUT)
    await fail(guard, DOWN, DOWN, DOWN)
    await fail(guard)

    told = guard.snapshot()

    assert (told.calls, told.attempts, told.retries, told.running, told.openings) == (4, 6, 3, 0, 1)
    assert told.outcomes == {
        Outcome.OK: 1,
        Outcome.UNAUTHORISED: 1,
        Outcome.UNREACHABLE: 1,
        Outcome.REFUSED_BY_BREAKER: 1,
    }
    assert told.attempts_failed == {Outcome.UNREACHABLE: 4, Outcome.UNAUTHORISED: 1}


async def test_it_tells_its_last_failure_and_when_it_tries_again(guards: Guards) -> None:
    guard = guards.of("composio:slack")
    await fail(guard, DOWN, DOWN, DOWN)

    told = guard.snapshot()

    assert told.retry_at == START + timedelta(seconds=30)
    assert told.last_failure is not None
    assert (told.last_failure.at, told.last_failure.category) == (START, Category.NETWORK)
    assert [(one.at, one.before, one.after) for one in told.changes] == [(START, State.CLOSED, State.OPEN)]


async def test_it_tells_who_failed_and_when_it_last_succeeded(guards: Guards, time: Time) -> None:
    guard = guards.of("composio:slack", name="Slack")
    unheard = Unreachable("No connection.", service="Composio", happened=False)
    unheard.silent = True
    await guard.call(Service())
    time.advance(5)
    await fail(guard, *[unheard] * 4)

    told = guard.snapshot()

    assert told.succeeded_at == START - timedelta(seconds=time() - 1000)
    assert told.last_failure is not None
    assert (told.last_failure.service, told.last_failure.silent) == ("Composio", True)


async def test_running_and_cancelled_calls_are_told_apart(guards: Guards) -> None:
    guard = guards.of("composio:slack")

    async def hang(_: float) -> None:
        await asyncio.Event().wait()

    task = asyncio.create_task(guard.call(hang))
    await asyncio.sleep(0)
    assert guard.snapshot().running == 1

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert (guard.snapshot().running, guard.snapshot().outcomes) == (0, {Outcome.CANCELLED: 1})


async def test_latencies_fall_into_buckets(guards: Guards, time: Time) -> None:
    guard = guards.of("composio:slack")
    for seconds in (0.03, 0.05, 0.2, 60):

        async def take(_: float, seconds: float = seconds) -> None:
            time.advance(seconds)

        await guard.call(take)

    latency = guard.snapshot().latency

    assert (latency.count, latency.max_s, round(latency.sum_s, 2)) == (4, 60, 60.28)
    assert latency.buckets == (2, 0, 1, 0, 0, 0, 0, 0, 0, 1)


async def test_a_service_going_down_and_coming_back_is_logged_once_each(guards: Guards, time: Time) -> None:
    guard = guards.of("composio:slack")
    with capture_logs() as logged:
        await fail(guard, DOWN, DOWN, DOWN)
        for _ in range(5):
            await fail(guard)
        time.advance(30)
        await fail(guard, DOWN)
        time.advance(30)
        for _ in range(5):
            await guard.call(Service())

    assert [(line["event"], line["log_level"], line["service"]) for line in logged] == [
        ("a service is down", "warning", "composio:slack"),
        ("a service is back", "info", "composio:slack"),
    ]
    assert logged[1]["down_s"] == 60


async def test_listeners_of_all_guards_are_told_the_key(time: Time) -> None:
    told: list[tuple[str, State]] = []

    def listen(key: str, transition: Transition) -> None:
        told.append((key, transition.after))

    guards = Guards(listeners=[listen], clock=time, sleep=time.sleep)
    await fail(guards.of("composio:slack"), DOWN, DOWN, DOWN)

    assert told == [("composio:slack", State.OPEN)]


async def test_an_observer_hears_of_each_call_once_with_how_it_ended(time: Time) -> None:
    heard: list[tuple[str, Outcome, float, int]] = []
    guards = Guards(
        GuardSettings(retry_jitter=0), observer=lambda *told: heard.append(told), clock=time, sleep=time.sleep
    )
    slack = guards.of("composio:slack")

    await slack.call(Service(DOWN, "hello"))
    await fail(slack, LOCKED_OUT)

    assert heard == [("composio:slack", Outcome.OK, 2.0, 2), ("composio:slack", Outcome.UNAUTHORISED, 0.0, 1)]


async def test_an_observer_that_fails_breaks_no_call(time: Time) -> None:
    def broken(*_told: object) -> None:
        raise OSError("no space left")

    slack = Guards(GuardSettings(), observer=broken, clock=time, sleep=time.sleep).of("composio:slack")

    with capture_logs() as logged:
        assert await slack.call(Service("hello")) == "hello"

    assert [entry["event"] for entry in logged] == ["a guard's observer failed"]
