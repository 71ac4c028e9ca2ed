"""Where the open tasks stand under two rulesets at one moment, for thousands of tasks within a second.

Facts are read as text and counted a few hundred tasks at a time in a thread, so that the server goes on answering.
Where a stored score is that of the ruleset compared with and still holds, it is taken as it is.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow, streamed
from app.domains.ranking import Facts, Ruleset, StoredFacts
from app.domains.ranking.engine import order_key
from app.domains.ranking.explanation import Standing
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.network import Network, waiting_ids
from app.domains.ranking.review.failures import Failures
from app.domains.ranking.review.firing import Firing
from app.domains.ranking.review.movement import Place
from app.domains.ranking.sheet import Sheet
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.networks import add_waiting

AT_ONCE = 250
"""So many tasks are counted before others get their turn: some ten milliseconds."""

MOST_SECONDS = 10
"""After so long no further tasks are counted: with 500 rules that may be before the last of 10,000."""
_USUAL_RULES = 50

_RANK = (Task.rank_tier, Task.rank_points, Task.rank_due, Task.opened_at, Task.id)
_COLUMNS: tuple[Any, ...] = (
    *(Task.id, Task.due_at, Task.opened_at, Task.tier, Task.points_milli, Task.band, Task.valid_until),
    *(Task.scored_with, cast(TaskFacts.facts, Text).label("facts")),
)
OPEN = (Task.status == "open", Task.deleted_at.is_(None))


@dataclass(slots=True)
class Standings:
    """The tasks looked at, by id, and how they stand before and after."""

    before: dict[int, Place] = field(default_factory=dict)
    after: dict[int, Place] = field(default_factory=dict)
    failures: Failures = field(default_factory=Failures)
    """Of the draft's rules."""
    firing: Firing = field(default_factory=Firing)
    """Of those of the draft's rules that were to be watched."""
    networked: dict[int, StoredFacts] = field(default_factory=dict)
    """The facts of the tasks for which others wait, counted last."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rulesets and the moment at which they are compared."""

    against: Ruleset
    draft: Ruleset
    now: datetime

    @property
    def inherits(self) -> bool:
        return self.against.inherit is not None or self.draft.inherit is not None


def so_many(most: int, *rulesets: Ruleset) -> int:
    """How many tasks are looked at of at most `most`: with more than fifty rules fewer, for each takes longer."""
    rules = max(len(ruleset.rules) for ruleset in rulesets)
    return most * _USUAL_RULES // max(_USUAL_RULES, rules)


async def count_open(session: AsyncSession) -> int:
    """How many tasks are open."""
    return int((await session.execute(select(func.count()).select_from(Task).where(*OPEN))).scalar_one())


async def open_facts(session: AsyncSession, *, limit: int) -> AsyncGenerator[Sequence[AnyRow], None]:
    """The first `limit` open tasks in rank order with their facts as JSON text, some at once."""
    query = select(*_COLUMNS).join(TaskFacts, TaskFacts.task_id == Task.id).where(*OPEN).order_by(*_RANK).limit(limit)
    async with streamed(session, query, at_once=AT_ONCE) as rows:
        async for some in rows.partitions():
            yield some


async def standings(
    session: AsyncSession, compared: Comparison, *, limit: int, watched: Iterable[str] = ()
) -> Standings:
    """How the first `limit` open tasks stand under both rulesets. A task without facts is left out. `watched` are ids
    of the draft's rules and overrides."""
    found, begun = Standings(firing=Firing(watched)), time.monotonic()
    rows: dict[int, AnyRow] = {}
    async with aclosing(open_facts(session, limit=limit)) as slices:
        async for some in slices:
            await asyncio.to_thread(_count, found, some, compared)
            rows |= {row.id: row for row in some if row.id in found.networked}
            if time.monotonic() - begun > MOST_SECONDS:
                break
    if found.networked:
        facts: dict[int, Facts] = {**found.networked}
        await add_waiting(session, facts)
        await asyncio.to_thread(_count_network, found, rows, facts, compared)
    return found


def _count(found: Standings, rows: Sequence[AnyRow], compared: Comparison) -> None:
    second = epoch_seconds(compared.now)
    for row in rows:
        stored = StoredFacts(json.loads(row.facts))
        if compared.inherits and waiting_ids(stored):
            found.networked[row.id] = stored
            continue
        known = stored.values_by_name()
        kept = _kept(row, compared)
        found.before[row.id] = kept or _place(Sheet(known, compared.against, second), compared.against, row)
        sheet = Sheet(known, compared.draft, second)
        found.after[row.id] = _place(sheet, compared.draft, row)
        found.failures.look(row.id, sheet)
        found.firing.look(sheet)


def _count_network(
    found: Standings, rows: Mapping[int, AnyRow], facts: Mapping[int, Facts], compared: Comparison
) -> None:
    """Those for which others wait: each after those."""
    before = Network(facts, compared.against).sheets(found.networked, compared.now)
    after = Network(facts, compared.draft).sheets(found.networked, compared.now)
    for task, row in rows.items():
        found.before[task] = _place(before[task], compared.against, row)
        found.after[task] = _place(after[task], compared.draft, row)
        found.failures.look(task, after[task])
        found.firing.look(after[task])


def _kept(row: AnyRow, compared: Comparison) -> Place | None:
    """The stored score, where it is that of the ruleset compared with, and holds."""
    holds = row.valid_until is None or row.valid_until > compared.now
    if not holds or row.scored_with != compared.against.stamp:
        return None
    points = Decimal(row.points_milli).scaleb(-3) if row.points_milli % 1000 else row.points_milli // 1000
    return _placed(Standing(compared.now, row.tier, points, row.band, row.valid_until, ()), row)


def _place(sheet: Sheet, rules: Ruleset, row: AnyRow) -> Place:
    points, band = rules.points(sheet.units), rules.band(sheet.units)
    return _placed(Standing(row.opened_at, sheet.tier or "normal", points, band, None, ()), row)


def _placed(standing: Standing, row: AnyRow) -> Place:
    return Place(order_key(standing, row.due_at, row.opened_at, row.id), standing.band, standing.points)
