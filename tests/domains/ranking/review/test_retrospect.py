"""A ruleset applied to the past: who would have stood in the first twenty, from what was known and open then."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.documents.document import read
from app.domains.ranking.engine import order_key, standing
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.review.retrospect import Past, Span, in_top_twenty, moments, moments_of_choice
from app.domains.ranking.rules import Ruleset
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW

HOUR = timedelta(hours=1)
EVER = (Span(NOW - 1000 * HOUR),)


def ruleset() -> Ruleset:
    due = {"hours_to": "due_at", "points": [{"at": "24h", "points": 0}, {"at": "24h", "points": 50}]}
    rules = [
        {"id": "due", "title": "Due", "say": "Due {due_at}", "curve": due},
        {"id": "urgent", "title": "Urgent", "say": "Urgent", "when": "says_urgent", "points": 30},
    ]
    return read({"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "rules": rules})


def past(task: int, *versions: tuple[datetime | None, dict[str, Any]], spans: Sequence[Span] = EVER) -> Past:
    known = [(since, {name: Fact(value=value) for name, value in values.items()}) for since, values in versions]
    return Past(task, NOW - 1000 * HOUR, spans, known)


def crowd(size: int = 20) -> list[Past]:
    """So many that stand at 30 points."""
    return [past(1000 + number, (None, {"says_urgent": True})) for number in range(size)]


def test_a_task_stands_there_from_the_moment_on_at_which_time_puts_it_there() -> None:
    grid = moments(NOW - 10 * HOUR, NOW, 11, HOUR)

    found = in_top_twenty([*crowd(), past(1, (None, {"due_at": NOW + 20 * HOUR}))], ruleset(), grid)

    assert found[1] == [at for at in grid if at >= NOW - 4 * HOUR]
    assert found[1000] == grid
    assert len(found[1019]) == 6


def test_what_was_known_later_counts_only_from_then_on() -> None:
    grid = moments(NOW - 10 * HOUR, NOW, 11, HOUR)
    versions: list[tuple[datetime | None, dict[str, Any]]] = [
        (None, {}),
        (NOW - 3 * HOUR, {"due_at": NOW}),
        (NOW - HOUR, {}),
    ]

    found = in_top_twenty([*crowd(), past(1, *versions)], ruleset(), grid)

    assert found[1] == [NOW - 3 * HOUR, NOW - 2 * HOUR]


def test_only_what_was_open_is_ranked() -> None:
    grid = moments(NOW - 10 * HOUR, NOW, 11, HOUR)
    spans = (Span(NOW - 8 * HOUR, NOW - 6 * HOUR), Span(NOW - 2 * HOUR))

    found = in_top_twenty([past(1, (None, {}), spans=spans)], ruleset(), grid)

    assert found[1] == [NOW - hours * HOUR for hours in (8, 7, 2, 1, 0)]


def test_where_twenty_are_open_there_is_no_choice() -> None:
    grid = moments(NOW - 10 * HOUR, NOW, 11, HOUR)

    assert moments_of_choice(crowd(20), grid) == 0
    assert moments_of_choice([*crowd(20), past(1, (None, {}), spans=(Span(NOW - 2 * HOUR),))], grid) == 3


def test_the_grid_is_even_bounded_and_no_finer_than_it_may_be() -> None:
    assert moments(NOW - 2 * HOUR, NOW, 100, HOUR) == [NOW - 2 * HOUR, NOW - HOUR, NOW]
    assert moments(NOW, NOW, 100, HOUR) == [NOW]
    long = moments(NOW - 10_000 * HOUR, NOW, 100, HOUR)
    assert (len(long), long[0], long[-1]) == (100, NOW - 10_000 * HOUR, NOW)


pasts_of = st.lists(st.tuples(some.facts, some.facts, st.integers(0, 60)), max_size=5)


@given(pasts_of, some.rulesets)
def test_it_agrees_with_ranking_anew_at_every_moment(tasks: list[tuple[Facts, Facts, int]], rules: Ruleset) -> None:
    grid = moments(NOW - 60 * HOUR, NOW, 7, HOUR)
    pasts = [
        Past(task, NOW, EVER, [(None, first), (NOW - hours * HOUR, second)])
        for task, (first, second, hours) in enumerate(tasks)
    ]

    crowded = [*pasts, *(Past(100 + each, NOW, EVER, [(None, {})]) for each in range(18))]
    found = in_top_twenty(crowded, rules, grid)

    for at in grid:
        keys = []
        for each in crowded:
            facts = [facts for since, facts in each.versions if since is None or since <= at][-1]
            due = facts["due_at"].value if "due_at" in facts else None
            keys.append(
                order_key(standing(facts, rules, at), due if isinstance(due, datetime) else None, NOW, each.task)
            )
        first = {key[-1] for key in sorted(keys)[:20]}
        assert {task for task, seen in found.items() if at in seen} == first
