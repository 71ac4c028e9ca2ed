"""Tasks that wait for each other, scored together: those that wait first, so that what they stand at is known.

A ruleset's `inherit` section says what a task gets from the open tasks that wait for it. Their scores depend on their
own facts, and on what waits for them in turn: so the facts of all of these are needed, and nothing else. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.domains.ranking.engine import score, standing
from app.domains.ranking.explanation import Score, Standing
from app.domains.ranking.facts import Facts
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet, Waiting
from app.domains.ranking.storage import values_by_name

Scored = TypeVar("Scored", Score, Standing)

_MOST_STEPS = 300
"""So many changes of the tasks that wait are looked at before `valid_until` is given as the next of them, although the
task itself may not change then."""


def waiting_ids(facts: Facts) -> tuple[int, ...]:
    """The open tasks that wait for the one with these facts."""
    blocks = facts.get("blocks")
    value = blocks.value if blocks is not None and isinstance(blocks.value, tuple) else ()
    return tuple(int(each) for each in value if isinstance(each, str) and each.isascii() and each.isdigit())


class Network:
    """The facts of tasks, by id, with those of all that wait for them; what is missing counts as not waiting."""

    def __init__(self, facts: Mapping[int, Facts], ruleset: Ruleset) -> None:
        self._facts = facts
        self._ruleset = ruleset
        self._inherits = ruleset.inherit is not None

    def score(self, task: int, now: datetime) -> Score:
        """As engine.score, with what the tasks that wait for it give. Raises KeyError for a task without facts."""
        return self._scored(score, task, now)

    def standing(self, task: int, now: datetime) -> Standing:
        """As engine.standing, likewise."""
        return self._scored(standing, task, now)

    @property
    def ruleset(self) -> Ruleset:
        """What scores them."""
        return self._ruleset

    def facts(self, task: int) -> Facts:
        """Raises KeyError for a task without facts."""
        return self._facts[task]

    def has(self, task: int) -> bool:
        """Whether it has the task's facts."""
        return task in self._facts

    def waiting(self, task: int, now: datetime) -> list[Waiting]:
        """The tasks that wait for it, and where they stand; none where the ruleset gives nothing for them."""
        order = self._order(task) if self._inherits else []
        return self._waiting(task, self._count(order, epoch_seconds(now.astimezone(UTC)))) if order else []

    def chain(self, task: int) -> dict[int, list[int]]:
        """The tasks on which its points depend, itself as the last, each with those of them that wait for it: they
        come before it."""
        found: dict[int, list[int]] = {}
        for each in [*(self._order(task) if self._inherits else ()), task]:
            found[each] = [other for other in waiting_ids(self._facts[each]) if other in found]
        return found

    def sheets(self, tasks: Iterable[int], now: datetime) -> dict[int, Sheet]:
        """The sums of tasks and of all that wait for them: enough for their order, and each is counted only once.

        Raises KeyError for a task without facts.
        """
        order: list[int] = []
        seen: set[int] = set()
        for task in tasks:
            if task not in seen:
                seen.add(task)
                order += [*(self._order(task, seen) if self._inherits else ()), task]
        return self._count(order, epoch_seconds(now.astimezone(UTC)))

    def _scored(self, make: Callable[..., Scored], task: int, now: datetime) -> Scored:
        facts = self._facts[task]
        order = self._order(task) if self._inherits else []
        if not order:
            return make(facts, self._ruleset, now)
        at = epoch_seconds(now.astimezone(UTC))
        made = make(facts, self._ruleset, now, self._waiting(task, self._count(order, at)))
        return replace(made, valid_until=self._until(task, order, at))

    def _until(self, task: int, order: Sequence[int], at: int) -> datetime | None:
        """When time alone changes the task, or what the others give it; their changes need not change it."""
        before: tuple[Any, ...] | None = None
        for _ in range(_MOST_STEPS):
            counted = self._count([*order, task], at)
            seen = _visible(counted[task])
            if before is not None and seen != before:
                break
            before = seen
            following = [sheet.next_change for sheet in counted.values() if sheet.next_change is not None]
            if not following:
                return None
            at = min(following)
        return moment(at)

    def _count(self, order: Iterable[int], at: int) -> dict[int, Sheet]:
        """The sums of tasks, given in an order in which those that wait come first."""
        counted: dict[int, Sheet] = {}
        for task in order:
            known = values_by_name(self._facts[task])
            counted[task] = Sheet(known, self._ruleset, at, self._waiting(task, counted))
        return counted

    def _waiting(self, task: int, counted: Mapping[int, Sheet]) -> list[Waiting]:
        return [self._at(each, counted[each]) for each in waiting_ids(self._facts[task]) if each in counted]

    def _at(self, task: int, sheet: Sheet) -> Waiting:
        title = self._facts[task].get("title")
        named = str(title.value) if title is not None else f"Task {task}"
        return Waiting(task, named, sheet.units, str(self._ruleset.points(sheet.units)))

    def _order(self, task: int, seen: set[int] | None = None) -> list[int]:
        """All that wait for a task, directly or through others: each after those that wait for it. A circle, which
        nothing stores, is cut where it closes. What is in `seen` is left out, and added to it what is found."""
        order: list[int] = []
        seen = {task} if seen is None else seen
        path = [(task, iter(waiting_ids(self._facts[task])))]
        while path:
            here, rest = path[-1]
            each = next(rest, None)
            if each is None:
                path.pop()
                order.append(here)
            elif each in self._facts and each not in seen:
                seen.add(each)
                path.append((each, iter(waiting_ids(self._facts[each]))))
        return order[:-1]


def _visible(sheet: Sheet) -> tuple[Any, ...]:
    return sheet.units, sheet.tier, tuple((line.rule, line.units, line.say) for line in sheet.lines)
