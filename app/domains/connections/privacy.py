"""Private integrations: who may see which. What that means everywhere else is in docs/privacy.md."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.models import Integration
from app.domains.identity.models import IntegrationViewer


async def hidden_from(session: AsyncSession, user_id: int | None) -> frozenset[int]:
    """Ids of the private integrations that a user may not see: neither theirs, nor were they named.

    None is nobody in particular, as a key that belongs to no user: all of them. Whether somebody is an admin does not
    matter.
    """
    query = select(Integration.id).where(Integration.private)
    if user_id is not None:
        shown = select(IntegrationViewer.integration_id).where(IntegrationViewer.user_id == user_id)
        not_theirs = or_(Integration.owner_id.is_(None), Integration.owner_id != user_id)
        query = query.where(not_theirs, Integration.id.not_in(shown))
    return frozenset((await session.execute(query)).scalars())
