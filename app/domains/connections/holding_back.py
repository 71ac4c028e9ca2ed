"""Why nothing is told to integrations at present."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains.connections.models import Integration
from app.domains.connections.rules import State


async def held_back(session: AsyncSession) -> dict[int, str]:
    """Why nothing is told to these integrations at present: sentences for people, by id."""
    columns = (Integration.id, Integration.name, Integration.paused)
    held = or_(Integration.paused, Integration.state == State.NEEDS_RECONNECT)
    rows = await session.execute(select(*columns).where(Integration.write_back, held))
    return {
        row.id: f"{row.name} is paused." if row.paused else f"Waits until {row.name} is connected again."
        for row in rows
    }
