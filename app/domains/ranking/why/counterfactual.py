"""What would have to be different: the single changes by a person that bring a task to a goal, cheapest first. Pure.

Every answer is exact, and was scored again. A moment is the least change: one second beyond it the goal does not hold.

Cheapest first means, in this order: a mark on the task (priority, label), its due date, who has it, its plan (planned
time, begun, project), and the work that must be done before it. Within each, what goes least beyond the goal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from app.domains.ranking.engine import score
from app.domains.ranking.explanation import TIER_ORDER, BandName, OrderKey, Points, Score, order_key, order_tail
from app.domains.ranking.facts import Fact, Facts, FactValue
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet, Waiting
from app.domains.ranking.storage import values_by_name
from app.domains.ranking.why.changeable import COSTS, MOMENTS, Candidate, Means, at_moment, candidates, changed
from app.domains.ranking.why.inversion import Inversion, Span, curves_over, looked_at

AHEAD = timedelta(days=1826)
"""No moment further ahead is tried."""
_PLANNED_AGO_S = 86_400
"""A planned time may have passed, by so much; a due date that has passed is no plan."""
_MINUTE = 60

Reach: TypeAlias = Callable[[Facts], bool]
"""Whether the goal holds with other facts once the tasks that depend on this one are scored again too."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a task is to stand: at so many thousandths of points, or above the task with an order key; one of the
    two."""

    milli: int | None = None
    above: OrderKey | None = None

    @property
    def needs(self) -> int:
        """Points in thousandths; to stand above a task they may have to be more, or to be of a higher tier."""
        return self.milli if self.above is None and self.milli is not None else -(self.above or (0, 0))[1]

    def holds(self, key: OrderKey) -> bool:
        return -key[1] >= self.needs if self.above is None else key < self.above


@dataclass(frozen=True, slots=True)
class Subject:
    """The task: its facts, and what its place depends on besides."""

    id: int
    facts: Facts
    opened_at: datetime | None
    means: Means
    waiting: Sequence[Waiting] = ()
    """The tasks that wait for it, and where they stand."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed, and where the task stands then."""

    candidate: Candidate
    score: Score
    key: OrderKey
    gain: int
    """How far the points go beyond those of the goal, in thousandths; below zero, how many are missing."""
    widely: bool
    """Of a moment: every one earlier than it does as well; if it had to be made later, every later one."""
    facts: Facts
    """All facts of the task as they are then."""

    @property
    def later(self) -> bool:
        """A moment that had to be made later than it is."""
        before, after = self.candidate.before, self.candidate.after
        return isinstance(before, datetime) and isinstance(after, datetime) and after > before


@dataclass(frozen=True, slots=True)
class Answer:
    """The changes that reach the goal; where none does, the one that comes closest."""

    holds: bool
    """It holds already: nothing has to change."""
    changes: tuple[Change, ...]
    closest: Change | None
    """None also where nothing would bring the task nearer."""


def what_if(subject: Subject, ruleset: Ruleset, now: datetime, goal: Goal, *, reach: Reach | None = None) -> Answer:
    """All single changes that reach `goal` at `now` (aware). `reach` has the last word on each."""
    trial = _Trial(subject, ruleset, now, goal)
    if trial.goal.holds(trial.present):
        return Answer(True, (), None)
    changes = [trial.changed(each) for each in candidates(trial.known, ruleset, now, subject.means)]
    for name in MOMENTS:
        changes += _Moments(trial, name).changes()
    reached = [each for each in changes if goal.holds(each.key) and (reach is None or reach(each.facts))]
    if reached:
        reached.sort(key=lambda each: (COSTS.index(each.candidate.cost), each.gain))
        return Answer(False, tuple(_first_of_each(reached)), None)
    nearer = [each for each in changes if not goal.holds(each.key) and trial.near(each.key) < trial.near(trial.present)]
    nearer.sort(key=lambda each: (trial.near(each.key), COSTS.index(each.candidate.cost)))
    return Answer(False, (), nearer[0] if nearer else None)


def goal_of_band(band: BandName, ruleset: Ruleset) -> Goal:
    """Into a band, or above it. Raises ValueError for the lowest, below which nothing is."""
    least = next((each.units for each in ruleset.bands if each.name == band), None)
    if least is None:
        raise ValueError(f"every task stands in {band} or above it")
    return Goal(milli=thousandths(ruleset.points(least)))


def thousandths(points: Points) -> int:
    return int(points * 1000)


def key_of(of: Score, facts: Facts, opened_at: datetime | None, task: int) -> OrderKey:
    """The order key of a task that has these facts. A due date counts to the second, as the queue's order has it."""
    due = facts.get("due_at")
    at = due.value if due is not None else None
    return order_key(of, at.replace(microsecond=0) if isinstance(at, datetime) else None, opened_at, task)


