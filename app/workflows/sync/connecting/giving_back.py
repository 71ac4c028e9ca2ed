"""Giving access back: accounts that nobody uses any more are revoked in the background, however long that takes."""

from app.core import log
from app.core.errors import Rejected, Upstream
from app.core.guard import Mode
from app.domains.connections import revoking
from app.integrations.gateways.accounts import Accounts
from app.workflows.sync.syncing import Syncing

_NOT_GONE = ("ACTIVE", "INITIATED", "INITIALIZING")
_log = log.get(__name__)


async def give_back(syncing: Syncing) -> None:
    """Revoke what is due; what fails is tried again later, more and more rarely."""
    accounts, database = syncing.accounts, syncing.work.database
    if accounts is None:
        return
    async with database.reading() as session:
        due = await revoking.due(session, now=syncing.work.clock())
    for each in due:
        async with database.writing() as session:
            if not await revoking.claimed(session, each.account_id, each.due_at, now=syncing.work.clock()):
                continue
        await _one(syncing, accounts, each.account_id, each.service)


async def _one(syncing: Syncing, accounts: Accounts, account_id: str, service: str) -> None:
    try:
        await _revoked(accounts, account_id)
    except Upstream as error:
        async with syncing.work.database.writing() as session:
            given_up = await revoking.failed(session, account_id, error.detail, now=syncing.work.clock())
        if given_up:
            _log.error("access could not be given back; revoke it at Composio", account=account_id, service=service)
        else:
            _log.warning("access can't be given back yet", account=account_id, error=type(error).__name__)
        return
    async with syncing.work.database.writing() as session:
        await revoking.done(session, account_id)
    _log.info("access was given back", account=account_id, service=service)


async def _revoked(accounts: Accounts, account_id: str) -> None:
    """Raises Upstream. Access that ended by itself may be refused to be revoked, and is no less gone; one that somebody
    may still give is not."""
    try:
        await accounts.revoke(account_id, mode=Mode.BACKGROUND)
    except Rejected:
        if (await accounts.status(account_id, mode=Mode.BACKGROUND)).name in _NOT_GONE:
            raise
