"""Tasks that wait for each other, scored together: those that wait first, so that what they stand at is known.

A ruleset's `inherit` section says what a task gets from the open tasks that wait for it. Their scores depend on their
own facts, and on what waits for them in turn: so the facts of all of these are needed, and nothing else. Pure.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.domains.ranking.engine import score, standing
from app.domains.ranking.explanation import Score, Standing
from app.domains.ranking.facts import Facts
from app.domains.ranking.measures import epoch_seconds, moment
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet, Waiting
from app.domains.ranking.storage import values_by_name

Scored = TypeVar("Scored", bound=Standing)

_MOST_FOLLOWED = 100
"""Where more tasks wait for one, its `valid_until` is the next change of any of them …"""
_MOST_COUNTED = 3_000
"""… and so it is after so many sums of those that wait, without the task itself having changed."""


def waiting_ids(facts: Facts) -> tuple[int, ...]:
    """The open tasks that wait for the one with these facts."""
    blocks = facts.get("blocks")
    value = blocks.value if blocks is not None and isinstance(blocks.value, tuple) else ()
    return tuple(int(each) for each in value if isinstance(each, str) and each.isascii() and each.isdigit())


@dataclass(slots=True)
class _Counted:
    """Sums as of one second, and for each when it or what waits for it changes next."""

    second: int | None = None
    sheets: dict[int, Sheet] = field(default_factory=dict)
    soonest: dict[int, int | None] = field(default_factory=dict)


class Network:
    """The facts of tasks, by id, with those of all that wait for them; what is missing counts as not waiting."""

    def __init__(self, facts: Mapping[int, Facts], ruleset: Ruleset) -> None:
        self._facts = facts
        self._ruleset = ruleset
        self._inherits = ruleset.inherit is not None
        self._counted = _Counted()

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
        at = epoch_seconds(now.astimezone(UTC))
        if not self._inherits:
            return self._count(dict.fromkeys(tasks), at)
        return self._remembered(tasks, at).sheets

    def _scored(self, make: Callable[..., Scored], task: int, now: datetime) -> Scored:
        facts = self._facts[task]
        direct: list[int] = list(self._ready(facts)) if self._inherits else []
        if not direct:
            return make(facts, self._ruleset, now)
        at = epoch_seconds(now.astimezone(UTC))
        counted: _Counted = self._remembered(direct, at)
        made = make(facts, self._ruleset, now, self._waiting(task, counted.sheets))
        own = None if made.valid_until is None else epoch_seconds(made.valid_until)
        changes: list[int | None] = [own, *(counted.soonest[each] for each in direct)]
        first = min((change for change in changes if change is not None), default=None)
        return replace(made, valid_until=None if first is None else self._until(task, at, first))

    def _ready(self, facts: Facts) -> Iterable[int]:
        return (each for each in waiting_ids(facts) if each in self._facts)

    def _remembered(self, tasks: Iterable[int], at: int) -> _Counted:
        """The sums of tasks and of all that wait for them. Those of one second are kept: of a long chain each is
        counted once."""
        if self._counted.second != at:
            self._counted = _Counted(at)
        counted = self._counted
        for task in tasks:
            if task in counted.sheets:
                continue
            for each in [*self._order(task, known=counted.sheets), task]:
                waiting = self._waiting(each, counted.sheets)
                sheet = Sheet(values_by_name(self._facts[each]), self._ruleset, at, waiting)
                later = [sheet.next_change, *(counted.soonest[other.task] for other in waiting)]
                counted.sheets[each] = sheet
                counted.soonest[each] = min((change for change in later if change is not None), default=None)
        return counted

    def _until(self, task: int, at: int, change: int) -> datetime | None:
        """When time alone changes the task, or what the others give it: their changes need not change it. `change` is
        the first among all of them; it is taken as it is where they are too many to follow."""
        order = [*self._order(task, most=_MOST_FOLLOWED), task]
        if len(order) > _MOST_FOLLOWED:
            return moment(change)
        before = _visible(self._count(order, at)[task])
        for _ in range(max(1, _MOST_COUNTED // len(order))):
            counted = self._count(order, change)
            if _visible(counted[task]) != before:
                break
            following = [sheet.next_change for sheet in counted.values() if sheet.next_change is not None]
            if not following:
                return None
            change = min(following)
        return moment(change)

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
        without = self._ruleset.inherit.without if self._ruleset.inherit else ()
        units = (
            sheet.units - sum(line.units for line in sheet.lines if line.rule in without) if without else sheet.units
        )
        points = self._ruleset.points
        return Waiting(task, named, units, str(points(units)), str(points(sheet.units)))

    def _order(self, task: int, *, known: Container[int] = (), most: int | None = None) -> list[int]:
        """All that wait for a task, directly or through others: each after those that wait for it. A circle, which
        nothing stores, is cut where it closes. What is `known` is left out, with what waits for it; beyond `most` the
        search ends."""
        order: list[int] = []
        seen = {task}
        path = [(task, iter(waiting_ids(self._facts[task])))]
        while path and (most is None or len(seen) <= most + 1):
            here, rest = path[-1]
            each = next(rest, None)
            if each is None:
                path.pop()
                order.append(here)
            elif each in self._facts and each not in seen and each not in known:
                seen.add(each)
                path.append((each, iter(waiting_ids(self._facts[each]))))
        return order[:-1] if not path else [*order, *(here for here, _ in reversed(path))]


def _visible(sheet: Sheet) -> tuple[Any, ...]:
    return sheet.units, sheet.tier, tuple((line.rule, line.units, line.say) for line in sheet.lines)
