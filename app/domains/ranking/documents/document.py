"""From a ruleset's document (TOML or JSON, already parsed) to a Ruleset, with every problem found."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from app.domains.ranking.calendars import AROUND_THE_CLOCK, OFFICE, Calendar
from app.domains.ranking.documents.curve_document import Given, read_curve
from app.domains.ranking.documents.sections import Section
from app.domains.ranking.explanation import BandName, Tier
from app.domains.ranking.rules import Band, Group, Inherit, Override, Problem, Rule, Ruleset, RulesetInvalid, Target
from app.domains.ranking.spelling import suggestion

MOST_RULES = 500
"""Of a ruleset, and as many overrides: a score of so many rules costs about half a millisecond."""
MOST_TARGETS = 50
BUILT_IN = {calendar.name: calendar for calendar in (OFFICE, AROUND_THE_CLOCK)}
"""Calendars that every ruleset may name, unless another of the same name is handed in."""

RESERVED_GROUP = "llm"
"""Kept for lines that rest on what an LLM proposed; no rule may join it."""

_CLOCK = frozenset({"clock"})
_TIERS: Mapping[str, Tier] = {"pinned": "pinned", "held": "held"}
_BANDS: tuple[BandName, ...] = ("now", "next", "later")
_FINEST = Decimal("0.001")


def read(document: Mapping[str, Any], calendars: Mapping[str, Calendar] | None = None) -> Ruleset:
    """Raises RulesetInvalid with all problems. `calendars` are those that it may name, besides the built-in ones."""
    problems: list[Problem] = []
    top = Section(document, "", problems)
    name, version = top.id("name"), top.whole("version", default=1)
    description = top.text("description", default="")
    resolution = _resolution(top)
    groups = _groups(top, resolution)
    bands = _bands(top.table("bands"), resolution)
    given = Given(resolution, BUILT_IN | dict(calendars or {}))
    given.targets += filter(None, [_target(each, given) for each in top.tables("targets", most=MOST_TARGETS)])
    rules = [_rule(entry, given, groups) for entry in top.tables("rules", most=MOST_RULES)]
    inherit = _inherit(top.table("inherit"), resolution, rules) if top.has("inherit") else None
    overrides = [_override(entry, resolution, bands) for entry in top.tables("overrides", most=MOST_RULES)]
    if not rules:
        top.problem("at least one is needed", "rules")
    top.finish()
    made = [override for override in overrides if override is not None]
    _note_twice(top, [*(rule.id for rule in rules), *(o.id for o in made), *(target.id for target in given.targets)])
    if problems:
        raise RulesetInvalid(problems)
    return Ruleset(
        name,
        version,
        description,
        resolution,
        tuple(rules),
        groups,
        tuple(made),
        bands,
        _digest(document, given.used),
        tuple(given.targets),
        inherit,
        given.used,
    )


def _digest(document: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> str:
    # Keys are not sorted: the order of the groups is the order of their lines.
    content = [document, {name: calendars[name].digest for name in sorted(calendars)}]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]


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
    return {name: _group(name, section.table(name), resolution) for name in section.names() if section.is_id(name)}


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


def _target(section: Section, given: Given) -> Target | None:
    id_, title = section.id("id"), section.text("title")
    clock = section.fact("clock", _CLOCK)
    if not section.has("clock"):
        section.problem("is needed: first_response, next_response or resolution", "clock")
    condition = section.condition("when")
    seconds = section.seconds("within")
    if not 60 <= seconds <= 10 * 366 * 86_400:
        section.problem("must be from 1 minute to 10 years", "within")
    calendar = given.calendar(section) if section.has("calendar") else None
    marks = _marks(section)
    section.finish()
    return Target(id_, title, clock, seconds, calendar, condition, marks) if clock and seconds > 0 else None


def _marks(section: Section) -> tuple[int, ...]:
    if not section.has("at_risk"):
        return 50, 75
    marks = section.raw("at_risk")
    whole = isinstance(marks, list) and len(marks) <= 5 and all(type(m) is int and 0 < m < 100 for m in marks)
    if not whole or sorted(set(marks)) != marks:
        section.problem("must be at most 5 whole percentages between 0 and 100, in rising order", "at_risk")
        return ()
    return tuple(marks)


def _inherit(section: Section, resolution: Decimal, rules: Sequence[Rule]) -> Inherit:
    share = section.decimal("share") if section.has("share") else Decimal(0)
    if share is None or not 0 <= share <= 1:
        section.problem("must be from 0 to 1", "share")
        share = Decimal(0)
    cap = section.units("cap", resolution) if section.has("cap") else None
    if cap is not None and cap < 0:
        section.problem("must not be below 0", "cap")
    at_least = section.flag("at_least")
    margin = section.units("margin", resolution) if section.has("margin") else 0
    if margin < 0:
        section.problem("must not be below 0", "margin")
    if not share and not at_least:
        section.problem("needs a share above 0, or at_least = true")
    without = _without(section, [rule.id for rule in rules])
    section.finish()
    return Inherit(Fraction(share), cap, at_least, margin, without)


def _without(section: Section, known: Sequence[str]) -> frozenset[str]:
    names = section.raw("without")
    if names is None:
        return frozenset()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        section.problem("must be a list of ids of rules", "without")
        return frozenset()
    for name in names:
        if name not in known:
            section.problem(f"there is no rule {name!r}{suggestion(name, known)}", "without")
    return frozenset(names)


def _rule(section: Section, given: Given, groups: Mapping[str, Group]) -> Rule:
    id_, title, say = section.id("id"), section.text("title"), section.template("say")
    condition = section.condition("when")
    units, curve = 0, None
    if section.has("points"):
        units = section.units("points", given.resolution, zero=False)
        if not section.has("when"):
            section.problem("is needed where a rule gives fixed points", "when")
    if section.has("curve"):
        curve = read_curve(section.table("curve"), given)
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


def _override(section: Section, resolution: Decimal, bands: Sequence[Band]) -> Override | None:
    id_, title, say = section.id("id"), section.text("title"), section.template("say")
    condition = section.condition("when")
    if not section.has("when"):
        section.problem("is needed", "when")
    tier = section.choice("tier", _TIERS)
    floor = section.units("floor", resolution) if section.has("floor") else None
    ceiling = section.units("ceiling", resolution) if section.has("ceiling") else None
    if section.has("never_above"):
        ceiling = _just_below(section, bands)
    if sum(section.has(key) for key in ("tier", "floor", "ceiling", "never_above")) != 1:
        section.problem("needs exactly one of tier, floor, ceiling and never_above")
    fact = section.fact("fact")
    section.finish()
    if condition is None:
        return None
    return Override(id_, title, say, condition, _TIERS[tier] if tier else None, floor, ceiling, fact)


def _just_below(section: Section, bands: Sequence[Band]) -> int | None:
    """The most that a task may have which never stands above a band."""
    next_higher: dict[str, int | None] = {band.name: higher.units for higher, band in pairwise(bands)}
    name = section.choice("never_above", next_higher)
    above = next_higher[name] if name else None
    return None if above is None else above - 1


def _bands(section: Section, resolution: Decimal) -> tuple[Band, ...]:
    bands = [Band(name, section.units(name, resolution)) for name in _BANDS]
    section.finish()
    thresholds = [band.units or 0 for band in bands]
    if all(map(section.has, _BANDS)) and thresholds != sorted(set(thresholds), reverse=True):
        section.problem("now must be above next, and next above later")
    return (*bands, Band("someday", None))
