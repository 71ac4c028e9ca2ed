"""The curves of a ruleset's document, read with every problem found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from app.domains.ranking.calendars import Calendar
from app.domains.ranking.catalogue import CATALOGUE
from app.domains.ranking.curves import Curve, Over, Point, Slope
from app.domains.ranking.documents.sections import Section
from app.domains.ranking.rules import Share, Target
from app.domains.ranking.service_levels import share_position
from app.domains.ranking.spelling import suggestion

MOST_POINTS = 100  # of one curve

_OVERS: Mapping[Over, frozenset[str]] = {
    "hours_to": frozenset({"timestamp"}),
    "hours_since": frozenset({"timestamp"}),
    "business_hours_to": frozenset({"timestamp"}),
    "business_hours_since": frozenset({"timestamp"}),
    "running": frozenset({"clock"}),
    "share_of": frozenset({"clock"}),
    "value": frozenset({"int", "double"}),
}
"""What a curve may run along, and the types of facts that can be that."""
_BACKWARDS = ("hours_to", "business_hours_to")
_DIRECTIONS = {"rising": 1, "falling": -1}


@dataclass(slots=True)
class Given:
    """What the reader of a curve has to know of the rest of its ruleset."""

    resolution: Decimal
    calendars: Mapping[str, Calendar]
    targets: list[Target] = field(default_factory=list)
    used: dict[str, Calendar] = field(default_factory=dict)
    """Those of the calendars that somebody named."""

    def calendar(self, section: Section) -> Calendar | None:
        """The one that the section names under `calendar`; None, and a problem, where there is none."""
        name = section.text("calendar")
        found = self.calendars.get(name)
        if found is None and name:
            section.problem(f"there is no calendar {name!r}{suggestion(name, self.calendars)}", "calendar")
        elif found is not None:
            self.used[name] = found
        return found


def read_curve(section: Section, given: Given) -> Curve | Share | None:
    """None where something in it is wrong; what, is noted."""
    overs = [over for over in _OVERS if section.has(over)]
    if len(overs) != 1:
        section.problem(f"needs exactly one of {', '.join(_OVERS)}, each with a fact's name")
    over: Over = overs[0] if overs else "value"
    fact = section.fact(over, _OVERS[over])
    scale = 1000 if fact and CATALOGUE[fact].type == "double" else 1
    points = [_point(entry, over, scale, given.resolution) for entry in section.tables("points", most=MOST_POINTS)]
    then = _slope(section.table("then"), over, scale, given.resolution) if section.has("then") else None
    step = _step(section, over) if section.has("every") else 1
    calendar = _calendar(section, over, given)
    _check_points(section, over, points)
    _check_direction(section, points, then)
    section.finish()
    if fact is None or not points:
        return None
    if over == "share_of":
        return _share(section, Curve(over, fact, tuple(points), then), given.targets)
    return Curve(over, fact, tuple(points), then, scale, step, calendar)


def _calendar(section: Section, over: Over, given: Given) -> Calendar | None:
    needed = over in ("business_hours_to", "business_hours_since")
    if section.has("calendar"):
        if needed or over == "running":
            return given.calendar(section)
        section.problem(f"has no meaning for {over}", "calendar")
    elif needed:
        section.problem("is needed: whose working hours count", "calendar")
    return None


def _step(section: Section, over: Over) -> int:
    if over in ("value", "share_of"):
        section.problem(f"has no meaning for {over}", "every")
        return 1
    seconds = section.seconds("every")
    if seconds < 1:
        section.problem("must be above 0", "every")
        return 1
    return seconds


def _share(section: Section, percents: Curve, targets: Sequence[Target]) -> Share | None:
    """The curve for each target of its clock: percentages as the seconds that they are of that target."""
    own = [target for target in targets if target.clock == percents.fact]
    if not own:
        section.problem(f"there is no target of the clock {percents.fact!r}: add [[targets]]", "share_of")
        return None
    return Share(percents.fact, {target.id: _stretched(percents, target) for target in own})


def _stretched(percents: Curve, target: Target) -> Curve:
    points = tuple(replace(each, position=share_position(each.position, target.seconds)) for each in percents.points)
    slope = percents.then
    then = slope and Slope(slope.units, max(1, share_position(slope.run, target.seconds)))
    return replace(percents, points=points, then=then, calendar=target.calendar)


def _check_points(section: Section, over: Over, points: Sequence[Point]) -> None:
    positions = [point.position for point in points]
    if not points:
        section.problem("at least one is needed", "points")
    if positions != sorted(positions):
        way = "in the order of time, from many hours before" if over in _BACKWARDS else "in rising order"
        section.problem(f"must stand {way}", "points")
    if any(positions.count(position) > 2 for position in positions):
        section.problem("at most two may stand at one place: a step", "points")


def _check_direction(section: Section, points: Sequence[Point], then: Slope | None) -> None:
    """A curve that promises to rise, or to fall, as time goes on or the number grows, has to."""
    way = section.choice("monotone", _DIRECTIONS)
    if way is None:
        return
    for at, (one, other) in enumerate(pairwise(points), 2):
        if (other.units - one.units) * _DIRECTIONS[way] < 0:
            section.problem(f"is not {way}, as monotone promises: points[{at}] turns the other way", "points")
            return
    if then and then.units * _DIRECTIONS[way] < 0:
        section.problem(f"is not {way}, as monotone promises", "then")


def _point(section: Section, over: Over, scale: int, resolution: Decimal) -> Point:
    position = _position(section, "at", over, scale)
    units = section.units("points", resolution)
    say = section.template("say") if section.has("say") else None
    section.finish()
    # Positions grow with time, so "24 hours before the moment" is at -24 hours.
    return Point(-position if over in _BACKWARDS else position, units, say)


def _slope(section: Section, over: Over, scale: int, resolution: Decimal) -> Slope | None:
    slope = Slope(section.units("points", resolution), _position(section, "every", over, scale))
    section.finish()
    if slope.run < 1:
        section.problem("must be above 0", "every")
        return None
    return slope


def _position(section: Section, key: str, over: Over, scale: int) -> int:
    """Seconds, percent, or the number's own steps."""
    if over not in ("value", "share_of"):
        return section.seconds(key)
    number = section.decimal(key) or Decimal(0)
    if abs(number) > 10**15 or number * scale % 1:
        section.problem("must be a whole number" if scale == 1 else "must be a multiple of 0.001", key)
        return 0
    return int(number * scale)
