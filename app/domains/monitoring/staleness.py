"""What an explanation says of a task whose integration can't be trusted now. It stands beside the score, not in it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.models import Integration
from app.domains.monitoring import standing
from app.domains.monitoring.models import StoredLevel


@dataclass(frozen=True, slots=True)
class Stale:
    """An integration that can't be trusted."""

    integration: str
    since: datetime | None
    """Nothing is known of it after that; None: it was never heard."""
    reason: str


async def stale_among(session: AsyncSession, integrations: Collection[str]) -> list[Stale]:
    """Those of the integrations, by name, that can't be trusted."""
    if not integrations:
        return []
    ids = (await session.execute(select(Integration.id).where(Integration.name.in_(integrations)))).scalars().all()
    found = [await stale_of(session, each) for each in sorted(ids)]
    return [each for each in found if each is not None]


async def stale_of(session: AsyncSession, integration_id: int | None) -> Stale | None:
    """None where the integration is trusted, or there is none."""
    if integration_id is None:
        return None
    told = await session.get(StoredLevel, standing.name_of(integration_id))
    if told is None or told.level == "NORMAL":
        return None
    query = select(Integration.name, Integration.cursor_at, Integration.last_success_at)
    row = (await session.execute(query.where(Integration.id == integration_id))).one_or_none()
    return None if row is None else Stale(row.name, row.cursor_at or row.last_success_at, told.reason)
