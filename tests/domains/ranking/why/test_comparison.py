"""Why one task stands above another: the differences add up, and the sentence says what decides."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking import order_key, score
from app.domains.ranking.documents.document import read
from app.domains.ranking.explanation import Points
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.why.comparison import Comparison, compare
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW

DAY = timedelta(days=1)


def ruleset() -> Ruleset:
    rules: list[dict[str, Any]] = [
        {"id": "urgent", "title": "Says urgent", "say": "Says it is urgent", "when": "says_urgent", "points": 30},
        {"id": "ours", "title": "Our turn", "say": "It is ours", "when": "turn == 'ours'", "points": 18},
        {"id": "starred", "title": "Starred", "say": "Starred", "when": "starred", "points": 5},
        {"id": "direct", "title": "Addressed", "say": "To us", "when": "addressed == 'direct'", "points": 3},
        {"id": "question", "title": "A question", "say": "It asks", "when": "question", "points": 2},
    ]
    overrides = [
        {"id": "pin", "title": "Pinned", "say": "Pinned", "when": "'pin' in labels", "tier": "pinned"},
        {"id": "hold", "title": "Held", "say": "Held", "when": "'hold' in labels", "tier": "held"},
    ]
    bands = {"now": 70, "next": 40, "later": 15}
    return read({"name": "mine", "bands": bands, "rules": rules, "overrides": overrides})


def facts(**values: Any) -> Facts:
    return {name: Fact(value=value) for name, value in values.items()}


def compared(
    a: Facts,
    b: Facts,
    *,
    due: tuple[datetime | None, datetime | None] = (None, None),
    opened: tuple[datetime | None, datetime | None] = (NOW, NOW),
    by: Ruleset | None = None,
) -> Comparison:
    scores = [score(each, by or ruleset(), NOW) for each in (a, b)]
    keys = [order_key(each, due[at], opened[at], at + 1) for at, each in enumerate(scores)]
    return compare(scores[0], scores[1], keys[0], keys[1], ruleset=by or ruleset())


def test_the_sentence_tells_the_largest_differences_with_their_signs() -> None:
    found = compared(facts(says_urgent=True), facts(turn="ours"))

    assert found.sentence == "Task 1 stands above Task 2 by 12 points: +30 Says urgent, -18 Our turn."
    assert (found.above, found.by, found.difference) == ("a", "points", 12)


def test_it_speaks_of_the_one_above_whichever_comes_first() -> None:
    found = compared(facts(turn="ours"), facts(says_urgent=True))

    assert found.sentence == "Task 2 stands above Task 1 by 12 points: +30 Says urgent, -18 Our turn."
    assert (found.above, found.difference) == ("b", -12)


def test_what_is_left_after_three_lines_is_told_in_sum() -> None:
    found = compared(facts(says_urgent=True, turn="ours", starred=True, addressed="direct"), facts(question=True))

    assert found.sentence.endswith(
        "by 54 points: +30 Says urgent, +18 Our turn, +5 Starred, +1 in 2 smaller lines.",
    )


def test_what_speaks_for_the_one_above_is_told_before_what_speaks_against_it() -> None:
    found = compared(facts(says_urgent=True, addressed="direct"), facts(turn="ours", starred=True))

    assert found.sentence.endswith("by 10 points: +30 Says urgent, +3 in 1 smaller line, -18 Our turn, -5 Starred.")


def test_one_point_is_one_point() -> None:
    found = compared(facts(addressed="direct"), facts(question=True))

    assert found.sentence == "Task 1 stands above Task 2 by 1 point: +3 Addressed, -2 A question."


def with_a_group(cap: int) -> Ruleset:
    rules: list[dict[str, Any]] = [
        {"id": "urgent", "title": "Says urgent", "when": "says_urgent", "points": 30},
        {"id": "asks", "title": "Asks", "when": "question", "points": 40},
        {"id": "threatens", "title": "Threatens", "when": "escalation", "points": 17},
    ]
    grouped = [{**rule, "say": "So it is", "group": "words"} for rule in rules]
    alone = {"id": "starred", "title": "Starred", "say": "Starred", "when": "starred", "points": 5}
    groups = {"words": {"title": "What the words say", "cap": cap}}
    bands = {"now": 70, "next": 40, "later": 15}
    return read({"name": "mine", "bands": bands, "groups": groups, "rules": [*grouped, alone]})


def test_what_a_group_gives_in_sum_is_one_item_of_the_sentence_called_by_its_title() -> None:
    rules = with_a_group(cap=45)

    found = compared(facts(question=True, escalation=True), facts(says_urgent=True), by=rules)

    assert found.sentence == "Task 1 stands above Task 2 by 15 points: +15 What the words say."
    assert [(line.rule, line.difference) for line in found.lines] == [
        ("asks", 40),
        ("urgent", -30),
        ("threatens", 17),
        ("group:words", -12),
    ]


def test_two_that_both_reach_a_cap_do_not_differ_by_its_group() -> None:
    both = compared(
        facts(question=True, escalation=True, starred=True),
        facts(says_urgent=True, escalation=True),
        by=with_a_group(cap=45),
    )

    assert both.sentence == "Task 1 stands above Task 2 by 5 points: +5 Starred."


def test_where_no_bound_is_reached_each_line_keeps_its_name() -> None:
    found = compared(facts(question=True), facts(says_urgent=True), by=with_a_group(cap=45))

    assert found.sentence == "Task 1 stands above Task 2 by 10 points: +40 Asks, -30 Says urgent."


def test_a_line_that_differs_alone_in_its_group_keeps_its_name() -> None:
    found = compared(facts(says_urgent=True), facts(), by=with_a_group(cap=45))

    assert found.sentence == "Task 1 stands above Task 2 by 30 points: +30 Says urgent."


def test_tasks_are_called_by_their_names_where_they_are_given() -> None:
    a, b = (score(facts(**values), ruleset(), NOW) for values in ({"starred": True}, {}))

    found = compare(a, b, order_key(a, None, NOW, 1), order_key(b, None, NOW, 2), named=("The\npump", "Lunch"))

    assert found.sentence == "“The pump” stands above “Lunch” by 5 points: +5 Starred."


def test_every_line_says_what_each_of_the_two_has() -> None:
    found = compared(facts(says_urgent=True, starred=True), facts(starred=True))

    assert [(line.rule, line.difference, line.because_a, line.because_b) for line in found.lines] == [
        ("urgent", 30, "Says it is urgent", None),
        ("starred", 0, "Starred", "Starred"),
    ]


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (["pin"], [], "Task 1 stands above Task 2 because Task 1 is pinned."),
        ([], ["hold"], "Task 1 stands above Task 2 because Task 2 is held back."),
        (["hold"], ["pin"], "Task 2 stands above Task 1 because Task 2 is pinned."),
    ],
)
def test_a_tier_decides_before_any_points(a: list[str], b: list[str], why: str) -> None:
    found = compared(facts(labels=tuple(a)), facts(labels=tuple(b)))

    assert (found.by, found.sentence) == ("tier", why)


@pytest.mark.parametrize(
    ("due", "opened", "by", "why"),
    [
        ((NOW, NOW + DAY), (NOW, NOW), "due", "Task 1 is due earlier"),
        ((NOW, None), (NOW, NOW), "due", "Task 2 has no due date"),
        ((NOW, NOW), (NOW - DAY, NOW), "age", "Task 1 is older"),
        ((NOW, NOW), (NOW, None), "age", "nobody knows how old Task 2 is"),
        ((None, None), (None, None), "id", "Task 1 has the lower number"),
    ],
)
def test_the_same_points_are_said_to_be_the_same(due: Any, opened: Any, by: str, why: str) -> None:
    found = compared(facts(starred=True), facts(starred=True), due=due, opened=opened)

    assert found.by == by
    assert found.sentence == f"Task 1 stands above Task 2 with the same 5 points: {why}."


def test_a_task_is_not_compared_with_itself() -> None:
    alone = score({}, ruleset(), NOW)
    key = order_key(alone, None, NOW, 1)

    with pytest.raises(ValueError, match="itself"):
        compare(alone, alone, key, key)


def exactly(points: Points) -> Fraction:
    return Fraction(str(points))


@given(some.facts, some.facts, some.rulesets)
def test_the_differences_add_up_exactly_to_the_difference_of_the_points(a: Facts, b: Facts, by: Ruleset) -> None:
    found = compared(a, b, by=by)

    total = sum((exactly(line.difference) for line in found.lines), Fraction(0))
    assert total == exactly(found.difference)
    assert total == exactly(score(a, by, NOW).points) - exactly(score(b, by, NOW).points)
    sizes = [line.size for line in found.lines]
    assert sizes == sorted(sizes, reverse=True)


@given(some.facts, some.facts, some.rulesets, st.sampled_from([None, NOW, NOW + DAY]))
def test_swapping_the_two_swaps_the_answer_and_keeps_the_sentence(
    a: Facts, b: Facts, by: Ruleset, due: datetime | None
) -> None:
    scores = [score(each, by, NOW) for each in (a, b)]
    keys = [order_key(scores[0], due, NOW, 1), order_key(scores[1], NOW, NOW, 2)]

    one = compare(scores[0], scores[1], keys[0], keys[1])
    other = compare(scores[1], scores[0], keys[1], keys[0])

    assert (one.above == "a") == (other.above == "b") == (keys[0] < keys[1])
    assert one.by == other.by
    assert exactly(one.difference) == -exactly(other.difference)
    assert {(line.rule, line.difference) for line in one.lines} == {
        (line.rule, -line.difference) for line in other.lines
    }
