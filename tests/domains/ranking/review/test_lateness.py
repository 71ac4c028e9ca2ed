"""Whether late tasks would have been seen sooner: in numbers, and in a sentence that people understand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.review.lateness import Seen, lateness

LATE = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)


def seen(before: float | None, after: float | None, task: int = 1) -> Seen:
    """A task that stood in the first twenty from so many hours before its deadline on; None: never."""

    def moments(hours: float | None) -> Sequence[datetime]:
        return [] if hours is None else [LATE - timedelta(hours=hours), LATE]

    return Seen(task, LATE, moments(before), moments(after))


def test_the_sentence_tells_how_many_and_by_how_much() -> None:
    found = lateness([seen(10, 15, task) for task in range(11)])

    assert (
        found.sentence
        == "The eleven tasks that were late would have stood in the top twenty a median of five hours earlier."
    )
    assert found.median_earlier_h == 5


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (10, 15, "The task that was late would have stood in the top twenty five hours earlier."),
        (10, 9, "The task that was late would have stood in the top twenty one hour later."),
        (10, 10.2, "The task that was late would have stood in the top twenty less than an hour earlier."),
        (10, 10, "The task that was late stood in the top twenty from the same time on under both rulesets."),
        (10, 106, "The task that was late would have stood in the top twenty four days earlier."),
        (None, 3, "The task that was late would have come into the top twenty, but never did."),
        (3, None, "The task that was late did come into the top twenty, but would not have."),
        (None, None, "The task that was late came into the top twenty under neither ruleset."),
    ],
)
def test_one_task_is_told_by_itself(before: float | None, after: float | None, said: str) -> None:
    assert lateness([seen(before, after)]).sentence == said


def test_those_that_never_stood_there_are_counted_apart() -> None:
    found = lateness([seen(1, 3), seen(1, 5, 2), seen(None, 2, 3), seen(4, None, 4), *(seen(None, None, 9),) * 13])

    assert (found.gained, found.lost, found.never) == (1, 1, 13)
    assert found.sentence == (
        "Of the 17 tasks that were late, two would have stood in the top twenty a median of three hours earlier; "
        "one would have come into the top twenty, but never did; one did come into the top twenty, but would not have; "
        "13 came into the top twenty under neither ruleset."
    )


def test_the_same_time_under_both_is_neither_earlier_nor_later() -> None:
    same = [seen(hours, hours, task) for task, hours in enumerate(range(1, 10), 4)]

    found = lateness([seen(4, 32, 1), seen(4, 32, 2), seen(10, 7, 3), *same])

    assert (found.earlier, found.median_earlier_h, found.later, found.median_later_h) == (2, 28, 1, 3)
    assert found.same == 9
    assert [row.task for row in found.tasks][:3] == [1, 2, 3]
    assert found.sentence == (
        "Of the twelve tasks that were late, two would have stood in the top twenty a median of 28 hours earlier; one "
        "would have stood there three hours later; the others stood there from the same time on under both rulesets."
    )


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([(10, 9), (10, 10)], "one would have stood in the top twenty one hour later; the other stood there from"),
        ([(10, 10), (8, 8)], "The two tasks that were late stood in the top twenty from the same time on under both"),
        ([(10, 10), (8, None)], "one did come into the top twenty, but would not have; the other stood there from"),
    ],
)
def test_those_that_stay_the_same_are_told_last(tasks: list[tuple[float, float | None]], said: str) -> None:
    assert said in lateness([seen(*each, task) for task, each in enumerate(tasks)]).sentence


def test_where_nothing_was_late_that_is_said() -> None:
    assert lateness([]).sentence == "No task was late in this time."


def test_what_gains_most_comes_first() -> None:
    tasks = [seen(1, 2, 1), seen(1, 9, 2), seen(None, None, 3), seen(4, None, 4), seen(None, 1, 5), seen(9, 1, 6)]

    assert [row.task for row in lateness(tasks).tasks] == [5, 2, 1, 6, 4, 3]


hours = st.one_of(st.none(), st.integers(0, 400).map(float))
all_seen = st.lists(st.tuples(hours, hours), max_size=20).map(
    lambda some: [seen(before, after, task) for task, (before, after) in enumerate(some)]
)


@given(all_seen)
def test_every_task_has_its_row_and_is_counted_once(tasks: list[Seen]) -> None:
    found = lateness(tasks)

    assert sorted(row.task for row in found.tasks) == [each.task for each in tasks]
    measured = [row.earlier_h for row in found.tasks if row.earlier_h is not None]
    assert found.earlier + found.later + found.same == len(measured)
    assert len(measured) + found.gained + found.lost + found.never == len(tasks)
    earlier, later = [h for h in measured if h > 0], [-h for h in measured if h < 0]
    assert found.median_earlier_h == (median(earlier) if earlier else None)
    assert found.median_later_h == (median(later) if later else None)


@given(all_seen)
def test_the_other_way_round_what_was_earlier_is_later(tasks: list[Seen]) -> None:
    there = lateness(tasks)
    back = lateness([Seen(each.task, each.late_at, each.after, each.before) for each in tasks])

    assert (there.gained, there.lost, there.never, there.same) == (back.lost, back.gained, back.never, back.same)
    assert (there.earlier, there.median_earlier_h) == (back.later, back.median_later_h)
    assert {(row.task, row.earlier_h and -row.earlier_h) for row in there.tasks} == {
        (row.task, row.earlier_h) for row in back.tasks
    }
