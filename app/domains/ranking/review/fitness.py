"""How the rules of a ruleset fare over the tasks there are: what fires, what never does, what fails, what cancels what.

Each rule is told by what it gave to which task; pairs that work against each other are found by comparing sets of
tasks, which are bits of whole numbers: so 500 rules over 10,000 tasks take seconds, not hours. Pure.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.domains.ranking.conditions import Undecided
from app.domains.ranking.explanation import Points
from app.domains.ranking.review.failures import Failing, Failures
from app.domains.ranking.rules import Override, Rule, Ruleset
from app.domains.ranking.sheet import Sheet

FEWEST_TOGETHER = 5
"""On fewer tasks than this, two rules that cancel each other are chance."""
MOST_AGAINST = 5
"""Contradictions told of one rule: those that take most away."""
_TOGETHER = 0.9
_CANCELLED = 0.5
_MOST_SUMMED = 2_000
"""Pairs whose points have to be added up task by task. Rules that always give the same need no adding."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Another rule that nearly always fires together with this one and takes away what it gives."""

    rule: str
    title: str
    tasks: int
    """On how many tasks both fire with opposite signs: at least 90 % of those where the rarer of the two fires."""
    cancelled: float
    """The share of the larger of the two that the smaller takes away there: 0.5 to 1."""


@dataclass(frozen=True, slots=True)
class RuleHealth:
    """One rule or override over all tasks that were looked at."""

    rule: str
    title: str
    override: bool
    fired: int
    """On how many tasks it has a line in the sum."""
    share: float
    """Of all tasks, 0 to 1."""
    points_total: Points
    points_mean: float | None
    """Of the tasks where it fired; None where it never did."""
    unknown: int
    """On how many tasks it could not be decided, because facts are missing."""
    errors: int
    failing: Failing | None
    """Where it could not be applied."""
    dead: bool
    """It fired on no task, and on nothing that was known earlier. Never so where there are no tasks."""
    overridden: int
    """How often a person ranked a task above one that had this rule in its favour."""
    contradicts: tuple[Contradiction, ...]
    """At most five, those that take most away first."""


class _Lines(NamedTuple):
    """What one entry gave: the numbers of the tasks, counted as they came, and the units."""

    tasks: "array[int]"
    units: "array[int]"


class _Sign(NamedTuple):
    """The tasks to which an entry gave something above zero, and below, as bits."""

    above: int
    below: int


