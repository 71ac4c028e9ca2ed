"""After another ruleset became active: every open task is ranked by it, the top of the queue first.

A ruleset that differs in some rules only is compared with the one that gave the scores: tasks for which those rules say
the same keep their scores, and only note that these hold under the new one too. Everything is found by what the tasks
themselves say they were ranked with, so it may be stopped anywhere, and another activation in between is no harm.
"""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import log
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
from app.workflows.defects import DATABASE_AWAY, DEFECTS
from app.workflows.moving import Moves

_log = log.get(__name__)

MOST_AT_ONCE = 10_000
"""Tasks found by one query; each slice of them is a transaction of its own."""
_SLICE = 500
_COMPARED = 2_000
"""Tasks that are compared in one transaction, where only some rules differ."""
_MOST_COMPARED = 100_000
"""Tasks of which the ids are held at once for that."""
_FAILED_FOR = timedelta(hours=1)
_BUSY_FOR_S, _PAUSE_S = 1.0, 0.15
"""Who waits for SQLite's write lock looks for it every 100 ms: after so long they get their turn."""


async def rerank(database: Database, ruleset: Ruleset, *, now: datetime, moves: Moves | None = None) -> int:
    """Rank by the active ruleset the tasks that another one ranked. Returns how many; call it again while that is not
    0. `moves` tells those who watch, where they are to be told."""
    async with database.reading() as session:
        rows = (await session.execute(_outranked(ruleset.stamp))).all()
        stamps = dict.fromkeys(row.scored_with for row in rows)
        differences = {stamp: await _difference(session, stamp, ruleset) for stamp in stamps}
    of = _Round(database, ruleset, now, moves)
    done, known = 0, {stamp: found for stamp, found in differences.items() if found is not None}
    for stamp, found in known.items():
        done += await _rank_touched(of, stamp, found)
    for some in chunks([row.id for row in rows if row.scored_with not in known], _SLICE):
        await of.rank(some)
        done += len(some)
    return done


class _Round:
    """Ranking by one ruleset: a slice of tasks in each transaction, and one by one where a slice meets a defect."""

    def __init__(self, database: Database, ruleset: Ruleset, now: datetime, moves: Moves | None) -> None:
        self.database = database
        self._moves = moves
        self.ruleset = ruleset
        self.now = now
        self._since = time.monotonic()

    async def rank(self, ids: Sequence[int]) -> None:
        """Score the tasks and store that; whoever can't be scored is tried again in an hour, and stops no other."""
        try:
            async with self.database.writing() as session:
                await self.score(session, ids)
        except DATABASE_AWAY:
            raise
        except DEFECTS:
            _log.exception("tasks could not be ranked together", tasks=len(ids))
            for task_id in ids:
                await self._single(task_id)
        await self.give_way()

    async def score(self, session: AsyncSession, ids: Sequence[int]) -> None:
        done = await scoring.rescore(session, ids, self.ruleset, now=self.now)
        await self._put_off(session, done.failed)
        await scoring.lift(session, ids, self.ruleset, now=self.now)
        if self._moves is not None:
            await self._moves.moved(session, ids, self.now)

    async def give_way(self) -> None:
        if time.monotonic() - self._since > _BUSY_FOR_S:
            await asyncio.sleep(_PAUSE_S)
            self._since = time.monotonic()

    async def _single(self, task_id: int) -> None:
        try:
            async with self.database.writing() as session:
                await self.score(session, [task_id])
        except DATABASE_AWAY:
            raise
        except DEFECTS:
            _log.exception("a task could not be ranked", task=task_id)
            async with self.database.writing() as session:
                await self._put_off(session, [task_id])

    async def _put_off(self, session: AsyncSession, ids: Collection[int]) -> None:
        if ids:
            later = {"scored_with": self.ruleset.stamp, "valid_until": self.now + _FAILED_FOR}
            await session.execute(update(Task).where(Task.id.in_(ids)).values(later))


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


async def _rank_touched(of: _Round, stamp: str, found: Difference) -> int:
    """Rank the tasks that stand otherwise, and let all others note that they don't. Returns how many there were.

    A task is compared and noted in one transaction that has it locked: nobody changes it in between. Who is locked by
    somebody else is left for the next round.
    """
    async with of.database.reading() as session:
        query = select(Task.id).where(Task.scored_with == stamp, Task.status.in_(ACTIVE), Task.deleted_at.is_(None))
        ids = (await session.execute(query.order_by(Task.id).limit(_MOST_COMPARED))).scalars().all()
    done = 0
    for some in chunks(ids, _COMPARED):
        async with of.database.writing() as session:
            # By id alone: Postgres takes a stamp that is younger than its statistics for a rare one, and would read
            # everything that has it for each of these pages.
            query = _looked_at(found).where(Task.id.in_(some)).order_by(Task.id)
            locked = (await session.execute(query.with_for_update(of=Task, skip_locked=True))).all()
            rows = [row for row in locked if row.scored_with == stamp and row.status in ACTIVE]
            touched = await asyncio.to_thread(_touched, rows, found, epoch_seconds(of.now))
            for same in chunks([row.id for row in rows if row.id not in touched]):
                await session.execute(update(Task).where(Task.id.in_(same)).values(scored_with=of.ruleset.stamp))
        for others in chunks(sorted(touched), _SLICE):
            await of.rank(others)
        await of.give_way()
        done += len(rows)
    return done


def _looked_at(found: Difference) -> Any:
    """Of large facts only what the rules look at is read."""
    facts = [TaskFacts.facts] if found.asks_known else [TaskFacts.facts[n].label(n) for n in sorted(found.facts)]
    return select(Task.id, Task.scored_with, Task.status, *facts).join(TaskFacts, Task.id == TaskFacts.task_id)


def _touched(rows: Sequence[AnyRow], found: Difference, second: int) -> set[int]:
    touched = set()
    for row in rows:
        try:
            known = values_by_name(StoredFacts(_facts(row, found)))
            if found.touches(known, second):
                touched.add(row.id)
        except DEFECTS:  # then it can't be told: it is ranked, and what is wrong with it met there
            touched.add(row.id)
    return touched


def _facts(row: AnyRow, found: Difference) -> Mapping[str, Any]:
    if found.asks_known:
        facts: Mapping[str, Any] = row.facts
        return facts
    named = row._mapping
    return {name: named[name] for name in found.facts if named[name] is not None}
