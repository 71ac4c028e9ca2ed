"""The ranking engine: `score(facts, ruleset, now)`, a pure function.

Same input, same bytes. Time enters only through curves, so `valid_until` is exact: until then the same
facts give the same lines, points and band. Facts that an LLM proposed have no influence yet: the place kept
for them is the group `llm`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import floor, isfinite

from app.domains.ranking.conditions import Undecided, Verdict, evidence
from app.domains.ranking.curves import Curve, Reading, epoch_seconds, moment
from app.domains.ranking.explanation import Checked, Contribution, Score, Tier, order_key
from app.domains.ranking.facts import Fact, Facts, FactValue
from app.domains.ranking.reasons import Template, moment_words, words
from app.domains.ranking.rules import Group, Override, Rule, Ruleset

__all__ = ["order_key", "score"]


def score(facts: Facts, ruleset: Ruleset, now: datetime) -> Score:
    """Where a task with these facts stands at `now` (aware). No fact and no rule makes it raise."""
    if now.utcoffset() is None:
        raise ValueError("now needs a time zone")
    sheet = _Sheet(_without_proposals(facts), ruleset, now.astimezone(UTC).replace(microsecond=0))
    verdicts = iter(ruleset.conditions.decide(sheet.facts))
    for rule in ruleset.rules:
        sheet.apply(rule, True if rule.condition is None else next(verdicts))
    sheet.bound_groups()
    for override in ruleset.overrides:
        sheet.override(override, next(verdicts))
    return sheet.result()


def _without_proposals(facts: Facts) -> Facts:
    if any(fact.source == "llm" for fact in facts.values()):
        return {name: fact for name, fact in facts.items() if fact.source != "llm"}
    return facts


class _Sheet:
    """The sum while it grows. Units are whole multiples of the ruleset's resolution."""

    def __init__(self, facts: Facts, ruleset: Ruleset, at: datetime) -> None:
        self.facts = facts
        self._ruleset = ruleset
        self._at = at
        self._second = epoch_seconds(at)
        self._units = 0
        self._groups: dict[str, int] = {}
        self._tier: Tier | None = None
        self._next_change: int | None = None
        self._lines: list[Contribution] = []
        self._checked: list[Checked] = []

    def apply(self, rule: Rule, verdict: Verdict) -> None:
        if verdict is not True:
            self._check_off(rule, verdict)
        elif rule.curve is None:
            self._give(rule, rule.units, rule.say)
        else:
            self._follow(rule, rule.curve)

    def bound_groups(self) -> None:
        """Cuts what a group gives beyond its cap or floor, in a line of its own."""
        for group in self._ruleset.groups.values():
            units = self._groups.get(group.id, 0)
            if group.cap is not None and units > group.cap:
                self._bound(group, group.cap - units, f"at most {self._ruleset.points(group.cap)}")
            elif group.floor is not None and units < group.floor:
                self._bound(group, group.floor - units, f"at least {self._ruleset.points(group.floor)}")

    def override(self, override: Override, verdict: Verdict) -> None:
        if verdict is not True:
            self._check_off(override, verdict)
        elif override.tier is None:
            self._lift_or_hold(override)
        elif self._tier is None:
            self._tier = override.tier
            self._add(override, 0, override.say)
        else:
            self._no(override, f"Already {self._tier} by an earlier rule")

    def result(self) -> Score:
        return Score(
            ruleset=self._ruleset.name,
            version=self._ruleset.version,
            at=self._at,
            tier=self._tier or "normal",
            points=self._ruleset.points(self._units),
            band=self._ruleset.band(self._units),
            valid_until=None if self._next_change is None else moment(self._next_change),
            contributions=tuple(self._lines),
            also_checked=tuple(self._checked),
            reasons=_reasons(self._lines),
        )

    def _follow(self, rule: Rule, curve: Curve) -> None:
        fact = self.facts.get(curve.fact)
        if fact is None:
            self._check_off(rule, _unknown(curve.fact))
        elif (position := _position(curve, fact.value, self._second)) is None:
            self._check_off(rule, _unusable(curve.fact))
        else:
            reading = curve.at(position)
            change = None if curve.over == "value" else self._watch(curve, position, reading)
            if reading.units:
                self._give(rule, reading.units, reading.say or rule.say)
            else:
                self._no(rule, _nothing_yet(curve.fact, fact.value, change), curve.fact)

    def _watch(self, curve: Curve, position: int, reading: Reading) -> int | None:
        """Notes when the curve changes next; gives that in seconds since 1970."""
        if (change := curve.next_change(position, reading)) is None:
            return None
        second = self._second - position + change
        if self._next_change is None or second < self._next_change:
            self._next_change = second
        return second

    def _give(self, rule: Rule, units: int, say: Template) -> None:
        if rule.group is not None:
            self._groups[rule.group] = self._groups.get(rule.group, 0) + units
        self._add(rule, units, say)

    def _lift_or_hold(self, override: Override) -> None:
        difference = 0
        if override.floor is not None:
            difference = max(0, override.floor - self._units)
        elif override.ceiling is not None:
            difference = min(0, override.ceiling - self._units)
        if difference:
            self._add(override, difference, override.say)
        else:
            self._no(override, f"Applies; {self._ruleset.points(self._units)} points need no change")

    def _add(self, entry: Rule | Override, units: int, say: Template) -> None:
        self._units += units
        name, fact = _evidence(entry, self.facts)
        because = say.render(self.facts, fact)
        quote, item = (None, None) if fact is None else (fact.quote, fact.item)
        points = self._ruleset.points(units)
        self._lines.append(Contribution(entry.id, entry.title, points, because, name, quote, item))

    def _bound(self, group: Group, units: int, bound: str) -> None:
        self._units += units
        because = f"{group.title}: together {bound}"
        points = self._ruleset.points(units)
        self._lines.append(Contribution(f"group:{group.id}", group.title, points, because))

    def _check_off(self, entry: Rule | Override, verdict: Verdict) -> None:
        if not isinstance(verdict, Undecided):
            self._checked.append(self._ruleset.unmet[entry.id])
            return
        outcome, because, names = verdict.outcome, verdict.because, verdict.facts
        self._checked.append(Checked(entry.id, entry.title, outcome, because, names))

    def _no(self, entry: Rule | Override, because: str, *facts: str) -> None:
        self._checked.append(Checked(entry.id, entry.title, "no", because, facts))


