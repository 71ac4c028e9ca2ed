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
    """By so many hours sooner; negative: later. None where one of the two is, and where it stood there from the
    beginning under both: what was before is not known."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """All tasks that were late: those that would have been seen first, compared with before, come first."""

    tasks: tuple[LateTask, ...]
    median_earlier_h: float | None
    """Of those that came there under both. None where none did."""
    gained: int
    """How many would have stood there that never did."""
    lost: int
    """How many would never have stood there that did."""
    throughout: int
    """How many stood there from the beginning under both."""
    never: int
    """How many stood there under neither."""
    sentence: str


def lateness(seen: Sequence[Seen], begin: datetime | None = None) -> Lateness:
    """What a grid of moments tells of the tasks that were late. `begin` is its first moment: what was so then may have
    been so before."""
    tasks = sorted((_late(each, begin) for each in seen), key=_by_gain)
    hours = [task.earlier_h for task in tasks if task.earlier_h is not None]
    middle = median(hours) if hours else None
    gained = sum(task.first_before is None and task.first_after is not None for task in tasks)
    lost = sum(task.first_before is not None and task.first_after is None for task in tasks)
    throughout = sum(map(_is_throughout, tasks))
    never = len(tasks) - len(hours) - gained - lost - throughout
    told = {
        f"would have stood in the top twenty {_by(middle or 0.0, len(hours))}": len(hours),
        "would have come into the top twenty, but never did": gained,
        "did come into the top twenty, but would not have": lost,
        "stood in the top twenty from the beginning under both": throughout,
        "came into the top twenty under neither ruleset": never,
    }
    sentence = _sentence(len(tasks), [(count, words) for words, count in told.items() if count])
    return Lateness(tuple(tasks), middle, gained, lost, throughout, never, sentence)


def _late(seen: Seen, begin: datetime | None) -> LateTask:
    first_before = seen.before[0] if seen.before else None
    first_after = seen.after[0] if seen.after else None
    earlier = None if first_before is None or first_after is None else (first_before - first_after) / _HOUR
    if first_before == first_after == begin:
        earlier = None
    return LateTask(seen.task, seen.late_at, first_before, first_after, earlier)


def _by_gain(task: LateTask) -> tuple[int, float, datetime, int]:
    if task.earlier_h is not None:
        group = 1
    elif _is_throughout(task):
        group = 3
    elif task.first_after is not None:
        group = 0
    else:
        group = 4 if task.first_before is None else 2
    return group, -(task.earlier_h or 0.0), task.late_at, task.task


def _is_throughout(task: LateTask) -> bool:
    return task.earlier_h is None and task.first_before == task.first_after is not None


def _sentence(total: int, told: Sequence[tuple[int, str]]) -> str:
    """`told`: how many tasks did what; together they are all of them."""
    if not told:
        return "No task was late in this time."
    if len(told) == 1:
        who = "The task that was late" if total == 1 else f"The {_number(total)} tasks that were late"
        return f"{who} {told[0][1]}."
    said = "; ".join(f"{_number(count)} {words}" for count, words in told)
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
