"""Random facts and random rulesets, for the laws that hold for all of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from app.domains.ranking.calendars import calendar_from
from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.documents.document import read
from app.domains.ranking.facts import Fact
from app.domains.ranking.rules import Ruleset

NOW = datetime(2025, 9, 25, 12, 0, 0, tzinfo=UTC)

WORDS = st.sampled_from(["ours", "theirs", "direct", "list", "high", "low", "x", ""])

moments = st.builds(
    lambda seconds, micro: NOW + timedelta(seconds=seconds, microseconds=micro),
    st.one_of(st.integers(-700_000, 700_000), st.integers(-60_000_000, 60_000_000)),
    st.sampled_from([0, 1, 500_000, 999_999]),
)

_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "int": st.integers(-3, 110),
    "double": st.floats(-10, 200_000, allow_nan=False),
    "string": WORDS,
    "timestamp": moments,
    "list(string)": st.lists(WORDS, max_size=3).map(tuple),
    "clock": st.lists(moments, max_size=5, unique=True).map(sorted).map(tuple),
}


def values(name: str) -> st.SearchStrategy[Any]:
    """Values of a fact's type."""
    return _VALUES[CATALOGUE[name].type]


def fact(name: str) -> st.SearchStrategy[Fact]:
    quote = st.sampled_from([None, "by Friday 5pm"])
    return st.builds(lambda value, quote: Fact(value=value, quote=quote), values(name), quote)


facts = st.fixed_dictionaries({}, optional={name: fact(name) for name in CATALOGUE})

CONDITIONS = [
    "says_urgent",
    "!question",
    "asks > 40",
    "turn == 'ours' && unanswered",
    "turn == 'ours' || asks > 20",
    "'due_at' in known",
    "due_at > opened_at",
    "'x' in labels || size(urgency) > 1",
    "asks / replies > 1",
    "money > 10.5",
    "severity > 10 ? says_urgent : no_rush",
    "true",
]


@st.composite
def _points(draw: st.DrawFn, step: Decimal, *, falling: bool, low: int) -> list[dict[str, Any]]:
    places = sorted(draw(st.lists(st.integers(low, 200), min_size=1, max_size=4)), reverse=falling)
    seen: dict[int, int] = {}
    points = []
    for place in places:
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= 2:
            say = draw(st.sampled_from([{}, {}, {"say": f"From {place} on"}]))
            points.append({"at": place, "points": draw(st.integers(-60, 60)) * step, **say})
    if not any(point["points"] for point in points):
        points[0]["points"] = step  # a curve without points is refused
    return points


@st.composite
def _curve(draw: st.DrawFn, step: Decimal) -> dict[str, Any]:
    over = draw(st.sampled_from(list(_FACTS)))
    fact_name = draw(st.sampled_from(_FACTS[over]))
    falling, low = over.endswith("hours_to"), 0 if over in ("value", "running", "share_of") else -200
    curve: dict[str, Any] = {over: fact_name, "points": draw(_points(step, falling=falling, low=low))}
    if draw(st.booleans()):
        curve["then"] = {"points": draw(st.integers(-3, 3)) * step, "every": draw(st.integers(1, 900))}
    if over.startswith("business"):
        curve["calendar"] = draw(st.sampled_from(["office", "always", "shop"]))
    if over == "running":
        curve |= draw(st.sampled_from([{}, {"calendar": "office"}]))
    if over not in ("value", "share_of"):
        curve |= draw(st.sampled_from([{}, {}, {"every": "24h"}, {"every": "90m"}]))
    return curve


_FACTS = {
    "hours_to": ["due_at", "last_item_at"],
    "hours_since": ["due_at", "last_item_at"],
    "business_hours_to": ["due_at", "last_item_at"],
    "business_hours_since": ["due_at", "last_item_at"],
    "running": ["first_response", "resolution"],
    "share_of": ["first_response", "resolution"],
    "value": ["asks", "money"],
}
SHOP = calendar_from(
    "shop",
    {
        "zone": "America/New_York",
        "hours": {"monday-friday": ["08:30-12:00", "13:00-18:30"], "sunday": ["22:00-24:00"]},
        "holidays": [{"on": "2025-09-26", "name": "Inventory"}],
    },
)
_TARGETS = [
    {"id": "urgent", "title": "Urgent", "clock": "first_response", "within": "4h", "when": "says_urgent"},
    {"id": "first", "title": "First", "clock": "first_response", "within": "2d", "calendar": "shop"},
    {"id": "solved", "title": "Solved", "clock": "resolution", "within": "30h", "calendar": "office"},
]


@st.composite
def _rule(draw: st.DrawFn, at: int, step: Decimal) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": f"rule-{at}", "title": f"Rule {at}", "say": "{title|kind}[: “{quote}”]"}
    group = draw(st.sampled_from([None, "one", "two"]))
    if group:
        rule["group"] = group
    if draw(st.booleans()):
        points = draw(st.integers(-60, 60).filter(bool)) * step
        return rule | {"points": points, "when": draw(st.sampled_from(CONDITIONS))}
    when = {"when": draw(st.sampled_from(CONDITIONS))} if draw(st.booleans()) else {}
    return rule | when | {"curve": draw(_curve(step))}


@st.composite
def _override(draw: st.DrawFn, at: int, step: Decimal) -> dict[str, Any]:
    effect = draw(
        st.one_of(
            st.sampled_from([{"tier": "pinned"}, {"tier": "held"}]),
            st.integers(-90, 90).map(lambda units: {"floor": units * step}),
            st.integers(-90, 90).map(lambda units: {"ceiling": units * step}),
            st.sampled_from([{"never_above": "next"}, {"never_above": "later"}, {"never_above": "someday"}]),
        )
    )
    when = draw(st.sampled_from(CONDITIONS[:-1]))
    return {"id": f"override-{at}", "title": f"Override {at}", "say": "So it is", "when": when, **effect}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid ruleset as a document."""
    step = draw(st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.001"), Decimal(5)]))
    bands = {"now": 80 * step, "next": 40 * step, "later": 15 * step}
    group = st.integers(0, 60).map(lambda units: {"cap": units * step, "floor": -units * step})
    return {
        "name": "random",
        "resolution": step,
        "bands": bands,
        "groups": {"one": draw(group), "two": draw(group)},
        "targets": _TARGETS,
        "inherit": draw(
            st.sampled_from([{"share": Decimal("0.3"), "cap": 20 * step}, {"at_least": True, "without": ["rule-0"]}])
        ),
        "rules": [draw(_rule(at, step)) for at in range(draw(st.integers(1, 5)))],
        "overrides": [draw(_override(at, step)) for at in range(draw(st.integers(0, 3)))],
    }


def _read(document: dict[str, Any]) -> Ruleset:
    return read(document, {SHOP.name: SHOP})


rulesets: st.SearchStrategy[Ruleset] = documents().map(_read)
