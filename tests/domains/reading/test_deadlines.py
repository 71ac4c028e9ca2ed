"""Deadlines in words: what sets one, what does not, and what the date is."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from app.domains.reading import Text, TextFact, read
from tests.domains.reading.deadline_table import NOT_SET, SET
from tests.domains.reading.hour_table import NO_TIMES, TIMES

WEDNESDAY = datetime(2025, 9, 24, 10, tzinfo=timezone(timedelta(hours=-7)))
IN_BERLIN = datetime(2025, 9, 24, 10, tzinfo=timezone(timedelta(hours=2)))


def due(text: str, sent_at: datetime | None = WEDNESDAY, day_ends: time = time(17)) -> list[TextFact]:
    reading = read(Text(text=text, sent_at=sent_at, day_ends=day_ends))
    return [fact for fact in reading.facts if fact.fact == "due_at"]


def values(text: str, sent_at: datetime | None = WEDNESDAY) -> list[str]:
    return [str(fact.value) for fact in due(text, sent_at)]


@pytest.mark.parametrize(("sentence", "at"), SET)
def test_a_deadline_in_words_is_read_against_the_senders_day(sentence: str, at: str) -> None:
    found = values(sentence)

    assert len(found) == 1
    assert found[0].startswith(at)


@pytest.mark.parametrize("sentence", NOT_SET)
def test_a_mere_date_sets_no_deadline(sentence: str) -> None:
    assert values(sentence) == []


@pytest.mark.parametrize(("sentence", "at"), TIMES)
def test_a_number_with_a_day_beside_it_or_awaited_by_somebody_is_a_time(sentence: str, at: str) -> None:
    assert [found[:16] for found in values(sentence)] == [at]


@pytest.mark.parametrize("sentence", NO_TIMES)
def test_a_bare_number_is_no_time_of_day(sentence: str) -> None:
    assert values(sentence) == []


def test_without_a_date_of_sending_relative_words_set_no_deadline() -> None:
    assert values("Please answer by Friday.", None) == []
    assert values("Please answer by 5pm.", None) == []
    assert values("Please answer by 26 September.", None) == []
    assert values("Please answer within 24 hours.", None) == []


def test_without_a_date_of_sending_a_whole_date_still_counts() -> None:
    assert values("Please answer by 26 September 2025.", None) == ["2025-09-26T17:00:00+00:00"]


def test_an_ambiguous_date_is_read_as_where_the_sender_lives_and_with_less_certainty() -> None:
    (american,) = due("It is due 10/03/2026.", WEDNESDAY)
    (european,) = due("It is due 10/03/2026.", IN_BERLIN)

    assert american.value == "2026-10-03T17:00:00-07:00"
    assert european.value == "2026-03-10T17:00:00+02:00"
    assert american.points < 100
    assert due("It is due 10/23/2026.", IN_BERLIN)[0].points == 100


def test_the_usual_end_of_a_day_can_be_set() -> None:
    assert due("Please answer by Friday.", day_ends=time(18, 30))[0].value == "2025-09-26T18:30:00-07:00"


def test_a_weekday_is_today_until_its_time_has_passed() -> None:
    before, after = (
        datetime(2025, 9, 26, 9, tzinfo=WEDNESDAY.tzinfo),
        datetime(2025, 9, 26, 18, tzinfo=WEDNESDAY.tzinfo),
    )

    assert values("Please answer by Friday 5pm.", before) == ["2025-09-26T17:00:00-07:00"]
    assert values("Please answer by Friday 5pm.", after) == ["2025-10-03T17:00:00-07:00"]


@pytest.mark.parametrize(
    ("sent", "text", "ends"),
    [
        pytest.param((24, 10), "Decide this week.", "2025-09-26T17:00:00-07:00", id="on a Wednesday: Friday"),
        pytest.param((26, 10), "Decide this week.", "2025-09-26T17:00:00-07:00", id="on Friday morning: today"),
        pytest.param((26, 19), "Decide this week.", "2025-09-28T17:00:00-07:00", id="on Friday evening: Sunday"),
        pytest.param((28, 10), "Decide this week.", "2025-10-03T17:00:00-07:00", id="on a Sunday: the week to come"),
        pytest.param((24, 18), "Can you look at it today?", "2025-09-24T23:59:00-07:00", id="today, in the evening"),
        pytest.param((24, 18), "Please send it EOD.", "2025-09-24T23:59:00-07:00", id="EOD, in the evening"),
    ],
)
def test_what_is_asked_for_today_or_this_week_is_not_late_as_it_is_said(
    sent: tuple[int, int], text: str, ends: str
) -> None:
    assert values(text, datetime(2025, 9, *sent, tzinfo=WEDNESDAY.tzinfo)) == [ends]


def test_each_distinct_deadline_is_a_fact_of_its_own() -> None:
    assert values("Send the draft by Thursday and the final version by 1 October.") == [
        "2025-09-25T17:00:00-07:00",
        "2025-10-01T17:00:00-07:00",
    ]


def test_the_quote_holds_the_cue_and_the_date() -> None:
    assert due("Could you send it by Friday 5pm, please?")[0].quote == "by Friday 5pm"


def test_the_subject_may_set_the_deadline() -> None:
    (fact,) = (
        f for f in read(Text(text="See below.", subject="Due Friday", sent_at=WEDNESDAY)).facts if f.fact == "due_at"
    )

    assert (fact.where, fact.quote) == ("subject", "Due Friday")


def how(text: str) -> list[str]:
    """In what way the text names its dates."""
    found = read(Text(text=text, sent_at=WEDNESDAY)).facts
    return [fact.fact for fact in found if fact.fact in {"demand", "appointment", "promise"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Please send it by Friday.", ["demand"]),
        ("The report is due on Friday.", ["demand"]),
        ("I need it today.", ["demand"]),
        ("Could you look at it today?", []),
        ("The fair opens by Friday.", []),
        ("Your trial ends on Friday.", []),
        ("Can we meet on Friday at 3pm?", ["appointment"]),
        ("Let's finish it on Friday at 3pm.", []),
        ("Please call back by Friday.", ["demand"]),
        ("We'll deliver on Friday.", ["promise"]),
        ("You will have it by Friday.", ["demand", "promise"]),
        ("I'll need your answer by Friday.", ["demand"]),
        ("I will cancel if you don't pay by Friday.", ["demand"]),
        ("You'll have to leave.", []),
    ],
)
def test_a_demand_an_appointment_and_a_promise_are_told_apart(text: str, said: list[str]) -> None:
    assert how(text) == said


def test_quoted_lines_set_no_deadline() -> None:
    assert values("> Please answer by Friday.\nThat was long ago.") == []


def test_a_sender_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read(Text(text="by Friday", sent_at=datetime(2025, 9, 24)))  # noqa: DTZ001 (the refusal is what is tested)


@pytest.mark.parametrize("year", [1, 102, 9999])
def test_a_broken_clock_is_no_base(year: int) -> None:
    broken = datetime(year, 12, 31, 23, tzinfo=UTC)

    assert values("Please answer by tomorrow, or within 900 months, or by the end of next year.", broken) == []
    assert values("Please answer by 26 September 2025.", broken) == ["2025-09-26T17:00:00+00:00"]
