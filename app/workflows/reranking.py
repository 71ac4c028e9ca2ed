"""After another ruleset became active: every open task is ranked by it, the top of the queue first.

A ruleset that differs in some rules only is compared with the one that gave the scores: tasks for which those rules say
the same keep their scores, and only note that these hold under the new one too. Everything is found by what the tasks
themselves say they were ranked with, so it may be stopped anywhere, and another activation in between is no harm.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, chunks
from app.core.errors import NotFound
from app.core.rows import AnyRow
from app.domains import rulesets
from app.domains.ranking import Ruleset, StoredFacts
from app.domains.ranking.difference import Difference, difference
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.ruleset import RulesetInvalid
from app.domains.ranking.storage import values_by_name
from app.domains.tasks import scoring
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.sources import ACTIVE

MOST_AT_ONCE = 10_000
"""Tasks found by one query; each slice of them is a transaction of its own."""
_SLICE, _COMPARED_AT_ONCE = 500, 2_000
_FAILED_FOR = timedelta(hours=1)


async def rerank(database: Database, ruleset: Ruleset, *, now: datetime) -> int:
    """Rank tasks by the active ruleset that others were ranked by, at most MOST_AT_ONCE. Returns how many; call it
    again while that is not 0."""
    async with database.reading() as session:
        rows = (await session.execute(_outranked(ruleset.stamp))).all()
        differences = {stamp: await _difference(session, stamp, ruleset) for stamp in {row.scored_with for row in rows}}
    full: list[int] = []
    for stamp, found in differences.items():
        ids = [row.id for row in rows if row.scored_with == stamp]
        full += ids if found is None else await _keep_untouched(database, ids, stamp, found, ruleset, now)
    wanted = set(full)
    for some in chunks([row.id for row in rows if row.id in wanted], _SLICE):
        async with database.writing() as session:
            await _rank(session, some, ruleset, now)
    return len(rows)


async def left(session: AsyncSession, ruleset: Ruleset, *, most: int) -> int:
    """How many open tasks still stand where another ruleset put them, counted up to `most`."""
    return len((await session.execute(_outranked(ruleset.stamp).with_only_columns(Task.id).limit(most))).all())


def _outranked(stamp: str) -> Any:
    # Ranges of an index instead of an inequality, so that looking costs nothing where there are none.
    def ranges(status: str) -> list[ColumnElement[bool]]:
        return [and_(Task.status == status, other) for other in (Task.scored_with < stamp, Task.scored_with > stamp)]

    outranked = or_(*(each for status in ACTIVE for each in ranges(status)))
    query = select(Task.id, Task.scored_with).where(outranked, Task.deleted_at.is_(None))
    return query.order_by(Task.rank_tier, Task.rank_points, Task.id).limit(MOST_AT_ONCE)


async def _difference(session: AsyncSession, stamp: str, ruleset: Ruleset) -> Difference | None:
    """None where the ruleset that gave a score is not there any more, or not the same with today's calendars."""
    name, _, rest = stamp.partition("/")
    version = rest.partition("/")[0]
    if not version.isdigit():
        return None
    try:
        row = await rulesets.service.version_of(session, name, int(version))
        before = await rulesets.service.compiled(session, row)
    except (NotFound, RulesetInvalid):
        return None
    return difference(before, ruleset) if before.stamp == stamp else None


async def _keep_untouched(
    database: Database, ids: Sequence[int], stamp: str, found: Difference, ruleset: Ruleset, now: datetime
) -> list[int]:
    """Note of the tasks that stand the same that they do; returns the others."""
    touched: set[int] = set()
    for some in chunks(ids, _COMPARED_AT_ONCE):
        async with database.reading() as session:
            rows: list[AnyRow] = []
            for few in chunks(some):
                rows += (await session.execute(_looked_at(found).where(TaskFacts.task_id.in_(few)))).all()
        fresh = await asyncio.to_thread(_touched, rows, found, epoch_seconds(now))
        fresh |= set(some) - {row.task_id for row in rows}
        touched |= fresh
        async with database.writing() as session:
            for few in chunks([task_id for task_id in some if task_id not in fresh]):
                # Who was scored meanwhile says so, and is left alone.
                same = update(Task).where(Task.id.in_(few), Task.scored_with == stamp)
                await session.execute(same.values(scored_with=ruleset.stamp))
    return [task_id for task_id in ids if task_id in touched]


def _looked_at(found: Difference) -> Any:
    """Of large facts only what the rules look at is read."""
    if found.asks_known:
        return select(TaskFacts.task_id, TaskFacts.facts)
    return select(TaskFacts.task_id, *(TaskFacts.facts[name].label(name) for name in sorted(found.facts)))


def _touched(rows: Sequence[AnyRow], found: Difference, second: int) -> set[int]:
    return {row.task_id for row in rows if found.touches(values_by_name(StoredFacts(_facts(row, found))), second)}


def _facts(row: AnyRow, found: Difference) -> Mapping[str, Any]:
    if found.asks_known:
        facts: Mapping[str, Any] = row.facts
        return facts
    named = row._mapping
    return {name: named[name] for name in found.facts if named[name] is not None}


async def _rank(session: AsyncSession, ids: Sequence[int], ruleset: Ruleset, now: datetime) -> None:
    done = await scoring.rescore(session, ids, ruleset, now=now)
    if done.failed:
        later = {"scored_with": ruleset.stamp, "valid_until": now + _FAILED_FOR}
        await session.execute(update(Task).where(Task.id.in_(done.failed)).values(later))
    await scoring.lift(session, ids, ruleset, now=now)
