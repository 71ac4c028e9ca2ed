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
_THERE = "in the top twenty"
_SAME = "stood {there} from the same time on under both rulesets"
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
    """By so many hours sooner; negative: later; 0: at the same moment under both. None where one of the two is."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """All tasks that were late: those that would have been seen first, compared with before, come first. Each counts
    in one of earlier, later, same, gained, lost and never."""

    tasks: tuple[LateTask, ...]
    earlier: int
    """How many would have stood there sooner …"""
    median_earlier_h: float | None
    """… by so many hours, in the median. None where none would."""
    later: int
    median_later_h: float | None
    """By so many hours later; never negative."""
    same: int
    """How many stood there from the same moment on under both."""
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
    earlier, later = [each for each in hours if each > 0], [-each for each in hours if each < 0]
    gained = sum(task.first_before is None and task.first_after is not None for task in tasks)
    lost = sum(task.first_before is not None and task.first_after is None for task in tasks)
    never = len(tasks) - len(hours) - gained - lost
    told = [
        (len(earlier), "would have stood {there} " + _by(earlier, "earlier")),
        (len(later), "would have stood {there} " + _by(later, "later")),
        (gained, "would have come into the top twenty, but never did"),
        (lost, "did come into the top twenty, but would not have"),
        (never, "came into the top twenty under neither ruleset"),
    ]
    same = len(hours) - len(earlier) - len(later)
    return Lateness(
        tasks=tuple(tasks),
        earlier=len(earlier),
        median_earlier_h=median(earlier) if earlier else None,
        later=len(later),
        median_later_h=median(later) if later else None,
        same=same,
        gained=gained,
        lost=lost,
        never=never,
        sentence=_sentence(len(tasks), [(count, words) for count, words in told if count], same),
    )


def _late(seen: Seen) -> LateTask:
    first_before = seen.before[0] if seen.before else None
    first_after = seen.after[0] if seen.after else None
    earlier = None if first_before is None or first_after is None else (first_before - first_after) / _HOUR
    return LateTask(seen.task, seen.late_at, first_before, first_after, earlier)


def _by_gain(task: LateTask) -> tuple[int, float, datetime, int]:
    """Those that never did come first, then by hours, those that would not have come, the same, and neither."""
    if task.earlier_h is not None:
        group = 1 if task.earlier_h else 3
    elif task.first_after is not None:
        group = 0
    else:
        group = 4 if task.first_before is None else 2
    return group, -(task.earlier_h or 0.0), task.late_at, task.task


def _sentence(total: int, told: Sequence[tuple[int, str]], same: int) -> str:
    """`told`: how many tasks did what; together with the `same` they are all of them."""
    if not total:
        return "No task was late in this time."
    if same == total or (len(told) == 1 and not same):
        who = "The task that was late" if total == 1 else f"The {_number(total)} tasks that were late"
        return f"{who} {(_SAME if same else told[0][1]).format(there=_THERE)}."
    said = [f"{_number(count)} {did.format(there='there' if at else _THERE)}" for at, (count, did) in enumerate(told)]
    if same:
        said.append(f"the other{'s' if same > 1 else ''} {_SAME.format(there='there')}")
    return f"Of the {_number(total)} tasks that were late, {'; '.join(said)}."


def _by(hours: Sequence[float], word: str) -> str:
    """«a median of 28 hours earlier»; nothing where there are no hours."""
    if not hours:
        return ""
    size = round(median(hours))
    if not size:
        amount = "less than an hour"
    elif size < _DAYS_FROM_H:
        amount = "one hour" if size == 1 else f"{_number(size)} hours"
    else:
        amount = f"{_number(round(size / 24))} days"
    return f"{'a median of ' if len(hours) > 1 else ''}{amount} {word}"


def _number(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"
