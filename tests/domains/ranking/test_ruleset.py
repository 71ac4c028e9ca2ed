"""Rulesets from documents: what is accepted, and how a mistake is told."""

from decimal import Decimal
from typing import Any

import pytest

from app.domains.ranking.curves import Curve
from app.domains.ranking.documents.document import read
from app.domains.ranking.ruleset import RulesetInvalid, parse

BANDS = {"now": 80, "next": 40, "later": 10}
RULE: dict[str, Any] = {"id": "urgent", "title": "Urgent", "when": "says_urgent", "points": 30, "say": "Urgent"}
CURVE: dict[str, Any] = {"hours_to": "due_at", "points": [{"at": "7d", "points": 0}, {"at": 24, "points": 50}]}


def document(**changes: Any) -> dict[str, Any]:
    return {"name": "mine", "bands": BANDS, "rules": [RULE], **changes}


def rule(**changes: Any) -> dict[str, Any]:
    changed = {**RULE, **changes}
    return document(rules=[{key: value for key, value in changed.items() if value is not None}])


def curve(**changes: Any) -> dict[str, Any]:
    changed = {**CURVE, **changes}
    kept = {key: value for key, value in changed.items() if value is not None}
    return rule(when=None, points=None, curve=kept)


def override(**changes: Any) -> dict[str, Any]:
    base = {"id": "pin", "title": "Pin", "when": "starred", "say": "Starred"}
    return document(overrides=[{**base, **changes}])


def problems(broken: dict[str, Any]) -> str:
    with pytest.raises(RulesetInvalid) as caught:
        read(broken)
    return str(caught.value)


def test_a_small_document_is_a_ruleset() -> None:
    ruleset = read(document())

    assert (ruleset.name, ruleset.version, ruleset.resolution) == ("mine", 1, Decimal(1))
    assert [(band.name, band.units) for band in ruleset.bands] == [*BANDS.items(), ("someday", None)]


def test_points_are_exact_multiples_of_the_resolution() -> None:
    ruleset = parse(
        """
        name = "fine"
        resolution = 0.001
        bands = { now = 10, next = 5, later = 1.5 }
        [[rules]]
        id = "one"
        title = "One"
        when = "says_urgent"
        points = 0.3
        say = "So"
        """
    )

    assert ruleset.rules[0].units == 300
    assert ruleset.points(300) == Decimal("0.3")


@pytest.mark.parametrize(
    ("at", "hours"), [("7d", 168), ("24h", 24), (24, 24), (Decimal("1.5"), 1.5), ("90m", 1.5), ("-2w", -336)]
)
def test_a_span_is_hours_or_has_its_unit(at: Any, hours: float) -> None:
    made = read(curve(points=[{"at": at, "points": 1}])).rules[0].curve

    assert isinstance(made, Curve)
    assert made.points[0].position == -hours * 3600


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (document(resoluton=1), "resoluton: there is no such key; did you mean 'resolution'?"),
        (document(rules=[]), "rules: at least one is needed"),
        (document(rules=3), "rules: must be a list of at most 500 tables"),
        (document(rules=[3]), "rules[1]: must be a table"),
        (document(rules=[RULE, RULE]), "rules: the id 'urgent' is used more than once"),
        (document(name="My rules"), "name: may only have a-z"),
        (document(version=0), "version: must be a whole number from 1"),
        (document(resolution=0), "resolution: must be a multiple of 0.001"),
        (document(resolution="0.0001"), "resolution: must be a multiple of 0.001"),
        (document(bands=None), "bands: is needed"),
        (document(bands={"now": 1}), "bands.next: is needed"),
        (document(bands={"now": 1, "next": 2, "later": 0}), "bands: now must be above next"),
        (document(groups={"a": {"cap": -1}}), "groups.a.cap: must not be below 0"),
        (document(groups={"a": {"floor": 1}}), "groups.a.floor: must not be above 0"),
        (rule(title=None), "rules[1] urgent.title: is needed"),
        (rule(titel="x"), "rules[1] urgent.titel: there is no such key; did you mean 'title'?"),
        (rule(points=1.5), "rules[1] urgent.points: 1.5 is not a multiple of the resolution, 1"),
        (rule(points=True), "rules[1] urgent.points: must be a number"),
        (rule(points=10**7), "rules[1] urgent.points: must be between"),
        (rule(points=0), "rules[1] urgent.points: must not be 0"),
        (rule(when=None), "rules[1] urgent.when: is needed where a rule gives fixed points"),
        (rule(points=None), "rules[1] urgent: needs either points or a curve"),
        (rule(curve=CURVE), "rules[1] urgent: needs either points or a curve"),
        (rule(when="dueat > opened_at"), "when (line 1, column 1): there is no fact or function 'dueat'; did"),
        (rule(say="By {dueat}"), "rules[1] urgent.say: there is no fact 'dueat'; did you mean 'due_at'?"),
        (rule(say="By {due_at"), "rules[1] urgent.say: a brace or a bracket without its partner"),
        (rule(fact="dueat"), "rules[1] urgent.fact: there is no fact 'dueat'; did you mean 'due_at'?"),
        (rule(group="words"), "rules[1] urgent.group: there is no group 'words'"),
        (rule(group="llm"), "rules[1] urgent.group: is reserved"),
        (curve(hours_since="due_at"), "curve: needs exactly one of hours_to, hours_since, business_hours_to"),
        (curve(hours_to="asks"), "curve.hours_to: 'asks' is of type int; this needs a timestamp"),
        (curve(hours_to="dueat"), "curve.hours_to: there is no fact 'dueat'; did you mean 'due_at'?"),
        (curve(points=[]), "curve.points: at least one is needed"),
        (curve(points=CURVE["points"][::-1]), "curve.points: must stand in the order of time"),
        (curve(points=[{"at": 1, "points": 1}] * 3), "curve.points: at most two may stand at one place"),
        (curve(points=[{"at": "soon", "points": 1}]), "curve.points[1].at: must be hours, or a text"),
        (curve(points=[{"at": "0.5s", "points": 1}]), "curve.points[1].at: must be whole seconds"),
        (curve(then={"points": 1, "every": 0}), "curve.then.every: must be above 0"),
        (override(), "overrides[1] pin: needs exactly one of tier, floor, ceiling and never_above"),
        (override(tier="held", floor=3), "overrides[1] pin: needs exactly one of tier, floor, ceiling and never_above"),
        (override(tier="pined"), "overrides[1] pin.tier: there is no 'pined' (but: pinned, held); did you"),
    ],
)
def test_a_mistake_is_told_with_its_place(broken: dict[str, Any], told: str) -> None:
    assert told in problems(broken)


def test_only_bands_that_are_there_are_compared() -> None:
    assert "must be above" not in problems(document(bands={"now": 1}))


def test_a_value_curve_needs_a_number() -> None:
    broken = curve(hours_to=None, value="says_urgent", points=[{"at": 0, "points": 1}])

    assert "curve.value: 'says_urgent' is of type bool; this needs a double or int" in problems(broken)


def test_all_mistakes_are_told_at_once() -> None:
    told = problems(document(rules=[{**RULE, "title": "", "when": "nope", "points": "many"}], extra=1))

    assert len(told.splitlines()) == 4


def test_a_mistake_deep_in_an_expression_has_its_line_and_column() -> None:
    with pytest.raises(RulesetInvalid) as caught:
        read(rule(when="asks > 3 &&\n  urgent"))

    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(2, 3)]


def test_a_document_that_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(RulesetInvalid, match=r"the document \(line 1, column 12\): is not TOML: "):
        parse('name = "x" bands = { = 3')
