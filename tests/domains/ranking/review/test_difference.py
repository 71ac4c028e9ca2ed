"""What another ruleset changes: whatever it says it leaves alone, stands the same under both."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domains.ranking.documents.document import read
from app.domains.ranking.engine import standing
from app.domains.ranking.facts import Facts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.review.difference import difference
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.ruleset import default, parse, shipped_text
from app.domains.ranking.storage import values_by_name
from tests.domains.ranking import strategies as some
from tests.domains.ranking.strategies import NOW, SHOP


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Ruleset, Ruleset]:
    """Two rulesets of which one has some rules of its own, and lacks others."""
    one = draw(some.documents())
    other = draw(some.documents())
    stranger = [rule | {"group": None} for rule in other["rules"]]
    kept = [rule for rule in one["rules"] if draw(st.booleans())] or one["rules"]
    changed: list[Any] = [*kept, *({**rule, "id": f"new-{rule['id']}"} for rule in stranger[:1])]
    for rule in changed:
        if rule.get("group", "") is None:
            del rule["group"]
    calendars = {SHOP.name: SHOP}
    step = one["resolution"]
    plain = {
        **one,
        "inherit": {"at_least": True},
        "rules": [{"id": "z", "title": "Z", "say": "Z", "when": "starred", "points": step}, *one["rules"]],
    }
    after = {**plain, "rules": [rule for rule in plain["rules"] if rule in changed or rule["id"] == "z"]}
    return read(plain, calendars), read(after, calendars)


@given(some.facts, pairs())
def test_what_is_not_touched_stands_the_same(facts: Facts, rulesets: tuple[Ruleset, Ruleset]) -> None:
    before, after = rulesets
    found = difference(before, after)

    if found is not None and not found.touches(values_by_name(facts), epoch_seconds(NOW)):
        assert standing(facts, after, NOW) == standing(facts, before, NOW)


@given(some.facts, st.integers(-40, 29).filter(bool))
def test_it_looks_only_at_the_facts_that_it_names(facts: Facts, points: int) -> None:
    says = 'say = "Says it is urgent'
    other = parse(shipped_text("default").replace(f"points = 30\n{says}", f"points = {points}\n{says}"))
    found = difference(default(), other)
    assert found is not None
    known = values_by_name(facts)

    some_known = {name: value for name, value in known.items() if name in found.facts}

    second = epoch_seconds(NOW)
    assert found.facts == {"says_urgent"}
    assert found.touches(some_known, second) == found.touches(known, second) == (known.get("says_urgent") is True)


def test_other_bands_groups_or_calendars_touch_everything() -> None:
    text = shipped_text("default")

    assert difference(default(), parse(text.replace("now = 70", "now = 71"))) is None
    assert difference(default(), parse(text.replace("cap = 45", "cap = 44"))) is None
    assert difference(default(), replace(default(), inherit=None)) is None


def test_the_same_again_touches_nothing() -> None:
    found = difference(default(), parse(shipped_text("default").replace("version = 1", "version = 2")))

    assert found is not None
    assert (found.before.rules, found.after.rules) == ((), ())


def test_a_curve_that_only_changes_later_touches_what_will_change() -> None:
    text = shipped_text("default")
    later = parse(text.replace('{ at = "-10d", points = 25 }', '{ at = "-11d", points = 25 }'))
    found = difference(default(), later)
    assert found is not None

    overdue = {"due_at": NOW - timedelta(days=9)}

    assert found.touches(overdue, epoch_seconds(NOW))
    assert not found.touches({"due_at": NOW + timedelta(days=9)}, epoch_seconds(NOW))
