"""What people and cron jobs ask for: a pull of one integration, of all that is due, and to wait for its end."""

import asyncio
import time
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import Database
from app.core.errors import Conflict, Forbidden
from app.domains import connections
from app.domains.connections import audited, pulls
from app.domains.connections.models import SyncRun
from app.workflows.manifests import manifest_of
from app.workflows.sync.syncing import NO_KEY, Syncing, is_demo
from app.workflows.telling import tell_of

LONGEST_WAIT_S = 60
_LOOK_EVERY_S = 0.5


async def ask_for(session: AsyncSession, syncing: Syncing, integration_id: int) -> SyncRun:
    """A queued pull of one integration, due or not. Raises NotFound; Conflict where it can't be pulled
    now, and Forbidden where it holds demo data and there may be none."""
    integration = await connections.service.get(session, integration_id)
    manifest = manifest_of(integration.kind, "integration")
    if manifest.live is None:
        raise Conflict(f"{integration.name} is not pulled: files are imported into it.")
    if integration.gateway is None:
        detail = f"{integration.name} has no account to pull from. Give it a gateway with its connected_account_id."
        raise Conflict(detail)
    if why := syncing.why_not(integration):
        raise Forbidden(why) if is_demo(integration) else Conflict(why)
    run = await pulls.request(session, integration_id, now=syncing.work.clock())
    audited.run_made(session, integration, run)
    await tell_of(session, integration, now=syncing.work.clock(), going=True)
    return run


async def ask_for_due(session: AsyncSession, syncing: Syncing) -> tuple[Sequence[SyncRun], Sequence[SyncRun]]:
    """Queued pulls of all that is due, and the pulls that went on already. Raises Conflict where something is due and
    nothing can pull it."""
    now = syncing.work.clock()
    live = [kind for kind, manifest in syncing.kinds.items() if manifest.live]
    going = await pulls.unfinished(session)
    if not syncing.live and await pulls.anything_due(session, now=now, kinds=live):
        raise Conflict(NO_KEY)
    started: list[SyncRun] = []
    while some := await pulls.enqueue_due(session, now=now, kinds=syncing.live, reason="request"):
        started += some
    for run in started:
        audit.changed(session, f"run:{run.id}", None, {"integration": run.integration_id, "reason": run.reason})
    return started, going


async def ended(database: Database, run_ids: Sequence[int], *, within_s: float = LONGEST_WAIT_S) -> bool:
    """Wait for the runs to end. Returns whether all did in time."""
    until = time.monotonic() + within_s
    while True:
        async with database.reading() as session:
            if not await pulls.any_unfinished(session, run_ids):
                return True
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(_LOOK_EVERY_S)
