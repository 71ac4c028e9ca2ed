"""From a ruleset's document (TOML or JSON, already parsed) to a Ruleset, with every problem found."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.curves import Curve, Over, Point, Slope
from app.domains.ranking.explanation import BandName, Tier
from app.domains.ranking.rules import Band, Group, Override, Problem, Rule, Ruleset, RulesetInvalid
from app.domains.ranking.sections import Section
from app.domains.ranking.spelling import suggestion

MOST_RULES = 1000
MOST_POINTS = 100  # of one curve

RESERVED_GROUP = "llm"
"""Kept for lines that rest on what an LLM proposed; no rule may join it."""

_OVERS: tuple[Over, ...] = ("hours_to", "hours_since", "value")
_MOMENTS = frozenset({"timestamp"})
_NUMBERS = frozenset({"int", "double"})
_TIERS: Mapping[str, Tier] = {"pinned": "pinned", "held": "held"}
_BANDS: tuple[BandName, ...] = ("now", "next", "later")
_FINEST = Decimal("0.001")


def read(document: Mapping[str, Any]) -> Ruleset:
    """Raises RulesetInvalid with all problems."""
    problems: list[Problem] = []
    top = Section(document, "", problems)
    name, version = top.id("name"), top.whole("version", default=1)
    description = top.text("description", default="")
    resolution = _resolution(top)
    groups = _groups(top, resolution)
    rules = [_rule(entry, resolution, groups) for entry in top.tables("rules", most=MOST_RULES)]
    overrides = [_override(entry, resolution) for entry in top.tables("overrides", most=MOST_RULES)]
    bands = _bands(top.table("bands"), resolution)
    if not rules:
        top.problem("at least one is needed", "rules")
    top.finish()
    made = [override for override in overrides if override is not None]
    _note_twice(top, [*(rule.id for rule in rules), *(override.id for override in made)])
    if problems:
        raise RulesetInvalid(problems)
    return Ruleset(name, version, description, resolution, tuple(rules), groups, tuple(made), bands, _digest(document))


def _digest(document: Mapping[str, Any]) -> str:
    # Keys are not sorted: the order of the groups is the order of their lines.
    return hashlib.sha256(json.dumps(document, default=str).encode()).hexdigest()[:16]


def _resolution(top: Section) -> Decimal:
    resolution = top.decimal("resolution") if top.has("resolution") else Decimal(1)
    if resolution is None or not _FINEST <= resolution <= 1000 or resolution % _FINEST:
        top.problem("must be a multiple of 0.001, from 0.001 to 1000", "resolution")
        return Decimal(1)
    return resolution


def _note_twice(top: Section, ids: Sequence[str]) -> None:
    for twice in sorted({id_ for id_ in ids if id_ and ids.count(id_) > 1}):
        top.problem(f"the id {twice!r} is used more than once", "rules")


def _groups(top: Section, resolution: Decimal) -> dict[str, Group]:
    if not top.has("groups"):
        return {}
    section = top.table("groups")
    return {name: _group(name, section.table(name), resolution) for name in section.names()}


def _group(name: str, section: Section, resolution: Decimal) -> Group:
    title = section.text("title", default=name)
    cap = section.units("cap", resolution) if section.has("cap") else None
    floor = section.units("floor", resolution) if section.has("floor") else None
    if cap is not None and cap < 0:
        section.problem("must not be below 0", "cap")
    if floor is not None and floor > 0:
        section.problem("must not be above 0", "floor")
    section.finish()
    return Group(name, title, cap, floor)


def _rule(section: Section, resolution: Decimal, groups: Mapping[str, Group]) -> Rule:
    id_, title, say = section.id("id"), section.text("title"), section.template("say")
    condition = section.condition("when")
    units, curve = 0, None
    if section.has("points"):
        units = section.units("points", resolution, zero=False)
        if not section.has("when"):
            section.problem("is needed where a rule gives fixed points", "when")
    if section.has("curve"):
        curve = _curve(section.table("curve"), resolution)
    if section.has("curve") == section.has("points"):
        section.problem("needs either points or a curve")
    group = _group_of(section, groups)
    fact = section.fact("fact")
    section.finish()
    return Rule(id_, title, say, units, curve, condition, group, fact)


def _group_of(section: Section, groups: Mapping[str, Group]) -> str | None:
    if not section.has("group"):
        return None
    group = section.text("group")
    if group == RESERVED_GROUP:
        section.problem("is reserved for what an LLM proposes", "group")
    elif group not in groups:
        section.problem(f"there is no group {group!r}{suggestion(group, groups)}", "group")
    return group


def _curve(section: Section, resolution: Decimal) -> Curve | None:
    overs = [over for over in _OVERS if section.has(over)]
    if len(overs) != 1:
        section.problem("needs exactly one of hours_to, hours_since and value, each with a fact's name")
    over: Over = overs[0] if overs else "value"
    fact = section.fact(over, _NUMBERS if over == "value" else _MOMENTS)
    scale = 1000 if fact and CATALOGUE[fact].type == "double" else 1
    points = [_point(entry, over, scale, resolution) for entry in section.tables("points", most=MOST_POINTS)]
    then = _slope(section.table("then"), over, scale, resolution) if section.has("then") else None
    _check_points(section, over, points)
    section.finish()
    if fact is None or not points:
        return None
    return Curve(over, fact, tuple(points), then, scale)


def _check_points(section: Section, over: Over, points: Sequence[Point]) -> None:
    positions = [point.position for point in points]
    if not points:
        section.problem("at least one is needed", "points")
    if positions != sorted(positions):
        way = "in the order of time, from many hours before" if over == "hours_to" else "in rising order"
        section.problem(f"must stand {way}", "points")
    if any(positions.count(position) > 2 for position in positions):
        section.problem("at most two may stand at one place: a step", "points")


def _point(section: Section, over: Over, scale: int, resolution: Decimal) -> Point:
    position = _position(section, "at", over, scale)
    units = section.units("points", resolution)
    say = section.template("say") if section.has("say") else None
    section.finish()
    # Positions grow with time, so "24 hours before the moment" is at -24 hours.
    return Point(-position if over == "hours_to" else position, units, say)


def _slope(section: Section, over: Over, scale: int, resolution: Decimal) -> Slope | None:
    slope = Slope(section.units("points", resolution), _position(section, "every", over, scale))
    section.finish()
    if slope.run < 1:
        section.problem("must be above 0", "every")
        return None
    return slope


def _position(section: Section, key: str, over: Over, scale: int) -> int:
    if over != "value":
        return section.seconds(key)
    number = section.decimal(key) or Decimal(0)
    if abs(number) > 10**15 or number * scale % 1:
        section.problem("must be a whole number" if scale == 1 else "must be a multiple of 0.001", key)
        return 0
    return int(number * scale)


def _override(section: Section, resolution: Decimal) -> Override | None:
    id_, title, say = section.id("id"), section.text("title"), section.template("say")
    condition = section.condition("when")
    if not section.has("when"):
        section.problem("is needed", "when")
    tier = section.choice("tier", _TIERS)
    floor = section.units("floor", resolution) if section.has("floor") else None
    ceiling = section.units("ceiling", resolution) if section.has("ceiling") else None
    if sum(section.has(key) for key in ("tier", "floor", "ceiling")) != 1:
        section.problem("needs exactly one of tier, floor and ceiling")
    fact = section.fact("fact")
    section.finish()
    if condition is None:
        return None
    return Override(id_, title, say, condition, _TIERS[tier] if tier else None, floor, ceiling, fact)


def _bands(section: Section, resolution: Decimal) -> tuple[Band, ...]:
    bands = [Band(name, section.units(name, resolution)) for name in _BANDS]
    section.finish()
    thresholds = [band.units or 0 for band in bands]
    if thresholds != sorted(set(thresholds), reverse=True):
        section.problem("now must be above next, and next above later")
    return (*bands, Band("someday", None))
