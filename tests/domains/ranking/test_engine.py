"""What a score says, on small rulesets written for the purpose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from app.domains.ranking.engine import order_key, score
from app.domains.ranking.explanation import Score, dump
from app.domains.ranking.facts import Fact, FactValue
from app.domains.ranking.ruleset import parse
from tests.domains.ranking.strategies import NOW

HEAD = """
name = "small"
version = 3
bands = { now = 60, next = 30, later = 10 }
groups = { words = { title = "Words", cap = 40, floor = -10 } }
"""

URGENT = """
[[rules]]
id = "urgent"
title = "Says urgent"
group = "words"
when = "says_urgent"
points = 30
say = "Says “{quote}”"
"""

ASKS = """
[[rules]]
id = "asks"
title = "Asks"
group = "words"
say = "Asks: {asks} of 100"
curve = { value = "asks", points = [{ at = 0, points = 0 }, { at = 100, points = 50 }] }
"""

DEADLINE = """
[[rules]]
id = "deadline"
title = "Deadline within 24 hours"
say = "Due {due_at}"
[rules.curve]
hours_to = "due_at"
points = [
  { at = "24h", points = 0 },
  { at = "24h", points = 50 },
  { at = "0h", points = 50, say = "Overdue since {due_at}" },
]
"""

NO_RUSH = """
[[rules]]
id = "calm"
title = "No hurry"
group = "words"
when = "no_rush"
points = -25
say = "Says there is no hurry"
"""


def override(effect: str, *, id_: str = "special", when: str = "starred") -> str:
    return f'\n[[overrides]]\nid = "{id_}"\ntitle = "Special"\nwhen = "{when}"\nsay = "It is starred"\n{effect}\n'


def run(rules: str, now: datetime = NOW, **values: FactValue | Fact) -> Score:
    facts = {name: value if isinstance(value, Fact) else Fact(value=value) for name, value in values.items()}
    return score(facts, parse(HEAD + rules), now)


def lines(result: Score) -> list[tuple[str, Any]]:
    return [(line.rule, line.points) for line in result.contributions]


def checked(result: Score) -> dict[str, tuple[str, str]]:
    return {line.rule: (line.outcome, line.because) for line in result.also_checked}


def test_a_line_names_its_rule_its_fact_and_the_words_that_say_so() -> None:
    line = run(URGENT, says_urgent=Fact(value=True, quote="URGENT!", item=7)).contributions[0]

    assert (line.rule, line.title, line.points) == ("urgent", "Says urgent", 30)
    assert line.because == "Says “URGENT!”"
    assert (line.fact, line.quote, line.item) == ("says_urgent", "URGENT!", 7)


def test_the_score_names_its_ruleset_and_its_moment_in_whole_seconds() -> None:
    at = datetime(2025, 9, 25, 14, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))

    result = run(URGENT, at)

    assert (result.ruleset, result.version, result.at) == ("small", 3, NOW)


def test_a_rule_that_gives_nothing_is_listed_with_its_reason() -> None:
    result = run(URGENT + ASKS + DEADLINE, says_urgent=False, asks=0)

    assert checked(result) == {
        "urgent": ("no", "Not so: says_urgent"),
        "asks": ("no", "No points for asks 0"),
        "deadline": ("unknown", "Not known: due_at"),
    }


def test_a_curve_that_has_not_begun_says_when_it_does() -> None:
    result = run(DEADLINE, due_at=NOW + timedelta(days=3))

    assert checked(result) == {"deadline": ("no", "Gives points from Sat 27 Sep 2025 12:00 UTC")}
    assert result.valid_until == NOW + timedelta(days=2)


@pytest.mark.parametrize(
    ("left", "points", "because", "wait"),
    [
        (timedelta(hours=24, seconds=1), [], None, timedelta(seconds=1)),
        (timedelta(hours=24), [50], "Due Fri 26 Sep 2025 12:00 UTC", timedelta(hours=24)),
        (timedelta(0), [50], "Overdue since Thu 25 Sep 2025 12:00 UTC", None),
        (timedelta(days=-900), [50], "Overdue since Sun 9 Apr 2023 12:00 UTC", None),
    ],
)
def test_a_step_holds_from_its_very_second_on(
    left: timedelta, points: list[int], because: str | None, wait: timedelta | None
) -> None:
    result = run(DEADLINE, due_at=NOW + left)

    assert [line.points for line in result.contributions] == points
    assert result.reasons == ((because,) if because else ())
    assert result.valid_until == (None if wait is None else NOW + wait)


def test_a_groups_cap_cuts_in_a_line_of_its_own() -> None:
    result = run(URGENT + ASKS, says_urgent=True, asks=60)

    assert lines(result) == [("urgent", 30), ("asks", 30), ("group:words", -20)]
    assert result.contributions[-1].because == "Words: together at most 40"
    assert (result.points, result.band) == (40, "next")


def test_a_groups_floor_lifts_in_a_line_of_its_own() -> None:
    assert lines(run(NO_RUSH, no_rush=True)) == [("calm", -25), ("group:words", 15)]


def test_a_floor_carries_its_difference() -> None:
    result = run(URGENT + override("floor = 55"), says_urgent=True, starred=True)

    assert lines(result) == [("urgent", 30), ("special", 25)]
    assert result.points == 55


def test_a_ceiling_carries_its_difference() -> None:
    result = run(DEADLINE + override("ceiling = 20"), due_at=NOW, starred=True)

    assert lines(result) == [("deadline", 50), ("special", -30)]


def test_an_override_that_changes_nothing_is_listed() -> None:
    result = run(DEADLINE + override("floor = 20"), due_at=NOW, starred=True)

    assert checked(result)["special"] == ("no", "Applies; 50 points need no change")


def test_a_pin_moves_the_task_to_another_tier_without_points() -> None:
    result = run(URGENT + override('tier = "pinned"'), says_urgent=True, starred=True)

    assert (result.tier, result.points) == ("pinned", 30)
    assert lines(result) == [("urgent", 30), ("special", 0)]


def test_the_first_override_of_the_tier_decides() -> None:
    both = override('tier = "held"') + override('tier = "pinned"', id_="second")

    result = run(URGENT + both, starred=True)

    assert result.tier == "held"
    assert checked(result)["second"] == ("no", "Already held by an earlier rule")


def test_a_rule_that_fails_is_a_line_and_stops_nothing() -> None:
    broken = URGENT.replace("urgent", "broken").replace("says_broken", "asks / replies > 1")

    result = run(broken + ASKS + URGENT, says_urgent=True, asks=40, replies=0)

    assert checked(result)["broken"] == ("error", "The rule could not be applied: divide by zero")
    assert lines(result)[:2] == [("asks", 20), ("urgent", 30)]


@pytest.mark.parametrize("value", ["soon", 3, datetime(2025, 9, 26)])  # noqa: DTZ001 - naive on purpose
def test_a_fact_of_a_wrong_type_is_a_line_and_stops_nothing(value: FactValue) -> None:
    result = run(DEADLINE + URGENT, due_at=value, says_urgent=True)

    assert checked(result)["deadline"][0] == "error"
    assert result.points == 30


@pytest.mark.parametrize("value", ["many", True, float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_line_too(value: FactValue) -> None:
    assert checked(run(ASKS, asks=value))["asks"][0] == "error"


def test_the_reasons_are_the_two_strongest_lines_above_zero() -> None:
    result = run(URGENT + ASKS + DEADLINE + NO_RUSH, says_urgent=True, asks=10, due_at=NOW, no_rush=True)

    assert result.reasons == ("Overdue since Thu 25 Sep 2025 12:00 UTC", "Says “unknown”")


def test_the_two_reasons_rest_on_different_facts() -> None:
    again = DEADLINE.replace('"deadline"', '"again"').replace("50", "40")

    result = run(DEADLINE + again + ASKS, asks=20, due_at=NOW)

    assert result.reasons == ("Overdue since Thu 25 Sep 2025 12:00 UTC", "Asks: 20 of 100")


def test_the_shown_score_stays_between_0_and_100() -> None:
    assert run(NO_RUSH, no_rush=True).score == 0
    assert run(URGENT.replace("= 30", "= 130").replace('group = "words"', ""), says_urgent=True).score == 100


@pytest.mark.parametrize(("asks", "band"), [(0, "someday"), (19, "later"), (58, "later"), (59, "next"), (120, "next")])
def test_the_band_follows_the_points(asks: int, band: str) -> None:
    assert run(ASKS, asks=asks).band == band


def test_a_line_that_rests_on_a_named_fact_shows_that_facts_words() -> None:
    rule = URGENT.replace("says_urgent", "question && says_urgent").replace("points", 'fact = "urgency"\npoints')

    line = run(rule, question=True, says_urgent=True, urgency=Fact(value=("asap",), quote="asap")).contributions[0]

    assert (line.fact, line.quote) == ("urgency", "asap")


def test_a_change_beyond_the_calendar_is_no_change() -> None:
    slow = 'points = [{ at = 0, points = 1 }], then = { points = 1, every = "10000w" }'
    rule = f'[[rules]]\nid = "age"\ntitle = "Age"\nsay = "Old"\ncurve = {{ hours_since = "opened_at", {slow} }}'

    assert run(rule, opened_at=NOW).valid_until == NOW + timedelta(weeks=5000)
    assert run(rule, datetime(9990, 1, 1, tzinfo=UTC), opened_at=datetime(9990, 1, 1, tzinfo=UTC)).valid_until is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        run(URGENT, datetime(2025, 9, 25))  # noqa: DTZ001 - naive on purpose


def test_the_order_is_tier_points_due_age_and_id() -> None:
    plain = run(URGENT, says_urgent=True)
    less, pinned, held = run(URGENT), replace(plain, tier="pinned"), replace(plain, tier="held")
    early, late = NOW, NOW + timedelta(days=1)
    keys = [
        order_key(replace(less, tier="pinned"), None, None, 9),
        order_key(plain, early, late, 8),
        order_key(plain, late, early, 7),
        order_key(plain, late, late, 6),
        order_key(plain, late, None, 5),
        order_key(plain, None, early, 3),
        order_key(plain, None, early, 4),
        order_key(less, early, early, 2),
        order_key(held, early, early, 1),
    ]

    assert keys == sorted(keys)
    assert order_key(pinned, None, None, 10) < keys[0]


def test_a_score_as_json_has_plain_numbers_and_moments_in_utc() -> None:
    fine = "resolution = 0.001\n" + HEAD + ASKS.replace("= 50", "= 0.125")
    result = score({"asks": Fact(value=50)}, parse(fine), NOW)

    assert (result.points, result.milli) == (Decimal("0.063"), 63)
    data = dump(result)
    assert (data["points"], data["at"], data["valid_until"]) == (0.063, "2025-09-25T12:00:00Z", None)
