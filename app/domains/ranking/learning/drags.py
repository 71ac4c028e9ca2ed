"""What people said by dragging one task above another, with the lines both had then: evidence about rules. Pure.

Points are in thousandths. Lines stand by their rule's id, as in a score; those of bounds and of tasks that wait are
among them, so that they add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from app.domains.ranking.curves import Curve
from app.domains.ranking.explanation import Score
from app.domains.ranking.learning.learnable import Learnable, numbers_of, unit_of
from app.domains.ranking.rules import Rule, Ruleset, Share

Lines: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Drag:
    """Somebody wants `above` above `below`."""

    id: int
    day: date
    """In UTC."""
    above: int
    below: int
    above_lines: Lines
    below_lines: Lines
    agreed: bool
    """Whether it stood so already."""


def lines_of(score: Score) -> dict[str, int]:
    """The lines of a score, by rule."""
    return {line.rule: int(line.points * 1000) for line in score.contributions}


def once_a_day(drags: Iterable[Drag]) -> list[Drag]:
    """Of the same two tasks on one day the last word, whichever way round; in the order they were said."""
    last = {(drag.day, *sorted((drag.above, drag.below))): drag for drag in sorted(drags, key=lambda drag: drag.id)}
    return sorted(last.values(), key=lambda drag: drag.id)


def carried(drag: Drag, then: Ruleset, now: Ruleset) -> Drag | None:
    """A drag as it would have been under a later ruleset that gives other numbers; None where that is written
    differently: then the drag says nothing of it."""
    if _skeleton(then) != _skeleton(now):
        return None
    shares = {
        rule.id: (max(map(abs, numbers_of(rule, unit_of(now)))), max(map(abs, numbers_of(old, unit_of(then)))))
        for rule, old in zip(now.rules, then.rules, strict=True)
    }
    above, below = (_carried(lines, shares, now) for lines in (drag.above_lines, drag.below_lines))
    return replace(drag, above_lines=above, below_lines=below, agreed=sum(above.values()) > sum(below.values()))


def _carried(lines: Lines, shares: Mapping[str, tuple[int, int]], ruleset: Ruleset) -> Lines:
    moved = {rule: _part(lines[rule], *share) for rule, share in shares.items() if rule in lines and all(share)}
    return with_bounds({**lines, **moved}, ruleset)


def _part(points: int, now: int, then: int) -> int:
    return round(points * now / then)


def with_lines(lines: Lines, rules: Mapping[str, Learnable], peaks: Mapping[str, int], ruleset: Ruleset) -> Lines:
    """The lines as they would be if the rules in `peaks` had another peak."""
    moved = {rule: _part(lines[rule], peak, rules[rule].peak) for rule, peak in peaks.items() if rule in lines}
    return with_bounds({**lines, **moved}, ruleset) if moved else lines


def with_bounds(lines: Lines, ruleset: Ruleset) -> Lines:
    """Lines whose groups are cut anew at their bounds, after rules among them changed."""
    unit = unit_of(ruleset)
    told = {name: points for name, points in lines.items() if not name.startswith("group:")}
    for name, points in _of_groups(told, ruleset).items():
        group = ruleset.groups[name]
        if group.cap is not None and points > group.cap * unit:
            told[f"group:{name}"] = group.cap * unit - points
        elif group.floor is not None and points < group.floor * unit:
            told[f"group:{name}"] = group.floor * unit - points
    return told


def _of_groups(lines: Lines, ruleset: Ruleset) -> dict[str, int]:
    """What each group gives before its bounds."""
    sums: dict[str, int] = {}
    for rule in ruleset.rules:
        if rule.group is not None and rule.id in lines:
            sums[rule.group] = sums.get(rule.group, 0) + lines[rule.id]
    return sums


def moving(lines: Lines, ruleset: Ruleset) -> Lines:
    """The lines of rules that move the sum: none where an override holds it, and of no group that stands at its
    bound."""
    if any(lines.get(override.id) for override in ruleset.overrides):
        return {}
    held = {rule.id for rule in ruleset.rules if rule.group is not None and lines.get(f"group:{rule.group}")}
    return {rule.id: lines[rule.id] for rule in ruleset.rules if rule.id in lines and rule.id not in held}


def difference(drag: Drag) -> int:
    """By how much the task that should stand above does so; below zero it stands below."""
    return sum(drag.above_lines.values()) - sum(drag.below_lines.values())


def _skeleton(ruleset: Ruleset) -> Any:
    """What a ruleset says apart from numbers of points and words."""
    rules = [_bones(rule) for rule in ruleset.rules]
    overrides = [(override.id, override.condition.text, override.tier) for override in ruleset.overrides]
    targets = [(target.id, target.clock, target.seconds) for target in ruleset.targets]
    return rules, overrides, targets


def _bones(rule: Rule) -> Any:
    condition = rule.condition.text if rule.condition else None
    return rule.id, condition, rule.group, _run(rule.curve)


def _run(curve: Curve | Share | None) -> Any:
    if curve is None:
        return None
    one = next(iter(curve.curves.values())) if isinstance(curve, Share) else curve
    calendar = one.calendar and one.calendar.name
    return one.over, one.fact, [point.position for point in one.points], one.step, calendar
