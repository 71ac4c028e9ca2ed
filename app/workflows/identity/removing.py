"""Removing a user, with what other domains keep of them."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.models import Integration
from app.domains.identity import users


async def remove(session: AsyncSession, user_id: int) -> None:
    """Their sessions and keys end; what integrations they owned are nobody's, and stay. Raises NotFound, Conflict."""
    user = await users.get(session, user_id, lock=True)
    await users.remove(session, user)
    await session.execute(update(Integration).where(Integration.owner_id == user_id).values(owner_id=None))
