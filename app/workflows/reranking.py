"""After another ruleset became active: every open task is ranked by it, the top of the queue first.

A ruleset that differs in some rules only is compared with the one that gave the scores: tasks for which those rules say
the same keep their scores, and only note that these hold under the new one too. Everything is found by what the tasks
themselves say they were ranked with, so it may be stopped anywhere, and another activation in between is no harm.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, chunks
from app.core.errors import NotFound
from app.core.rows import AnyRow
from app.domains import rulesets
from app.domains.ranking import Ruleset, StoredFacts
from app.domains.ranking.measures import epoch_seconds
from app.domains.ranking.review.difference import Difference, difference
from app.domains.ranking.ruleset import RulesetInvalid
from app.domains.ranking.storage import values_by_name
from app.domains.tasks import scoring
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.sources import ACTIVE

MOST_AT_ONCE = 10_000
"""Tasks found by one query; each slice of them is a transaction of its own."""
_SLICE = 500
_RANGE = 20_000
"""Ids that are compared at once where only some rules differ."""
_FAILED_FOR = timedelta(hours=1)


async def rerank(database: Database, ruleset: Ruleset, *, now: datetime) -> int:
    """Rank by the active ruleset the tasks that another one ranked. Returns how many; call it again while that is not
    0."""
    async with database.reading() as session:
        rows = (await session.execute(_outranked(ruleset.stamp))).all()
        stamps = dict.fromkeys(row.scored_with for row in rows)
        differences = {stamp: await _difference(session, stamp, ruleset) for stamp in stamps}
    done, known = 0, {stamp: found for stamp, found in differences.items() if found is not None}
    for stamp, found in known.items():
        done += await _rank_touched(database, stamp, found, ruleset, now)
    for some in chunks([row.id for row in rows if row.scored_with not in known], _SLICE):
        async with database.writing() as session:
            await _rank(session, some, ruleset, now)
        done += len(some)
    return done


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


async def _rank_touched(database: Database, stamp: str, found: Difference, ruleset: Ruleset, now: datetime) -> int:
    """Rank the tasks that stand otherwise, and let all others note that they don't. Returns how many there were."""
    done = 0
    async with database.reading() as session:
        outranked = (Task.scored_with == stamp, Task.status.in_(ACTIVE))
        first, last = (await session.execute(select(func.min(Task.id), func.max(Task.id)).where(*outranked))).one()
    for start in range(first or 0, (last or -1) + 1, _RANGE):
        these = (*outranked, Task.id >= start, Task.id < start + _RANGE)
        async with database.reading() as session:
            rows = (await session.execute(_looked_at(found).where(*these))).all()
        touched = await asyncio.to_thread(_touched, rows, found, epoch_seconds(now))
        for some in chunks(touched, _SLICE):
            async with database.writing() as session:
                await _rank(session, some, ruleset, now)
                await scoring.lift(session, some, ruleset, now=now)
        async with database.writing() as session:
            # Who was scored meanwhile says so, and is left alone.
            await session.execute(update(Task).where(*these).values(scored_with=ruleset.stamp))
        done += len(rows)
    return done


def _looked_at(found: Difference) -> Any:
    """Of large facts only what the rules look at is read."""
    facts = [TaskFacts.facts] if found.asks_known else [TaskFacts.facts[n].label(n) for n in sorted(found.facts)]
    return select(TaskFacts.task_id, *facts).join(Task, Task.id == TaskFacts.task_id)


def _touched(rows: Sequence[AnyRow], found: Difference, second: int) -> list[int]:
    return [row.task_id for row in rows if found.touches(values_by_name(StoredFacts(_facts(row, found))), second)]


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
