"""Whether links were followed: each process asks every few seconds while one is pending, and one of them ends it.

Composio is asked first; what follows is one transaction, which does nothing where the connecting is no longer as it was
when Composio was asked.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit, log
from app.core.errors import Upstream
from app.core.guard import Mode
from app.domains.connections import audited, connecting, pulls, revoking
from app.domains.connections.connecting import Connection, Stage
from app.domains.connections.models import Integration
from app.domains.connections.rules import State
from app.integrations.gateways.accounts import Accounts
from app.workflows.sync.connecting.linking import service_of
from app.workflows.sync.syncing import Syncing
from app.workflows.telling import tell_of

_AT_ONCE = 8
_MOST_REST = timedelta(minutes=1)
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class _Rest:
    """An account that can't be asked about."""

    until: datetime
    """It is let be."""
    long: timedelta
    """And for how long that is."""
    since: datetime


class Following:
    """The links of one process. It remembers which account's status can't be had, and asks for it less often."""

    def __init__(self, syncing: Syncing, *, first_rest_s: float = 3.0) -> None:
        self._syncing = syncing
        self._first_rest = timedelta(seconds=first_rest_s)
        self._resting: dict[str, _Rest] = {}
        """By account."""
        self._after = 0
        """Up to this id was asked; of very many links some are asked about at each look, one after the other."""

    async def look(self) -> bool:
        """Ask about every link that is pending. Returns whether an account was connected, which is to be pulled."""
        accounts, now = self._syncing.accounts, self._syncing.work.clock()
        if accounts is None:
            return False
        found = await self._next()
        ready = [each for each in found if (rest := self._resting.get(each[1].account_id)) is None or rest.until <= now]
        return any(await self._all(accounts, ready))

    async def _next(self) -> list[tuple[Integration, Connection]]:
        async with self._syncing.work.database.reading() as session:
            waiting = await connecting.pending(session, after=self._after)
        found = [(each, read) for each in waiting if (read := connecting.read(each.connection))]
        last = len(waiting) < connecting.MOST_AT_ONCE
        if last and self._after == 0:  # these are all
            asked = {read.account_id for _, read in found}
            self._resting = {account: rest for account, rest in self._resting.items() if account in asked}
        self._after = 0 if last else waiting[-1].id
        return found

    async def _all(self, accounts: Accounts, found: Sequence[tuple[Integration, Connection]]) -> list[bool]:
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(integration: Integration, connection: Connection) -> bool:
            async with places:
                return await self._one(accounts, integration, connection)

        # All of them end before one's failure is told: none may go on behind the back of the next look.
        ended = await asyncio.gather(*(one(*each) for each in found), return_exceptions=True)
        if failed := [each for each in ended if isinstance(each, BaseException)]:
            raise failed[0]
        return [each is True for each in ended]

    async def _one(self, accounts: Accounts, integration: Integration, connection: Connection) -> bool:
        service = service_of(self._syncing, integration)
        try:
            status = await accounts.status(connection.account_id, mode=Mode.BACKGROUND)
        except Upstream as error:
            now = self._syncing.work.clock()
            since = self._rest(connection.account_id, now)
            _log.warning("a link can't be asked about", integration=integration.id, error=type(error).__name__)
            after = connecting.unanswered(connection, error.detail, since=since, now=now)
        else:
            now = self._syncing.work.clock()
            self._resting.pop(connection.account_id, None)
            after = connecting.judged(connection, status.name, status.reason, service=service, now=now)
        if connecting.same(connection, after):
            return False
        return await settle(self._syncing, integration.id, connection, after) and after.state is Stage.ACTIVE

    def _rest(self, account_id: str, now: datetime) -> datetime:
        """Since when it can't be asked about."""
        before = self._resting.get(account_id) or _Rest(until=now, long=self._first_rest / 2, since=now)
        rest = min(_MOST_REST, before.long * 2)
        self._resting[account_id] = _Rest(until=now + rest, long=rest, since=before.since)
        return before.since


async def settle(syncing: Syncing, integration_id: int, before: Connection, after: Connection) -> bool:
    """From `before` to `after`, with all that follows from it. Returns whether it was this process that did it."""
    now = syncing.work.clock()
    async with syncing.work.database.writing() as session:
        integration = await connecting.claimed(session, integration_id)
        if integration is None or not connecting.same(connecting.read(integration.connection), before):
            return False
        told = {**audited.told(integration), "connection": before.state.value}
        if after.state is Stage.ACTIVE:
            await _take_over(session, syncing, integration, before, after, now=now)
        else:
            # Somebody may follow it all the same, at the last moment: what it gave then is given back.
            due = max(now, connecting.worthless_at(after))
            await revoking.ask_for(session, after.account_id, service_of(syncing, integration), now=now, due_at=due)
        integration.connection, integration.updated_at = connecting.written(after), now
        await session.flush()
        told_now = {**audited.told(integration), "connection": after.state.value}
        audit.changed(session, audited.target(integration_id), told, told_now)
        await tell_of(session, integration, now=now)
    _log.info("connecting ended", integration=integration_id, state=after.state.value)
    return True


async def _take_over(
    session: AsyncSession,
    syncing: Syncing,
    integration: Integration,
    before: Connection,
    after: Connection,
    *,
    now: datetime,
) -> None:
    """The integration is pulled through the new account from now on; one that it replaces gives its access back."""
    await pulls.stop(session, integration, now=now)
    known = integration.gateway or {}
    integration.gateway = {**known, "connected_account_id": after.account_id, "user_id": after.user_id}
    if known.get("connected_account_id") != after.account_id:
        pulls.begin_anew(integration, now=now)
    else:
        integration.state = State.RETRYING if integration.state == State.NEEDS_RECONNECT else integration.state
        integration.next_sync_at = None if integration.paused else now
    integration.pushed_at = now  # it is pulled at once also where nothing is by itself
    await session.flush()
    if before.linked is not None and before.linked != after.account_id:
        await revoking.ask_for(session, before.linked, service_of(syncing, integration), now=now)
