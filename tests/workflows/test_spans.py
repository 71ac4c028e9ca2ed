"""When a task was open, from the changes of its status."""

from datetime import UTC, datetime, timedelta

from app.domains.ranking.review.retrospect import Span
from app.workflows.rules.spans import StatusChange, open_spans, was_late

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)


def changed(number: int, before: str, after: str) -> StatusChange:
    return StatusChange(day(number), before, after)


def test_without_changes_it_always_was_what_it_is() -> None:
    assert open_spans(BEGIN, "open", []) == (Span(BEGIN),)
    assert open_spans(BEGIN, "done", []) == ()


def test_each_time_it_was_open_is_told() -> None:
    changes = [changed(1, "open", "done"), changed(3, "done", "open"), changed(4, "open", "snoozed")]

    assert open_spans(BEGIN, "snoozed", changes) == (Span(BEGIN, day(1)), Span(day(3), day(4)))
    assert open_spans(BEGIN, "open", [*changes, changed(6, "snoozed", "open")])[-1] == Span(day(6))


def test_what_was_no_work_yet_begins_when_it_became_some() -> None:
    assert open_spans(BEGIN, "open", [changed(2, "not_for_us", "open")]) == (Span(day(2)),)


def test_changes_between_other_statuses_open_nothing() -> None:
    assert open_spans(BEGIN, "declined", [changed(1, "open", "snoozed"), changed(2, "snoozed", "declined")]) == (
        Span(BEGIN, day(1)),
    )


def test_a_task_is_late_whose_deadline_passed_while_it_was_open_or_has_passed_while_it_is() -> None:
    spans = (Span(BEGIN, day(3)), Span(day(5)))

    assert was_late(spans[:1], day(2), day(9))
    assert not was_late(spans[:1], day(3), day(9))
    assert was_late(spans, day(4), day(9))
    assert not was_late(spans, day(10), day(9))
    assert not was_late((), day(2), day(9))
