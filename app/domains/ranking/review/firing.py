"""On how many tasks chosen rules fire, and how much of what they give the bound of their group takes away. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domains.ranking.explanation import Points
from app.domains.ranking.rules import Rule, Ruleset
from app.domains.ranking.sheet import Line, Sheet


@dataclass(slots=True)
class _Count:
    fires: int = 0
    units: int = 0
    """What it gives, signs aside."""
    cut_on: int = 0
    cut: int = 0
    cut_of: int = 0
    """What it gives to the tasks on which something of it is cut."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the bound of a group takes from one of its rules: so much less would be cut without the rule. Signs aside,
    and over all those tasks together."""

    group: str
    tasks: int
    points: Points
    of: Points
    """So much the rule gives to these tasks."""
    mostly: bool
    """It is more than half of all that the rule gives, on whatever task."""


@dataclass(frozen=True, slots=True)
class Fired:
    """How often a rule or override has a line, and what its group cuts; None where it cuts nothing."""

    fires: int
    cut: Cut | None


class Firing:
    """Counts while sheets of one ruleset come by. `watched` are the ids of the rules and overrides to be counted."""

    def __init__(self, watched: Iterable[str] = ()) -> None:
        self._counts = {rule: _Count() for rule in watched}

    def look(self, sheet: Sheet) -> None:
        """One more task."""
        if not self._counts:
            return
        bounds = {line.rule: line.units for line in sheet.lines if line.entry is None}
        for line in sheet.lines:
            if line.entry is not None and (count := self._counts.get(line.entry.id)) is not None:
                _add(count, line, bounds)

    def of(self, rule: str, ruleset: Ruleset) -> Fired:
        """What was counted of a rule that was watched; `ruleset` is the one whose sheets came by."""
        count = self._counts[rule]
        group = next((each.group for each in ruleset.rules if each.id == rule), None)
        cut = None
        if count.cut and group is not None:
            points, of = ruleset.points(count.cut), ruleset.points(count.cut_of)
            cut = Cut(group, count.cut_on, points, of, mostly=count.cut * 2 > count.units)
        return Fired(count.fires, cut)


def _add(count: _Count, line: Line, bounds: Mapping[str, int]) -> None:
    count.fires += 1
    count.units += abs(line.units)
    if not isinstance(line.entry, Rule) or line.entry.group is None:
        return
    bound = bounds.get(f"group:{line.entry.group}", 0)
    if bound * line.units < 0:
        count.cut_on += 1
        count.cut += min(abs(bound), abs(line.units))
        count.cut_of += abs(line.units)
