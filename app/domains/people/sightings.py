"""Where addresses occur: noted at every import, so that nobody is known from a private integration to those who may not
see it. Flushes, never commits."""

from collections.abc import Iterable

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import upsert
from app.domains.connections.models import Integration
from app.domains.people.models import Identity, KnownPerson, Sighting


async def note(session: AsyncSession, addresses: Iterable[str], integration_id: int) -> None:
    """The addresses occur there. Each is somebody's already; the same again costs a query."""
    missing = set(addresses)
    for some in chunks(sorted(missing)):
        query = select(Sighting.address).where(Sighting.integration_id == integration_id, Sighting.address.in_(some))
        missing -= set((await session.execute(query)).scalars())
    rows = [{"address": address, "integration_id": integration_id} for address in sorted(missing)]
    await upsert(session, Sighting, rows, key=("address", "integration_id"), overwrite=False)


async def is_private(session: AsyncSession, integration_id: int | None) -> bool:
    """Whether what comes from there is not everybody's to see."""
    query = select(Integration.private).where(Integration.id == integration_id)
    return integration_id is not None and bool((await session.execute(query)).scalar_one_or_none())


async def forget(session: AsyncSession, integration_id: int) -> None:
    """Before a private integration is deleted: who is known from nowhere else goes with it, or everybody would see them
    from then on."""
    here = exists().where(Sighting.address == Identity.address, Sighting.integration_id == integration_id)
    elsewhere = exists().where(Sighting.address == Identity.address, Sighting.integration_id != integration_id)
    query = select(Identity.address, Identity.person_id).where(here, ~elsewhere)
    rows = (await session.execute(query)).all()
    for some in chunks([row.address for row in rows]):
        await session.execute(delete(Identity).where(Identity.address.in_(some)))
    nameless = ~exists().where(Identity.person_id == KnownPerson.id)
    for ids in chunks({row.person_id for row in rows}):
        await session.execute(delete(KnownPerson).where(KnownPerson.id.in_(ids), nameless))
