"""Letting those who watch know how a pull goes."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import events
from app.domains.connections.models import Integration, SyncRun


async def tell(session: AsyncSession, integration: Integration, run: SyncRun, now: datetime, changed: int = 0) -> None:
    """Let those who watch know, once the transaction holds."""
    place = {"integration": integration.id, "name": integration.name}
    counts = {name: getattr(run, name) for name in ("read", "new", "updated", "unchanged", "refused", "gone", "pages")}
    progress = {**place, "run": run.id, "state": run.state, "what": run.what, "part": run.part, **counts}
    await events.append(session, "sync.progress", progress, now=now)
    if run.state != "running" or run.pages == 0:
        state = "syncing" if run.state == "running" else integration.state
        await events.append(session, "integration.changed", {**place, "state": state}, now=now)
    if changed:
        await events.append(session, "queue.changed", {"changed": changed, **place}, now=now)
