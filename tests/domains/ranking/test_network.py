"""Tasks that wait for each other: one line for each, the sum still adds up, and its moment of change stays exact."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domains.ranking.documents.document import read
from app.domains.ranking.explanation import Score
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.network import Network
from app.domains.ranking.rules import Ruleset
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW


def ruleset(**inherit: Any) -> Ruleset:
    due = {"hours_to": "due_at", "points": [{"at": "24h", "points": 0}, {"at": "24h", "points": 50}]}
    rules = [
        {"id": "due", "title": "Due", "say": "Due {due_at}", "curve": due},
        {"id": "urgent", "title": "Urgent", "say": "Urgent", "when": "says_urgent", "points": 30},
        {"id": "blocked", "title": "Blocked", "say": "Waits", "when": "blocked > 0", "points": -20},
    ]
    bands = {"now": 70, "next": 40, "later": 15}
    return read({"name": "mine", "bands": bands, "rules": rules, "inherit": inherit})


def facts(blocks: tuple[int, ...] = (), **values: Any) -> Facts:
    told = {"blocks": tuple(map(str, blocks)), **values} if blocks else values
    return {name: Fact(value=value) for name, value in told.items()}


def lines(score: Score) -> dict[str, Any]:
    return {line.rule: line.points for line in score.contributions}


def test_each_task_that_waits_gives_its_share_in_a_line_of_its_own() -> None:
    tasks = {
        1: facts(blocks=(2, 3)),
        2: facts(title="Ship it", says_urgent=True, due_at=NOW, blocked=1),
        3: facts(title="Tell them", says_urgent=True, blocked=1),
    }

    score = Network(tasks, ruleset(share=Decimal("0.25"))).score(1, NOW)

    assert lines(score) == {"waits:2": 15, "waits:3": 3}
    assert score.contributions[0].because == "“Ship it” waits for it: 25 % of its 60 points"
    assert score.points == 18


def test_all_shares_together_stay_below_their_cap() -> None:
    tasks = {1: facts(blocks=(2, 3)), 2: facts(due_at=NOW), 3: facts(due_at=NOW)}

    score = Network(tasks, ruleset(share=Decimal("0.5"), cap=30)).score(1, NOW)

    assert lines(score) == {"waits:2": 25, "waits:3": 25, "waits": -20}


def test_a_task_can_stand_at_least_as_high_as_what_waits_for_it() -> None:
    tasks = {1: facts(blocks=(2,), says_urgent=True), 2: facts(title="Ship it", due_at=NOW)}

    score = Network(tasks, ruleset(at_least=True, margin=1)).score(1, NOW)

    assert lines(score) == {"urgent": 30, "above:2": 21}
    assert score.points == 51


def test_what_holds_back_what_waits_need_not_count() -> None:
    tasks = {1: facts(blocks=(2,)), 2: facts(title="Ship it", due_at=NOW, blocked=1)}

    score = Network(tasks, ruleset(at_least=True, margin=1, without=["blocked"])).score(1, NOW)

    (line,) = score.contributions
    assert score.points == 51
    assert line.because == "“Ship it” waits for it: raised above its 50 points (it stands at 30 while it waits)"


def test_what_waits_for_what_waits_counts_too() -> None:
    tasks = {1: facts(blocks=(2,)), 2: facts(blocks=(3,)), 3: facts(due_at=NOW)}

    score = Network(tasks, ruleset(share=Decimal("0.5"))).score(1, NOW)

    assert lines(score) == {"waits:2": 13}


def test_a_chain_of_thousands_is_no_matter_of_depth() -> None:
    tasks = {number: facts(blocks=(number + 1,)) for number in range(5_000)} | {5_000: facts(due_at=NOW)}

    assert Network(tasks, ruleset(at_least=True)).score(0, NOW).points == 50


def test_of_a_long_chain_all_are_scored_at_the_price_of_one() -> None:
    tasks = {number: facts(blocks=(number + 1,), due_at=NOW + timedelta(days=number)) for number in range(2_000)}
    network = Network(tasks, ruleset(share=Decimal("0.5")))

    scores = [network.standing(number, NOW) for number in reversed(range(2_000))]

    assert scores[-1].points == 75
    assert scores[-1].valid_until == NOW + timedelta(days=1)


def test_a_circle_ends_where_it_closes() -> None:
    tasks = {1: facts(blocks=(2,), says_urgent=True), 2: facts(blocks=(1,), says_urgent=True)}

    score = Network(tasks, ruleset(share=Decimal("0.5"))).score(1, NOW)

    assert lines(score)["urgent"] == 30
    assert sum(lines(score).values()) == score.points


def test_it_changes_when_a_task_that_waits_for_it_does() -> None:
    due = NOW + timedelta(hours=30)
    tasks = {1: facts(blocks=(2,)), 2: facts(due_at=due)}

    score = Network(tasks, ruleset(share=Decimal("0.5"))).score(1, NOW)

    assert score.valid_until == due - timedelta(hours=24)


def test_without_what_waits_it_is_the_plain_score() -> None:
    alone = Network({1: facts(blocks=(2,), says_urgent=True)}, ruleset(share=Decimal("0.5")))

    assert alone.score(1, NOW).points == 30


networks = st.fixed_dictionaries({1: some.facts, 2: some.facts, 3: some.facts}).map(
    lambda tasks: {
        1: {**tasks[1], "blocks": Fact(value=("2", "3"))},
        2: {**tasks[2], "blocks": Fact(value=("3",))},
        3: {name: fact for name, fact in tasks[3].items() if name != "blocks"},
    }
)


def visible(score: Score) -> tuple[Any, ...]:
    return score.points, score.tier, score.band, score.contributions


@given(networks, some.rulesets)
def test_contributions_add_up_whatever_waits(tasks: dict[int, Facts], rules: Ruleset) -> None:
    score = Network(tasks, rules).score(1, NOW)

    assert sum(line.points for line in score.contributions) == score.points


@given(networks, some.rulesets, st.lists(st.floats(0, 1), max_size=3))
def test_nothing_changes_before_valid_until_whatever_waits(
    tasks: dict[int, Facts], rules: Ruleset, parts: list[float]
) -> None:
    network = Network(tasks, rules)
    score = network.score(1, NOW)
    assume(score.valid_until is not None)
    assert score.valid_until is not None
    wait = score.valid_until - NOW

    for at in (NOW + wait * part for part in parts):
        if at < score.valid_until:
            assert visible(network.score(1, at)) == visible(score)
    just_before = score.valid_until - timedelta(seconds=1)
    # After hundreds of changes elsewhere that it does not show, it is looked at again with the next of them.
    assert any(visible(network.score(i, score.valid_until)) != visible(network.score(i, just_before)) for i in tasks)


@given(networks, some.rulesets)
def test_what_is_stored_is_what_is_explained(tasks: dict[int, Facts], rules: Ruleset) -> None:
    network = Network(tasks, rules)

    standing, score = network.standing(1, NOW), network.score(1, NOW)

    for name in ("at", "tier", "points", "band", "valid_until", "reasons"):
        assert getattr(standing, name) == getattr(score, name)


@given(networks, some.rulesets)
def test_all_counted_at_once_stand_where_each_stands_by_itself(tasks: dict[int, Facts], rules: Ruleset) -> None:
    network = Network(tasks, rules)

    sheets = network.sheets(tasks, NOW)

    assert {task: rules.points(sheet.units) for task, sheet in sheets.items()} == {
        task: network.score(task, NOW).points for task in tasks
    }
