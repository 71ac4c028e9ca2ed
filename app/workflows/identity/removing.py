"""Removing a user, with what other domains keep of them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections import privacy
from app.domains.identity import keys, users
from app.domains.saved_views import service as saved_views


async def revoke_keys(session: AsyncSession, user_id: int, *, now: datetime) -> None:
    """End the keys that a user made for nobody."""
    for key in await keys.left_by(session, user_id, now=now):
        await keys.revoke(session, key, now=now)


async def remove(session: AsyncSession, user_id: int) -> None:
    """Their sessions and keys end, and the views that they alone saw; what integrations they owned, and what views they
    shared, are nobody's, and stay. Raises NotFound, Conflict."""
    user = await users.get(session, user_id, lock=True)
    await saved_views.leave(session, user_id)
    await users.remove(session, user)
    await privacy.disown(session, user_id)
