"""Which tasks would have stood in the first twenty, and when: a ruleset applied to what was known then. Pure.

At each moment of a grid the tasks that were open are ranked by what was known of them. A score holds until its next
change, so most of them are counted once for many moments: the cost follows what changed, not how fine the grid is.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domains.ranking.engine import order_key
from app.domains.ranking.explanation import OrderKey, Standing
from app.domains.ranking.facts import Facts, FactValue
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.review.lateness import TOP_TWENTY
from app.domains.ranking.rules import Ruleset
from app.domains.ranking.sheet import Sheet
from app.domains.ranking.storage import values_by_name


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a task was open; `end` is the first moment at which it no longer was, None: it still is."""

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of a task."""

    task: int
    opened_at: datetime
    open: Sequence[Span]
    """In the order of time."""
    versions: Sequence[tuple[datetime | None, Facts]]
    """What was known of it, each with the moment from which on it was (None: from the beginning), the oldest first."""

    def was_open(self, at: datetime) -> bool:
        return any(span.holds(at) for span in self.open)


def moments(since: datetime, until: datetime, most: int, finest: timedelta) -> list[datetime]:
    """A grid that ends at `until` and begins at `since` or after it: at most `most` moments, not closer than `finest`,
    evenly apart."""
    if until <= since:
        return [until]
    steps = max(1, min(most - 1, (until - since) // finest))
    return [until - (until - since) * back / steps for back in range(steps, -1, -1)]


def in_top_twenty(pasts: Sequence[Past], ruleset: Ruleset, grid: Sequence[datetime]) -> dict[int, list[datetime]]:
    """By task, the moments of the grid (the earliest first) at which it stood in the first twenty; those that never did
    are left out. What waits for a task counts for nothing here."""
    runners = [_Runner(past, ruleset) for past in pasts]
    found: dict[int, list[datetime]] = {}
    for at in grid:
        second = epoch_seconds(at.astimezone(UTC))
        keys = [key for runner in runners if (key := runner.key(at, second)) is not None]
        for key in heapq.nsmallest(TOP_TWENTY, keys):
            found.setdefault(key[-1], []).append(at)
    return found


def moments_of_choice(pasts: Sequence[Past], grid: Sequence[datetime]) -> int:
    """At how many moments more than twenty tasks were open, so that not all of them stood in the first twenty."""
    return sum(sum(past.was_open(at) for past in pasts) > TOP_TWENTY for at in grid)


class _Runner:
    """One task on its way through a grid, whose moments only go forward."""

    def __init__(self, past: Past, ruleset: Ruleset) -> None:
        self._past = past
        self._ruleset = ruleset
        self._version = -1
        self._known: dict[str, FactValue] = {}
        self._key: OrderKey | None = None
        self._until: int | None = None
        """The second from which on the key may be another one; None: never."""

    def key(self, at: datetime, second: int) -> OrderKey | None:
        """Where the task stands; None where it was not open."""
        if not self._past.was_open(at):
            return None
        newer = self._advance(at)
        if newer or self._key is None or (self._until is not None and second >= self._until):
            sheet = Sheet(self._known, self._ruleset, second)
            self._until = sheet.next_change
            self._key = self._placed(sheet, at)
        return self._key

    def _advance(self, at: datetime) -> bool:
        """Go to what was known at `at`. Returns whether that is anything else."""
        versions, version = self._past.versions, max(0, self._version)
        while version + 1 < len(versions) and (versions[version + 1][0] or at) <= at:
            version += 1
        if version == self._version:
            return False
        self._version = version
        self._known = values_by_name(versions[version][1])
        return True

    def _placed(self, sheet: Sheet, at: datetime) -> OrderKey:
        rules, due = self._ruleset, self._known.get("due_at")
        standing = Standing(at, sheet.tier or "normal", rules.points(sheet.units), rules.band(sheet.units), None, ())
        deadline = due if isinstance(due, datetime) else None
        return order_key(standing, deadline, self._past.opened_at, self._past.task)
