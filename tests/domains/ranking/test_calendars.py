"""Working calendars: the laws of elapsed working time, changes of clocks included, and how a calendar is written."""

import json
import pickle
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domains.ranking.calendars import (
    AROUND_THE_CLOCK,
    MOST_HOLIDAYS,
    OFFICE,
    Calendar,
    CalendarInvalid,
    calendar_from,
    document_of,
)

HOUR, DAY = 3_600, 86_400


def at(text: str, zone: str = "UTC") -> int:
    """Seconds since 1970 of a moment on the wall."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


CHANGES = {
    ("Europe/Berlin", at("2026-03-29T01:00")),
    ("Europe/Berlin", at("2026-10-25T01:00")),
    ("America/New_York", at("2026-11-01T06:00")),
    ("America/St_Johns", at("2006-10-29T02:31")),  # at one minute past midnight
    ("America/Sao_Paulo", at("2018-02-18T02:00")),  # midnight happens twice
    ("America/Sao_Paulo", at("2018-11-04T03:00")),  # midnight does not happen
    ("Australia/Lord_Howe", at("2026-10-03T15:30")),  # half an hour
    ("Australia/Adelaide", at("2026-04-04T16:30")),
    ("Pacific/Auckland", at("2026-09-26T14:00")),
    ("Pacific/Chatham", at("2026-04-04T14:00")),  # at 03:45
    ("Pacific/Apia", at("2011-12-30T10:00")),  # a Friday that never was
    ("Pacific/Kwajalein", at("1993-08-21T12:00")),
    ("Antarctica/Troll", at("2026-03-29T01:00")),  # two hours
    ("Africa/Casablanca", at("2026-02-15T02:00")),  # for Ramadan
    ("Asia/Pyongyang", at("2018-05-04T15:00")),
    ("Africa/Monrovia", at("1972-01-07T00:44:30")),  # offsets with seconds
    ("Asia/Kathmandu", at("1985-12-31T18:30")),
    ("Asia/Kolkata", at("2026-06-01T00:00")),  # nothing changes
    ("Europe/London", at("2150-03-29T01:00")),  # by the rule, beyond any table
    ("UTC", at("2000-01-01T00:00")),
    ("UTC", 0),
    ("Pacific/Kiritimati", at("2201-01-01T00:00")),  # where calendars end
}

minutes_of_day = st.lists(st.integers(0, 1440) | st.integers(0, 8).map(lambda half: 30 * half), unique=True)
spans_of_day = minutes_of_day.map(lambda marks: tuple(pairwise(sorted(marks)))[:11:2])
hours = st.dictionaries(st.integers(0, 6), spans_of_day, min_size=3)
around = st.integers(-30 * DAY, 30 * DAY) | st.integers(-3 * HOUR, 3 * HOUR) | st.integers(-60, 60)


@st.composite
def calendars_and_moments(draw: st.DrawFn, moments: int = 2) -> tuple[Calendar, list[int]]:
    """Any hours, some holidays, and moments near a change of the zone's clocks."""
    zone, change = draw(st.sampled_from(sorted(CHANGES)))
    near = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=change)).date()
    days = {near + timedelta(days=days) for days in draw(st.lists(st.integers(-15, 15), max_size=4))}
    holidays = {day: draw(st.sampled_from(["", "Holiday"])) for day in days if 1970 <= day.year <= 2200}
    some = Calendar("some", zone, draw(hours), holidays)
    return some, [change + draw(around) for _ in range(moments)]


def open_on_the_wall(some: Calendar, second: int) -> bool:
    """The definition, from the zone's own clock."""
    if not at("1970-01-01") <= second < at("2201-01-01"):
        return False
    wall = datetime.fromtimestamp(second, ZoneInfo(some.zone))
    minute = 60 * wall.hour + wall.minute
    spans = () if wall.date() in some.holidays else some.hours.get(wall.weekday(), ())
    return any(begin <= minute < end for begin, end in spans)


@given(calendars_and_moments(moments=1))
def test_a_second_is_open_where_the_clock_on_the_wall_says_so(drawn: tuple[Calendar, list[int]]) -> None:
    some, [second] = drawn

    assert some.is_open(second) is open_on_the_wall(some, second)


@given(st.sampled_from(sorted({zone for zone, _ in CHANGES})), st.integers(at("1970-01-01"), at("2201-01-01")))
@settings(max_examples=50)
def test_so_it_is_in_any_year(zone: str, second: int) -> None:
    some = Calendar("some", zone, dict.fromkeys(range(1, 7), ((0, 150), (545, 1030), (1400, 1440))))

    for step in range(0, 2 * DAY, 1801):
        assert some.is_open(second + step) is open_on_the_wall(some, second + step)


