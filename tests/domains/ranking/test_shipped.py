"""What the other shipped rulesets promise: quadrants, a matrix, service levels."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domains.ranking.engine import score
from app.domains.ranking.explanation import Score
from app.domains.ranking.facts import Fact
from app.domains.ranking.ruleset import SHIPPED, shipped, shipped_text

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run(name: str, now: datetime = MONDAY, **values: Any) -> Score:
    return score({fact: Fact(value=value) for fact, value in values.items()}, shipped(name), now)


def points(result: Score) -> dict[str, Any]:
    return {line.rule: line.points for line in result.contributions}


@pytest.mark.parametrize("name", SHIPPED)
def test_each_says_what_it_is_for(name: str) -> None:
    ruleset = shipped(name)

    assert (ruleset.name, bool(ruleset.description)) == (name, True)
    assert shipped_text(name).startswith("# ")


def test_there_is_no_other() -> None:
    with pytest.raises(KeyError):
        shipped_text("../default")


@pytest.mark.parametrize(
    ("facts", "band"),
    [
        ({"sender_important": True, "says_urgent": True}, "now"),
        ({"sender_important": True, "starred": True, "priority": "high", "says_urgent": False}, "next"),
        ({"says_urgent": True, "escalation": True}, "later"),
        ({"asks": 100, "due_at": MONDAY + timedelta(days=20)}, "someday"),
        ({"due_at": MONDAY + timedelta(hours=47), "severity": 80}, "now"),
    ],
)
def test_eisenhower_asks_whether_it_is_important_and_whether_urgent(facts: dict[str, Any], band: str) -> None:
    assert run("eisenhower", **facts).band == band


def test_nothing_within_a_quadrant_carries_a_task_into_the_next() -> None:
    most = run("eisenhower", due_at=MONDAY + timedelta(days=3), asks=100, severity=90)

    assert (most.band, most.points < 90) == ("next", True)


@pytest.mark.parametrize(
    ("impact", "urgency", "total"),
    [
        ("high", "high", 90),
        ("high", "medium", 70),
        ("medium", "high", 70),
        ("high", None, 50),
        ("medium", "medium", 50),
        (None, "high", 50),
        ("medium", None, 30),
        (None, "medium", 30),
        (None, None, 10),
    ],
)
def test_itil_is_the_matrix(impact: str | None, urgency: str | None, total: int) -> None:
    said = {"impact": impact, "urgency": urgency}
    labels = tuple(f"{name}-{level}" for name, level in said.items() if level)

    found = run("itil", labels=labels) if labels else run("itil")

    assert found.points == total


def test_a_major_incident_stands_above_the_matrix() -> None:
    assert run("itil", labels=("major",)).tier == "pinned"


def test_what_is_on_hold_stands_in_no_higher_band() -> None:
    held = run("itil", labels=("impact-high", "urgency-high", "on-hold"))

    assert (held.points, held.band) == (69, "later")


@pytest.mark.parametrize(
    ("after", "state", "least"),
    [
        (timedelta(hours=3), "on_track", 10),
        (timedelta(hours=4), "at_risk", 30),
        (timedelta(hours=6), "at_risk", 50),
        (timedelta(hours=8), "breached", 75),
        (timedelta(days=1), "breached", 75),
    ],
)
def test_a_first_answer_counts_working_hours_against_its_target(after: timedelta, state: str, least: int) -> None:
    result = run("sla", MONDAY + after, first_response=(MONDAY,))

    (clock,) = result.clocks
    assert (clock.target, clock.state, clock.running) == ("first", state, True)
    assert points(result)["first-response"] >= least


def test_over_a_weekend_a_clock_stands_still() -> None:
    friday = MONDAY + timedelta(days=4, hours=6)

    afterwards = timedelta(hours=3), timedelta(days=2)

    results = [run("sla", friday + after, first_response=(friday,)) for after in afterwards]

    assert len({result.points for result in results}) == 1
    assert results[0].valid_until == datetime(2026, 3, 9, 9, 12, tzinfo=UTC)  # the next point, on Monday
    assert results[1].clocks[0].marks[0].at == datetime(2026, 3, 9, 11, tzinfo=UTC)


def test_what_is_urgent_has_a_nearer_target_by_any_hour() -> None:
    sunday = MONDAY - timedelta(days=1)

    result = run("sla", sunday + timedelta(hours=1), first_response=(sunday,), priority="urgent")

    assert (result.clocks[0].target, result.clocks[0].state) == ("first-urgent", "breached")


def test_a_clock_that_was_stopped_gives_nothing_and_keeps_its_state() -> None:
    answered = (MONDAY, MONDAY + timedelta(hours=9))

    result = run("sla", MONDAY + timedelta(days=3), first_response=answered)

    assert "first-response" not in points(result)
    assert (result.clocks[0].state, result.clocks[0].running, result.clocks[0].elapsed_s) == ("breached", False, 28_800)


def test_the_time_that_we_wait_for_them_is_no_time_of_ours() -> None:
    asked_back = (MONDAY, MONDAY + timedelta(hours=4), MONDAY + timedelta(days=7))

    result = run("sla", MONDAY + timedelta(days=7, hours=1), resolution=asked_back)

    assert result.clocks[0].elapsed_s == 5 * 3600
