"""How rules fare: what fires, what is dead, what fails, what cancels what."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.documents.document import read
from app.domains.ranking.engine import score
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.review.fitness import Fitness, RuleHealth
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet
from app.domains.ranking.storage import values_by_name
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW


def rule(id_: str, when: str, points: int) -> dict[str, Any]:
    return {"id": id_, "title": id_.title(), "say": "So it is", "when": when, "points": points}


def ruleset(*rules: dict[str, Any], **more: Any) -> Ruleset:
    return read({"name": "mine", "bands": {"now": 70, "next": 40, "later": 15}, "rules": list(rules), **more})


URGENT = rule("urgent", "says_urgent", 30)
QUIET = rule("quiet", "no_rush", -20)


def facts(**values: Any) -> Facts:
    return {name: Fact(value=value) for name, value in values.items()}


def counted(rules: Ruleset, tasks: Sequence[Facts]) -> Fitness:
    fitness = Fitness(rules)
    for task, of in enumerate(tasks, 1):
        fitness.add(task, Sheet(values_by_name(of), rules, epoch_seconds(NOW)))
    return fitness


def report(rules: Ruleset, tasks: Sequence[Facts], **given: Any) -> dict[str, RuleHealth]:
    return {health.rule: health for health in counted(rules, tasks).report(**given)}


def test_each_rule_tells_how_often_it_fired_and_what_it_gave() -> None:
    tasks = [facts(says_urgent=True), facts(says_urgent=True), facts(says_urgent=False), facts()]

    urgent = report(ruleset(URGENT), tasks)["urgent"]

    assert (urgent.fired, urgent.share, urgent.points_total, urgent.points_mean) == (2, 0.5, 60, 30.0)
    assert (urgent.unknown, urgent.errors, urgent.dead) == (1, 0, False)


def test_a_rule_that_fails_on_one_task_is_told_with_that_task() -> None:
    ratio = rule("ratio", "asks / replies > 1", 10)
    tasks = [facts(asks=4, replies=2), facts(asks=4, replies=0), facts(asks=4)]

    found = report(ruleset(ratio), tasks)["ratio"]

    assert (found.fired, found.errors, found.unknown) == (1, 1, 1)
    assert found.failing is not None
    assert found.failing.first == (2,)
    assert "could not be applied" in found.failing.because


def test_a_rule_is_dead_that_fires_neither_here_nor_on_what_was_open_earlier() -> None:
    rules, tasks = ruleset(URGENT, QUIET), [facts(says_urgent=False, no_rush=False)]

    assert [health.dead for health in report(rules, tasks).values()] == [True, True]
    assert [health.dead for health in report(rules, tasks, fired_before={"quiet"}).values()] == [True, False]


def test_what_people_ranked_against_is_counted_where_it_belongs() -> None:
    found = report(ruleset(URGENT, QUIET), [facts()], overridden={"quiet": 3, "gone": 9})

    assert [health.overridden for health in found.values()] == [0, 3]


def test_overrides_are_told_like_rules() -> None:
    parked = {"id": "parked", "title": "Parked", "say": "Parked", "when": "'parked' in labels", "tier": "held"}
    tasks = [facts(labels=("parked",), says_urgent=True), facts(says_urgent=True)]

    found = report(ruleset(URGENT, overrides=[parked]), tasks)["parked"]

    assert (found.override, found.fired, found.points_total, found.dead) == (True, 1, 0, False)


def test_rules_that_nearly_always_cancel_each_other_contradict() -> None:
    both = [facts(says_urgent=True, no_rush=True)] * 9
    tasks = [*both, facts(says_urgent=True), facts(no_rush=True)]

    found = report(ruleset(URGENT, QUIET), tasks)

    (against,) = found["urgent"].contradicts
    assert (against.rule, against.title, against.tasks) == ("quiet", "Quiet", 9)
    assert against.cancelled == 20 / 30
    assert [each.rule for each in found["quiet"].contradicts] == ["urgent"]


def test_a_curve_is_held_against_a_rule_by_what_it_gave_task_by_task() -> None:
    curve = {"value": "asks", "points": [{"at": 0, "points": -1}, {"at": 100, "points": -21}]}
    asks = {"id": "asks", "title": "Asks", "say": "Asks", "curve": curve}
    tasks = [facts(says_urgent=True, asks=number * 10) for number in range(11)]

    (against,) = report(ruleset(URGENT | {"points": 20}, asks), tasks)["urgent"].contradicts

    assert against.cancelled == sum(range(1, 23, 2)) / (11 * 20)


def test_of_many_that_contradict_a_rule_the_five_heaviest_are_told() -> None:
    rules = [rule(f"quiet-{points}", "no_rush", -points) for points in range(20, 30)]

    found = report(ruleset(URGENT, *rules), [facts(says_urgent=True, no_rush=True)] * 9)

    assert [each.rule for each in found["urgent"].contradicts] == [f"quiet-{points}" for points in range(29, 24, -1)]
    assert [each.rule for each in found["quiet-20"].contradicts] == ["urgent"]


def test_they_do_not_where_one_often_fires_alone_or_takes_little_or_it_is_chance() -> None:
    both = [facts(says_urgent=True, no_rush=True)]
    alone = [facts(says_urgent=True), facts(no_rush=True)]
    little = rule("quiet", "no_rush", -14)

    for rules, tasks in (
        (ruleset(URGENT, QUIET), both * 8 + alone),
        (ruleset(URGENT, little), both * 20),
        (ruleset(URGENT, QUIET), both * 4),
        (ruleset(URGENT, rule("quiet", "no_rush", 20)), both * 20),
    ):
        assert not any(health.contradicts for health in report(rules, tasks).values())


def test_without_tasks_there_are_no_shares_and_nothing_is_dead() -> None:
    (found,) = report(ruleset(URGENT), []).values()

    assert (found.fired, found.share, found.points_mean, found.dead) == (0, 0.0, None, False)


@given(st.lists(some.facts, max_size=8), some.rulesets)
def test_the_report_agrees_with_the_explanations(tasks: list[Facts], rules: Ruleset) -> None:
    found = report(rules, tasks)

    scores = [score(of, rules, NOW) for of in tasks]
    ids = [rule.id for rule in rules.rules] + [override.id for override in rules.overrides]
    assert list(found) == ids
    for name, health in found.items():
        lines = [line.points for each in scores for line in each.contributions if line.rule == name]
        checked = [line.outcome for each in scores for line in each.also_checked if line.rule == name]
        assert (health.fired, health.points_total) == (len(lines), sum(lines))
        assert (health.errors, health.unknown) == (checked.count("error"), checked.count("unknown"))
        assert health.fired + len(checked) == len(tasks)


@given(st.lists(some.facts, max_size=30), some.rulesets)
def test_contradiction_is_mutual_and_within_its_bounds(tasks: list[Facts], rules: Ruleset) -> None:
    found = report(rules, tasks)

    for name, health in found.items():
        for against in health.contradicts:
            other = found[against.rule]
            assert len(other.contradicts) == 5 or name in {each.rule for each in other.contradicts}
            assert 0.5 <= against.cancelled <= 1
            assert 5 <= against.tasks <= min(health.fired, other.fired)
