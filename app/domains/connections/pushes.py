"""What a service tells by itself: that something is new, or that an account lost its access. Functions flush and never
commit.

Something new is pulled at once, but for two reasons not to: a pull goes on already, which is followed by another
(pulls.succeeded); or one began only now, so that a burst makes a pull every few seconds and not one each. What is
failing keeps its own times: whoever sends us word does not make it well.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Category, NotFound
from app.domains.connections import pulls
from app.domains.connections.models import Integration
from app.domains.connections.rules import Cause, State


class Effect(StrEnum):
    """What word of something new did to an integration."""

    QUEUED = "queued"
    FOLLOWS = "follows"
    """A pull waits or goes on; where it began before, another comes right after it."""
    SOON = "soon"
    """It is pulled when the one before is a few seconds past, or when its failures let it be tried again."""
    NOTHING = "nothing"
    """It is paused, needs to be connected again, or nothing here can pull it."""


async def of_account(session: AsyncSession, account_id: str) -> Sequence[int]:
    """Ids of the integrations that are pulled through the account."""
    own = Integration.gateway["connected_account_id"].as_string() == account_id
    return (await session.execute(select(Integration.id).where(own).order_by(Integration.id))).scalars().all()


async def something_new(
    session: AsyncSession, integration_id: int, *, kinds: Collection[str], now: datetime
) -> tuple[Integration, Effect] | None:
    """`kinds`: those that can be pulled. None where the integration is gone."""
    integration = await pulls.locked_if_there(session, integration_id)
    if integration is None:
        return None
    integration.pushed_at = now
    await session.flush()
    if integration.paused or integration.state == State.NEEDS_RECONNECT or integration.kind not in kinds:
        return integration, Effect.NOTHING
    if await pulls.unfinished_of(session, integration_id) is not None:
        return integration, Effect.FOLLOWS
    soonest = _soonest(integration, now)
    if soonest <= now:
        await pulls.request(session, integration_id, now=now)
        return integration, Effect.QUEUED
    integration.next_sync_at = min(integration.next_sync_at or soonest, soonest)
    await session.flush()
    return integration, Effect.SOON


def _soonest(integration: Integration, now: datetime) -> datetime:
    if integration.failures and integration.next_sync_at is not None:
        return integration.next_sync_at
    return integration.last_started_at + pulls.PUSHED_AGAIN if integration.last_started_at else now


async def access_lost(session: AsyncSession, integration_id: int, detail: str, *, now: datetime) -> Integration | None:
    """A person has to connect the account again; until then nothing is pulled. None where the integration is gone."""
    integration = await session.get(Integration, integration_id)
    if integration is None:
        return None
    try:
        await pulls.stop(session, integration, now=now)
    except NotFound:
        return None
    integration.state, integration.next_sync_at = State.NEEDS_RECONNECT, None
    integration.last_error = {
        "category": Category.AUTHENTICATION,
        "detail": detail,
        "at": now.isoformat(),
        "cause": Cause.ACCESS,
    }
    integration.first_failed_at = integration.first_failed_at or now
    integration.last_failed_at = integration.updated_at = now
    await session.flush()
    return integration
