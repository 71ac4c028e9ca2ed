"""What whoever acts is called as an assignee: «me» in a filter."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core import acting, seeing
from app.domains.identity.models import User
from app.domains.people.models import Identity, KnownPerson

_MOST_IDENTITIES = 50
"""Of one person."""


async def own_names(session: AsyncSession) -> tuple[str, ...]:
    """Their e-mail address, their name, and the names under which they are known here as a person with that address.
    Never empty."""
    who = acting.caller()
    user = await session.get(User, who.user_id) if who.user_id is not None else None
    if user is None:
        return (who.name,)
    own, theirs = aliased(Identity), aliased(Identity)
    query = select(KnownPerson.name, theirs.name.label("called"), theirs.address).select_from(own)
    query = query.join(KnownPerson, KnownPerson.id == own.person_id).join(theirs, theirs.person_id == own.person_id)
    names = dict.fromkeys((user.email, user.name))
    with seeing.restricted(session):
        for row in await session.execute(query.where(own.address == user.email).limit(_MOST_IDENTITIES)):
            names |= dict.fromkeys(row)
    return tuple(name for name in names if name)
