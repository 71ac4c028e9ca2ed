"""Dates as people and programs write them: understood to the last character, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.integrations.exports.dates import FIRST_YEAR, LAST_YEAR, Moment, day_first_of, moment

WEDNESDAY = datetime(2026, 3, 4, 10, tzinfo=UTC)


def read(text: str, *, day_first: bool | None = None, today: datetime | None = WEDNESDAY) -> Moment | None:
    return moment(text, zone=UTC, day_first=day_first, relative_to=today)


def at(text: str, *, day_first: bool | None = None) -> str | None:
    found = read(text, day_first=day_first)
    return found.at.isoformat(timespec="minutes").removesuffix("+00:00") if found else None


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("2026-03-01", "2026-03-01T00:00"),
        ("2026/3/1", "2026-03-01T00:00"),
        ("20260301", "2026-03-01T00:00"),
        ("2026-03-01T12:00:00Z", "2026-03-01T12:00"),
        ("2026-03-01 12:00", "2026-03-01T12:00"),
        ("2026-03-01T12:00:00.123+02:00", "2026-03-01T12:00+02:00"),
        ("2026-03-01T12:00:00+0200", "2026-03-01T12:00+02:00"),
        ("2026-03-01T12:00:00+01:00[Europe/Berlin]", "2026-03-01T12:00+01:00"),
        ("20260301T120000Z", "2026-03-01T12:00"),
        ("01.03.2026", "2026-03-01T00:00"),
        ("1.3.26", "2026-03-01T00:00"),
        ("1. 3. 2026 15:30", "2026-03-01T15:30"),
        ("01.03.2026 um 15.30 Uhr", "2026-03-01T15:30"),
        ("25/12/2025", "2025-12-25T00:00"),
        ("12/25/25 5:00 PM", "2025-12-25T17:00"),
        ("08/Sep/21 17:46", "2021-09-08T17:46"),
        ("08/Sep/21 5:46 PM", "2021-09-08T17:46"),
        ("12-Mar-26", "2026-03-12T00:00"),
        ("8 Sep 2021", "2021-09-08T00:00"),
        ("8. September 2021", "2021-09-08T00:00"),
        ("Montag, 2. März 2026", "2026-03-02T00:00"),
        ("1er janvier 2025", "2025-01-01T00:00"),
        ("lundi 2 mars 2026 à 14h30", "2026-03-02T14:30"),
        ("5 de enero de 2025", "2025-01-05T00:00"),
        ("March 1st, 2026", "2026-03-01T00:00"),
        ("Sept. 8, 2021", "2021-09-08T00:00"),
        ("December 4, 2024 12:05 AM", "2024-12-04T00:05"),
        ("@December 1, 2024 ", "2024-12-01T00:00"),
        ("March 5, 2026 at 4:00 PM EST", "2026-03-05T16:00-05:00"),
        ("January 8, 2025 3:00 PM (GMT+1)", "2025-01-08T15:00+01:00"),
        ("Mon, 02 Mar 2026 09:00:00 +0100", "2026-03-02T09:00+01:00"),
        ("Tue Aug 08 12:36:29 +0000 2023", "2023-08-08T12:36"),
        ("Mon Mar  2 09:00:00 2026", "2026-03-02T09:00"),
        ("Fri Mar 06 2026 12:00:00 GMT+0100 (Central European Standard Time)", "2026-03-06T12:00+01:00"),
        ("1709251200", "2024-03-01T00:00"),
        ("1709251200.5", "2024-03-01T00:00"),
        ("1709251200000", "2024-03-01T00:00"),
        ("Today", "2026-03-04T00:00"),
        ("Tomorrow", "2026-03-05T00:00"),
        ("today 5pm", "2026-03-04T17:00"),
        ("Yesterday", "2026-03-03T00:00"),
        ("morgen 14 Uhr", "2026-03-05T14:00"),
        ("@Last Wednesday", "2026-02-25T00:00"),
        ("Next Friday", "2026-03-06T00:00"),
        ("Next Wednesday", "2026-03-11T00:00"),
        ("Friday", "2026-03-06T00:00"),
        ("in 3 days", "2026-03-07T00:00"),
        ("2 weeks ago", "2026-02-18T00:00"),
        ("Mar 5", "2026-03-05T00:00"),
        ("28 December", "2025-12-28T00:00"),  # nearer than the one to come
    ],
)
def test_what_is_written_is_understood(written: str, means: str) -> None:
    assert at(written) == means


@pytest.mark.parametrize(
    "written",
    [
        *("", "-", "ASAP", "soon", "May", "2026", "3", "1.5", "12:30", "1/2", "Q1 2026", "March 2026", "2026-W10"),
        *("31.02.2026", "2026-13-01", "13/13/2026", "2026-03-01 25:00", "March 5, 2026 0:30 PM"),
        *("0000-00-00", "0001-01-01", "1970-01-01", "9999-12-31", "12345678901234567890"),
        *("v1.2.3", "10.0.0.1", "555-1234", "5 apples 2026", "Version 2026-03-01", "2026-03-01 and more"),
        *("Mar 5, 2026 12:00 PM IST", "2026-03-01T12:00+99:00", "2026-03-05 → 2026-03-01", "every day", "x" * 1000),
    ],
)
def test_what_is_not_certain_is_nothing(written: str) -> None:
    assert read(written) is None


def test_what_leans_on_a_day_needs_one() -> None:
    for written in ("Tomorrow", "Next Friday", "in 3 days", "Mar 5"):
        assert read(written, today=None) is None


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        (
            "January 5, 2025 → January 8, 2025 3:00 PM (GMT+1)",
            "2025-01-05T00:00:00+01:00",
            "2025-01-08T15:00:00+01:00",
        ),
        ("January 5, 2025 3:00 PM (GMT+1) → 5:00 PM", "2025-01-05T15:00:00+01:00", "2025-01-05T17:00:00+01:00"),
        ("2026-03-01 → 2026-03-05", "2026-03-01T00:00:00+00:00", "2026-03-05T23:59:00+00:00"),
        ("01.03.2026 – 05.03.2026", "2026-03-01T00:00:00+00:00", "2026-03-05T23:59:00+00:00"),
    ],
)
def test_a_range_ends_when_its_last_day_does(written: str, begins: str, ends: str) -> None:
    found = read(written)

    assert found
    assert found.until
    assert (found.at.isoformat(), found.until.isoformat(), found.end) == (begins, ends, found.until)


def test_a_day_ends_a_minute_before_midnight_and_a_time_at_once() -> None:
    day, time = read("2026-03-01"), read("2026-03-01 12:00")

    assert day
    assert time
    assert (day.has_time, day.end) == (False, datetime(2026, 3, 1, 23, 59, tzinfo=UTC))
    assert (time.has_time, time.end) == (True, datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_times_without_an_offset_are_meant_in_the_zone_given() -> None:
    found = moment("2026-07-01 09:00", zone=ZoneInfo("Europe/Berlin"), day_first=None, relative_to=None)

    assert found
    assert found.at.utcoffset() == timedelta(hours=2)


def test_a_column_s_other_dates_tell_which_number_is_the_day() -> None:
    assert day_first_of(["3/4/2025", "25/4/2025", ""]) is True
    assert day_first_of(["3/4/2025", "4/25/2025"]) is False
    assert day_first_of(["3/4/2025", "1/2/2025", "words"]) is None
    assert day_first_of(["25/4/2025", "4/25/2025"]) is None
    assert (at("3/4/2025", day_first=True), at("3/4/2025", day_first=False), at("3/4/2025")) == (
        "2025-04-03T00:00",
        "2025-03-04T00:00",
        "2025-03-04T00:00",
    )
    assert at("4/25/2025", day_first=True) == "2025-04-25T00:00"  # there is no 25th month


@given(st.text(max_size=130))
def test_nothing_that_is_written_is_an_error(text: str) -> None:
    found = read(text)

    assert found is None or FIRST_YEAR <= found.at.year <= LAST_YEAR


TIMES = st.datetimes(datetime(FIRST_YEAR + 1, 1, 1), datetime(LAST_YEAR - 1, 1, 1))  # noqa: DTZ001 - bounds are naive


@given(TIMES, st.integers(-14 * 60, 14 * 60))
def test_iso_dates_come_back_as_they_were(naive: datetime, minutes: int) -> None:
    when = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    found = read(when.isoformat())

    assert found
    assert found.at == when
