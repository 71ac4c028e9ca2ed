"""What another ruleset does to a ranking: counted, correlated, and told where it looks like a mistake."""

from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.explanation import BandName, OrderKey
from app.domains.ranking.review.failures import Failing
from app.domains.ranking.review.movement import (
    BANDS,
    Caution,
    Place,
    Ranking,
    cautions,
    correlation,
    in_order,
    movement,
)

OPENED = datetime(2026, 3, 2, tzinfo=UTC)


def place(points: int, task: int = 0, *, tier: int = 1) -> Place:
    key: OrderKey = (tier, -points, True, OPENED, False, OPENED, task)
    band: BandName = "now" if points >= 70 else "next" if points >= 40 else "later" if points >= 15 else "someday"
    return Place(key, band, points)


def ranking(*points: int) -> Ranking:
    """Tasks 1, 2, 3 … with these points."""
    return {task: place(each, task) for task, each in enumerate(points, 1)}


def codes(after: Ranking) -> list[str]:
    return [caution.code for caution in cautions(after)]


def test_who_rises_and_falls_is_told_by_places_and_the_rest_makes_way() -> None:
    before, after = ranking(90, 80, 60, 50, 10), ranking(90, 20, 60, 50, 30)

    found = movement(before, after)

    assert (found.tasks, found.moved, found.by_themselves, found.other_points) == (5, 4, 1, 2)
    assert (found.top_before, found.top_after) == ((1, 2, 3, 4, 5), (1, 3, 4, 5, 2))
    assert [(m.task, m.rank_before, m.rank_after) for m in found.down] == [(2, 2, 5)]
    assert [m.task for m in found.up] == [5, 3, 4]


def test_who_comes_into_a_band_and_who_leaves_it() -> None:
    before, after = ranking(90, 80, 60, 10), ranking(90, 30, 75, 10)

    bands = movement(before, after).bands

    assert (bands["now"].before, bands["now"].after) == (2, 2)
    assert (bands["now"].first_in, bands["now"].first_out) == ((3,), (2,))
    assert (bands["later"].came, bands["later"].left) == (1, 0)
    assert (bands["next"].share_before, bands["next"].share_after) == (0.25, 0)
    assert bands["someday"].first_in == ()


def test_only_the_first_of_many_are_named() -> None:
    before, after = ranking(*range(60)), ranking(*(99 - each for each in range(60)))

    found = movement(before, after)

    assert (len(found.top_before), len(found.up), len(found.down)) == (10, 10, 10)
    assert found.bands["now"].came == 30
    assert found.bands["now"].first_in == tuple(range(1, 21))


def test_two_rankings_of_other_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="same tasks"):
        movement(ranking(1, 2), ranking(1))


def test_of_nothing_there_is_nothing_to_tell() -> None:
    found = movement({}, {})

    assert (found.tasks, found.moved, found.correlation, found.top_after) == (0, 0, None, ())
    assert cautions({}) == []


points = st.integers(-20, 120)
pairs = st.integers(0, 40).flatmap(
    lambda size: st.tuples(*(st.lists(points, min_size=size, max_size=size) for _ in range(2)))
).map(lambda both: (ranking(*both[0]), ranking(*both[1])))  # fmt: skip


@given(pairs)
def test_what_comes_into_bands_leaves_others_and_the_counts_add_up(both: tuple[Ranking, Ranking]) -> None:
    before, after = both
    found = movement(before, after)

    bands = found.bands.values()
    assert sum(band.before for band in bands) == sum(band.after for band in bands) == found.tasks
    assert sum(band.came for band in bands) == sum(band.left for band in bands)
    assert all(band.before + band.came - band.left == band.after for band in bands)
    assert all(set(band.first_in).isdisjoint(band.first_out) for band in bands)


@given(pairs)
def test_no_mover_moves_further_than_the_first_and_each_stands_where_it_says(both: tuple[Ranking, Ranking]) -> None:
    before, after = both
    found = movement(before, after)
    old, new = in_order(before), in_order(after)

    for mover in (*found.up, *found.down):
        assert (old[mover.rank_before - 1], new[mover.rank_after - 1]) == (mover.task, mover.task)
    distances = [old.index(task) - new.index(task) for task in old]
    assert [m.rank_before - m.rank_after for m in found.up] == sorted((d for d in distances if d > 0), reverse=True)[
        :10
    ]
    assert [m.rank_before - m.rank_after for m in found.down] == sorted(d for d in distances if d < 0)[:10]
    assert found.moved == sum(distance != 0 for distance in distances)


