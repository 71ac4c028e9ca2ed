"""Access that is to be given back: accounts that were linked here and that nobody uses any more.

Each is a row until it is done, so that an outage of Composio or a kill delays it and loses nothing. Functions flush and
never commit.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.connections import connecting
from app.domains.connections.models import Integration, Revocation

GIVEN_UP_AFTER = timedelta(days=7)
_FIRST_AGAIN = timedelta(seconds=30)
_MOST = timedelta(hours=1)
_CLAIMED_FOR = timedelta(minutes=5)
"""Longer than one try takes: whoever has it is left alone for so long."""
_AT_ONCE = 20


def again_after(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed."""
    return min(_MOST, _FIRST_AGAIN * float(2 ** min(attempts - 1, 20)))


async def ask_for(
    session: AsyncSession, account_id: str, service: str, *, now: datetime, due_at: datetime | None = None
) -> None:
    """The account's access is to be given back, as soon as it is due."""
    found = await session.get(Revocation, account_id)
    if found is None:
        session.add(Revocation(account_id=account_id, service=service, requested_at=now, due_at=due_at or now))
    elif found.due_at is None:  # given up before
        found.requested_at, found.due_at, found.attempts, found.why = now, due_at or now, 0, ""
    await session.flush()


async def of_deleted(session: AsyncSession, integration: Integration, service: str, *, now: datetime) -> bool:
    """The integration goes: whether the access of the account that was linked for it will be given back. A link that
    nobody followed yet is made worthless too."""
    connection = connecting.read(integration.connection)
    if connection is None:
        return False
    if connection.state is connecting.Stage.PENDING:
        due = connecting.worthless_at(connection)
        await ask_for(session, connection.account_id, service, now=now, due_at=due)
    if connection.linked is None:
        return False
    await ask_for(session, connection.linked, service, now=now)
    return not await used(session, connection.linked, but=integration.id)


async def of_replaced(session: AsyncSession, integration: Integration, service: str, *, now: datetime) -> None:
    """Another account was named by hand than the one that was linked for it, which is given back."""
    connection = connecting.read(integration.connection)
    account = (integration.gateway or {}).get("connected_account_id")
    if connection is None or connection.linked is None or connection.linked == account:
        return
    await ask_for(session, connection.linked, service, now=now)
    after = connecting.without_linked(connection)
    integration.connection = connecting.written(after) if after else None
    await session.flush()


async def used(session: AsyncSession, account_id: str, *, but: int = 0) -> bool:
    """Whether an integration other than `but` uses the account, or waits for it."""
    own = Integration.gateway["connected_account_id"].as_string() == account_id
    waits = Integration.connection["account_id"].as_string() == account_id
    pending = Integration.connection["state"].as_string() == connecting.Stage.PENDING.value
    query = select(Integration.id).where(Integration.id != but, or_(own, waits & pending)).limit(1)
    return (await session.execute(query)).first() is not None


async def due(session: AsyncSession, *, now: datetime) -> Sequence[AnyRow]:
    """Account, service and when it is due, longest due first; a cheap query."""
    columns = (Revocation.account_id, Revocation.service, Revocation.due_at)
    query = select(*columns).where(Revocation.due_at <= now).order_by(Revocation.due_at).limit(_AT_ONCE)
    return (await session.execute(query)).all()


async def claimed(session: AsyncSession, account_id: str, due_at: datetime, *, now: datetime) -> bool:
    """Whether this process is to do it: of several that look, one is. What somebody uses is put off until nobody
    does."""
    ours = update(Revocation).where(Revocation.account_id == account_id, Revocation.due_at == due_at)
    if await used(session, account_id):
        await session.execute(ours.values(due_at=now + _MOST, requested_at=now))
        return False
    taken = ours.values(due_at=now + _CLAIMED_FOR, attempts=Revocation.attempts + 1).returning(Revocation.account_id)
    return (await session.execute(taken)).first() is not None


async def done(session: AsyncSession, account_id: str) -> None:
    await session.execute(delete(Revocation).where(Revocation.account_id == account_id))


async def failed(session: AsyncSession, account_id: str, why: str, *, now: datetime) -> bool:
    """Returns whether it is given up."""
    found = await session.get(Revocation, account_id, populate_existing=True)
    if found is None:
        return False
    found.why = why
    given_up = now - found.requested_at >= GIVEN_UP_AFTER
    found.due_at = None if given_up else now + again_after(found.attempts)
    await session.flush()
    return given_up
