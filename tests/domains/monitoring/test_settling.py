"""What is seen is told once it has settled: worse late, better at once, an outage's end when it has ended."""

from datetime import datetime, timedelta

from app.domains.monitoring.levels import Level
from app.domains.monitoring.settling import Seen, Told, settled
from tests.conftest import START

NORMAL = Told("NORMAL", "All is well.", START)
CRITICAL = Told("CRITICAL", "It is away.", START)
SETTLES = timedelta(seconds=10)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def after(told: Told, *looks: tuple[float, Level], returning: bool = False, passes: bool = False) -> Told:
    for seconds, level in looks:
        told = settled(told, Seen(level, f"It is {level}.", returning=returning, passes=passes), at(seconds), SETTLES)
    return told


def test_the_first_look_is_told_as_it_is() -> None:
    assert settled(None, Seen("DEGRADED", "Why."), START, SETTLES) == Told("DEGRADED", "Why.", START)


def test_worse_is_told_once_it_has_stayed_so_and_since_it_began() -> None:
    assert after(NORMAL, (5, "DEGRADED"), (10, "CRITICAL")).level == "NORMAL"

    told = after(NORMAL, (5, "DEGRADED"), (10, "CRITICAL"), (15, "CRITICAL"))
    assert told == Told("CRITICAL", "It is CRITICAL.", at(5))


def test_what_passes_before_it_has_settled_is_told_to_nobody() -> None:
    assert after(NORMAL, (5, "CRITICAL"), (10, "NORMAL"), (15, "CRITICAL"), (24, "CRITICAL")).level == "NORMAL"


def test_another_process_goes_on_where_one_stopped() -> None:
    pending = after(NORMAL, (5, "CRITICAL"))

    assert (pending.pending_level, pending.pending_since) == ("CRITICAL", at(5))
    assert after(pending, (100, "CRITICAL")).since == at(5)


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    pending = after(NORMAL, (7200, "CRITICAL"))

    assert after(pending, (5, "CRITICAL"), (15, "CRITICAL")) == Told("CRITICAL", "It is CRITICAL.", at(5))


def test_that_all_is_well_is_told_at_once() -> None:
    assert after(CRITICAL, (3, "NORMAL")) == Told("NORMAL", "It is NORMAL.", at(3))


def test_what_returns_bit_by_bit_is_told_once_it_is_all_back() -> None:
    told = after(CRITICAL, (10, "DEGRADED"), (60, "DEGRADED"), returning=True)
    assert (told.level, told.reason, told.since) == ("CRITICAL", "It is DEGRADED.", START)
    assert after(told, (61, "NORMAL")) == Told("NORMAL", "It is NORMAL.", at(61))


def test_what_does_not_return_within_five_minutes_is_told_as_far_as_it_did() -> None:
    assert after(CRITICAL, (0, "DEGRADED"), (299, "DEGRADED"), returning=True).level == "CRITICAL"
    assert after(CRITICAL, (0, "DEGRADED"), (300, "DEGRADED"), returning=True).level == "DEGRADED"


def test_worse_that_is_expected_to_pass_is_told_after_five_minutes() -> None:
    assert after(NORMAL, (0, "DEGRADED"), (299, "DEGRADED"), passes=True).level == "NORMAL"
    assert after(NORMAL, (0, "DEGRADED"), (300, "DEGRADED"), passes=True).level == "DEGRADED"
    assert after(NORMAL, (0, "DEGRADED"), (10, "DEGRADED"), returning=True).level == "DEGRADED"


def test_better_in_part_for_other_reasons_settles_as_worse_does() -> None:
    assert after(CRITICAL, (0, "DEGRADED"), (9, "DEGRADED")).level == "CRITICAL"
    assert after(CRITICAL, (0, "DEGRADED"), (10, "DEGRADED")).since == at(10)


def test_another_reason_for_the_same_level_is_no_change() -> None:
    told = settled(CRITICAL, Seen("CRITICAL", "Something else."), at(5), SETTLES)

    assert told == Told("CRITICAL", "Something else.", START)
