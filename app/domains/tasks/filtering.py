"""From the API's filters to the queue's: names of integrations become ids, and «me» the names of whoever asks."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core import acting, seeing
from app.domains.identity.models import User
from app.domains.people.models import Identity, KnownPerson
from app.domains.tasks.filter_schemas import TaskFilter
from app.domains.tasks.filters import NONE, Filters

ME = "me"
"""As an assignee: whoever asks."""


async def filters_of(
    session: AsyncSession, given: TaskFilter, integrations: Mapping[int, str], *, now: datetime
) -> Filters:
    """`integrations` maps ids to names; one may be given by either, and one nobody knows matches nothing."""
    ids: tuple[int | None, ...] | None = ids_named(given.integration, integrations)
    if ids is not None and NONE in given.integration:
        ids = (*ids, None)
    return Filters(
        status=tuple(given.status),
        integration_ids=ids,
        kind=tuple(given.kind),
        assignee=await _whose(session, given.assignee),
        label=tuple(given.label),
        band=tuple(given.band),
        tier=tuple(given.tier),
        turn=tuple(given.turn),
        due=tuple(given.due),
        due_after=given.due_after,
        due_before=given.due_before,
        q=given.q,
        now=now,
    )


def ids_named(wanted: Collection[str], integrations: Mapping[int, str]) -> tuple[int, ...] | None:
    """The ids of the integrations that are wanted by name or id; None where any will do."""
    if not wanted:
        return None
    return tuple(i for i, name in integrations.items() if name in wanted or str(i) in wanted)


async def _whose(session: AsyncSession, wanted: Collection[str]) -> tuple[str, ...]:
    others = [each for each in wanted if each != ME]
    return (*others, *await own_names(session)) if ME in wanted else tuple(others)


async def own_names(session: AsyncSession) -> tuple[str, ...]:
    """What whoever acts is called as an assignee: by their e-mail address, their name, and by the names under which
    they are known here as a person with that address. Never empty."""
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


_MOST_IDENTITIES = 50
"""Of one person."""
