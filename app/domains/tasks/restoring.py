"""Taking an action back: the other half of undo.py."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Conflict, NotFound
from app.domains.tasks import audited, derivation, dismissals, pasts
from app.domains.tasks.actions import Acting, announce, load, refresh, refresh_neighbours
from app.domains.tasks.belongings import dependencies_of, labels_of, put_back_dependencies, set_labels
from app.domains.tasks.context import release
from app.domains.tasks.joining import move_items
from app.domains.tasks.locking import lock_dependencies, lock_placing
from app.domains.tasks.models import Task, TaskEvent, Undo
from app.domains.tasks.parting import with_private_among
from app.domains.tasks.undo import INSTANTS, plain
from app.domains.tasks.unseen import unseen


async def take_back(session: AsyncSession, token: str, acting: Acting) -> list[int]:
    """Put back what an action changed; returns the tasks' ids. A token works once.

    Raises NotFound for a token that is unknown, used or expired, and where a task is hidden from whoever acts; Conflict
    where one changed since.
    """
    kept = await session.get(Undo, token)
    if kept is None or kept.expires_at <= acting.now or await _concerns_unseen(session, kept.before):
        raise NotFound("There is nothing to undo under this token: it was used, has expired, or never was.")
    before = kept.before
    ids = [int(i) for i in before["tasks"]]
    elsewhere = "moved" in before or "made" in before
    await (lock_placing if elsewhere else lock_dependencies)(session)
    needed = (i for mine in before["dependencies"].values() for i in mine)
    tasks = await load(session, [*(int(i) for i in before["versions"]), *needed], deleted_too=True)
    for task_id, version in before["versions"].items():
        found = tasks.get(int(task_id))
        if found is None or found.version != version:
            raise Conflict(f"Task {task_id} has changed since, so nothing was undone.", task=int(task_id))
    statuses = {task_id: tasks[task_id].status for task_id in ids}
    for task_id in ids:
        _put_back(session, tasks[task_id], before["tasks"][str(task_id)], acting)
    await session.flush()
    await _note_lists(session, before, tasks, acting)
    await set_labels(session, {int(i): labels for i, labels in before["labels"].items()})
    left = {each for needed in (await dependencies_of(session, ids)).values() for each in needed}
    await put_back_dependencies(session, {int(i): mine for i, mine in before["dependencies"].items()})
    moved = [item for each in before.get("moved", {}).values() for item in each["items"]]
    parted = await with_private_among(session, moved)
    await _move_back(session, before, acting)
    detail = f"Took back: {kept.verb}."
    changes = {i: {"status": [was, tasks[i].status]} for i, was in statuses.items() if was != tasks[i].status}
    line = partial(derivation.event, now=acting.now, actor=acting.actor, verb="undone", detail=detail)
    lines = [line(i, changes=changes.get(i, {})) for i in ids or before.get("made", [])]
    await session.execute(insert(TaskEvent), lines)
    await session.delete(kept)
    await session.flush()
    await refresh(session, ids, acting)
    around = await refresh_neighbours(session, ids, acting, also=left)
    await announce(session, "undo", [*ids, *before.get("made", [])], acting, moved=around)
    await pasts.forget(session, parted)
    return ids


def _put_back(session: AsyncSession, task: Task, values: Mapping[str, Any], acting: Acting) -> None:
    was = {name: plain(getattr(task, name)) for name in values}
    for name, value in values.items():
        instant = name in INSTANTS and value is not None
        setattr(task, name, datetime.fromisoformat(value) if instant else value)
    task.updated_at = acting.now
    changes = {name: [old, plain(getattr(task, name))] for name, old in was.items()}
    audited.note(session, task, changes, acting.integrations)


async def _note_lists(
    session: AsyncSession, before: Mapping[str, Any], tasks: Mapping[int, Task], acting: Acting
) -> None:
    labels = await labels_of(session, [int(i) for i in before["labels"]])
    needed = await dependencies_of(session, [int(i) for i in before["dependencies"]])
    for name, now in (("labels", labels), ("dependencies", needed)):
        for task_id, then in before[name].items():
            changes = {name: [now.get(int(task_id), []), then]}
            audited.note(session, tasks[int(task_id)], changes, acting.integrations)


async def _concerns_unseen(session: AsyncSession, before: Mapping[str, Any]) -> bool:
    concerned = {int(i) for i in (*before["tasks"], *before["versions"], *before.get("moved", {}))}
    return bool(await unseen(session, {*concerned, *before.get("made", [])}))


async def _move_back(session: AsyncSession, before: Mapping[str, Any], acting: Acting) -> None:
    for task_id, moved in before.get("moved", {}).items():
        await move_items(session, moved["items"], moved["keys"], int(task_id))
    await release(session, before.get("released", []))
    await dismissals.take_back(session, before.get("apart", []))
    for task_id in before.get("made", []):
        made = await session.get(Task, task_id)
        if made is not None:
            made.deleted_at = acting.now
            audited.note(session, made, {"deleted_at": [None, acting.now]}, acting.integrations)
            made.version += 1
    await session.flush()
