"""Which items of an integration are stored and there: what a pull compares with what it found at the source."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks.models import StoredItem


async def external_ids(
    session: AsyncSession,
    integration_id: int,
    *,
    prefix: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> frozenset[str]:
    """Ids that begin with `prefix`, of items sent from `since` to `until` (both included) that are not gone."""
    query = select(StoredItem.external_id).where(
        StoredItem.integration_id == integration_id, StoredItem.gone_at.is_(None)
    )
    if prefix:
        query = query.where(StoredItem.external_id.startswith(prefix, autoescape=True))
    if since is not None:
        query = query.where(StoredItem.sent_at >= since)
    if until is not None:
        query = query.where(StoredItem.sent_at <= until)
    return frozenset((await session.execute(query)).scalars())
