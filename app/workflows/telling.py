"""Letting those who watch know how a pull or an import goes, and how an integration stands."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import events
from app.domains import connections
from app.domains.connections import views
from app.domains.connections.models import Integration, SyncRun
from app.domains.connections.privacy import Private
from app.domains.tasks.models import Task

AMONG = "among"
"""In an event: ids of the users who alone may hear of it. It is told to nobody itself."""


async def tell(session: AsyncSession, integration: Integration, run: SyncRun, now: datetime, changed: int = 0) -> None:
    """Let those who watch know how a run goes, once the transaction holds."""
    place = {"integration": integration.id, "name": integration.name}
    counts = {name: getattr(run, name) for name in ("read", "new", "updated", "unchanged", "refused", "gone", "pages")}
    progress = {**place, "run": run.id, "state": run.state, "what": run.what, "part": run.part, **counts}
    await events.append(session, "sync.progress", progress, now=now)
    if run.state != "running" or run.pages == 0:
        await tell_of(session, integration, now=now, going=run.state in connections.service.UNFINISHED)
    if changed:
        await events.append(session, "queue.changed", {"changed": changed, **place}, now=now)


async def tell_of(session: AsyncSession, integration: Integration, *, now: datetime, going: bool = False) -> None:
    """The same of how an integration stands. `going`: a pull waits or goes on."""
    state = views.state_of(integration, going=going)
    place = {"integration": integration.id, "name": integration.name}
    await events.append(session, "integration.changed", {**place, "state": state}, now=now)


async def tell_gone(
    session: AsyncSession, integration_ids: Collection[int], private: Private, *, tasks: int, now: datetime
) -> None:
    """Integrations are deleted, with so many tasks; `private` says who saw those of them that were. What was told of
    them is told no more, as nobody could say any more who may hear it."""
    await events.forget_about(session, "integration", lambda value: value.in_(integration_ids))
    await events.forget_about(session, "task", lambda value: value.not_in(select(Task.id)))
    told = [
        {"integration": each, "state": "deleted", **({AMONG: sorted(private[each])} if each in private else {})}
        for each in integration_ids
    ]
    await events.append_all(session, "integration.changed", told, now=now)
    counted = {} if private.keys() & set(integration_ids) else {"changed": tasks}
    await events.append(session, "queue.changed", counted, now=now)
