"""Another program's formula, written as a ruleset: what the language of curves must be able to say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domains.ranking.engine import score
from app.domains.ranking.facts import Fact
from app.domains.ranking.ruleset import parse
from tests.domains.ranking.strategies import NOW

TASKWARRIOR = """
name = "taskwarrior"
resolution = 0.001
bands = { now = 15, next = 10, later = 5 }
[[rules]]
id = "due"
title = "Due"
say = "Due {due_at}"
curve = { hours_to = "due_at", points = [{ at = "14d", points = 2.4 }, { at = "-7d", points = 12 }] }
[[rules]]
id = "age"
title = "Age"
say = "Since {opened_at}"
curve = { hours_since = "opened_at", points = [{ at = 0, points = 0 }, { at = "365d", points = 2 }] }
[[rules]]
id = "notes"
title = "Annotations"
say = "{notes} notes"
curve = { value = "notes", points = [
  { at = 0, points = 0 }, { at = 1, points = 0.8 }, { at = 2, points = 0.9 }, { at = 3, points = 1 },
] }
[[rules]]
id = "scheduled"
title = "Scheduled"
say = "Scheduled {scheduled_at}"
curve = { hours_since = "scheduled_at", points = [{ at = 0, points = 0 }, { at = 0, points = 5 }] }
"""


@pytest.mark.parametrize(
    ("days", "points"),
    [(400, "2.4"), (14, "2.4"), (7, "5.6"), (0, "8.8"), (-7, "12"), (-60, "12")],
)
def test_taskwarriors_urgency_can_be_written_as_a_ruleset(days: int, points: str) -> None:
    facts = {"due_at": Fact(value=NOW + timedelta(days=days))}

    assert score(facts, parse(TASKWARRIOR), NOW).points == Decimal(points)
