"""Curves: exact values, and the exact second of the next change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.curves import NOTHING, Curve, Point, Reading, Slope
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.reasons import template

SOON = template("Soon")
LATE = template("Late")


def curve(*points: Point, then: Slope | None = None) -> Curve:
    return Curve("hours_since", "opened_at", points, then)


points = st.builds(Point, st.integers(-30, 30), st.integers(-12, 12), st.sampled_from([None, None, SOON, LATE]))
slopes = st.builds(Slope, st.integers(-3, 3), st.integers(1, 12))
curves = st.builds(
    lambda corners, then: curve(*sorted(corners, key=lambda corner: corner.position), then=then),
    st.lists(points, min_size=1, max_size=5),
    st.none() | slopes,
)


@given(curves, st.integers(-40, 40))
def test_the_next_change_is_the_first_second_that_differs(some: Curve, position: int) -> None:
    before = some.at(position)
    later = range(position + 1, position + 200)

    expected = next((second for second in later if some.at(second) != before), None)

    assert some.next_change(position) == expected


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6), st.integers(1, 10**9), st.data())
def test_the_next_change_is_exact_over_years_too(start: int, rise: int, run: int, data: st.DataObject) -> None:
    long = curve(Point(start, 0), Point(start + run, rise))
    position = start + data.draw(st.integers(0, run))

    change = long.next_change(position)

    if change is None:
        assert long.at(start + run) == long.at(position)
    else:
        assert long.at(change - 1) == long.at(position) != long.at(change)


@given(curves, st.integers(-40, 40))
def test_a_malus_is_the_mirror_of_the_same_bonus(some: Curve, position: int) -> None:
    then = some.then and Slope(-some.then.units, some.then.run)
    mirror = curve(*(Point(corner.position, -corner.units) for corner in some.points), then=then)

    assert mirror.at(position).units == -some.at(position).units


def test_halves_are_rounded_away_from_zero() -> None:
    rising = curve(Point(0, 0), Point(4, 2))

    assert [rising.at(position).units for position in range(6)] == [0, 1, 1, 2, 2, 2]


def test_at_a_step_the_later_side_holds() -> None:
    step = curve(Point(-10, 0), Point(-10, 50, SOON))

    assert step.at(-11) == NOTHING
    assert step.at(-10) == Reading(50, SOON)
    assert step.next_change(-1000) == -10
    assert step.next_change(-10) is None


def test_a_sentence_holds_until_a_later_point_has_its_own() -> None:
    some = curve(Point(0, 5, SOON), Point(10, 5), Point(20, 5, LATE))

    assert [some.at(position).say for position in (-1, 0, 15, 20)] == [None, SOON, SOON, LATE]
    assert some.next_change(0) == 20


def test_a_sentence_without_points_is_no_change() -> None:
    some = curve(Point(0, 0, SOON), Point(10, 0, LATE))

    assert some.next_change(-5) is None


def test_after_the_last_point_the_slope_goes_on_for_ever() -> None:
    some = curve(Point(0, 10), then=Slope(1, 365))

    assert [some.at(position).units for position in (0, 182, 183, 365, 3650)] == [10, 10, 11, 11, 20]
    assert some.next_change(3650) == 3650 + 183


def test_elapsed_time_is_counted_in_whole_seconds() -> None:
    at = datetime(2025, 9, 26, 17, 0, 0, 999_999, tzinfo=UTC)

    assert epoch_seconds(at) == epoch_seconds(at.replace(microsecond=0))
    assert moment(epoch_seconds(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize("years", [8_050, 10**9])
def test_a_moment_beyond_the_calendar_is_never(years: int) -> None:
    assert moment(years * 365 * 86_400) is None


def test_moments_before_1970_work() -> None:
    at = datetime(1961, 4, 12, 6, 7, tzinfo=UTC)

    assert moment(epoch_seconds(at)) == at
    assert epoch_seconds(at) == -(datetime(1970, 1, 1, tzinfo=UTC) - at) // timedelta(seconds=1)
