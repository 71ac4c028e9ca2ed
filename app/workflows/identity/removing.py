"""Removing a user, with what other domains keep of them."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections import privacy
from app.domains.identity import users


async def remove(session: AsyncSession, user_id: int) -> None:
    """Their sessions and keys end; what integrations they owned are nobody's, and stay. Raises NotFound, Conflict."""
    user = await users.get(session, user_id, lock=True)
    await users.remove(session, user)
    await privacy.disown(session, user_id)