@pytest.mark.parametrize(("zone", "change"), sorted(CHANGES))
def test_so_it_is_around_every_change_of_clocks(zone: str, change: int) -> None:
    some = Calendar("some", zone, dict.fromkeys(range(7), ((0, 31), (45, 100), (130, 185), (220, 700), (1410, 1440))))

    for second in [*range(change - DAY, change + DAY, 177), *range(change - 2, change + 3)]:
        assert some.is_open(second) is open_on_the_wall(some, second)


@given(calendars_and_moments(moments=1))
@settings(max_examples=25)
def test_elapsed_is_what_counting_minute_by_minute_gives(drawn: tuple[Calendar, list[int]]) -> None:
    some, [second] = drawn
    step = 30 if some.zone == "Africa/Monrovia" else 60
    start = second // step * step
    moments = range(start, start + 15 * DAY, step)

    assert some.elapsed(start, start + 15 * DAY) == step * sum(open_on_the_wall(some, moment) for moment in moments)


@given(calendars_and_moments(moments=3))
def test_elapsed_is_additive_and_changes_sign_with_its_direction(drawn: tuple[Calendar, list[int]]) -> None:
    some, [a, b, c] = drawn

    assert some.elapsed(a, b) + some.elapsed(b, c) == some.elapsed(a, c)
    assert some.elapsed(a, b) == -some.elapsed(b, a)


@given(calendars_and_moments(moments=3))
def test_later_is_never_less_and_never_more_than_the_time_that_passed(drawn: tuple[Calendar, list[int]]) -> None:
    some, [start, *ends] = drawn
    earlier, later = sorted(ends)

    assert 0 <= some.elapsed(start, later) - some.elapsed(start, earlier) <= later - earlier


@given(calendars_and_moments(), st.integers(-9_000 * HOUR, 9_000 * HOUR) | st.integers(-2, 2))
@example((OFFICE, [at("2026-10-03T12:00"), 0]), 0)
@settings(max_examples=60)
def test_after_is_the_first_second_by_which_so_much_has_run(drawn: tuple[Calendar, list[int]], seconds: int) -> None:
    some, [start, _] = drawn

    end = some.after(start, seconds)

    if end is None:
        assert not some.hours or some.elapsed(0, start) + seconds not in range(some.elapsed(0, at("2201-01-01")) + 1)
    elif end > 0:
        assert some.elapsed(start, end) == seconds
        assert some.elapsed(start, end - 1) == seconds - 1


@pytest.mark.parametrize("working_hours", [-20_000, 20_000])
def test_after_goes_over_many_years(working_hours: int) -> None:
    start = at("2026-10-01T12:00")

    end = replace(OFFICE).after(start, working_hours * HOUR)

    assert end is not None
    assert abs(end - start) > 9 * 365 * DAY
    assert [OFFICE.elapsed(start, second) for second in (end - 1, end)] == [
        working_hours * HOUR - 1,
        working_hours * HOUR,
    ]


@given(calendars_and_moments())
def test_after_finds_every_moment_again(drawn: tuple[Calendar, list[int]]) -> None:
    some, [start, end] = drawn

    found = some.after(start, some.elapsed(start, end))

    assert (found is None) == (not some.hours)
    if found is not None and 0 <= end <= at("2201-01-01"):
        assert found <= end
        assert some.elapsed(found, end) == 0


@given(calendars_and_moments(moments=6), st.permutations(range(6)))
def test_what_was_asked_before_changes_no_answer(drawn: tuple[Calendar, list[int]], order: list[int]) -> None:
    some, moments = drawn
    years = [moment + 2 * 366 * DAY * (place - 2) for place, moment in enumerate(moments)]
    fresh = replace(some)
    for place in order:
        fresh.elapsed(years[place], years[0])
        fresh.after(years[place], 1_000 * HOUR)

    answers = [(some.elapsed(a, b), some.after(a, 50 * HOUR)) for a, b in pairwise(years)]

    assert [(fresh.elapsed(a, b), fresh.after(a, 50 * HOUR)) for a, b in pairwise(years)] == answers


