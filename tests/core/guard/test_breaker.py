"""The breaker as a state machine: tables, late results, and what it tells."""

import asyncio

import pytest
from structlog.testing import capture_logs

from app.core.errors import Refusing
from app.core.guard import Breaker, State, Transition
from tests.core.guard.play import DOWN, LOCKED_OUT, NOT_NOW, ODD, OURS, SLOW, Time, breaker, half_open, play

C, O, H = State.CLOSED, State.OPEN, State.HALF_OPEN  # noqa: E741 - one letter for each column of the tables


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ("F F S F F", [C, C, C, C, C]),
        ("F F F S", [C, C, O, O]),
        ("F F I F", [C, C, C, O]),
        ("F F F +29 S", [C, C, O, O, O]),
        ("F F F +30", [C, C, O, O]),
        ("F F F +30 S", [C, C, O, O, H]),
        ("F F F +30 S S", [C, C, O, O, H, C]),
        ("F F F +30 S I S", [C, C, O, O, H, H, C]),
        ("F F F +30 S F", [C, C, O, O, H, O]),
        ("F F F +30 F +29 S +1 S", [C, C, O, O, O, O, O, O, H]),
        ("F F F +30 S S F F", [C, C, O, O, H, C, C, C]),
        ("F F F +30 P S S", [C, C, O, O, H, H, H]),
        ("!open S +30 S", [O, O, O, H]),
        ("F F F +20 !open +20 S", [C, C, O, O, O, O, O]),
        ("F F F !closed F F", [C, C, O, C, C, C]),
        ("F F !closed F F", [C, C, C, C, C]),
        ("F F F +30 P !closed S", [C, C, O, O, H, C, C]),
    ],
)
def test_states_follow_from_what_became_of_calls(steps: str, states: list[State], time: Time) -> None:
    assert play(breaker(time), time, steps.split()).states == states


@pytest.mark.parametrize(
    ("limits", "steps", "states"),
    [
        ({"failures": 1}, "F", [O]),
        ({"failures": 5}, "F F F F F", [C, C, C, C, O]),
        ({"failures": 1, "successes": 1}, "F +30 S", [O, O, C]),
        ({"failures": 1, "successes": 3}, "F +30 S S S", [O, O, H, H, C]),
    ],
)
def test_limits_can_be_set(limits: dict[str, int], steps: str, states: list[State], time: Time) -> None:
    assert play(breaker(time, **limits), time, steps.split()).states == states


@pytest.mark.parametrize("limits", [{"failures": 0}, {"successes": 0}, {"probes": 0}])
def test_limits_that_make_no_sense_are_refused(limits: dict[str, int], time: Time) -> None:
    with pytest.raises(ValueError, match="at least one"):
        breaker(time, **limits)


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (DOWN, True),
        (SLOW, True),
        (NOT_NOW, True),
        (OURS, False),
        (LOCKED_OUT, False),
        (ODD, False),
        (KeyError("ours"), False),
        (asyncio.CancelledError(), False),
    ],
)
def test_only_what_tells_of_illness_counts(error: BaseException, counts: bool, time: Time) -> None:
    guarded = breaker(time, failures=1)

    guarded.enter().failed(error)

    assert (guarded.state is O) == counts


def test_it_says_when_to_try_again(time: Time) -> None:
    guarded = breaker(time)
    play(guarded, time, ["F", "F", "F", "+3.5"])

    with pytest.raises(Refusing) as refused:
        guarded.enter()

    assert refused.value.detail == "Slack is temporarily unavailable. Try again in 27 s."
    assert (refused.value.retry_after_s, refused.value.retry_after, refused.value.happened) == (26.5, 27, False)


def test_while_a_probe_is_out_the_others_are_told_to_ask_again_soon(time: Time) -> None:
    guarded = breaker(time)
    half_open(guarded, time, 30)
    guarded.enter()

    with pytest.raises(Refusing, match=r"Try again in 1 s\."):
        guarded.enter()


def test_checking_takes_no_place(time: Time) -> None:
    guarded = breaker(time)
    half_open(guarded, time, 30)

    guarded.check()
    probe = guarded.enter()

    with pytest.raises(Refusing):
        guarded.check()
    probe.succeeded()
    guarded.check()


def test_an_abandoned_probe_makes_room_for_one_more_and_only_once(time: Time) -> None:
    guarded = breaker(time)
    half_open(guarded, time, 30)
    probe = guarded.enter()

    probe.abandoned()
    probe.abandoned()

    guarded.enter()
    with pytest.raises(Refusing):
        guarded.enter()


def test_what_was_abandoned_may_count_later(time: Time) -> None:
    guarded = breaker(time)
    half_open(guarded, time, 30)
    probe = guarded.enter()

    probe.abandoned()
    probe.failed(NOT_NOW)

    assert guarded.state is O


@pytest.mark.parametrize("late", ["succeeded", "failed", "abandoned"])
@pytest.mark.parametrize(
    "since", ["F F F", "F F F +30 P", "F F F +30 S", "F F F +30 S S", "!open", "!open !closed", "!closed F F"]
)
def test_a_late_result_of_an_old_generation_changes_nothing(since: str, late: str, time: Time) -> None:
    guarded = breaker(time)
    old = guarded.enter()
    play(guarded, time, since.split())
    before = guarded.snapshot()

    old.failed(DOWN) if late == "failed" else getattr(old, late)()

    assert guarded.snapshot() == before


def test_a_late_probe_neither_closes_the_next_half_open_state_nor_frees_its_place(time: Time) -> None:
    guarded = breaker(time, successes=1)
    half_open(guarded, time, 30)
    old = guarded.enter()
    half_open(guarded, time, 30)
    guarded.enter()

    old.succeeded()

    assert guarded.state is H
    with pytest.raises(Refusing):
        guarded.enter()


def test_a_snapshot_tells_failures_and_when_the_door_opens(time: Time) -> None:
    guarded = breaker(time)
    play(guarded, time, ["F", "F", "F", "+10"])
    assert (guarded.snapshot().failures, guarded.snapshot().opens_door_in_s) == (3, 20)

    play(guarded, time, ["+20", "F"])
    assert (guarded.snapshot().failures, guarded.snapshot().opens_door_in_s) == (4, 30)

    play(guarded, time, ["+30", "S", "S"])
    assert (guarded.snapshot().failures, guarded.snapshot().opens_door_in_s) == (0, None)


def test_listeners_are_told_each_change(time: Time) -> None:
    told: list[Transition] = []
    guarded = Breaker("Slack", clock=time, listeners=[told.append])

    play(guarded, time, ["F", "F", "F", "!open", "+30", "F", "+30", "S", "S", "!closed"])

    assert [(one.before, one.after, one.at_s, one.why) for one in told] == [
        (C, O, 1000, "failures in a row: 3"),
        (O, H, 1030, "30 s have passed"),
        (H, O, 1030, "a probe failed"),
        (O, H, 1060, "30 s have passed"),
        (H, C, 1060, "probes that succeeded: 2"),
    ]


def test_a_listener_that_fails_is_logged_and_disturbs_nobody(time: Time) -> None:
    told: list[Transition] = []
    guarded = breaker(time, failures=1)
    guarded.listen(lambda _: 1 / 0)
    guarded.listen(told.append)

    with capture_logs() as logged:
        guarded.enter().failed(DOWN)

    assert guarded.state is O
    assert len(told) == 1
    assert [(line["event"], line["log_level"]) for line in logged] == [("a breaker's listener failed", "error")]
