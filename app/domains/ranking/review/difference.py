"""What differs between two rulesets, as far as it decides which tasks have to be scored again.

A score is the sum of lines. Where only some rules differ, a task for which those rules give the same lines, and change
at the same moment, has the same score under both. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domains.ranking.facts import FactValue
from app.domains.ranking.rules import Rule, Ruleset
from app.domains.ranking.sheet import Sheet


@dataclass(frozen=True)
class Difference:
    """Two rulesets of nothing but the rules that differ."""

    before: Ruleset
    after: Ruleset
    facts: frozenset[str]
    """What these rules look at."""
    asks_known: bool
    """They also look at which facts are known, whatever their values."""

    def touches(self, known: Mapping[str, FactValue], second: int) -> bool:
        """Whether a task with these facts stands otherwise now, or will change at another moment."""
        one, other = Sheet(known, self.before, second), Sheet(known, self.after, second)
        return one.next_change != other.next_change or _lines(one) != _lines(other)


def difference(before: Ruleset, after: Ruleset) -> Difference | None:
    """None where more differs than some rules: then every task has to be scored again."""
    if _frame(before) != _frame(after):
        return None
    old, new = {rule.id: rule for rule in before.rules}, {rule.id: rule for rule in after.rules}
    # The order of rules decides between reasons of equal weight.
    if [name for name in old if name in new] != [name for name in new if name in old]:
        return None
    gone = tuple(rule for rule in before.rules if new.get(rule.id) != rule)
    come = tuple(rule for rule in after.rules if old.get(rule.id) != rule)
    if len(gone) + len(come) > len(after.rules):
        return None
    conditions = [rule.condition for rule in (*gone, *come) if rule.condition is not None]
    conditions += [target.condition for target in after.targets if target.condition is not None]
    names = {name for condition in conditions for name in condition.names}
    names |= {rule.curve.fact for rule in (*gone, *come) if rule.curve is not None}
    return Difference(
        before=replace(before, rules=gone, overrides=()),
        after=replace(after, rules=come, overrides=()),
        facts=frozenset(names),
        asks_known=any(condition.asks_known for condition in conditions),
    )


def _frame(ruleset: Ruleset) -> tuple[object, ...]:
    """All that is no rule."""
    return (
        ruleset.resolution,
        list(ruleset.groups.items()),
        ruleset.overrides,
        ruleset.bands,
        ruleset.targets,
        ruleset.inherit,
        {name: calendar.digest for name, calendar in ruleset.calendars.items()},
    )


def _lines(sheet: Sheet) -> list[tuple[object, ...]]:
    return [(line.rule, line.title, line.units, line.say, _rests_on(line.entry)) for line in sheet.lines]


def _rests_on(entry: object) -> tuple[object, ...]:
    """The group whose bounds a line shares, and the facts among which its evidence is found, in their order."""
    if not isinstance(entry, Rule):
        return ()
    named = entry.condition.facts if entry.condition and entry.fact is None and entry.curve is None else ()
    return entry.group, entry.fact, named
