"""How the points of a task go on by time alone: every moment at which they change, up to a horizon. Pure.

Conditions never see the clock, so the tier stays, and the rules that hold go on holding: only the curves among them
move. Each is asked for the second of its next change, and the sum is made anew there. That gives the same moments as
scoring again and again at `valid_until`, at a twentieth of the cost; a property test holds the two together.
A task that others wait for moves with them as well: it is scored again and again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.domains.ranking.curves import Curve
from app.domains.ranking.explanation import BandName, Points, Tier
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.network import Network
from app.domains.ranking.rules import Override, Rule, Ruleset, Share
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
    """From `now` to `until` (both aware), at most `most` moments. Raises KeyError for a task without facts."""
    if network.waiting(task, now):
        return _scored_again(network, task, now, until, most)
    return _followed(values_by_name(network.facts(task)), network.ruleset, epoch_seconds(now), until, most)


def _scored_again(network: Network, task: int, now: datetime, until: datetime, most: int) -> Course:
    ruleset = network.ruleset
    step = int(ruleset.resolution * 1000)
    standing = network.standing(task, now)
    moments = [Moment(epoch_seconds(standing.at), standing.milli // step)]
    end = epoch_seconds(until)
    # A change of `valid_until` may change only a line: those count too, or there would be no end to them.
    for _ in range(most):
        following = standing.valid_until
        if following is None or following > until:
            return Course(ruleset, standing.tier, tuple(moments), end, cut=False)
        standing = network.standing(task, following)
        if (units := standing.milli // step) != moments[-1].units:
            moments.append(Moment(epoch_seconds(following), units))
    return Course(ruleset, standing.tier, tuple(moments), epoch_seconds(standing.at), cut=True)


def _followed(known: Mapping[str, FactValue], ruleset: Ruleset, second: int, until: datetime, most: int) -> Course:
    sum_ = _Sum(known, ruleset, second)
    moments = [Moment(second, sum_.units())]
    end = epoch_seconds(until)
    for _ in range(most):
        second = sum_.next_change()
        if second > end:
            return Course(ruleset, sum_.tier, tuple(moments), end, cut=False)
        sum_.move(second)
        if (units := sum_.units()) != moments[-1].units:
            moments.append(Moment(second, units))
    return Course(ruleset, sum_.tier, tuple(moments), second, cut=True)


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
    """The sum of one task that nothing waits for: what stands still, and the curves that move."""

    def __init__(self, known: Mapping[str, FactValue], ruleset: Ruleset, second: int) -> None:
        sheet = Sheet(known, ruleset, second)
        self.tier: Tier = sheet.tier or "normal"
        self._groups = list(enumerate(ruleset.groups.values()))
        places = {group.id: place for place, group in self._groups}
        ungrouped = len(places)
        self._fixed = [0] * (ungrouped + 1)
        """What stands still, by place of the group; at last, of rules without one."""
        self._moving: list[_Moving] = []
        for rule in _holding(sheet):
            place = ungrouped if rule.group is None else places[rule.group]
            curve = _moving_curve(rule, sheet)
            if curve is None:
                self._fixed[place] += _still(rule, known)
            else:
                self._moving.append(_Moving(curve, known[curve.fact], place, second))
        applied = _applied(sheet)
        self._bounds = [(each.floor, each.ceiling) for each in ruleset.overrides if each.id in applied]

    def next_change(self) -> int:
        return min([each.change for each in self._moving], default=_NEVER)

    def move(self, second: int) -> None:
        for each in self._moving:
            if each.change <= second:
                each.move(second)

    def units(self) -> int:
        """As Sheet counts them."""
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
        for floor, ceiling in self._bounds:
            if floor is not None:
                total = max(total, floor)
            elif ceiling is not None:
                total = min(total, ceiling)
        return total


def _holding(sheet: Sheet) -> list[Rule]:
    """The rules that give points, or whose curve only gives none yet."""
    rules = [line.entry for line in sheet.lines if isinstance(line.entry, Rule)]
    return rules + [off.entry for off in sheet.off if isinstance(off.why, Quiet) and isinstance(off.entry, Rule)]


def _applied(sheet: Sheet) -> set[str]:
    """The overrides whose condition holds, whether or not they changed anything."""
    lifted = {line.rule for line in sheet.lines if isinstance(line.entry, Override)}
    return lifted | {off.entry.id for off in sheet.off if isinstance(off.entry, Override) and isinstance(off.why, str)}


def _moving_curve(rule: Rule, sheet: Sheet) -> Curve | None:
    """None for points, and for a curve over a number."""
    curve = rule.curve.curves[sheet.targets[rule.curve.fact].id] if isinstance(rule.curve, Share) else rule.curve
    return None if curve is None or curve.over == "value" else curve


def _still(rule: Rule, known: Mapping[str, FactValue]) -> int:
    if not isinstance(rule.curve, Curve):
        return rule.units
    position = rule.curve.position(known[rule.curve.fact], 0)
    return 0 if position is None else rule.curve.at(position).units
