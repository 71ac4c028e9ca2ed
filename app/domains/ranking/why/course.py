"""How the points of a task go on by time alone: every moment at which they change, up to a horizon. Pure.

Conditions never see the clock, so the tier stays, and the rules that hold go on holding: only the curves among them
move. Each is asked for the second of its next change, and the sum is made anew there. That gives the same moments as
scoring again and again at `valid_until`, at a twentieth of the cost; a property test holds the two together.
A task that others wait for moves with them: their sums are followed along with its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.domains.ranking.curves import Curve
from app.domains.ranking.explanation import BandName, Points, Tier
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.network import Network
from app.domains.ranking.rules import Inherit, Override, Rule, Ruleset, Share
from app.domains.ranking.sheet import Quiet, Sheet
from app.domains.ranking.storage import values_by_name

MOST_MOMENTS = 2_000
"""So many changes of one task are looked at; a course with more is cut there, and says so."""
_NEVER = 2**62


class Moment(NamedTuple):
    """From this second (since 1970) on a task has so many units of points."""

    second: int
    units: int


@dataclass(frozen=True, slots=True)
class Course:
    """Where a task will stand, if nothing changes but the time. The first moment is the present."""

    ruleset: Ruleset
    tier: Tier
    """Time alone never changes it."""
    moments: tuple[Moment, ...]
    until: int
    """The second up to which it is complete: the horizon, or before it where there were too many changes."""
    cut: bool
    """There were too many changes to come to the horizon."""

    def points(self, at: Moment) -> Points:
        return self.ruleset.points(at.units)

    def band(self, at: Moment) -> BandName:
        return self.ruleset.band(at.units)

    def bands(self) -> list[tuple[datetime, BandName]]:
        """Each later change of the band, and what it is from then on."""
        found: list[tuple[datetime, BandName]] = []
        before = self.band(self.moments[0])
        for each in self.moments[1:]:
            if (band := self.band(each)) != before:
                found.append((time_of(each.second), band))
                before = band
        return found


def time_of(second: int) -> datetime:
    """The UTC moment of a second within a course."""
    at = moment(second)
    assert at is not None  # noqa: S101 - for the type checker: a horizon is a moment, and all is before it
    return at


def course(network: Network, task: int, now: datetime, until: datetime, *, most: int = MOST_MOMENTS) -> Course:
    """From `now` to `until` (both aware), looking at no more than `most` changes of the task and of those that wait for
    it. Raises KeyError for a task without facts."""
    second, end = epoch_seconds(now), epoch_seconds(until)
    ruleset = network.ruleset
    chain = network.chain(task)
    sums = {each: _Sum(values_by_name(network.facts(each)), ruleset, second) for each in chain}
    tier = sums[task].tier
    moments = [Moment(second, _units(task, chain, sums))]
    for _ in range(most):
        second = min([sum_.change for sum_ in sums.values()])
        if second > end:
            return Course(ruleset, tier, tuple(moments), end, cut=False)
        for sum_ in sums.values():
            if sum_.change <= second:
                sum_.move(second)
        if (units := _units(task, chain, sums)) != moments[-1].units:
            moments.append(Moment(second, units))
    return Course(ruleset, tier, tuple(moments), second, cut=True)


def _units(task: int, chain: Mapping[int, Sequence[int]], sums: "Mapping[int, _Sum]") -> int:
    if len(chain) == 1:
        return sums[task].units(())
    found: dict[int, int] = {}
    for each, waiting in chain.items():
        found[each] = sums[each].units([sums[other].gives(found[other]) for other in waiting])
    return found[task]


class _Moving:
    """A curve of a rule that holds, followed along."""

    __slots__ = ("_curve", "_value", "change", "place", "units")

    def __init__(self, curve: Curve, value: FactValue, place: int, second: int) -> None:
        self._curve = curve
        self._value = value
        self.place = place
        """Of its group."""
        self.units = 0
        self.change = _NEVER
        """The second at which it gives something else."""
        self.move(second)

    def move(self, second: int) -> None:
        position = self._curve.position(self._value, second)
        assert position is not None  # noqa: S101 - for the type checker: the rule could be applied
        reading = self._curve.at(position)
        self.units = reading.units
        following = self._curve.next_change(position, reading)
        change = None if following is None else self._curve.second(self._value, following)
        self.change = _NEVER if change is None else change


class _Sum:
    """The sum of one task: what stands still, and the curves that move."""

    def __init__(self, known: Mapping[str, FactValue], ruleset: Ruleset, second: int) -> None:
        sheet = Sheet(known, ruleset, second)
        self.tier: Tier = sheet.tier or "normal"
        self._groups = list(enumerate(ruleset.groups.values()))
        places = {group.id: place for place, group in self._groups}
        ungrouped = len(places)
        self._fixed = [0] * (ungrouped + 1)
        """What stands still, by place of the group; at last, of rules without one."""
        self._moving: list[_Moving] = []
        self._kept_back: list[_Moving | int] = []
        """What it does not give to the tasks that it waits for."""
        for rule in _holding(sheet):
            place = ungrouped if rule.group is None else places[rule.group]
            curve = _moving_curve(rule, sheet)
            moving = None if curve is None else _Moving(curve, known[curve.fact], place, second)
            if moving is None:
                self._fixed[place] += _still(rule, known)
            else:
                self._moving.append(moving)
            if ruleset.inherit and rule.id in ruleset.inherit.without:
                self._kept_back.append(moving or _still(rule, known))
        applied = _applied(sheet)
        self._bounds = [(each.floor, each.ceiling) for each in ruleset.overrides if each.id in applied]
        self._inherit = ruleset.inherit
        self._find_change()

    def _find_change(self) -> None:
        self.change = min([each.change for each in self._moving], default=_NEVER)
        """The second of its next change."""

    def move(self, second: int) -> None:
        for each in self._moving:
            if each.change <= second:
                each.move(second)
        self._find_change()

    def gives(self, units: int) -> int:
        """What of its units counts for the tasks that it waits for."""
        return units - sum(each if isinstance(each, int) else each.units for each in self._kept_back)

    def units(self, waiting: Sequence[int]) -> int:
        """As Sheet counts them, beside the units of the tasks that wait for it."""
        given = self._fixed.copy()
        for each in self._moving:
            given[each.place] += each.units
        total = given[-1]
        for place, group in self._groups:
            together = given[place]
            if group.cap is not None and together > group.cap:
                together = group.cap
            elif group.floor is not None and together < group.floor:
                together = group.floor
            total += together
        if waiting and self._inherit is not None:
            total = _inherited(self._inherit, total, waiting)
        for floor, ceiling in self._bounds:
            if floor is not None:
                total = max(total, floor)
            elif ceiling is not None:
                total = min(total, ceiling)
        return total


def _inherited(inherit: Inherit, total: int, waiting: Sequence[int]) -> int:
    given = 0
    for units in waiting:
        exact = inherit.share * max(0, units)
        given += (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    total += given if inherit.cap is None else min(given, inherit.cap)
    highest = max(waiting)
    return highest + inherit.margin if inherit.at_least and highest > total else total


def _holding(sheet: Sheet) -> list[Rule]:
    """The rules that give points, or whose curve only gives none yet."""
    rules = [line.entry for line in sheet.lines if isinstance(line.entry, Rule)]
    return rules + [entry for entry, why, _ in sheet.off if isinstance(why, Quiet) and isinstance(entry, Rule)]


def _applied(sheet: Sheet) -> set[str]:
    """The overrides whose condition holds, whether or not they changed anything."""
    lifted = {line.rule for line in sheet.lines if isinstance(line.entry, Override)}
    return lifted | {entry.id for entry, why, _ in sheet.off if isinstance(entry, Override) and isinstance(why, str)}


def _moving_curve(rule: Rule, sheet: Sheet) -> Curve | None:
    """None for points, and for a curve over a number."""
    curve = rule.curve.curves[sheet.targets[rule.curve.fact].id] if isinstance(rule.curve, Share) else rule.curve
    return None if curve is None or curve.over == "value" else curve


def _still(rule: Rule, known: Mapping[str, FactValue]) -> int:
    if not isinstance(rule.curve, Curve):
        return rule.units
    position = rule.curve.position(known[rule.curve.fact], 0)
    return 0 if position is None else rule.curve.at(position).units
