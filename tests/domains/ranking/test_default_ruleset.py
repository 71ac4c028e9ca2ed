"""The shipped ruleset: the promises it makes to the people who read it."""

from datetime import timedelta
from typing import Any

import pytest

from app.domains.ranking.engine import score
from app.domains.ranking.explanation import Score
from app.domains.ranking.facts import Fact
from app.domains.ranking.ruleset import default
from tests.domains.ranking.strategies import NOW

ALL_WORDS = {
    "says_urgent": True,
    "urgency": ("ASAP",),
    "asks": 100,
    "severity": 100,
    "question": True,
    "unanswered": True,
}


def run(**values: Any) -> Score:
    return score({name: Fact(value=value) for name, value in values.items()}, default(), NOW)


def given(result: Score, title: str) -> int | None:
    points = [line.points for line in result.contributions if line.title == title]
    return int(points[0]) if points else None


@pytest.mark.parametrize("hours", [24, 12, 1, 0, -1, -24 * 400])
def test_a_deadline_within_24_hours_gives_50_and_still_holds_when_overdue(hours: int) -> None:
    assert given(run(due_at=NOW + timedelta(hours=hours)), "Deadline within 24 hours") == 50


def test_the_word_urgent_gives_30() -> None:
    assert given(run(says_urgent=True), "Says urgent") == 30


def test_a_deadline_in_seven_days_or_later_gives_nothing() -> None:
    assert run(due_at=NOW + timedelta(days=7)).points == 0


def test_a_deadline_rises_all_the_way() -> None:
    days = [6, 4, 2, 1.1, 1, 0.5, 0.1, 0, -1, -5, -30, -365, -3650]
    points = [run(due_at=NOW + timedelta(days=day)).points for day in days]

    assert points == sorted(set(points))


def test_no_choice_of_words_beats_a_deadline_of_today() -> None:
    assert run(**ALL_WORDS).points < run(due_at=NOW + timedelta(hours=24)).points


def test_a_deadline_today_with_a_clear_request_to_us_is_for_now() -> None:
    assert run(due_at=NOW + timedelta(hours=6), turn="ours", turn_since=NOW, asks=70).band == "now"


@pytest.mark.parametrize(
    "facts", [{"due_at": NOW + timedelta(hours=24)}, {"says_urgent": True}, ALL_WORDS, {"sender_important": True}]
)
def test_one_strong_sign_alone_is_not_for_now(facts: dict[str, Any]) -> None:
    assert run(**facts).band != "now"


def test_waiting_grows_then_fades() -> None:
    points = [
        run(turn="ours", turn_since=NOW - timedelta(days=days), last_item_at=NOW - timedelta(days=days)).points
        for days in (0, 1, 3, 10, 30, 60, 120)
    ]

    assert points[:4] == sorted(set(points[:4]))
    assert points[3:] == sorted(set(points[3:]), reverse=True)
    assert points[-1] < 0


def test_where_nobody_said_who_we_are_silence_and_requests_still_rank() -> None:
    since = NOW - timedelta(days=2)
    waiting = run(unanswered=True, last_item_at=since, asks=70, question=True)

    assert waiting.points > run(unanswered=False, last_item_at=since, asks=0, question=False).points
    assert waiting.band in {"next", "later"}


def test_a_task_that_waits_for_others_stands_below_the_same_one_that_does_not() -> None:
    assert run(blocked=1, asks=80).points < run(blocked=0, asks=80).points


def test_one_point_marks_what_may_be_out_of_date() -> None:
    assert run(stale=True, asks=80).points == run(asks=80).points - 1


def test_nothing_known_gives_nothing_and_never_changes() -> None:
    result = run()

    assert (result.points, result.band, result.valid_until, result.reasons) == (0, "someday", None, ())
    decided = [line.rule for line in result.also_checked if line.outcome != "unknown"]
    assert decided == ["started"]


def test_every_rule_can_give_points() -> None:
    """A rule nobody can fire is a mistake in the file, so each fires for one of two tasks."""
    day = timedelta(days=1)
    ours: dict[str, Any] = {
        "due_at": NOW - day, "turn": "ours", "turn_since": NOW - day, "last_item_at": NOW - 20 * day,
        "thanks_only": True, "resolved": True, "no_rush": True, "escalation": True, "follow_ups": 2, "money": 5000.0,
        "sender_important": True, "addressed": "direct", "mentions_us": True, "audience": 30, "starred": True,
        "marked_important": True, "priority": "urgent", "scheduled_at": NOW, "started_at": NOW, "blocked": 1,
        "blocking": 2, "stale": True, "assigned_to_us": True, **ALL_WORDS,
    }  # fmt: skip
    others: list[dict[str, Any]] = [
        {"due_at": NOW + 2 * day, "turn": "theirs", "turn_since": NOW - day, "addressed": "list", "priority": "high"},
        {"unanswered": True, "last_item_at": NOW - day, "says_urgent": False, "urgency": ("ASAP",)},
        {"unanswered": False, "last_item_at": NOW - day, "priority": "low", "wait_until": NOW + day},
    ]

    fired = {line.rule for facts in (ours, *others) for line in run(**facts).contributions}

    assert {rule.id for rule in default().rules} <= fired


def test_the_default_ruleset_is_read_once() -> None:
    assert default() is default()
