"""What would have to be different: single changes that are enough, exact to the second, and cheapest first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domains import ranking
from app.domains.ranking import order_key
from app.domains.ranking.documents.document import read
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Waiting
from app.domains.ranking.storage import StoredFacts
from app.domains.ranking.why.changeable import Means
from app.domains.ranking.why.counterfactual import AHEAD, Answer, Change, Goal, Subject, goal_of_band, key_of, what_if
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW, SHOP

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)

DUE = {
    "id": "due",
    "title": "Deadline",
    "say": "Due {due_at}",
    "curve": {"hours_to": "due_at", "points": [{"at": "7d", "points": 0}, {"at": "0h", "points": 84}]},
}
"""One point for two hours."""


def ruleset(*rules: Mapping[str, Any], **more: Any) -> Ruleset:
    bands = {"now": 70, "next": 40, "later": 15}
    return read({"name": "mine", "bands": bands, "rules": list(rules), **more}, {SHOP.name: SHOP})


def points(name: str, when: str, given: int) -> dict[str, Any]:
    return {"id": name, "title": name.capitalize(), "say": "So it is", "when": when, "points": given}


def facts(**values: Any) -> Facts:
    return {name: Fact(value=value) for name, value in values.items()}


def asked(of: Facts, by: Ruleset, goal: int | Goal, **more: Any) -> Answer:
    subject = Subject(id=1, facts=of, opened_at=NOW - DAY, means=more.pop("means", Means()), **more)
    return what_if(subject, by, NOW, Goal(milli=goal * 1000) if isinstance(goal, int) else goal)


def told(answer: Answer) -> list[str]:
    return [each.candidate.said(widely=each.widely) for each in answer.changes]


# ---- A due date


def test_the_latest_due_date_that_is_enough_is_found_to_the_second() -> None:
    found = asked(facts(), ruleset(DUE), 70)

    # 69.5 points round to 70: they are reached 29 hours before the deadline.
    assert told(found) == ["due by Fri 26 Sep 2025 17:00 UTC or earlier"]
    assert found.changes[0].candidate.after == NOW + 29 * HOUR
    assert (found.changes[0].score.points, found.changes[0].score.band) == (70, "now")


def test_one_second_later_is_too_late() -> None:
    by = ruleset(DUE)
    at = asked(facts(), by, 70).changes[0].candidate.after
    assert isinstance(at, datetime)

    assert ranking.score(facts(due_at=at), by, NOW).points == 70
    assert ranking.score(facts(due_at=at + SECOND), by, NOW).points == 69


def test_a_due_date_is_moved_as_little_as_is_enough() -> None:
    found = asked(facts(due_at=NOW + 100 * HOUR), ruleset(DUE), 70)

    assert found.changes[0].candidate.after == NOW + 29 * HOUR
    assert found.changes[0].candidate.before == NOW + 100 * HOUR


def test_where_later_is_more_the_due_date_is_moved_later() -> None:
    far = {"hours_to": "due_at", "points": [{"at": "48h", "points": 20}, {"at": "48h", "points": 0}]}

    found = asked(facts(due_at=NOW + HOUR), ruleset({**DUE, "curve": far}), 20)

    assert found.changes[0].candidate.after == NOW + 48 * HOUR + SECOND
    assert told(found) == ["due by Sat 27 Sep 2025 12:01 UTC or later"]


def test_business_hours_are_inverted_too() -> None:
    curve = {"business_hours_to": "due_at", "points": [{"at": "4h", "points": 0}, {"at": "4h", "points": 30}]}
    by = ruleset({**DUE, "curve": {**curve, "calendar": "shop"}})

    found = asked(facts(), by, 30)

    # Thursday 12:00 UTC is 8:00 in New York; the shop opens 8:30-12:00 and 13:00-18:30: four hours end at 13:30.
    assert found.changes[0].candidate.after == NOW + 5 * HOUR + 30 * timedelta(minutes=1)


def test_a_due_date_that_has_passed_is_no_plan() -> None:
    curve = {"hours_to": "due_at", "points": [{"at": "0h", "points": 0}, {"at": "0h", "points": 30}]}

    found = asked(facts(), ruleset({**DUE, "curve": curve}), 30)

    assert (found.changes, found.closest) == ((), None)


def test_any_due_date_is_enough_where_a_rule_only_asks_for_one() -> None:
    found = asked(facts(), ruleset(points("due", "'due_at' in known", 20)), 20)

    assert found.changes[0].candidate.after == NOW + AHEAD
    assert found.changes[0].widely


def test_a_condition_on_the_date_itself_is_seen() -> None:
    by = ruleset(points("soon", "due_at - opened_at < duration('72h')", 20))

    found = asked(facts(opened_at=NOW - DAY), by, 20)

    assert found.changes[0].candidate.after == NOW + 48 * HOUR - SECOND


def test_where_an_earlier_date_is_not_enough_nobody_is_told_so() -> None:
    hill = [{"at": "48h", "points": 0}, {"at": "48h", "points": 20}, {"at": "24h", "points": 20}]
    curve = {"hours_to": "due_at", "points": [*hill, {"at": "24h", "points": 0}]}

    found = asked(facts(), ruleset({**DUE, "curve": curve}), 20)

    assert told(found) == ["due by Sat 27 Sep 2025 12:00 UTC"]


# ---- Everything else


def test_a_priority_that_is_enough_is_named_and_the_least_is_taken() -> None:
    by = ruleset(points("high", "priority == 'high'", 12), points("urgent", "priority == 'urgent'", 20))

    assert told(asked(facts(), by, 10)) == ["priority high"]
    assert told(asked(facts(), by, 15)) == ["priority urgent"]


def test_only_labels_that_rules_name_are_tried() -> None:
    by = ruleset(points("vip", "'vip' in labels", 12), points("old", "'old' in labels", -20))

    assert told(asked(facts(), by, 12)) == ["with the label “vip”"]
    assert told(asked(facts(labels=("old", "x")), by, 0)) == ["without the label “old”"]


def test_a_label_changes_the_number_of_labels_as_well() -> None:
    by = ruleset(points("vip", "'vip' in labels && label_count == 2", 12))

    found = asked(facts(labels=("x",), label_count=1), by, 12)

    assert found.changes[0].facts["label_count"].value == 2


def test_who_has_it_says_also_whether_it_is_ours() -> None:
    by = ruleset(points("ours", "assigned_to_us", 10))
    means = Means(us="ben", is_us=lambda name: name == "ben")

    found = asked(facts(assignee="zoe", assigned_to_us=False), by, 10, means=means)

    assert told(found) == ["assigned to ben"]
    assert (found.changes[0].facts["assignee"].value, found.changes[0].facts["assigned_to_us"].value) == ("ben", True)
    assert asked(facts(), by, 10).changes == ()


def test_beginning_a_planned_time_and_a_project_are_plans() -> None:
    scheduled = {"hours_to": "scheduled_at", "points": [{"at": "0h", "points": -15}, {"at": "0h", "points": 6}]}
    by = ruleset(
        {"id": "scheduled", "title": "Scheduled", "say": "Scheduled", "curve": scheduled},
        points("begun", "'started_at' in known", 6),
        points("project", "project == 'move'", 6),
    )

    found = asked(facts(), by, 6)

    assert told(found) == [
        "in the project move",
        "once work on it has begun",
        "planned for Thu 25 Sep 2025 12:00 UTC or earlier",
    ]


def test_finishing_what_it_waits_for_comes_last_and_as_little_of_it_as_is_enough() -> None:
    by = ruleset(points("blocked", "blocked > 1", -20), points("vip", "'vip' in labels", 30))

    assert told(asked(facts(blocked=3), by, 0)) == [
        "with the label “vip”",
        "once all but 1 of the open tasks it waits for are done",
    ]


def test_the_cheapest_come_first_whatever_they_give() -> None:
    by = ruleset(DUE, points("urgent", "priority == 'urgent'", 200), points("ours", "assigned_to_us", 70))

    found = asked(facts(), by, 70, means=Means(us="ben", is_us=lambda _: True))

    assert told(found) == ["priority urgent", "due by Fri 26 Sep 2025 17:00 UTC or earlier", "assigned to ben"]
    assert [each.gain for each in found.changes] == [130_000, 0, 0]


def test_where_nothing_alone_is_enough_the_closest_is_told_and_what_it_lacks() -> None:
    by = ruleset(points("high", "priority == 'high'", 12), points("vip", "'vip' in labels", 20))

    found = asked(facts(), by, 50)

    assert found.changes == ()
    assert found.closest is not None
    assert (found.closest.candidate.said(), found.closest.gain) == ("with the label “vip”", -30_000)


def test_the_closest_due_date_is_the_latest_of_those_that_give_as_much() -> None:
    curve = {"hours_to": "due_at", "points": [{"at": "24h", "points": 0}, {"at": "24h", "points": 50}]}

    found = asked(facts(), ruleset({**DUE, "curve": curve}), 70)

    assert found.closest is not None
    assert found.closest.candidate.after == NOW + DAY


def test_a_goal_that_holds_needs_no_change() -> None:
    assert asked(facts(says_urgent=True), ruleset(points("urgent", "says_urgent", 30)), 30) == Answer(True, (), None)


def test_a_band_is_a_goal_but_for_the_lowest() -> None:
    by = ruleset(DUE)

    assert goal_of_band("now", by) == Goal(milli=70_000)
    with pytest.raises(ValueError, match="someday"):
        goal_of_band("someday", by)


def test_what_waits_for_it_counts_as_before() -> None:
    by = ruleset(points("high", "priority == 'high'", 12), inherit={"at_least": True})

    found = asked(facts(), by, 42, waiting=[Waiting(2, "Ship it", 40, "40", "40")])

    assert found.changes == ()
    assert asked(facts(), by, 40, waiting=[Waiting(2, "Ship it", 40, "40", "40")]).holds


# ---- Above another task


def above(other: Facts, by: Ruleset, number: int = 2) -> Goal:
    return Goal(above=key_of(ranking.score(other, by, NOW), other, NOW, number))


def test_to_stand_above_a_task_with_the_same_points_an_earlier_due_date_is_enough() -> None:
    by = ruleset(points("urgent", "says_urgent", 30))
    other = facts(says_urgent=True, due_at=NOW + 50 * HOUR)

    found = asked(facts(says_urgent=True, due_at=NOW + 90 * HOUR), by, above(other, by))

    # At the very same moment the older one stands above, and that is ours.
    assert found.changes[0].candidate.after == NOW + 50 * HOUR


def test_no_points_lift_a_task_above_one_that_is_pinned_but_a_pin_does() -> None:
    pin = {"id": "pin", "title": "Pinned", "say": "Pinned", "when": "'pin' in labels", "tier": "pinned"}
    by = ruleset(DUE, overrides=[pin])

    found = asked(facts(), by, above(facts(labels=("pin",)), by))

    assert told(found) == ["with the label “pin”"]


# ---- Laws

MOMENTS = ("due_at", "scheduled_at")
FIRST = {"due_at": epoch_seconds(NOW) + 60, "scheduled_at": epoch_seconds(NOW - DAY)}
LAST = epoch_seconds(NOW + AHEAD)


def _about_due_dates(document: dict[str, Any]) -> Ruleset:
    """The same with all curves along moments over those that people set."""
    for at, rule in enumerate(document["rules"]):
        curve = rule.get("curve", {})
        over = next((each for each in curve if each.endswith(("hours_to", "hours_since"))), None)
        if over:
            curve[over] = MOMENTS[at % 4 == 3]
    return read(document, {SHOP.name: SHOP})


rulesets = st.one_of(some.documents().map(_about_due_dates), some.rulesets)
shares = st.lists(st.floats(0, 1), max_size=12)


@st.composite
def goals(draw: st.DrawFn, of: Facts, by: Ruleset) -> Goal:
    """A little more than there is now, as points or as a task with a due date to stand above."""
    present = ranking.score(of, by, NOW)
    milli = present.milli + draw(st.integers(1, 70)) * int(by.resolution * 1000)
    if draw(st.booleans()):
        return Goal(milli=milli)
    key = order_key(present, NOW + draw(st.integers(-50, 90)) * HOUR, NOW, 2)
    return Goal(above=(draw(st.sampled_from([key[0], 1])), -milli, *key[2:]))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Facts, Ruleset, Goal]:
    of, by = draw(some.facts), draw(rulesets)
    return of, by, draw(goals(of, by))


def moments_of(found: Answer) -> list[Change]:
    return [each for each in found.changes if each.candidate.fact in MOMENTS and each.candidate.after is not None]


def holds(of: Facts, change: Change, at: int, by: Ruleset, goal: Goal) -> bool:
    """Whether the goal is reached if the moment is `at`, by scoring in full."""
    time = moment(at)
    assert time is not None
    changed = {**of, change.candidate.fact: Fact(value=time)}
    return goal.holds(key_of(ranking.score(changed, by, NOW), changed, NOW - DAY, 1))


def second_of(value: object) -> int:
    assert isinstance(value, datetime)
    return epoch_seconds(value)


@given(questions())
def test_every_change_reaches_the_goal_when_it_is_scored_again(question: tuple[Facts, Ruleset, Goal]) -> None:
    of, by, goal = question

    found = asked(of, by, goal)

    for change in found.changes:
        again = ranking.score(change.facts, by, NOW)
        assert again == change.score
        assert goal.holds(key_of(again, change.facts, NOW - DAY, 1))
        assert change.gain == again.milli - goal.needs
    if found.closest is not None:
        assert not goal.holds(found.closest.key)
        key, present = found.closest.key, key_of(ranking.score(of, by, NOW), of, NOW - DAY, 1)
        assert (key[:2] < present[:2]) if goal.above else (key[1] < present[1])


@given(questions(), shares)
def test_a_moment_is_the_least_change_that_reaches_the_goal(
    question: tuple[Facts, Ruleset, Goal], between: list[float]
) -> None:
    of, by, goal = question

    for change in moments_of(asked(of, by, goal)):
        at, before = second_of(change.candidate.after), change.candidate.before
        present = LAST + 1 if before is None else second_of(before)
        step = 1 if present > at else -1
        nearer = {at + step, *(at + round(share * (present - at)) for share in between)} - {at, present}
        tried = [each for each in nearer if each >= FIRST[change.candidate.fact]]
        assert holds(of, change, at, by, goal)
        assert not [each for each in tried if holds(of, change, each, by, goal)]


@given(questions(), shares)
def test_where_a_moment_is_said_to_hold_widely_it_does(
    question: tuple[Facts, Ruleset, Goal], between: list[float]
) -> None:
    of, by, goal = question

    for change in (each for each in moments_of(asked(of, by, goal)) if each.widely):
        at = second_of(change.candidate.after)
        end = LAST if change.later else FIRST[change.candidate.fact]
        assert all(holds(of, change, at + round(share * (end - at)), by, goal) for share in (*between, 1))


@given(questions(), st.lists(st.integers(60, int(AHEAD.total_seconds())), max_size=8), shares)
def test_where_no_due_date_is_found_none_would_do(
    question: tuple[Facts, Ruleset, Goal], far: list[int], near: list[float]
) -> None:
    of, by, goal = question
    found = asked(of, by, goal)
    assume(not found.holds)
    assume(all(change.candidate.fact != "due_at" for change in found.changes))

    key = [FIRST["due_at"] + each for each in (*far, *(round(share * 700_000) for share in near))]
    for each in key:
        time = moment(min(each, LAST))
        assert time is not None
        changed = {**of, "due_at": Fact(value=time)}
        assert not goal.holds(key_of(ranking.score(changed, by, NOW), changed, NOW - DAY, 1))


@given(questions())
def test_stored_facts_give_the_same_answer(question: tuple[Facts, Ruleset, Goal]) -> None:
    of, by, goal = question

    one, other = asked(of, by, goal), asked(StoredFacts(ranking.dump(of)), by, goal)

    assert [(each.candidate, each.score) for each in one.changes] == [
        (each.candidate, each.score) for each in other.changes
    ]