def _first_of_each(changes: Sequence[Change]) -> list[Change]:
    """Of one fact the cheapest change is enough; each label is a thing of its own."""
    found: dict[Any, Change] = {}
    for each in changes:
        of = each.candidate
        found.setdefault((of.fact, of.after) if of.fact == "labels" else of.fact, each)
    return list(found.values())


class _Trial:
    """Scores a task with other facts."""

    def __init__(self, subject: Subject, ruleset: Ruleset, now: datetime, goal: Goal) -> None:
        self.known = values_by_name(subject.facts)
        self.subject = subject
        self.ruleset = ruleset
        self.second = epoch_seconds(now)
        self.goal = goal
        self._now = now
        self.present = self.key({})

    def key(self, facts: dict[str, FactValue | None]) -> OrderKey:
        """The order key with some facts replaced, counted without sentences."""
        known = changed(self.known, facts)
        sheet = Sheet(known, self.ruleset, self.second, self.subject.waiting)
        due = known.get("due_at")
        at = due.replace(microsecond=0) if isinstance(due, datetime) else None
        milli = thousandths(self.ruleset.points(sheet.units))
        tail = order_tail(at, self.subject.opened_at, self.subject.id)
        return (TIER_ORDER[sheet.tier or "normal"], -milli, *tail)

    def changed(self, candidate: Candidate, *, widely: bool = False) -> Change:
        """The change, scored as the task would be."""
        kept = {name: self._fact(name) for name in self.known if name not in candidate.facts}
        new = {name: Fact(value=value, source="person") for name, value in candidate.facts.items() if value is not None}
        facts: Facts = {**kept, **new}
        scored = score(facts, self.ruleset, self._now, self.subject.waiting)
        key = key_of(scored, facts, self.subject.opened_at, self.subject.id)
        return Change(candidate, scored, key, scored.milli - self.goal.needs, widely, facts)

    def _fact(self, name: str) -> Fact:
        try:
            return self.subject.facts[name]
        except ValueError:  # stored in a way that can't be read: its rules say so, and go on saying so
            return Fact(value=self.known[name])

    def near(self, key: OrderKey) -> tuple[int, ...]:
        """The smaller, the nearer to the goal."""
        return key[1:2] if self.goal.above is None else key[:2]


class _Moments:
    """The changes of one moment: that which just reaches the goal, or else comes closest."""

    def __init__(self, trial: _Trial, name: str) -> None:
        self._trial = trial
        self._name = name
        present = trial.known.get(name)
        self._present = epoch_seconds(present) if isinstance(present, datetime) else None
        now = trial.second
        first = now - now % _MINUTE + _MINUTE if name == "due_at" else now - _PLANNED_AGO_S
        self._span = Span(first, now + int(AHEAD.total_seconds()))
        places = looked_at(name, trial.known, trial.ruleset)
        above = trial.goal.above
        if above is not None and not above[2]:
            places.append(epoch_seconds(above[3]))
        inherit = trial.ruleset.inherit
        even = not (inherit and inherit.margin and trial.subject.waiting)
        curves = curves_over(name, trial.ruleset)
        self._inversion = Inversion(curves, now, self._span, places, even=even)

    def changes(self) -> list[Change]:
        if (at := self._least(self._reaches)) is not None:
            return [self._made(at, self._reaches)]
        near = self._trial.near
        best = min(near(self._key(end)) for piece in self._inversion.pieces for end in piece)
        if best >= near(self._trial.present):
            return []
        at = self._least(lambda second: near(self._key(second)) <= best)
        return [] if at is None else [self._made(at, lambda second: near(self._key(second)) <= best)]

    def _least(self, holds: Callable[[int], bool]) -> int | None:
        """The second nearest to the present moment; where there is none, the latest."""
        if self._present is None:
            return self._inversion.latest(holds)
        found = [self._inversion.latest(holds, self._present), self._inversion.earliest(holds, self._present)]
        return min((at for at in found if at is not None), key=lambda at: abs(at - (self._present or 0)), default=None)

    def _made(self, at: int, holds: Callable[[int], bool]) -> Change:
        later = self._present is not None and at > self._present
        span = Span(at, self._span.last) if later else Span(self._span.first, at)
        time = moment(at)
        assert time is not None  # noqa: S101 - for the type checker: some years ahead is a moment
        widely = self._inversion.holds_throughout(holds, span)
        return self._trial.changed(at_moment(self._trial.known, self._name, time), widely=widely)

    def _reaches(self, second: int) -> bool:
        return self._trial.goal.holds(self._key(second))

    def _key(self, second: int) -> OrderKey:
        return self._trial.key({self._name: moment(second)})
