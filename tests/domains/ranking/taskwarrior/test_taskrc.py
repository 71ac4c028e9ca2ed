"""A .taskrc as a ruleset: what is taken over, what is not, and that it is said.

That such a ruleset ranks as Taskwarrior does is asked of the program itself in tests/workflows/test_taskwarrior.py.
"""

import tomllib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domains.ranking import Fact, score
from app.domains.ranking.network import Network
from app.domains.ranking.ruleset import RulesetInvalid, parse, shipped, shipped_text
from app.domains.ranking.taskwarrior.taskrc import TERMS, ruleset_from
from tests.domains.ranking.strategies import NOW

Document = dict[str, Any]


def read(text: str) -> tuple[Document, list[str]]:
    """The document, which is a ruleset that can be used, and the warnings."""
    document, warnings = ruleset_from(text)
    parse(document)
    return tomllib.loads(document, parse_float=Decimal), warnings


def rules(text: str) -> dict[str, Document]:
    """By id; nothing in the text may give a warning."""
    document, warnings = read(text)
    assert warnings == []
    return {rule["id"]: rule for rule in document["rules"]}


def test_without_coefficients_it_is_the_shipped_ruleset() -> None:
    document, warnings = read("data.location=~/.task\ncolor=on\nreport.next.sort=urgency-\n\n# nothing else\n")

    there = tomllib.loads(shipped_text("taskwarrior"), parse_float=Decimal)
    assert warnings == []
    assert document["name"] == "my-taskwarrior"
    assert {name: document[name] for name in ("resolution", "bands", "rules")} == {
        name: there[name] for name in ("resolution", "bands", "rules")
    }


@pytest.mark.parametrize("name", TERMS)
def test_each_of_taskwarrior_s_own_coefficients_scales_its_rules(name: str) -> None:
    made = rules(f"{name}=2.5")

    for id_ in TERMS[name]:
        given = made[id_].get("points") or [point["points"] for point in made[id_]["curve"]["points"]]
        assert (max(given, key=abs) if isinstance(given, list) else given) == Decimal("2.5")
    assert {id_ for id_, rule in made.items() if rule not in shipped_rules()} == set(TERMS[name])


def shipped_rules() -> list[Document]:
    found: list[Document] = tomllib.loads(shipped_text("taskwarrior"), parse_float=Decimal)["rules"]
    return found


@pytest.mark.parametrize("value", ["0", "0.0", "", "-0"])
@pytest.mark.parametrize("name", TERMS)
def test_a_coefficient_of_zero_leaves_its_rules_out(name: str, value: str) -> None:
    assert {rule.id for rule in shipped("taskwarrior").rules} - set(rules(f"{name}={value}")) == set(TERMS[name])


@pytest.mark.parametrize(
    ("line", "id_", "when", "points"),
    [
        (
            "urgency.user.project.Home.coefficient=2",
            "project-home",
            "project == 'Home' || project.startsWith('Home.')",
            2,
        ),
        ("urgency.user.tag.problem.coefficient=-4.5", "tag-problem", "'problem' in labels", Decimal("-4.5")),
        ("urgency.user.keyword.pay me.coefficient=1", "keyword-pay-me", "title.contains('pay me')", 1),
        ("urgency.user.keyword.Ben's.coefficient=1", "keyword-ben-s", 'title.contains("Ben\'s")', 1),
        (
            "urgency.uda.estimate.coefficient=.5",
            "uda-estimate",
            "attributes.exists(each, each.startsWith('estimate='))",
            Decimal("0.5"),
        ),
        ("urgency.uda.size.very large.coefficient=3", "uda-size-very-large", "'size=very large' in attributes", 3),
        ("urgency.uda.size.1.5.coefficient=3", "uda-size-1-5", "'size=1.5' in attributes", 3),
        ("urgency.uda.priority.C.coefficient=9", "uda-priority-c", "'priority=C' in attributes", 9),
        ("urgency.uda.due.coefficient=9", "uda-due", "due_from != 'words'", 9),
        ("urgency.user.tag.BLOCKED.coefficient=9", "tag-blocked", "blocked > 0", 9),
    ],
)
def test_a_coefficient_of_one_s_own_is_a_rule(line: str, id_: str, when: str, points: Decimal | int) -> None:
    made = rules(line)[id_]

    assert (made["when"], made["points"]) == (when, points)


def test_rules_of_one_name_get_ids_of_their_own() -> None:
    made = rules(
        "urgency.user.tag.a b.coefficient=1\nurgency.user.tag.a-b.coefficient=2\nurgency.user.tag.Due.coefficient=3"
    )

    assert {id_: made[id_]["points"] for id_ in ("tag-a-b", "tag-a-b-2", "tag-due")} == {
        "tag-a-b": 1,
        "tag-a-b-2": 2,
        "tag-due": 3,
    }


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("urgency.age.max=90", [{"at": "0d", "points": 0}, {"at": "90d", "points": 2}]),
        ("urgency.age.max=90.7", [{"at": "0d", "points": 0}, {"at": "90d", "points": 2}]),
        ("urgency.age.max=0", [{"at": "0d", "points": 2}]),
        ("urgency.age.max=", [{"at": "0d", "points": 2}]),
        ("urgency.age.max=-3", [{"at": "0d", "points": 2}]),
    ],
)
def test_the_age_that_counts_most_is_taken_over(line: str, points: list[Document]) -> None:
    made = rules(line)["age"]["curve"]

    assert [{name: point[name] for name in ("at", "points")} for point in made["points"]] == points
    assert made["every"] == "24h"


