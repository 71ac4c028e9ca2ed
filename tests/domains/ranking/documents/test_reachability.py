"""Rules that can never be reached are refused, and none that can."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.conditions import KNOWN, ConditionInvalid, compile_condition
from app.domains.ranking.documents.document import read
from app.domains.ranking.documents.reachability import can_hold, unreachable
from app.domains.ranking.facts import Facts
from app.domains.ranking.ruleset import SHIPPED, shipped
from app.domains.ranking.storage import values_by_name
from tests.domains.ranking import strategies as some


@pytest.mark.parametrize(
    "text",
    [
        "turn == 'our'",
        "turn == 'ours' && turn == 'theirs'",
        "asks > 100",
        "asks > 99 && asks < 100",
        "asks >= 60 && asks <= 50 || severity < 0",
        "false",
        "starred && !starred",
        "sender == 'a' && sender == 'b'",
        "turn in ['our', 'their']",
        "priority == 'High' || turn == 'mine'",
        "'duedate' in known",
        "!('due_at' in known) && 'due_at' in known",
        "'vip' in labels && !('vip' in labels)",
        "money > 5.0 && money < 4.5",
    ],
)
def test_a_condition_that_nothing_makes_true_is_found(text: str) -> None:
    assert not can_hold(compile_condition(text))


@pytest.mark.parametrize(
    "text",
    [
        "'vip' in labels && 'billing' in labels && !('parked' in labels)",
        "'a' in labels && 'b' in labels && size(labels) > 2",
        "labels == ['a', 'a']",
        "labels[1] == 'b'",
        "title != project",
        "sender < sender_name",
        "sender_domain > 'm' && sender_domain < 'n'",
        "title in labels",
        "size(title) > 10",
        "opened_at < last_inbound_at && last_inbound_at < turn_since && turn_since < due_at",
        "replies > participants && participants > audience && audience > attachments",
        "first_response[0] > due_at",
        "size(resolution) == 2 && resolution[1] > resolution[0]",
        "money > 1e3",
        "replies > 0x1F",
        "size(known) > 5",
        "'due_at' in known && !('asks' in known) && size(known) > 3",
        "money > 5.2 && money < 5.3",
        "asks + 3 > 60",
        "title.matches('^[A-Z]')",
        "title == 'it\\'s' && starred",
        "labels.exists(each, each.startsWith('team-'))",
        "starred ? asks > 3 : severity > 3",
        "due_at > timestamp('2026-01-01T00:00:00Z')",
        "asks > -1",
        'sender == ""',
        "turn == 'ours' // theirs",
    ],
)
def test_one_that_something_makes_true_is_not(text: str) -> None:
    assert can_hold(compile_condition(text))


@given(some.facts, st.sampled_from(some.CONDITIONS))
def test_what_holds_for_any_facts_is_never_refused(facts: Facts, text: str) -> None:
    condition, known = compile_condition(text), values_by_name(facts)
    given_facts: dict[str, Any] = {n: list(v) if isinstance(v, tuple) else v for n, v in known.items()}

    if condition.program.eval(data={**given_facts, KNOWN: sorted(known)}).value() is True:
        assert can_hold(condition)


_ATOMS = st.one_of(
    st.sampled_from(["starred", "unread", "'a' in labels", "'b' in labels", "'due_at' in known"]),
    st.builds("{} {} {}".format, st.just("asks"), st.sampled_from(["<", "<=", "==", "!=", ">="]), st.integers(0, 100)),
    st.builds("{} {} '{}'".format, st.just("turn"), st.sampled_from(["==", "!="]), st.sampled_from(["ours", "theirs"])),
    st.builds("sender {} '{}'".format, st.sampled_from(["==", "<", ">="]), st.sampled_from(["", "x", "ours"])),
)
_JOINED = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
    ),
    max_leaves=6,
)


@given(some.facts, _JOINED)
def test_whatever_is_joined_what_holds_is_never_refused(facts: Facts, text: str) -> None:
    condition, known = compile_condition(text), values_by_name(facts)
    values: dict[str, Any] = {n: list(v) if isinstance(v, tuple) else v for n, v in known.items()}

    holds = condition.program.eval(data={**values, KNOWN: sorted(known)}).value() is True

    assert can_hold(condition) or not holds


def test_a_curve_needs_its_fact() -> None:
    due = {"hours_to": "due_at", "points": [{"at": 0, "points": 1}]}
    rule = {"id": "due", "title": "Due", "say": "Due", "when": "!('due_at' in known)", "curve": due}
    made = read({"name": "mine", "bands": {"now": 3, "next": 2, "later": 1}, "rules": [rule]})

    (problem,) = unreachable(made.rules, made.overrides)

    assert str(problem).startswith("rules[1] due.when: can never hold while due_at is known")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_rule_can_be_reached(name: str) -> None:
    assert list(unreachable(shipped(name).rules, shipped(name).overrides)) == []


def test_what_is_no_condition_is_no_matter_of_reach() -> None:
    with pytest.raises(ConditionInvalid):
        compile_condition("asks >")
