"""What will come by time alone: every change of the points, at its very second, and the place among others."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking import order_key
from app.domains.ranking.documents.document import read
from app.domains.ranking.explanation import OrderKey, Points
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.network import Network
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.why.course import Course, course, time_of
from app.domains.ranking.why.foresight import Contender, foresee
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ruleset() -> Ruleset:
    due = {"hours_to": "due_at", "points": [{"at": "24h", "points": 0}, {"at": "24h", "points": 50}]}
    rules: list[dict[str, Any]] = [
        {"id": "due", "title": "Due", "say": "Due {due_at}", "curve": due},
        {"id": "urgent", "title": "Urgent", "say": "Urgent", "when": "says_urgent", "points": 30},
        {"id": "asks", "title": "Asks", "say": "Asks", "when": "question", "points": 20},
    ]
    return read({"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "rules": rules})


def facts(**values: Any) -> Facts:
    return {name: Fact(value=value) for name, value in values.items()}


def followed(of: Facts, by: Ruleset, hours: float = 168, most: int = 5_000) -> Course:
    return course(Network({1: of}, by), 1, NOW, NOW + hours * HOUR, most=most)


def told(of: Course) -> list[tuple[timedelta, Points, str]]:
    return [(time_of(at.second) - NOW, of.points(at), of.band(at)) for at in of.moments]


def test_each_change_comes_with_its_moment_points_and_band() -> None:
    found = followed(facts(says_urgent=True, due_at=NOW + 40 * HOUR), ruleset())

    assert told(found) == [(0 * HOUR, 30, "later"), (16 * HOUR, 80, "now")]
    assert found.bands() == [(NOW + 16 * HOUR, "now")]
    assert not found.cut


def test_what_lies_beyond_the_horizon_is_not_told() -> None:
    of = facts(due_at=NOW + 40 * HOUR)

    assert told(followed(of, ruleset(), hours=16))[-1][0] == 16 * HOUR
    assert told(followed(of, ruleset(), hours=15.99)) == [(0 * HOUR, 0, "someday")]


def test_a_course_with_too_many_changes_says_how_far_it_comes() -> None:
    curve = {"hours_since": "opened_at", "points": [{"at": 0, "points": 0}, {"at": 100, "points": 100}]}
    rule = {"id": "age", "title": "Age", "say": "Old", "curve": curve}
    by = read({"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "rules": [rule]})

    found = followed(facts(opened_at=NOW), by, most=10)

    assert found.cut
    assert len(found.moments) == 11
    assert time_of(found.until) < NOW + 11 * HOUR


def test_what_inherits_moves_with_the_tasks_that_wait_for_it() -> None:
    document = {"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "inherit": {"at_least": True}}
    curve = {"hours_to": "due_at", "points": [{"at": "24h", "points": 0}, {"at": "24h", "points": 50}]}
    by = read(document | {"rules": [{"id": "due", "title": "Due", "say": "Due", "curve": curve}]})
    tasks = {1: facts(blocks=("2",)), 2: facts(title="Ship it", due_at=NOW + 30 * HOUR)}

    found = course(Network(tasks, by), 1, NOW, NOW + 2 * DAY)

    assert told(found) == [(0 * HOUR, 0, "someday"), (6 * HOUR, 50, "next")]


@given(st.lists(some.facts, min_size=1, max_size=3), some.rulesets, st.integers(1, 400))
def test_it_has_exactly_the_changes_that_scoring_again_and_again_finds(
    tasks: list[Facts], by: Ruleset, hours: int
) -> None:
    """Of the first task, for which the next waits, for which the next waits."""
    until, network = NOW + hours * HOUR, Network(_in_a_row(tasks), by)
    standing = network.standing(1, NOW)
    expected = [(standing.at, standing.points, standing.band)]
    for _ in range(300):
        if standing.valid_until is None or standing.valid_until > until:
            break
        standing = network.standing(1, standing.valid_until)
        if standing.points != expected[-1][1]:
            expected.append((standing.at, standing.points, standing.band))
    else:
        until = standing.at

    found = course(network, 1, NOW, until, most=5_000)

    assert found.tier == standing.tier
    assert [(time_of(at.second), found.points(at), found.band(at)) for at in found.moments] == expected


def _in_a_row(tasks: list[Facts]) -> dict[int, Facts]:
    last = len(tasks)
    waits = {number: facts(blocks=(str(number + 1),) if number < last else ()) for number in range(1, last + 1)}
    return {number: {**of, **waits[number]} for number, of in enumerate(tasks, 1)}


def contender(number: int, of: Facts, by: Ruleset) -> Contender:
    due = of["due_at"].value if "due_at" in of else None
    assert due is None or not isinstance(due, str | int | float | tuple)
    network = Network({number: of}, by)
    key = order_key(network.standing(number, NOW), due, NOW, number)
    return Contender(course(network, number, NOW, NOW + 7 * DAY), key[2:])


def test_it_tells_when_a_task_will_be_first_and_among_the_first_ten() -> None:
    by = ruleset()
    others = [contender(number, facts(says_urgent=True), by) for number in range(2, 13)]
    others.append(contender(20, facts(due_at=NOW + 30 * HOUR), by))

    found = foresee(contender(1, facts(question=True, due_at=NOW + 40 * HOUR), by), others)

    start = epoch_seconds(NOW)
    assert found.ranks == ((start, 12), (start + 6 * 3600, 13), (start + 16 * 3600, 1))
    assert found.first_at == found.top_ten_at == start + 16 * 3600


def test_a_task_that_is_first_may_be_overtaken() -> None:
    found = foresee(
        contender(1, facts(says_urgent=True), ruleset()), [contender(2, facts(due_at=NOW + 25 * HOUR), ruleset())]
    )

    assert found.first_at == epoch_seconds(NOW)
    assert found.beyond(1) == epoch_seconds(NOW + HOUR)


def test_alone_it_is_first_and_stays_so() -> None:
    found = foresee(contender(1, facts(), ruleset()), [])

    assert (found.first_at, found.beyond(1)) == (epoch_seconds(NOW), None)


@given(st.lists(some.facts, min_size=2, max_size=5), some.rulesets, st.lists(st.integers(0, 600_000), max_size=5))
def test_the_place_is_that_of_the_order_at_every_moment(tasks: list[Facts], by: Ruleset, offsets: list[int]) -> None:
    contenders = [contender(number, of, by) for number, of in enumerate(tasks, 1)]

    found = foresee(contenders[0], contenders[1:])

    moments = [epoch_seconds(NOW) + each for each in offsets] + [second for second, _ in found.ranks]
    for second in (each for each in moments if each <= found.until):
        keys = [_key(number, of, by, second) for number, of in enumerate(tasks, 1)]
        assert found.rank_at(second) == sorted(keys).index(keys[0]) + 1


def _key(number: int, of: Facts, by: Ruleset, second: int) -> OrderKey:
    due = of["due_at"].value if "due_at" in of else None
    assert due is None or not isinstance(due, str | int | float | tuple)
    return order_key(Network({number: of}, by).standing(number, time_of(second)), due, NOW, number)
