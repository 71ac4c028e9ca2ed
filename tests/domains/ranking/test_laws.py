"""The laws of ranking, for random facts under the shipped ruleset and under random ones."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.engine import order_key, score
from app.domains.ranking.explanation import Score, dump
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.ruleset import SHIPPED, default, shipped
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW

any_shipped = st.sampled_from([shipped(name) for name in SHIPPED])
any_ruleset = st.one_of(any_shipped, some.rulesets)


def visible(result: Score) -> tuple[Any, ...]:
    return result.contributions, result.points, result.band, result.tier


def with_due(facts: Facts, due_at: datetime) -> Facts:
    return {**facts, "due_at": Fact(value=due_at)}


def without(facts: Facts, name: str) -> Facts:
    return {other: fact for other, fact in facts.items() if other != name}


@given(some.facts, any_ruleset)
def test_contributions_add_up_to_the_points(facts: Facts, ruleset: Ruleset) -> None:
    result = score(facts, ruleset, NOW)

    assert sum(line.points for line in result.contributions) == result.points
    assert result.milli == result.points * 1000


@given(some.facts, any_ruleset)
def test_the_same_input_gives_the_same_bytes(facts: Facts, ruleset: Ruleset) -> None:
    backwards = dict(reversed(list(facts.items())))

    first = json.dumps(dump(score(facts, ruleset, NOW)))

    assert json.dumps(dump(score(backwards, ruleset, NOW))) == first


@given(some.facts, any_ruleset)
def test_every_rule_has_its_say_once(facts: Facts, ruleset: Ruleset) -> None:
    result = score(facts, ruleset, NOW)

    said = [line.rule for line in result.contributions if not line.rule.startswith("group:")]
    said += [line.rule for line in result.also_checked]
    assert sorted(said) == sorted(ruleset.unmet)


@given(some.facts, any_ruleset, st.lists(st.floats(0, 1), max_size=4))
def test_nothing_changes_before_valid_until(facts: Facts, ruleset: Ruleset, parts: list[float]) -> None:
    result = score(facts, ruleset, NOW)
    assume(result.valid_until is not None)
    assert result.valid_until is not None
    wait = result.valid_until - NOW

    for at in (*(NOW + wait * part for part in parts), result.valid_until - timedelta(microseconds=1)):
        if at < result.valid_until:
            assert visible(score(facts, ruleset, at)) == visible(result)


@given(some.facts, any_ruleset)
def test_something_changes_at_valid_until(facts: Facts, ruleset: Ruleset) -> None:
    result = score(facts, ruleset, NOW)
    assume(result.valid_until is not None)
    assert result.valid_until is not None

    assert visible(score(facts, ruleset, result.valid_until)) != visible(result)


@given(some.facts, some.rulesets, st.integers(0, 3_000_000_000))
def test_without_valid_until_nothing_ever_changes(facts: Facts, ruleset: Ruleset, seconds: int) -> None:
    result = score(facts, ruleset, NOW)
    assume(result.valid_until is None)

    assert visible(score(facts, ruleset, NOW + timedelta(seconds=seconds))) == visible(result)


@given(some.facts, any_shipped, some.moments, some.moments)
def test_a_nearer_deadline_never_lowers(facts: Facts, ruleset: Ruleset, one: datetime, other: datetime) -> None:
    near, far = sorted((one, other))

    nearer = score(with_due(facts, near), ruleset, NOW).points

    assert nearer >= score(with_due(facts, far), ruleset, NOW).points


@given(some.facts, st.integers(7 * 24 * 60, 10_000_000))
def test_a_far_deadline_never_raises(facts: Facts, minutes: int) -> None:
    far = with_due(facts, NOW + timedelta(minutes=minutes))

    undated = score(without(facts, "due_at"), default(), NOW)

    assert score(far, default(), NOW).points == undated.points


@given(some.facts, st.integers(0, 30_000), st.integers(365, 9_000))
def test_overdue_keeps_growing(facts: Facts, days: int, more: int) -> None:
    since = with_due(facts, NOW - timedelta(days=days))
    longer = with_due(facts, NOW - timedelta(days=days + more))

    assert score(longer, default(), NOW).points > score(since, default(), NOW).points


@given(some.moments, st.integers(0, 100_000_000))
def test_time_alone_never_lowers_what_a_deadline_gives(due_at: datetime, seconds: int) -> None:
    facts = with_due({}, due_at)

    later = score(facts, default(), NOW + timedelta(seconds=seconds))

    assert later.points >= score(facts, default(), NOW).points


@given(some.facts, any_ruleset, st.sampled_from(sorted(CATALOGUE)), st.data())
def test_what_is_decided_without_a_fact_holds_for_every_value_of_it(
    facts: Facts, ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    before = score(without(facts, name), ruleset, NOW)
    value = Fact(value=data.draw(some.values(name)))
    # Sentences may name the fact, and `known` may be asked for it: neither decides by its value.
    asking = {rule.id for rule in ruleset.rules if rule.condition and rule.condition.asks_known}

    after = score({**without(facts, name), name: value}, ruleset, NOW)

    given_after = {line.rule: line.points for line in after.contributions}
    for line in before.contributions:
        if line.rule in {rule.id for rule in ruleset.rules} - asking:
            assert given_after.get(line.rule) == line.points
    settled = {line.rule for line in before.also_checked if line.outcome == "no"} - asking
    assert not settled & (given_after.keys() & {rule.id for rule in ruleset.rules})


@given(some.facts, any_ruleset)
def test_a_curve_over_an_unknown_fact_gives_no_points_and_says_so(facts: Facts, ruleset: Ruleset) -> None:
    result = score(facts, ruleset, NOW)
    given = {line.rule for line in result.contributions}
    outcomes = {line.rule: line.outcome for line in result.also_checked}

    for rule in ruleset.rules:
        if rule.curve and rule.curve.fact not in facts:
            assert rule.id not in given
            if rule.condition is None:
                assert outcomes[rule.id] == "unknown"


@given(st.lists(some.facts, min_size=2, max_size=5), some.rulesets, st.data())
def test_the_order_is_total_and_does_not_depend_on_where_it_began(
    tasks: list[Facts], ruleset: Ruleset, data: st.DataObject
) -> None:
    keys = []
    for task_id, facts in enumerate(tasks):
        due, opened = (facts[name].value if name in facts else None for name in ("due_at", "opened_at"))
        assert due is None or isinstance(due, datetime)
        assert opened is None or isinstance(opened, datetime)
        keys.append(order_key(score(facts, ruleset, NOW), due, opened, task_id))

    assert len(set(keys)) == len(keys)
    assert sorted(data.draw(st.permutations(keys))) == sorted(keys)


@given(some.facts, any_ruleset, st.data())
def test_what_a_language_model_proposed_has_no_influence(facts: Facts, ruleset: Ruleset, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CATALOGUE)))
    proposed = replace(data.draw(some.fact(name)), source="llm", confidence=0.9)
    plain = without(facts, name)

    assert score({**plain, name: proposed}, ruleset, NOW) == score(plain, ruleset, NOW)