def _reasons(lines: Sequence[Contribution]) -> tuple[str, ...]:
    """The strongest line above zero, and the strongest one after it that rests on something else."""
    strong = [line for line in lines if line.points > 0]
    strong.sort(key=lambda line: -line.points)  # stable: ties stay in the rules' order
    others = [line for line in strong[1:] if line.fact is None or line.fact != strong[0].fact]
    return tuple(line.because for line in (*strong[:1], *others[:1]))


def _evidence(entry: Rule | Override, facts: Facts) -> tuple[str | None, Fact | None]:
    """The fact a line rests on."""
    name = entry.fact
    if name is None and isinstance(entry, Rule) and entry.curve is not None:
        name = entry.curve.fact
    if name is not None:
        return name, facts.get(name)
    return evidence(entry.condition, facts) if entry.condition is not None else (None, None)


def _position(curve: Curve, value: FactValue, second: int) -> int | None:
    """Where on the curve the value stands; None for a value that can't stand on it."""
    if curve.over != "value":
        if isinstance(value, datetime) and value.tzinfo is not None:
            return second - epoch_seconds(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return value * curve.scale
    elif isinstance(value, float) and isfinite(value):
        return floor(value * curve.scale)
    return None


@lru_cache(maxsize=256)
def _unknown(fact: str) -> Undecided:
    return Undecided("unknown", f"Not known: {fact}", (fact,))


def _unusable(fact: str) -> Undecided:
    because = f"The rule could not be applied: {fact} has no value of the kind it should have"
    return Undecided("error", because, (fact,))


def _nothing_yet(fact: str, value: FactValue, starts: int | None) -> str:
    at = None if starts is None else moment(starts)
    return f"No points for {fact} {words(value)}" if at is None else f"Gives points from {moment_words(at)}"
