"""On how many tasks rules fire, and what the bounds of their groups take from them."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.facts import Facts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.review.firing import Cut, Firing
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet
from app.domains.ranking.storage import values_by_name
from tests.domains.ranking.review.test_fitness import QUIET, facts, rule, ruleset
from tests.domains.ranking.strategies import NOW

BIG = rule("big", "asks > 0", 40) | {"group": "people"}
SMALL = rule("small", "replies > 0", 30) | {"group": "people"}


def people(*rules: dict[str, Any], **bounds: int) -> Ruleset:
    return ruleset(*rules, groups={"people": {"title": "People", **bounds}})


def sheet(rules: Ruleset, task: Facts) -> Sheet:
    return Sheet(values_by_name(task), rules, epoch_seconds(NOW))


def counted(rules: Ruleset, tasks: Sequence[Facts], *watched: str) -> Firing:
    firing = Firing(watched)
    for task in tasks:
        firing.look(sheet(rules, task))
    return firing


def test_a_rule_fires_where_it_has_a_line() -> None:
    rules = ruleset(QUIET, rule("urgent", "says_urgent", 30))
    tasks = [facts(says_urgent=True), facts(says_urgent=False), facts(), facts(says_urgent=True, no_rush=True)]

    firing = counted(rules, tasks, "urgent", "quiet")

    assert (firing.of("urgent", rules).fires, firing.of("quiet", rules).fires) == (2, 1)
    assert firing.of("urgent", rules).cut is None


def test_what_a_groups_cap_takes_from_a_rule_is_told() -> None:
    rules = people(BIG, SMALL, cap=44)
    tasks = [facts(asks=1, replies=1), facts(asks=1, replies=1), facts(asks=1)]

    firing = counted(rules, tasks, "big", "small")

    assert firing.of("big", rules).cut == Cut("people", tasks=2, points=52, of=80, mostly=False)
    assert firing.of("small", rules).cut == Cut("people", tasks=2, points=52, of=60, mostly=True)


def test_a_floor_takes_from_rules_that_give_less_than_nothing() -> None:
    down = BIG | {"points": -40}
    rules = people(down, SMALL, floor=-15)

    firing = counted(rules, [facts(asks=1)], "big", "small")

    assert firing.of("big", rules).cut == Cut("people", tasks=1, points=25, of=40, mostly=True)
    assert firing.of("small", rules).cut is None


def test_an_override_fires_where_it_changes_something() -> None:
    held = {"id": "held", "title": "Held", "when": "no_rush", "tier": "held", "say": "Held"}
    rules = ruleset(QUIET, overrides=[held])

    assert counted(rules, [facts(no_rush=True), facts()], "held").of("held", rules).fires == 1


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 100))
def test_without_the_rule_so_much_less_would_be_cut(big: int, small: int, cap: int) -> None:
    both, alone = people(BIG | {"points": big}, SMALL | {"points": small}, cap=cap), SMALL | {"points": small}
    task = facts(asks=1, replies=1)

    cut = counted(both, [task], "big").of("big", both).cut

    gained = sheet(both, task).units - sheet(people(alone, cap=cap), task).units
    assert gained == big - (int(cut.points) if cut else 0)
