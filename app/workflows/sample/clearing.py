"""Removing all invented data in one action: the sample company's and the demo gateway's integrations, items, tasks and
people.

What people did to a task of the sample goes with it; a task that holds anything else stays, without the sample's items.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.database import chunks, one_at_a_time
from app.core.errors import Conflict
from app.domains.connections import audited, privacy, pulls
from app.domains.connections.models import Integration, SampleLoad, SyncRun
from app.domains.monitoring import standing
from app.domains.tasks import forgetting, undo
from app.domains.tasks.locking import lock, neighbours
from app.domains.tasks.models import ConversationKey, StoredItem, Task
from app.workflows.sample import cast
from app.workflows.telling import tell_gone


async def clear(session: AsyncSession, *, now: datetime) -> list[Path]:
    """Remove all of it, and remember that it was not wanted. Nothing there: nothing is removed.

    Returns the files that no import waits for any more. Raises Conflict while it is being imported; a pull of demo data
    ends.
    """
    await one_at_a_time(session, "integrations")
    every = select(Integration).where(Integration.sample).order_by(Integration.id)
    found = (await session.execute(every)).scalars().all()
    if found:
        audit.changed(session, "sample", {"integrations": len(found)}, None)
    if pulled := [integration for integration in found if integration.gateway is not None]:
        await one_at_a_time(session, "ingest")  # before the locks of pulls that go on, as those take them too
        for integration in pulled:
            await pulls.stop(session, integration, now=now)
    waiting = await _waiting_files(session, [integration.id for integration in found])
    cleared = await _forget_tasks(session, [integration.id for integration in found])
    await _forget_conversations(session, [integration.id for integration in found])
    private = await privacy.private_ones(session)
    for integration in found:
        audited.removed(session, integration)
        await forgetting.forget_integration(session, integration.id)
        await standing.drop(session, [standing.name_of(integration.id)])
        await session.delete(integration)
    await cast.dismiss(session)
    known = await session.get(SampleLoad, 1)
    if known is None:
        session.add(SampleLoad(id=1, cleared_at=now))
    else:
        known.cleared_at = now
    await session.flush()
    if found:
        await tell_gone(session, [integration.id for integration in found], private, tasks=cleared, now=now)
    return waiting


async def _waiting_files(session: AsyncSession, ids: Sequence[int]) -> list[Path]:
    """The files of runs that nobody has begun with; those are locked. Raises Conflict where one has begun."""
    query = select(SyncRun).where(SyncRun.integration_id.in_(ids), SyncRun.state.in_(("queued", "running")))
    runs = (await session.execute(query.order_by(SyncRun.id).with_for_update())).scalars().all()
    if any(run.state == "running" for run in runs):
        raise Conflict("The sample data is just being imported. Try again in a few seconds.")
    return [Path(run.path) for run in runs if run.path]


async def _forget_tasks(session: AsyncSession, ids: Collection[int]) -> int:
    """Delete the tasks that these integrations made, and that hold items of none but these; returns how many."""
    if not ids:
        return 0
    await one_at_a_time(session, "ingest")
    others = StoredItem.integration_id.not_in(ids), StoredItem.task_id.is_not(None)
    alone = Task.integration_id.in_(ids), Task.id.not_in(select(StoredItem.task_id).where(*others))
    go = set((await session.execute(select(Task.id).where(*alone))).scalars())
    await lock(session, go)
    for some in chunks(await neighbours(session, go) - go):
        await session.execute(update(Task).where(Task.id.in_(some)).values(derived_with=""))
    await undo.forget(session, go)
    for some in chunks(go):
        await session.execute(delete(Task).where(Task.id.in_(some)))
    return len(go)


async def _forget_conversations(session: AsyncSession, ids: Collection[int]) -> None:
    """Let no id lead from the sample's items to the tasks that stay: loaded again, it begins anew.

    Of an ordinary integration those ids are kept: its mail that comes again goes where a person put it.
    """
    ours = StoredItem.integration_id.in_(ids)
    held = select(StoredItem.task_id, StoredItem.keys, ours.label("ours"))
    with_ours = select(StoredItem.task_id).where(ours, StoredItem.task_id.is_not(None))
    rows = (await session.execute(held.where(StoredItem.task_id.in_(with_ours)))).all()
    for task_id in {row.task_id for row in rows}:
        mine = [row for row in rows if row.task_id == task_id]
        gone = {key for row in mine if row.ours for key in row.keys}
        still = {key for row in mine if not row.ours for key in row.keys}
        for some in chunks(gone - still):
            of_it = ConversationKey.task_id == task_id, ConversationKey.key.in_(some)
            await session.execute(delete(ConversationKey).where(*of_it))
