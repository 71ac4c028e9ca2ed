"""Which integration an import joins. Functions flush and never commit."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, seeing
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.connections.models import Integration
from app.domains.connections.privacy import share
from app.domains.connections.service import create
from app.domains.identity.models import User

_MOST_OF_A_KIND = 1_000


async def for_import(
    session: AsyncSession,
    *,
    kind: str,
    name: str | None,
    now: datetime,
    private: bool = False,
    owner: User | None = None,
) -> Integration:
    """The integration an import joins, as `where` says; made where there is none, and then of the `owner`.

    Raises Invalid where the name belongs to another kind, or to the sample: with that, everything in it is cleared; and
    Conflict where it belongs to one that is hidden from whoever acts, or to one that everybody sees and is to be
    private, or to somebody else than the `owner`.
    `owner` is for the command line alone: others own what they make.
    """
    whose = owner.id if owner else acting.caller().user_id
    wanted, found = await where(session, kind=kind, name=name, whose=whose if private else None)
    if found is not None and found.id in acting.caller().hidden:
        raise Conflict(f"There is an integration named {wanted} already.")
    if found is None:
        made = await create(session, kind=kind, name=wanted, now=now)
        await share(session, made, private=private, owner=owner)
        return made
    if private and not found.private:
        raise Conflict(f"{wanted} is there already, for all to see. Import into another name.")
    if owner is not None and found.owner_id != owner.id:
        raise Conflict(f"{wanted} is there already, and is not {owner.email}'s. Import into another name.")
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


async def where(
    session: AsyncSession, *, kind: str, name: str | None, whose: int | None = None
) -> tuple[str, Integration | None]:
    """The name that an import goes under, and what is called so.

    Without a name it is the kind's own, or the next that everybody sees: never a private one, where others would not
    find what was meant for them. Where it is to be private, it is the first private one of `whose`. Nobody who named
    none is told of what is hidden from them.
    """
    if name is not None:
        return name, await _called(session, name)
    with seeing.unrestricted(session):
        for number in range(1, _MOST_OF_A_KIND):
            wanted = kind if number == 1 else f"{kind} {number}"
            found = await _called(session, wanted)
            if found is None or (found.private and found.owner_id == whose if whose is not None else not found.private):
                break
    return wanted, found


async def _called(session: AsyncSession, name: str) -> Integration | None:
    return (await session.execute(select(Integration).where(Integration.name == name))).scalar_one_or_none()
