"""Whether another ruleset would have shown late tasks sooner: the answer in numbers, and in a sentence. Pure.

It is told from a grid of moments, at each of which the tasks that were open then are ranked under both rulesets; so
times are as exact as the grid is fine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

TOP_TWENTY = 20
_HOUR = timedelta(hours=1)
_DAYS_FROM_H = 48
_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One task that was late, and the moments at which it stood in the first twenty, the earliest first."""

    task: int
    late_at: datetime
    """When its deadline passed."""
    before: Sequence[datetime]
    """Under the ruleset compared with …"""
    after: Sequence[datetime]
    """… and under the draft."""


@dataclass(frozen=True, slots=True)
class LateTask:
    """The first time it stood in the first twenty under each ruleset. None: at none of the moments looked at."""

    task: int
    late_at: datetime
    first_before: datetime | None
    first_after: datetime | None
    earlier_h: float | None
    """By so many hours sooner; negative: later. None where one of the two is."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """All tasks that were late: those that would have been seen first, compared with before, come first."""

    tasks: tuple[LateTask, ...]
    median_earlier_h: float | None
    """Of those that stood there under both. None where none did."""
    gained: int
    """How many would have stood there that never did."""
    lost: int
    """How many would never have stood there that did."""
    never: int
    """How many stood there under neither."""
    sentence: str


def lateness(seen: Sequence[Seen]) -> Lateness:
    """What a grid of moments tells of the tasks that were late."""
    tasks = sorted(map(_late, seen), key=_by_gain)
    hours = [task.earlier_h for task in tasks if task.earlier_h is not None]
    middle = median(hours) if hours else None
    gained = sum(task.first_before is None and task.first_after is not None for task in tasks)
    lost = sum(task.first_before is not None and task.first_after is None for task in tasks)
    never = len(tasks) - len(hours) - gained - lost
    sentence = _sentence(len(tasks), middle, gained, lost, never)
    return Lateness(tuple(tasks), middle, gained, lost, never, sentence)


def _late(seen: Seen) -> LateTask:
    first_before = seen.before[0] if seen.before else None
    first_after = seen.after[0] if seen.after else None
    earlier = None if first_before is None or first_after is None else (first_before - first_after) / _HOUR
    return LateTask(seen.task, seen.late_at, first_before, first_after, earlier)


def _by_gain(task: LateTask) -> tuple[int, float, datetime, int]:
    if task.earlier_h is not None:
        group = 1
    elif task.first_after is not None:
        group = 0
    else:
        group = 2 if task.first_before is None else 3
    return group, -(task.earlier_h or 0.0), task.late_at, task.task


def _sentence(total: int, middle: float | None, gained: int, lost: int, never: int) -> str:
    if not total:
        return "No task was late in this time."
    measured = total - gained - lost - never
    told = {
        f"would have stood in the top twenty {_by(middle or 0.0, measured)}": measured,
        "would have come into the top twenty, but never did": gained,
        "did come into the top twenty, but would not have": lost,
        "came into the top twenty under neither ruleset": never,
    }
    parts = [(count, words) for words, count in told.items() if count]
    if len(parts) == 1:
        who = "The task that was late" if total == 1 else f"The {_number(total)} tasks that were late"
        return f"{who} {parts[0][1]}."
    said = "; ".join(f"{_number(count)} {words}" for count, words in parts)
    return f"Of the {_number(total)} tasks that were late, {said}."


def _by(hours: float, count: int) -> str:
    size = round(abs(hours))
    if not size and hours:
        amount = "less than an hour"
    elif not size:
        return "neither earlier nor later" if count == 1 else "neither earlier nor later, in the median"
    elif size < _DAYS_FROM_H:
        amount = "one hour" if size == 1 else f"{_number(size)} hours"
    else:
        amount = f"{_number(round(size / 24))} days"
    return f"{'a median of ' if count > 1 else ''}{amount} {'earlier' if hours > 0 else 'later'}"


def _number(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"