@given(pairs)
def test_back_again_is_the_same_way_the_other_way_round(both: tuple[Ranking, Ranking]) -> None:
    there, back = movement(*both), movement(*reversed(both))

    assert (there.moved, there.by_themselves, there.correlation) == (back.moved, back.by_themselves, back.correlation)
    for band in BANDS:
        assert (there.bands[band].first_in, there.bands[band].left) == (
            back.bands[band].first_out,
            back.bands[band].came,
        )


@given(st.lists(points, max_size=40))
def test_the_same_ranking_moves_nothing(given_points: list[int]) -> None:
    same = ranking(*given_points)
    found = movement(same, same)

    assert (found.moved, found.by_themselves, found.up, found.down) == (0, 0, (), ())
    assert found.correlation == (1.0 if len(same) > 1 else None)


@given(st.permutations(list(range(1, 13))))
def test_the_correlation_is_the_share_of_pairs_in_order_less_the_share_turned_round(order: list[int]) -> None:
    kept = sum(a < b for a, b in combinations(order, 2))
    all_pairs = len(order) * (len(order) - 1) / 2

    assert correlation(order) == pytest.approx((2 * kept - all_pairs) / all_pairs)


@given(st.permutations(list(range(1, 8))))
def test_those_that_move_by_themselves_are_the_fewest_that_explain_it(order: list[int]) -> None:
    found = movement(
        {task: place(-task, task) for task in order}, {task: place(-at, task) for at, task in enumerate(order)}
    )

    still = next(
        size
        for size in range(len(order), 0, -1)
        if any(list(some) == sorted(some) for some in combinations(order, size))
    )
    assert found.by_themselves == len(order) - still


def test_a_ruleset_that_puts_everything_in_now_is_warned_of() -> None:
    (all_of_them,) = cautions(ranking(*[80] * 12))
    assert all_of_them.sentence == "All 12 tasks would stand in “now”: where everything is urgent, nothing is."
    (most,) = cautions(ranking(*[80] * 9, 10))
    assert most.sentence.startswith("9 of the 10 tasks would stand in “now”")

    assert codes(ranking(*[80] * 8, 50, 20, 10)) == []
    assert codes(ranking(*[80] * 9)) == []


def test_a_ruleset_that_leaves_nothing_to_do_is_warned_of() -> None:
    assert codes(ranking(*[20] * 10)) == ["nothing_now_or_next"]


def test_an_empty_band_is_told_by_its_name() -> None:
    after = ranking(80, 80, 80, 20, 20, 20, 10, 10, 10, 10)

    assert cautions(after) == [Caution("empty_band", "Nothing would stand in “next”.")]
    assert cautions(after, before=ranking(50)) == cautions(after)
    assert cautions(after, before=ranking(80)) == [
        Caution("empty_band", "Nothing would stand in “next”, as is so already.")
    ]


@pytest.mark.parametrize(("tier", "code"), [(0, "mostly_pinned"), (2, "mostly_held")])
def test_overrides_that_take_in_more_than_half_are_warned_of(tier: int, code: str) -> None:
    spread = dict(ranking(80, 50, 20, 10, 10, 10, 10, 10, 10, 10))
    half = spread | {task: spread[task]._replace(key=(tier, *spread[task].key[1:])) for task in range(1, 6)}
    assert codes(half) == []

    assert codes(half | {6: half[1]}) == [code]


def test_a_rule_that_fails_is_told_with_its_tasks_and_why() -> None:
    once = Failing("ratio", "Asks per reply", 1, (7,), "The rule could not be applied: divide by zero")
    often = Failing("ratio", "Asks per reply", 1_200, (7, 9), "The rule could not be applied: divide by zero")

    said = cautions({}, [once, often])

    assert [caution.sentence for caution in said] == [
        "The rule “Asks per reply” could not be applied to task 7: divide by zero",
        "The rule “Asks per reply” could not be applied to 1,200 tasks, the first of them 7: divide by zero",
    ]
    assert {(caution.code, caution.rule) for caution in said} == {("failing_rule", "ratio")}