class Fitness:
    """Counts while sheets of one ruleset come by."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.tasks = 0
        self._ruleset = ruleset
        entries: tuple[Rule | Override, ...] = (*ruleset.rules, *ruleset.overrides)
        self._entries = {entry.id: entry for entry in entries}
        self._lines = {name: _Lines(array("l"), array("q")) for name in self._entries}
        self._unknown = dict.fromkeys(self._entries, 0)
        self._failures = Failures()

    def add(self, task: int, sheet: Sheet) -> None:
        """One task; `sheet` was counted with the ruleset."""
        for line in sheet.lines:
            if line.entry is not None:
                lines = self._lines[line.entry.id]
                lines.tasks.append(self.tasks)
                lines.units.append(line.units)
        for entry, why, _ in sheet.off:
            if type(why) is Undecided and why.outcome == "unknown":
                self._unknown[entry.id] += 1
        self._failures.look(task, sheet)
        self.tasks += 1

    @property
    def fired(self) -> set[str]:
        """The ids of the rules and overrides that gave a line to any task."""
        return {name for name, lines in self._lines.items() if lines.tasks}

    def report(
        self, *, fired_before: Collection[str] = (), overridden: Mapping[str, int] | None = None
    ) -> tuple[RuleHealth, ...]:
        """Every rule, then every override, in the ruleset's order.

        `fired_before` are the ids of those that fired on what was known of tasks earlier; `overridden` how often people
        ranked against each.
        """
        failing = {each.rule: each for each in self._failures}
        against = self._contradictions()
        counts = overridden or {}
        return tuple(
            self._health(
                entry,
                failing.get(name),
                against.get(name, ()),
                dead=self.tasks > 0 and not self._lines[name].tasks and name not in fired_before,
                overridden=counts.get(name, 0),
            )
            for name, entry in self._entries.items()
        )

    def _health(
        self,
        entry: Rule | Override,
        failing: Failing | None,
        against: tuple[Contradiction, ...],
        *,
        dead: bool,
        overridden: int,
    ) -> RuleHealth:
        lines = self._lines[entry.id]
        fired, total = len(lines.tasks), self._ruleset.points(sum(lines.units))
        return RuleHealth(
            rule=entry.id,
            title=entry.title,
            override=isinstance(entry, Override),
            fired=fired,
            share=fired / self.tasks if self.tasks else 0.0,
            points_total=total,
            points_mean=float(total) / fired if fired else None,
            unknown=self._unknown[entry.id],
            errors=failing.tasks if failing else 0,
            failing=failing,
            dead=dead,
            overridden=overridden,
            contradicts=against,
        )

    def _contradictions(self) -> dict[str, tuple[Contradiction, ...]]:
        """By rule, those that take most away first."""
        signs = {name: _signs(lines) for name, lines in self._lines.items() if len(lines.tasks) >= FEWEST_TOGETHER}
        always = {name: units for name in signs if (units := _always(self._lines[name])) is not None}
        found: dict[str, list[Contradiction]] = {}
        summed = 0
        for one, other, tasks in _opposed(signs, {name: len(self._lines[name].tasks) for name in signs}):
            if one in always and other in always:
                cancelled = _share(always[one], always[other])
            elif summed < _MOST_SUMMED:
                summed += 1
                cancelled = _cancelled(self._lines[one], self._lines[other])
            else:
                continue
            if cancelled >= _CANCELLED:
                for name, against in ((one, other), (other, one)):
                    title = self._entries[against].title
                    found.setdefault(name, []).append(Contradiction(against, title, tasks, cancelled))
        return {
            name: tuple(sorted(each, key=lambda one: (-one.cancelled, one.rule))[:MOST_AGAINST])
            for name, each in found.items()
        }


def _always(lines: _Lines) -> int | None:
    """What it gives wherever it fires; None where that differs."""
    return lines.units[0] if min(lines.units) == max(lines.units) else None


def _share(one: int, other: int) -> float:
    smaller, larger = sorted((abs(one), abs(other)))
    return smaller / larger


def _signs(lines: _Lines) -> _Sign:
    size = (lines.tasks[-1] >> 3) + 1
    above, below = bytearray(size), bytearray(size)
    for task, units in zip(lines.tasks, lines.units, strict=True):
        if units:
            (above if units > 0 else below)[task >> 3] |= 1 << (task & 7)
    return _Sign(int.from_bytes(above, "little"), int.from_bytes(below, "little"))


def _opposed(signs: Mapping[str, _Sign], fired: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Pairs that fire together with opposite signs nearly wherever the rarer of them fires, and on how many tasks."""
    names = list(signs)
    for at, one in enumerate(names):
        above, below = signs[one]
        for other in names[at + 1 :]:
            tasks = (above & signs[other].below).bit_count() + (below & signs[other].above).bit_count()
            if tasks >= FEWEST_TOGETHER and tasks >= _TOGETHER * min(fired[one], fired[other]):
                yield one, other, tasks


def _cancelled(one: _Lines, other: _Lines) -> float:
    """Which share of the larger the smaller takes away, where both fire with opposite signs."""
    given = dict(zip(one.tasks, one.units, strict=True))
    mine = theirs = 0
    for task, units in zip(other.tasks, other.units, strict=True):
        own = given.get(task, 0)
        if own * units < 0:
            mine += abs(own)
            theirs += abs(units)
    return _share(mine, theirs)
