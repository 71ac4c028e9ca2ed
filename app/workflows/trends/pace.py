"""How each integration's runs went over the last days."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains import connections
from app.domains.connections import pace
from app.domains.connections.models import Integration
from app.workflows.trends.schemas import PaceOut

MOST = 200


async def paces(session: AsyncSession, *, since: datetime, now: datetime) -> Sequence[PaceOut]:
    """Of the integrations that whoever acts may see."""
    found = await connections.service.every(session, limit=MOST)
    ids = [each.id for each in found]
    runs = await pace.runs_since(session, since, ids)
    medians = await pace.medians_since(session, since, ids)
    gaps = await pace.longest_gaps_since(session, since, ids)
    return [_pace_out(each, runs.get(each.id), medians, gaps, now) for each in found]


def _pace_out(
    integration: Integration,
    runs: AnyRow | None,
    medians: Mapping[int, float],
    gaps: Mapping[int, float],
    now: datetime,
) -> PaceOut:
    median = medians.get(integration.id)
    return PaceOut(
        integration=integration.id,
        name=integration.name,
        kind=integration.kind,
        runs=runs.runs if runs else 0,
        failed=runs.failed if runs else 0,
        read=runs.read if runs else 0,
        refused=runs.refused if runs else 0,
        median_s=None if median is None else round(median, 3),
        worst_s=round(float(runs.worst_s), 3) if runs and runs.worst_s is not None else None,
        worst_age_s=_worst_age(integration, gaps.get(integration.id), now),
    )


def _worst_age(integration: Integration, gap: float | None, now: datetime) -> float | None:
    if integration.cursor_at is None:
        return None if gap is None else round(gap, 3)
    return round(max(gap or 0.0, (now - integration.cursor_at).total_seconds(), 0.0), 3)
