"""The shipped ruleset `taskwarrior`: each term of Taskwarrior's urgency, to the second and the thousandth.

What the program itself says of whole exports is compared in tests/workflows/test_taskwarrior.py.
"""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domains.ranking import Fact, Score, score
from app.domains.ranking.explanation import dump
from app.domains.ranking.ruleset import parse, shipped, shipped_text
from tests.domains.ranking.strategies import NOW

NEW = {"opened_at": NOW}
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def judged(**values: Any) -> Score:
    """A task that came just now, with these facts."""
    return score({name: Fact(value=value) for name, value in (NEW | values).items()}, shipped("taskwarrior"), NOW)


def points(**values: Any) -> Decimal:
    return Decimal(judged(**values).points)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        *((400, "2.4"), (14.1, "2.4"), (14, "2.4"), (13, "2.857"), (7, "5.6"), (1, "8.343"), (0, "8.8")),
        *((-1, "9.257"), (-6.99, "11.995"), (-7, "12"), (-7.01, "12"), (-60, "12")),
    ],
)
def test_a_due_date_counts_from_14_days_before_to_7_days_after(days: float, expected: str) -> None:
    assert points(due_at=NOW + days * DAY, due_from="source") == Decimal(expected)


def test_a_deadline_in_words_is_none_for_taskwarrior() -> None:
    assert points(due_at=NOW, due_from="words") == 0


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        *((0 * DAY, "0"), (DAY - SECOND, "0"), (DAY, "0.005"), (2 * DAY - SECOND, "0.005"), (2 * DAY, "0.011")),
        *((364.9 * DAY, "1.995"), (365 * DAY, "2"), (366 * DAY, "2"), (1200 * DAY, "2")),
    ],
)
def test_age_counts_in_whole_days_up_to_a_year(age: timedelta, expected: str) -> None:
    assert points(opened_at=NOW - age) == Decimal(expected)


def test_a_task_of_unknown_age_counts_as_old() -> None:
    found = score({}, shipped("taskwarrior"), NOW)

    assert found.points == 2
    assert [line.rule for line in found.contributions] == ["age-unknown"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "0"),
        ({"labels": ("next",), "label_count": 1}, "15.8"),
        ({"labels": ("Next", "a"), "label_count": 2}, "0.9"),
        ({"labels": ("a", "b", "c"), "label_count": 3}, "1"),
        ({"labels": ("a", "b", "c", "d"), "label_count": 4}, "1"),
        ({"label_count": 0, "notes": 0, "blocked": 0, "blocking": 0}, "0"),
        ({"notes": 1}, "0.8"),
        ({"notes": 2}, "0.9"),
        ({"notes": 3}, "1"),
        ({"notes": 30}, "1"),
        ({"priority": "high"}, "6"),
        ({"priority": "urgent"}, "6"),
        ({"priority": "normal"}, "3.9"),
        ({"priority": "low"}, "1.8"),
        ({"project": "House"}, "1"),
        ({"started_at": NOW + DAY}, "4"),
        ({"blocking": 1}, "8"),
        ({"blocking": 9}, "8"),
        ({"blocked": 1}, "-5"),
        ({"blocked": 2, "blocking": 2}, "3"),
    ],
)
def test_every_term_has_its_coefficient(facts: dict[str, Any], expected: str) -> None:
    assert points(**facts) == Decimal(expected)


@pytest.mark.parametrize(("after", "expected"), [(-DAY, 0), (0 * SECOND, 0), (SECOND, 5), (90 * DAY, 5)])
def test_a_planned_time_counts_once_it_is_past(after: timedelta, expected: int) -> None:
    assert points(scheduled_at=NOW - after) == expected


@pytest.mark.parametrize(("ahead", "expected"), [(90 * DAY, -3), (SECOND, -3), (0 * SECOND, 0), (-DAY, 0)])
def test_what_is_put_off_sinks_until_then(ahead: timedelta, expected: int) -> None:
    assert points(wait_until=NOW + ahead) == expected


def test_time_alone_changes_an_age_only_once_a_day() -> None:
    assert judged(opened_at=NOW - timedelta(hours=30)).valid_until == NOW + timedelta(hours=18)


def test_the_sentences_tell_what_holds() -> None:
    found = judged(
        due_at=NOW + DAY,
        due_from="source",
        priority="high",
        label_count=2,
        labels=("a", "next"),
        project="House",
        wait_until=NOW + 2 * DAY,
        blocked=1,
        opened_at=NOW - 9 * DAY,
    )

    assert [line["because"] for line in dump(found)["contributions"]] == [
        f"Due {_words(found, 'due')}",
        f"Hidden until {_words(found, 'waiting')}",
        f"There since {_words(found, 'age')}",
        "Tagged next",
        "Its priority is high",
        "Belongs to the project House",
        "Tags it bears: 2",
        "Open tasks it waits for: 1",
    ]


def _words(found: Score, rule: str) -> str:
    """The moment that a line names."""
    said = next(line.because for line in found.contributions if line.rule == rule)
    match = re.search(r"\w{3} \d+ \w{3} \d{4} \d\d:\d\d UTC$", said)
    assert match
    return match[0]


def test_the_examples_at_its_end_are_rules_that_can_be_used() -> None:
    shown = shipped_text("taskwarrior").partition("Coefficients of your own")[2]
    lines = [line.removeprefix("#").strip() for line in shown.splitlines()]
    examples = "\n".join(line for line in lines if line.startswith("[") or re.match(r"\w+ = ", line))

    own = parse(f"{shipped_text('taskwarrior')}\n{examples}")

    added = [rule.id for rule in own.rules if rule.id not in {rule.id for rule in shipped("taskwarrior").rules}]
    assert added == ["project-home", "tag-problem", "keyword-invoice", "uda-estimate", "uda-size-large"]
    assert own.inherit
    assert own.inherit.at_least
    facts: dict[str, Any] = {
        "project": "Home.Garden",
        "labels": ("problem",),
        "title": "Two invoices are missing",
        "attributes": ("estimate=4h", "size=large"),
    }
    given = score({name: Fact(value=value) for name, value in facts.items()}, own, NOW)
    assert {line.rule: line.points for line in given.contributions if line.rule in added} == {
        "project-home": Decimal("2.5"),
        "tag-problem": Decimal("4.5"),
        "keyword-invoice": Decimal("1.5"),
        "uda-estimate": Decimal("0.5"),
        "uda-size-large": Decimal(-2),
    }
