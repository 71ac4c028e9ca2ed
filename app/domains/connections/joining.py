"""Which integration an import joins. Functions flush and never commit."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.connections.models import Integration
from app.domains.connections.privacy import share
from app.domains.connections.service import create

_MOST_OF_A_KIND = 1_000


async def for_import(
    session: AsyncSession, *, kind: str, name: str | None, now: datetime, private: bool = False
) -> Integration:
    """The integration an import joins: the one named, or the kind's own; made where there is none.

    Raises Invalid where the name belongs to another kind, or to the sample: with that, everything in it is cleared; and
    Conflict where it belongs to one that is hidden from whoever acts. Nobody is told of that who named none.
    """
    wanted = name or kind
    found = await _called(session, wanted)
    for number in range(2, _MOST_OF_A_KIND):
        if name is not None or found is None or found.id not in acting.caller().hidden:
            break
        wanted = f"{kind} {number}"
        found = await _called(session, wanted)
    if found is not None and found.id in acting.caller().hidden:
        raise Conflict(f"There is an integration named {wanted} already.")
    if found is None:
        made = await create(session, kind=kind, name=wanted, now=now)
        await share(session, made, private=private)
        return made
    if private and not found.private:
        raise Conflict(f"{wanted} is there already, for all to see. Import into another name.")
    if found.kind != kind:
        raise Invalid(
            f"The integration {wanted} is of kind {found.kind}, and this is {kind}. Import it into another name.",
            errors=[FieldError("into", f"is of kind {found.kind}")],
        )
    if found.sample:
        raise Invalid(
            f"{wanted} holds the sample data: import into another name.",
            errors=[FieldError("into", "holds the sample data")],
        )
    return found


async def _called(session: AsyncSession, name: str) -> Integration | None:
    return (await session.execute(select(Integration).where(Integration.name == name))).scalar_one_or_none()