@pytest.mark.parametrize(
    ("value", "inherits"), [("on", True), ("Yes", True), ("1", True), ("off", False), ("2", False)]
)
def test_inheriting_is_taken_over(value: str, inherits: bool) -> None:
    document, _ = read(f"urgency.inherit={value}")

    assert ("inherit" in document) is inherits
    if inherits:
        assert document["inherit"] == {"at_least": True, "margin": Decimal("0.01")}


def test_inherited_urgency_is_that_of_taskwarrior() -> None:
    ruleset = parse(ruleset_from("urgency.inherit=on\nurgency.age.coefficient=0")[0])
    waits: dict[int, dict[str, Any]] = {  # with the urgency that Taskwarrior 2.6.2 prints
        1: {"blocking": 1, "blocks": ("2",)},  # 9.98143: it stands above the one that waits for it
        2: {"blocked": 1, "priority": "high", "due_at": NOW - timedelta(hours=9), "due_from": "source"},  # 9.97143
        3: {
            "blocking": 1,
            "blocks": ("4",),
            "due_at": NOW - timedelta(hours=9),
            "due_from": "source",
        },  # 16.9714: it stands above it anyway
        4: {"blocked": 1},  # -5
        5: {"blocking": 1, "blocks": ("6",)},  # 10.82, from the last of them
        6: {"blocked": 1, "blocking": 1, "blocks": ("7",)},  # 10.81
        7: {"blocked": 1, "labels": ("next",), "label_count": 1},  # 10.8
    }
    facts = {id_: {name: Fact(value=value) for name, value in said.items()} for id_, said in waits.items()}

    network = Network({id_: said | {"opened_at": Fact(value=NOW)} for id_, said in facts.items()}, ruleset)

    points = {id_: float(network.score(id_, NOW).points) for id_ in waits}
    there = {1: 9.98143, 2: 9.97143, 3: 16.9714, 4: -5, 5: 10.82, 6: 10.81, 7: 10.8}
    assert points == pytest.approx(there, abs=0.001)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("\n\ninclude ~/solarized.theme", "Line 3: “~/solarized.theme” is not included; what it sets is missing here."),
        ("colour on", "Line 1: “colour on” is no setting, and left out."),
        ("urgency.user.keyword.#7.coefficient=3", "Line 1: “urgency.user.keyword.” is no setting, and left out."),
        (
            "urgency.waiting.coefficient=-3,5",
            "Line 1: urgency.waiting.coefficient is no number: “-3,5” counts as -3, as in Taskwarrior.",
        ),
        (
            "urgency.due.coefficient=much",
            "Line 1: urgency.due.coefficient is no number: “much” counts as 0, as in Taskwarrior.",
        ),
        ("urgency.due.coefficient=3.14159", "Line 1: urgency.due.coefficient is rounded to 3.142."),
        (
            "urgency.user.tag.x.coefficient=1e9",
            "Line 1: urgency.user.tag.x.coefficient is beyond 1,000,000, the most that a rule may give, and left out.",
        ),
        (
            "urgency.priority.coefficient=6",
            "Line 1: urgency.priority.coefficient is no coefficient that Taskwarrior 2.6 knows, and left out.",
        ),
        (
            "urgency.user.tag.TODAY.coefficient=6",
            "Line 1: urgency.user.tag.TODAY.coefficient is a virtual tag that has no condition here, and is left out.",
        ),
        (
            "urgency.uda.recur.coefficient=6",
            "Line 1: urgency.uda.recur.coefficient asks for what no fact here says, and is left out.",
        ),
        (
            "urgency.uda.due.tomorrow.coefficient=6",
            "Line 1: urgency.uda.due.tomorrow.coefficient asks for a value that no fact here says, and is left out.",
        ),
        ("urgency.user.tag..coefficient=6", "Line 1: urgency.user.tag..coefficient names nothing, and is left out."),
        (
            f"urgency.user.keyword.{'x' * 3000}.coefficient=6",
            f"Line 1: urgency.user.keyword.{'x' * 3000}.coefficient is too long for a condition, and is left out.",
        ),
    ],
)
def test_what_can_t_be_taken_over_is_said(text: str, warning: str) -> None:
    assert read(text)[1] == [warning]


def test_the_last_of_a_name_counts_and_comments_begin_anywhere() -> None:
    made = rules(
        "urgency.user.tag.next.coefficient=3\n  urgency.user.tag.next.coefficient = 4 # not 5\r\n#urgency.age.max=1"
    )

    assert made["tag-next"]["points"] == 4
    assert "365d" in str(made["age"])


def test_a_file_that_leaves_no_rule_says_so() -> None:
    document, warnings = ruleset_from("\n".join(f"{name}=0" for name in TERMS))

    assert warnings == ["Every coefficient is 0: there is no rule left, and a ruleset needs one."]
    with pytest.raises(RulesetInvalid):
        parse(document)


marks = st.text(st.sampled_from("abAB. '\"\\{}[]|é\N{ROCKET}\t\x7f\u2028-="), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["user.project", "user.tag", "user.keyword", "uda"]), name=marks, value=st.integers(-99, 99)
)
def test_whatever_it_holds_the_document_can_be_read(kind: str, name: str, value: int) -> None:
    read(f"urgency.{kind}.{name}.coefficient={value}")


@settings(max_examples=100, deadline=None)
@given(tag=marks.filter(lambda text: text == text.strip() and "=" not in text))
def test_a_tag_of_any_letters_is_found(tag: str) -> None:
    ruleset = parse(ruleset_from(f"urgency.user.tag.{tag}.coefficient=7\nurgency.age.coefficient=0")[0])

    facts = {"labels": Fact(value=("other", tag))}
    assert score(facts, ruleset, NOW).points == 7


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    read(text)
