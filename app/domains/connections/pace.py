"""How pulls and imports went over a time: how many runs failed, how long they took, how old what is known became."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, case, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.connections.models import SyncRun

_ENDED = ("succeeded", "failed")
_MIDDLE = 2


async def runs_since(session: AsyncSession, start: datetime, integration_ids: list[int]) -> Mapping[int, AnyRow]:
    """By integration, of the runs that ended since: `runs`, `failed`, `read`, `refused`, and `worst_s`, the longest."""
    took = await _seconds(session, SyncRun.started_at, SyncRun.finished_at)
    query = select(
        SyncRun.integration_id,
        func.count().label("runs"),
        func.sum(case((SyncRun.state == "failed", 1), else_=0)).label("failed"),
        func.sum(SyncRun.read).label("read"),
        func.sum(SyncRun.refused).label("refused"),
        func.max(took).label("worst_s"),
    )
    query = query.where(*_ended(start, integration_ids)).group_by(SyncRun.integration_id)
    return {row.integration_id: row for row in await session.execute(query)}


async def medians_since(session: AsyncSession, start: datetime, integration_ids: list[int]) -> Mapping[int, float]:
    """By integration, the seconds that the middle one of the runs that ended since took; of two, their mean."""
    took = await _seconds(session, SyncRun.started_at, SyncRun.finished_at)
    own = SyncRun.integration_id
    place = func.row_number().over(partition_by=own, order_by=took).label("place")
    of = func.count().over(partition_by=own).label("of")
    ended = select(own, took.label("took"), place, of)
    ranked = ended.where(*_ended(start, integration_ids), SyncRun.started_at.is_not(None)).subquery()
    # Twice a place is compared: of five the third, of four the second and the third.
    middle = ranked.c.place * _MIDDLE
    query = select(ranked.c.integration_id, func.avg(ranked.c.took).label("took"))
    query = query.where(middle >= ranked.c.of, middle <= ranked.c.of + _MIDDLE).group_by(ranked.c.integration_id)
    return {row.integration_id: float(row.took) for row in await session.execute(query)}


async def longest_gaps_since(session: AsyncSession, start: datetime, integration_ids: list[int]) -> Mapping[int, float]:
    """By integration, how old what is known was at most when a pull that ended since succeeded: what is known then is
    as old as the beginning of the pull before it that succeeded."""
    own = SyncRun.integration_id
    before = func.lag(SyncRun.started_at).over(partition_by=own, order_by=(SyncRun.finished_at, SyncRun.id))
    pulls = select(own, SyncRun.finished_at, before.label("before"))
    pulls = pulls.where(SyncRun.state == "succeeded", SyncRun.reason != "import", own.in_(integration_ids))
    gaps = pulls.where(SyncRun.finished_at.is_not(None)).subquery()
    age = await _seconds(session, gaps.c.before, gaps.c.finished_at)
    query = select(gaps.c.integration_id, func.max(age).label("age"))
    query = query.where(gaps.c.finished_at >= start, gaps.c.before.is_not(None)).group_by(gaps.c.integration_id)
    return {row.integration_id: float(row.age) for row in await session.execute(query)}


def _ended(start: datetime, integration_ids: list[int]) -> tuple[ColumnElement[bool], ...]:
    ours = SyncRun.integration_id.in_(integration_ids)
    return SyncRun.finished_at >= start, SyncRun.state.in_(_ENDED), ours


async def _seconds(session: AsyncSession, begun: Any, ended: Any) -> ColumnElement[float]:
    if (await session.connection()).dialect.name == "sqlite":
        days: ColumnElement[float] = func.julianday(ended) - func.julianday(begun)
        return days * 86_400.0
    return cast(func.extract("epoch", ended - begun), Float)
