"""When what is private leaves a task that others may see then, the task forgets what it was made of before."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.domains.connections.models import Integration
from app.domains.tasks.models import StoredItem


async def with_private_among(session: AsyncSession, items: Collection[int]) -> set[int]:
    """The tasks that hold those of the items that come from private integrations."""
    found: set[int] = set()
    for some in chunks(items):
        query = select(StoredItem.task_id).join(Integration, Integration.id == StoredItem.integration_id)
        query = query.where(StoredItem.id.in_(some), Integration.private, StoredItem.task_id.is_not(None))
        found |= {each for each in (await session.execute(query)).scalars() if each is not None}
    return found
