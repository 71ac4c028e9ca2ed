"""Deliveries that were taken already: services deliver at least once, and each is acted upon once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import one_at_a_time
from app.domains.connections.models import ReceivedWebhook

LONGEST_ID = 200
_FOR = timedelta(days=1)
"""A repeat is signed anew within minutes, or given up."""


async def first_time(session: AsyncSession, delivery_id: str, *, now: datetime) -> bool:
    """Whether it was never taken before; from now on it was, if the transaction holds. Two at the same moment come one
    after the other."""
    await one_at_a_time(session, f"delivery {delivery_id}")
    if await session.get(ReceivedWebhook, delivery_id) is not None:
        return False
    session.add(ReceivedWebhook(id=delivery_id, at=now))
    await session.flush()
    return True


async def forget_old(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(ReceivedWebhook).where(ReceivedWebhook.at < now - _FOR))
