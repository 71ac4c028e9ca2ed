"""Forgetting, once an hour, what is over or too long past: each table's module says what that is."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from app.core import events, idempotency
from app.core.audit import forgetting
from app.core.database import Database
from app.domains import connections, learning
from app.domains.connections import deliveries, kept, pulls
from app.domains.identity import sessions, signing, throttle
from app.domains.tasks import pasts
from app.domains.tasks.models import Undo
from app.domains.tasks.writes import outbox
from app.workflows.audit import witnessing
from app.workflows.sync import demo
from app.workflows.sync.syncing import Syncing

_ORPHANED_AFTER = timedelta(days=7)
"""An older upload that no run waits for was left behind by a crash. So long, because another database may keep its
uploads in the same folder."""
_EVENTS_KEPT = timedelta(hours=6)
"""Who has been away for longer looks at the whole instead of at what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long things are kept."""

    idempotency_hours: int = 24
    history: timedelta = timedelta(days=90)
    runs: timedelta = timedelta(days=30)
    audit: timedelta = timedelta()
    """Zero: for ever."""


FOR_NOW = Kept()


async def tidy(syncing: Syncing, how: Kept, uploads: Path | None, stopping: asyncio.Event) -> None:
    """Forget undo tokens and idempotency keys that are over, what is too long past, and uploads that no run waits
    for."""
    database, now = syncing.work.database, syncing.work.clock()
    async with database.writing() as session:
        await session.execute(delete(Undo).where(Undo.expires_at < now))
        await idempotency.forget_old(session, now=now, hours=how.idempotency_hours)
        await learning.service.forget_old(session, now)
        await events.forget_old(session, now - _EVENTS_KEPT)
        await kept.forget_old(session, now)
        await deliveries.forget_old(session, now)
        await sessions.forget_old(session, now=now)
        await signing.forget_old(session, now)
        await throttle.forget_old(session, now=now)
        await pulls.forget_old_runs(session, now - how.runs)
        await outbox.forget_old(session, now - how.runs)
        await pulls.reschedule_lost(session, syncing.live, now=now)
    await demo.settle(syncing)
    forgotten = 1
    while forgotten and not stopping.is_set():
        async with database.writing() as session:
            forgotten = await pasts.forget_old(session, now - how.history)
    if how.audit and not stopping.is_set():
        await forgetting.forget_old(database, now - how.audit)
    await witnessing.tell_head(database)
    if uploads:
        await _forget_uploads(database, uploads, now - _ORPHANED_AFTER)


async def _forget_uploads(database: Database, uploads: Path, before: datetime) -> None:
    async with database.reading() as session:
        waiting = {run.path for run in await connections.service.unfinished_runs(session)}
    await asyncio.to_thread(_sweep, uploads, waiting, before)


def _sweep(folder: Path, waiting: Container[str | None], before: datetime) -> None:
    for path in folder.glob("*"):
        if str(path) not in waiting and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
