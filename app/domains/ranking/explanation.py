"""A score and its explanation: the lines that add up to it, and what was checked besides.

Plain frozen data; `dump` gives the same bytes for the same score.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from app.domains.ranking.measures import EPOCH

Points: TypeAlias = int | Decimal
Tier: TypeAlias = Literal["pinned", "normal", "held"]
BandName: TypeAlias = Literal["now", "next", "later", "someday"]
Outcome: TypeAlias = Literal["no", "unknown", "error"]
ClockState: TypeAlias = Literal["on_track", "at_risk", "breached"]
Tail: TypeAlias = tuple[bool, datetime, bool, datetime, int]
"""What decides where tier and points are the same."""
OrderKey: TypeAlias = tuple[int, int, bool, datetime, bool, datetime, int]

TIER_ORDER: dict[Tier, int] = {"pinned": 0, "normal": 1, "held": 2}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One line of the sum."""

    rule: str
    title: str
    points: Points
    because: str
    """A sentence for people, without relative times."""
    fact: str | None = None
    """The fact the line rests on, where one fact does."""
    quote: str | None = None
    item: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule that gave nothing, and why."""

    rule: str
    title: str
    outcome: Outcome
    because: str
    facts: tuple[str, ...] = ()
    """The facts that decided it, or that are missing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A share of the target, and when the clock reaches it, or reached it; None where it stands still before that."""

    percent: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that has a target, at one moment."""

    clock: str
    target: str
    title: str
    within_s: int
    elapsed_s: int
    """Both in working seconds of the target's calendar."""
    running: bool
    """Outside of working hours too: then it stands still, but nobody stopped it."""
    state: ClockState
    marks: tuple[Mark, ...]
    """The shares from which on it is at risk, and 100 percent: breached."""
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a task stands at one moment, in short: what is stored with it."""

    at: datetime
    tier: Tier
    points: Points
    band: BandName
    valid_until: datetime | None
    """When time alone changes the points, the band or a line next. None: never."""
    reasons: tuple[str, ...]
    """The sentences of the two strongest lines above zero that rest on different facts."""

    @property
    def milli(self) -> int:
        """Points in thousandths, exactly: for storing and sorting."""
        return int(self.points * 1000)

    @property
    def score(self) -> Points:
        """Points held to 0-100, for showing. The order uses the points."""
        return max(0, min(100, self.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score(Standing):
    """The same with every line. `contributions` always add up to `points`."""

    ruleset: str
    version: int
    contributions: tuple[Contribution, ...]
    also_checked: tuple[Checked, ...]
    clocks: tuple[Clock, ...] = ()
    """How its clocks stand to their targets."""


def order_key(score: Standing, due_at: datetime | None, opened_at: datetime | None, task_id: int) -> OrderKey:
    """Sorts tasks into a total order: tier, points, due (unknown last), age (unknown last), id."""
    return (TIER_ORDER[score.tier], -score.milli, *order_tail(due_at, opened_at, task_id))


def order_tail(due_at: datetime | None, opened_at: datetime | None, task_id: int) -> Tail:
    """The part of the order key that no ruleset changes."""
    return due_at is None, due_at or EPOCH, opened_at is None, opened_at or EPOCH, task_id


def dump(score: Score) -> dict[str, Any]:
    """A score as plain JSON values, always in the same order."""
    return {
        "ruleset": score.ruleset,
        "version": score.version,
        "at": _moment(score.at),
        "tier": score.tier,
        "points": _number(score.points),
        "score": _number(score.score),
        "band": score.band,
        "valid_until": score.valid_until and _moment(score.valid_until),
        "reasons": list(score.reasons),
        "contributions": [_dump_line(line) for line in score.contributions],
        "also_checked": [_dump_checked(line) for line in score.also_checked],
        "clocks": [_dump_clock(clock) for clock in score.clocks],
    }


def _dump_line(line: Contribution) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "title": line.title,
        "points": _number(line.points),
        "because": line.because,
        "fact": line.fact,
        "quote": line.quote,
        "item": line.item,
    }


def _dump_checked(line: Checked) -> dict[str, Any]:
    return {
        "rule": line.rule,
        "title": line.title,
        "outcome": line.outcome,
        "because": line.because,
        "facts": list(line.facts),
    }


def _dump_clock(clock: Clock) -> dict[str, Any]:
    return {
        "clock": clock.clock,
        "target": clock.target,
        "title": clock.title,
        "within_s": clock.within_s,
        "elapsed_s": clock.elapsed_s,
        "running": clock.running,
        "state": clock.state,
        "marks": [{"percent": mark.percent, "at": mark.at and _moment(mark.at)} for mark in clock.marks],
        "calendar": clock.calendar,
    }


def _number(points: Points) -> int | float:
    # A float holds thousandths up to 10^12 exactly enough to print the very same digits.
    return points if isinstance(points, int) else float(points)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
