"""Tasks whose integration can't be trusted say so, and those whose integration is back no longer do.

Some at a time, each some a transaction of its own; what is marked already is remembered with the integration's level,
so that a look costs nothing while nothing changes, and a kill in between is no harm. Only tasks that are open or
snoozed are marked: what is done is not looked at for what to do. The fact `stale` follows where a rule looks at it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import events
from app.core.rows import AnyRow
from app.domains.monitoring import standing
from app.domains.monitoring.models import StoredLevel
from app.domains.ranking import Ruleset
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.sources import ACTIVE
from app.workflows.importing import Importing
from app.workflows.rescoring import PUT_OFF

_AT_ONCE = 500
_OUTDATED = ""
"""In `derived_with`: its facts are to be derived again."""
_TO_DERIVE = (_OUTDATED, PUT_OFF)
Mark = Literal["", "stale", "derived"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the tasks of an integration have to say of it."""

    integration_id: int
    title: str
    mark: Mark

    @property
    def name(self) -> str:
        return standing.name_of(self.integration_id)


async def mark(work: Importing, *, now: datetime) -> bool:
    """Mark some tasks. Returns whether there may be more that can be marked now."""
    async with work.database.reading() as session:
        if not (rows := await _unmarked(session)):
            return False
        ruled = looks_at_stale((await work.judge.policy(session)).ruleset)
    wanted = next((found for row in rows if (found := _wanted(row, ruled=ruled))), None)
    if wanted is None:
        return False
    async with work.database.writing() as session:
        done = await _mark_some(session, wanted, ruled=ruled)
        if done:
            data = {"changed": done, "integration": wanted.integration_id}
            await events.append(session, "queue.changed", data, now=now)
        # From the first on something is marked: what is taken back halfway is taken back from these too.
        more = done == _AT_ONCE or not await _are_all(session, wanted, ruled=ruled)
        marked = standing.BEGUN if more else wanted.mark
        await session.execute(update(StoredLevel).where(StoredLevel.name == wanted.name).values(marked=marked))
    return done > 0 or not more


async def _unmarked(session: AsyncSession) -> Sequence[AnyRow]:
    """Integrations of which tasks may have to say something else; none while all is well."""
    differs = or_(
        and_(StoredLevel.level != "NORMAL", StoredLevel.marked != "derived"),
        and_(StoredLevel.level == "NORMAL", StoredLevel.marked != ""),
    )
    query = select(StoredLevel.name, StoredLevel.level, StoredLevel.marked)
    query = query.where(StoredLevel.name.startswith(standing.PREFIX), differs).order_by(StoredLevel.name)
    return (await session.execute(query)).all()


def _wanted(row: AnyRow, *, ruled: bool) -> _Wanted | None:
    mark: Mark = "" if row.level == "NORMAL" else "derived" if ruled else "stale"
    return None if row.marked == mark else _Wanted(int(row.name.removeprefix(standing.PREFIX)), row.name, mark)


def _differing(wanted: _Wanted, *, ruled: bool) -> Select[int, bool, str, bool]:
    """Its tasks that say something else."""
    stale = bool(wanted.mark)
    here = (Task.integration_id == wanted.integration_id, Task.status.in_(ACTIVE), Task.deleted_at.is_(None))
    says = TaskFacts.facts["stale"]["value"].as_boolean()
    other: ColumnElement[bool] = Task.stale.is_not(stale)
    if ruled and stale:  # they may have been marked before a rule looked at it
        other = or_(other, and_(says.is_(not stale), Task.derived_with.not_in(_TO_DERIVE)))
    query = select(Task.id, Task.stale, Task.derived_with, says.label("says"))
    return query.outerjoin(TaskFacts, TaskFacts.task_id == Task.id).where(*here, other)


async def _are_all(session: AsyncSession, wanted: _Wanted, *, ruled: bool) -> bool:
    """Whether none says something else, and none will: those that somebody works on were left for later."""
    if not await standing.all_have_written(session):
        return False
    return (await session.execute(_differing(wanted, ruled=ruled).limit(1))).first() is None


async def _mark_some(session: AsyncSession, wanted: _Wanted, *, ruled: bool) -> int:
    """Some of its tasks that say something else. Their score's revision grows: an answer with another word in it has
    another ETag. Returns how many there were.

    Nobody is waited for: whoever works on a task may be waiting for another that is locked here."""
    stale = bool(wanted.mark)
    query = _differing(wanted, ruled=ruled).order_by(Task.id).limit(_AT_ONCE)
    rows = (await session.execute(query.with_for_update(of=Task, skip_locked=True))).all()
    grown = {"stale": stale, "score_revision": Task.score_revision + 1}
    await _update(session, [row.id for row in rows if row.stale != stale], grown)
    # A fact that says what is no longer so is derived again; one that nothing looks at may come late.
    behind = [row for row in rows if row.says is not None and row.says != stale and (ruled or not stale)]
    again = [row.id for row in behind if row.derived_with not in _TO_DERIVE]
    await _update(session, again, {"derived_with": _OUTDATED})
    return len(rows)


async def _update(session: AsyncSession, ids: Sequence[int], values: dict[str, object]) -> None:
    if ids:
        await session.execute(update(Task).where(Task.id.in_(ids)).values(values))


def looks_at_stale(ruleset: Ruleset) -> bool:
    """Whether a rule of it asks for the fact `stale`."""
    found = [each.condition for each in ruleset.rules] + [each.condition for each in ruleset.targets]
    found += [each.condition for each in ruleset.overrides]
    return any(condition is not None and "stale" in condition.names for condition in found)