@given(calendars_and_moments(moments=1))
@settings(max_examples=50)
def test_a_holiday_contributes_nothing_and_changes_no_other_day(drawn: tuple[Calendar, list[int]]) -> None:
    some, [second] = drawn
    zone = ZoneInfo(some.zone)
    day = datetime.fromtimestamp(second, zone).date()
    closed = replace(some, holidays={**some.holidays, day: "One more"})

    for moment in range(second - 2 * DAY, second + 2 * DAY, 331):
        on_that_day = datetime.fromtimestamp(moment, zone).date() == day
        assert closed.is_open(moment) is (some.is_open(moment) and not on_that_day)


@pytest.fixture
def busy_threads() -> Iterator[None]:
    """Threads take turns every few microseconds instead of every five milliseconds."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("busy_threads")
def test_one_calendar_may_be_shared_by_threads() -> None:
    # Each begins in another year, so they grow the same table from different ends.
    starts = [at(f"{1985 + 17 * number % 90}-06-01") for number in range(48)]
    seconds = [9_000 * HOUR * (-1) ** number for number in range(48)]
    expected = list(map(OFFICE.after, starts, seconds))

    with ThreadPoolExecutor(8) as threads:
        for shared in (replace(OFFICE) for _ in range(6)):
            assert list(threads.map(shared.after, starts, seconds)) == expected


def test_an_evening_and_a_weekend_cost_no_working_time() -> None:
    friday, monday = at("2026-10-02T16:30"), at("2026-10-05T09:30")

    assert OFFICE.elapsed(friday, monday) == HOUR
    assert OFFICE.after(friday, HOUR) == monday
    assert OFFICE.after(monday, -HOUR) == friday


def test_the_end_of_a_day_is_reached_in_the_evening_and_not_next_morning() -> None:
    assert OFFICE.after(at("2026-10-02T09:00"), 8 * HOUR) == at("2026-10-02T17:00")
    assert OFFICE.after(at("2026-10-03T12:00"), 0) == at("2026-10-02T17:00")
    assert OFFICE.after(at("2026-10-05T09:00"), 0) == at("2026-10-02T17:00")
    assert replace(OFFICE).after(at("2028-01-01T12:00"), 0) == at("2027-12-31T17:00")  # tables go by years


def test_around_the_clock_working_time_is_time() -> None:
    assert AROUND_THE_CLOCK.elapsed(at("1999-12-31T23:59:59"), at("2026-02-03T04:05:06")) == 823_406_707
    assert AROUND_THE_CLOCK.after(1_000, 1_234_567_890) == 1_234_568_890


@pytest.mark.parametrize(
    ("day", "opens", "hours_open"),
    [
        ("2026-03-29", "09:00-17:00", 8),  # changed in the night
        ("2026-10-25", "09:00-17:00", 8),
        ("2026-03-28", "00:00-24:00", 24),
        ("2026-03-29", "00:00-24:00", 23),
        ("2026-10-25", "00:00-24:00", 25),
        ("2026-03-29", "01:30-03:30", 1),
        ("2026-10-25", "01:30-03:30", 3),
        ("2026-03-29", "02:00-03:00", 0),  # does not happen
        ("2026-10-25", "02:00-03:00", 2),  # happens twice
    ],
)
def test_hours_count_as_they_pass_on_the_wall(day: str, opens: str, hours_open: int) -> None:
    berlin = calendar_from("berlin", {"zone": "Europe/Berlin", "hours": {"monday-sunday": [opens]}})
    midnight = at(day, "Europe/Berlin")
    next_midnight = at(str(date.fromisoformat(day) + timedelta(days=1)), "Europe/Berlin")

    assert berlin.elapsed(midnight, next_midnight) == hours_open * HOUR


def test_a_day_that_a_zone_leaves_out_has_no_hours() -> None:
    apia = replace(OFFICE, zone="Pacific/Apia")  # after Thursday, 29 December 2011 came Saturday

    thursday, monday = at("2011-12-29T17:00", "Pacific/Apia"), at("2012-01-02T09:00", "Pacific/Apia")

    assert monday - thursday == 64 * HOUR  # otherwise 88
    assert apia.elapsed(thursday, monday) == 0


def test_outside_1970_to_2200_it_is_closed() -> None:
    begin, end = at("1970-01-01"), at("2201-01-01")
    century = 36_525 * DAY

    assert AROUND_THE_CLOCK.elapsed(begin - century, end + century) == end - begin
    assert AROUND_THE_CLOCK.elapsed(end + 1, end + century) == AROUND_THE_CLOCK.elapsed(begin - century, begin) == 0
    assert not AROUND_THE_CLOCK.is_open(begin - 1)
    assert AROUND_THE_CLOCK.is_open(begin)
    assert AROUND_THE_CLOCK.is_open(end - 1)
    assert not AROUND_THE_CLOCK.is_open(end)


@pytest.mark.parametrize("calendar", [OFFICE, AROUND_THE_CLOCK])
def test_what_is_not_reached_by_2200_is_never_reached(calendar: Calendar) -> None:
    now, end = at("2026-01-01"), at("2201-01-01")
    left = calendar.elapsed(now, end)

    assert calendar.after(now, left) is not None
    assert calendar.after(now, left + 1) is None
    assert calendar.after(now, -calendar.elapsed(0, now)) == 0
    assert calendar.after(now, -calendar.elapsed(0, now) - 1) is None
    assert calendar.after(now, 10**30) is calendar.after(now, -(10**30)) is None
    assert calendar.after(end + DAY, -1) == calendar.after(end, -1)


def test_without_open_hours_nothing_ever_runs() -> None:
    closed = Calendar("closed", "UTC", {0: ()})

    assert closed.elapsed(0, at("2100-01-01")) == 0
    assert [closed.after(0, seconds) for seconds in (-1, 0, 1)] == [None, None, None]


WRITTEN = """
zone = "Europe/Berlin"
holidays = [{ on = 2026-12-25, name = "Christmas Day" }, "2026-12-26", 2026-01-01]
[hours]
monday-thursday = ["9:00-12:30", "13:30 – 18:00"]
friday = ["09:00-15:00"]
saturday = []
"""


def test_a_calendar_is_read_from_toml_and_written_in_one_way() -> None:
    read = calendar_from("berlin", tomllib.loads(WRITTEN))

    day = ["09:00-12:30", "13:30-18:00"]
    assert document_of(read) == {
        "zone": "Europe/Berlin",
        "hours": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": ["09:00-15:00"]},
        "holidays": ["2026-01-01", {"on": "2026-12-25", "name": "Christmas Day"}, "2026-12-26"],
    }
    assert calendar_from("berlin", json.loads(json.dumps(document_of(read)))) == read


@given(calendars_and_moments(moments=0))
def test_what_is_written_reads_as_the_same_calendar(drawn: tuple[Calendar, list[int]]) -> None:
    some, _ = drawn
    if some.hours:
        read = calendar_from("some", json.loads(json.dumps(document_of(some))))

        assert (read, hash(read), read.digest) == (some, hash(some), some.digest)


def test_days_may_go_over_the_end_of_the_week() -> None:
    document = {"zone": "Asia/Jerusalem", "hours": {"sunday-thursday": ["22:00-24:00"], "friday-friday": []}}

    assert sorted(calendar_from("haifa", document).hours) == [0, 1, 2, 3, 6]


def test_the_digest_tells_what_counts_and_not_what_it_is_called() -> None:
    assert len(OFFICE.digest) == 16
    assert replace(OFFICE, name="other").digest == OFFICE.digest
    changed = [
        replace(OFFICE, zone="Europe/Berlin"),
        replace(OFFICE, hours={0: ((540, 1020),)}),
        replace(OFFICE, holidays={date(2026, 12, 25): ""}),
        replace(OFFICE, holidays={date(2026, 12, 25): "Christmas Day"}),
    ]
    assert len({OFFICE.digest, *(calendar.digest for calendar in changed)}) == 5


def test_a_calendar_is_a_value() -> None:
    given_hours = {0: ((540, 1020),)}
    some = Calendar("some", "UTC", given_hours)
    given_hours[1] = ((540, 1020),)

    assert sorted(some.hours) == [0]
    assert some == Calendar("some", "UTC", {1: (), 0: ((540, 1020),)}) != replace(some, name="other")
    assert pickle.loads(pickle.dumps(some)).elapsed(0, 10**9) == some.elapsed(0, 10**9)  # noqa: S301 our own bytes
    with pytest.raises(FrozenInstanceError):
        some.name = "other"  # type: ignore[misc] # what is tested


def problems(**changes: Any) -> list[tuple[str, str]]:
    document = {"zone": "UTC", "hours": {"monday": ["09:00-17:00"]}, **changes}
    with pytest.raises(CalendarInvalid) as caught:
        calendar_from("some", {key: value for key, value in document.items() if value is not ...})
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("europe/london", "Europe/London"),
        ("utc", "UTC"),
    ],
)
def test_an_unknown_zone_is_answered_with_the_nearest(word: str, nearest: str) -> None:
    assert problems(zone=word) == [("zone", f"there is no time zone {word!r}; did you mean {nearest!r}?")]


@pytest.mark.parametrize(
    ("spans", "where", "message"),
    [
        (["17:00-09:00"], "hours.monday[1]", "must end after it begins"),
        (["09:00-12:00", "13:00-13:00"], "hours.monday[2]", "must end after it begins"),
        (["09:00-12:00", "11:59-13:00"], "hours.monday[2]", "must not begin before the one above it ends"),
        (["13:00-14:00", "09:00-10:00"], "hours.monday[2]", "must not begin before the one above it ends"),
        (["12:00-24:00", "noon"], "hours.monday[2]", "must be two times up to 24:00"),
        (["09:00-24:01"], "hours.monday[1]", "must be two times up to 24:00"),
        (["09:60-12:00"], "hours.monday[1]", "must be two times up to 24:00"),
        ([9], "hours.monday[1]", "must be two times up to 24:00"),
        (["0:00-1:00"] * 7, "hours.monday", "must be a list of at most 6 texts"),
        ("09:00-17:00", "hours.monday", "must be a list of at most 6 texts"),
        ([], "hours", "at least one minute of the week must be open"),
    ],
)
def test_hours_that_are_none_are_named(spans: Any, where: str, message: str) -> None:
    [(found, said)] = problems(hours={"monday": spans})

    assert (found, said[: len(message)]) == (where, message)


@pytest.mark.parametrize(
    ("entry", "where", "message"),
    [
        ("2026-02-30", "holidays[2]", "must be a day from 1970 to 2200"),
        ("20261225", "holidays[2]", "must be a day from 1970 to 2200"),
        (datetime(2026, 12, 25, tzinfo=UTC), "holidays[2]", "must be a day from 1970 to 2200"),
        ("0202-12-25", "holidays[2]", "must be a day from 1970 to 2200"),
        ({"name": "Some day"}, "holidays[2]", "must be a day from 1970 to 2200"),
        ("2026-12-25", "holidays[2]", "2026-12-25 stands here a second time"),
        ({"on": "2026-12-26", "name": 26}, "holidays[2].name", "must be a text of at most 100 characters"),
        ({"on": "2026-12-26", "nam": ""}, "holidays[2].nam", "there is no such key; did you mean 'name'?"),
    ],
)
def test_a_holiday_that_is_none_is_named(entry: Any, where: str, message: str) -> None:
    [(found, said)] = problems(holidays=["2026-12-25", entry])

    assert (found, said[: len(message)]) == (where, message)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"zone": ...}, ("zone", "is needed")),
        ({"zone": 1}, ("zone", 'must be a text such as "Europe/Berlin"')),
        ({"hours": ...}, ("hours", "is needed")),
        ({"hours": ["09:00-17:00"]}, ("hours", "must be a table")),
        ({"hours": {}}, ("hours", "at least one minute of the week must be open")),
        ({"holiday": []}, ("holiday", "there is no such key; did you mean 'holidays'?")),
        ({"holidays": "2026-12-25"}, ("holidays", "must be a list of at most 400 days")),
        ({"holidays": ["2026-12-25"] * (MOST_HOLIDAYS + 1)}, ("holidays", "must be a list of at most 400 days")),
    ],
)
def test_what_is_missing_or_of_another_kind_is_named(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problems(**changes) == [expected]


def test_all_problems_are_told_at_once() -> None:
    found = problems(
        zone="Mars/Olympus",
        hours={"monday-wednesday": ["09:00-17:00"], "tuesday": ["8-9"], "fryday": [], "monday-": []},
        closed=True,
    )

    assert [where for where, _ in found] == [
        "closed",
        "zone",
        "hours.tuesday[1]",
        "hours.tuesday",
        "hours.fryday",
        "hours.monday-",
    ]
    assert found[3:5] == [
        ("hours.tuesday", "gives the hours of tuesday a second time"),
        ("hours.fryday", "there is no day 'fryday'; did you mean 'friday'?"),
    ]


@pytest.mark.parametrize("document", [None, [], "office"])
def test_what_is_no_table_is_no_calendar(document: Any) -> None:
    with pytest.raises(CalendarInvalid, match="must be a table"):
        calendar_from("some", document)


@pytest.mark.parametrize(
    "wrong", [{7: ((0, 60),)}, {0: ((60, 60),)}, {0: ((-1, 60),)}, {0: ((0, 1441),)}, {0: ((0, 60), (59, 90))}]
)
def test_hours_in_code_are_checked_too(wrong: dict[int, tuple[tuple[int, int], ...]]) -> None:
    with pytest.raises(CalendarInvalid, match="hours"):
        Calendar("some", "UTC", wrong)
