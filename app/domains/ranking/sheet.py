"""The sum of one task while it grows: rules, bounds of groups, what waits for it, overrides.

It only counts. Sentences are made of it afterwards, where somebody will read them: most scores are stored as points and
two reasons. Units are whole multiples of the ruleset's resolution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from app.domains.ranking.conditions import Undecided, Verdict
from app.domains.ranking.curves import Curve
from app.domains.ranking.explanation import Tier
from app.domains.ranking.facts import FactValue
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.reasons import Template, words
from app.domains.ranking.rules import Group, Inherit, Override, Rule, Ruleset, Share, Target


class Line(NamedTuple):
    """One line of the sum. Its `entry` is None where no rule gave it, but a group's bound or a task that waits."""

    rule: str
    title: str
    units: int
    say: Template | str
    entry: Rule | Override | None = None


class Quiet(NamedTuple):
    """A curve that gives nothing, and the second from which on it will; None: it will not."""

    fact: str
    value: FactValue
    starts: int | None


Off: TypeAlias = tuple[Rule | Override, Verdict | Quiet | str, tuple[str, ...]]
"""A rule that gave nothing; its verdict, or why not; and the facts that this rests on, where no verdict says them."""

_NO_FACTS: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open task that waits for the one that is scored, and where it stands."""

    task: int
    title: str
    units: int
    """What counts of its points: all but those of rules that the ruleset leaves out here."""
    points: str
    """These, as they are written."""
    stands: str
    """All of its points, as they are written."""


class Sheet:
    """Counts as soon as it is made. `lines` then add up to `units`; `next_change` is the second at which time alone
    changes a line next, or None."""

    def __init__(
        self, known: Mapping[str, FactValue], ruleset: Ruleset, second: int, waiting: Sequence[Waiting] = ()
    ) -> None:
        self.units = 0
        self.tier: Tier | None = None
        self.next_change: int | None = None
        self.lines: list[Line] = []
        self.off: list[Off] = []
        self.targets: dict[str, Target] = {}
        """The target that applies, by clock."""
        self._known = known
        self._ruleset = ruleset
        self._second = second
        self._groups: dict[str, int] = {}
        self._count(ruleset.conditions.decide(known), waiting)

    def _count(self, verdicts: list[Verdict], waiting: Sequence[Waiting]) -> None:
        ruleset = self._ruleset
        if ruleset.targets:
            self._find_targets(verdicts)
        following = iter(verdicts)
        for rule in ruleset.rules:
            verdict = True if rule.condition is None else next(following)
            if verdict is not True:
                self.off.append((rule, verdict, _NO_FACTS))
            elif rule.curve is None:
                self._give(rule, rule.units, rule.say)
            elif isinstance(rule.curve, Share):
                self._share(rule, rule.curve)
            else:
                self._follow(rule, rule.curve)
        for group in ruleset.groups.values():
            self._bound(group)
        if ruleset.inherit is not None and waiting:
            self._inherit(ruleset.inherit, waiting)
        for override in ruleset.overrides:
            self._override(override, next(following))

    def _find_targets(self, verdicts: list[Verdict]) -> None:
        """Their conditions come last."""
        conditioned = sum(target.condition is not None for target in self._ruleset.targets)
        own = iter(verdicts[len(verdicts) - conditioned :])
        for target in self._ruleset.targets:
            if target.condition is None or next(own) is True:
                self.targets.setdefault(target.clock, target)

    def _give(self, rule: Rule, units: int, say: Template) -> None:
        if rule.group is not None:
            self._groups[rule.group] = self._groups.get(rule.group, 0) + units
        self.units += units
        self.lines.append(Line(rule.id, rule.title, units, say, rule))

    def _share(self, rule: Rule, share: Share) -> None:
        if share.fact not in self._known:
            self.off.append((rule, _unknown(share.fact), _NO_FACTS))
        elif (target := self.targets.get(share.fact)) is None:
            self.off.append((rule, f"No target of {share.fact} applies", (share.fact,)))
        else:
            self._follow(rule, share.curves[target.id])

    def _follow(self, rule: Rule, curve: Curve) -> None:
        fact = curve.fact
        value = self._known.get(fact)
        if value is None:
            self.off.append((rule, _unknown(fact), _NO_FACTS))
            return
        position: int | None
        if curve.is_plain and type(value) is datetime and value.tzinfo is not None:
            plain, position = True, self._second - epoch_seconds(value)
        else:
            plain, position = False, curve.position(value, self._second)
        if position is None:
            self.off.append((rule, _unusable(fact), _NO_FACTS))
            return
        reading = curve.at(position)
        change = None
        if curve.over != "value" and (changes := curve.next_change(position, reading)) is not None:
            change = self._second - position + changes if plain else curve.second(value, changes)
            if change is not None and (self.next_change is None or change < self.next_change):
                self.next_change = change
        if reading.units:
            self._give(rule, reading.units, reading.say or rule.say)
        else:
            self.off.append((rule, Quiet(fact, value, change), (fact,)))

    def _bound(self, group: Group) -> None:
        """Cuts what a group gives beyond its cap or floor, in a line of its own."""
        units = self._groups.get(group.id, 0)
        if group.cap is not None and units > group.cap:
            self._cut(f"group:{group.id}", group.title, group.cap - units, f"at most {self._points(group.cap)}")
        elif group.floor is not None and units < group.floor:
            self._cut(f"group:{group.id}", group.title, group.floor - units, f"at least {self._points(group.floor)}")

    def _cut(self, name: str, title: str, units: int, bound: str) -> None:
        self.units += units
        self.lines.append(Line(name, title, units, f"{title}: together {bound}"))

    def _inherit(self, inherit: Inherit, waiting: Sequence[Waiting]) -> None:
        """One line for each task that waits for this one and gives it something."""
        given = 0
        for each in sorted(waiting, key=lambda each: each.task):
            exact = inherit.share * max(0, each.units)
            units = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
            given += units
            self._lift(f"waits:{each.task}", each, units, f"{_percent(inherit.share)} % of its {each.points} points")
        if inherit.cap is not None and given > inherit.cap:
            self._cut("waits", _WAITS, inherit.cap - given, f"at most {self._points(inherit.cap)}")
        if inherit.at_least:
            highest = max(waiting, key=lambda each: (each.units, -each.task))
            if highest.units > self.units:
                units = highest.units + inherit.margin - self.units
                self._lift(f"above:{highest.task}", highest, units, f"raised above its {highest.points} points")

    def _lift(self, name: str, by: Waiting, units: int, how: str) -> None:
        if units > 0:
            self.units += units
            held = "" if by.points == by.stands else f" (it stands at {by.stands} while it waits)"
            self.lines.append(Line(name, _WAITS, units, f"“{words(by.title)}” waits for it: {how}{held}"))

    def _override(self, override: Override, verdict: Verdict) -> None:
        if verdict is not True:
            self.off.append((override, verdict, _NO_FACTS))
        elif override.tier is None:
            self._lift_or_hold(override)
        elif self.tier is None:
            self.tier = override.tier
            self.lines.append(Line(override.id, override.title, 0, override.say, override))
        else:
            self.off.append((override, f"Already {self.tier} by an earlier rule", _NO_FACTS))

    def _lift_or_hold(self, override: Override) -> None:
        difference = 0
        if override.floor is not None:
            difference = max(0, override.floor - self.units)
        elif override.ceiling is not None:
            difference = min(0, override.ceiling - self.units)
        if difference:
            self.units += difference
            self.lines.append(Line(override.id, override.title, difference, override.say, override))
        else:
            said = f"Applies; {self._points(self.units)} points need no change"
            self.off.append((override, said, _NO_FACTS))

    def _points(self, units: int) -> str:
        return str(self._ruleset.points(units))


_WAITS = "Another task waits for it"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g}"


@lru_cache(maxsize=256)
def _unknown(fact: str) -> Undecided:
    return Undecided("unknown", f"Not known: {fact}", (fact,))


def _unusable(fact: str) -> Undecided:
    because = f"The rule could not be applied: {fact} has no value of the kind it should have"
    return Undecided("error", because, (fact,))
