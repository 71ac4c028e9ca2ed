"""What a new name of an integration means for its tasks.

They show the name, so their tags change at once; rules may look at it, so they are derived anew, a few at a time.
"""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.tasks.models import Task


async def integration_renamed(session: AsyncSession, integration_id: int) -> None:
    """To be called in the transaction that renames it. No version grows: nobody changed the tasks."""
    values = {"score_revision": Task.score_revision + 1, "derived_with": ""}
    await session.execute(update(Task).where(Task.integration_id == integration_id).values(values))
