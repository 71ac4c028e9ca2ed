"""Conditions in CEL: what they decide, what they can't, and what is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.conditions import (
    ConditionInvalid,
    Conditions,
    Undecided,
    Verdict,
    compile_condition,
)
from app.domains.ranking.facts import Fact, Facts
from app.domains.ranking.storage import values_by_name
from tests.domains.ranking import strategies as some


def decide(text: str, **values: Any) -> Verdict:
    return Conditions([compile_condition(text)]).decide(values)[0]


@pytest.mark.parametrize(
    ("text", "values", "verdict"),
    [
        ("says_urgent", {"says_urgent": True}, True),
        ("asks > 40", {"asks": 40}, False),
        ("'x' in labels", {"labels": ("x", "y")}, True),
        ("money > 10.0", {"money": 10.5}, True),
        ("due_at > opened_at", {"due_at": some.NOW, "opened_at": datetime(2020, 1, 1, tzinfo=UTC)}, True),
        ("'due_at' in known", {}, False),
        ("'due_at' in known", {"due_at": some.NOW}, True),
        ("!('due_at' in known) || due_at > opened_at", {}, True),
        ("true", {}, True),
        ("asks > 3 // more than a little", {"asks": 4}, True),
    ],
)
def test_a_condition_is_decided_by_what_is_known(text: str, values: Any, verdict: bool) -> None:
    assert decide(text, **values) is verdict


def test_a_condition_over_an_unknown_fact_is_unknown_and_names_it() -> None:
    assert decide("asks > 3 && says_urgent", asks=5) == Undecided("unknown", "Not known: says_urgent", ("says_urgent",))


@pytest.mark.parametrize(("text", "verdict"), [("asks > 3 && says_urgent", False), ("asks < 3 || says_urgent", True)])
def test_what_another_operand_decides_is_decided(text: str, verdict: bool) -> None:
    assert decide(text, asks=2) is verdict


def test_a_negated_unknown_is_unknown_too() -> None:
    assert isinstance(decide("!says_urgent"), Undecided)


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("asks / replies > 1", {"asks": 1, "replies": 0}, "divide by zero"),
        ("labels[0] == 'x'", {"labels": ()}, "Index error"),
        ("title.matches(sender)", {"title": "x", "sender": "("}, "invalid regular expression"),
        ("asks > 1", {"asks": "many"}, "Unexpected value type"),
        ("title == 'x'", {"title": "\ud83d"}, "construction from null"),
    ],
)
def test_a_condition_that_fails_says_how_and_does_not_raise(text: str, values: Any, said: str) -> None:
    verdict = decide(text, **values)

    assert isinstance(verdict, Undecided)
    assert verdict.outcome == "error"
    assert said in verdict.because


def test_one_failing_condition_harms_no_other() -> None:
    texts = ["asks > 1", "title == 'x'", "asks / replies > 1", "says_urgent"]
    facts = {"asks": Fact(value=5), "title": Fact(value="\ud83d"), "replies": Fact(value=0)}

    verdicts = Conditions([compile_condition(text) for text in texts]).decide(values_by_name(facts))

    assert verdicts[0] is True
    assert [v.outcome for v in verdicts[1:] if isinstance(v, Undecided)] == ["error", "error", "unknown"]


@given(some.facts, st.lists(st.sampled_from(some.CONDITIONS), min_size=1, max_size=90))
def test_conditions_asked_together_answer_as_if_asked_alone(facts: Facts, texts: list[str]) -> None:
    conditions = [compile_condition(text) for text in texts]

    together = Conditions(conditions).decide(values_by_name(facts))

    assert together == [Conditions([condition]).decide(values_by_name(facts))[0] for condition in conditions]


def test_facts_are_named_in_the_order_of_the_text() -> None:
    condition = compile_condition("labels.exists(title, title == turn) && .asks > 3 && 'x' in known")

    assert condition.facts == ("labels", "turn", "asks")
    assert condition.asks_known


def test_a_condition_may_name_every_fact() -> None:
    condition = compile_condition(" && ".join(f"{name} == {name}" for name in CATALOGUE))

    assert condition.names == frozenset(CATALOGUE)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("dueat > opened_at", "no fact or function 'dueat'; did you mean 'due_at'?", (1, 1)),
        ("asks > 3\n  && nope", "no fact or function 'nope'", (2, 6)),
        ("due_at > now", "can't see the clock", (1, 10)),
        ("asks > 1.5", "compares numbers of one sort", (1, 6)),
        ("asks >", "something is missing at the end", (1, 7)),
        ("asks", "must be true or false; this is of type INT", (None, None)),
        ("(" * 60 + "true" + ")" * 60, "not a CEL expression", (None, None)),
        ("title == '\ud83d'", "lone surrogate", (None, None)),
        ("true || " * 300 + "true", "longer than 2000", (None, None)),
    ],
)
def test_a_wrong_condition_is_refused_with_its_place(text: str, message: str, place: Any) -> None:
    with pytest.raises(ConditionInvalid) as caught:
        compile_condition(text)

    issue = caught.value.issues[0]
    assert message in issue.message
    assert (issue.line, issue.column) == place
