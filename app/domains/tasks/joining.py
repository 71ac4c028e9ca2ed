"""Merging two tasks into one and splitting one in two: what a person decides, threading never undoes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.tasks import audited, derivation, dismissals, pasts, relating, undo
from app.domains.tasks.actions import Acting, announce, read, refresh, refresh_neighbours
from app.domains.tasks.belongings import dependencies_of, labels_of, set_dependencies, set_labels, waiting_for
from app.domains.tasks.models import ConversationKey, StoredItem, Task, TaskEvent
from app.domains.tasks.parting import with_private_among
from app.domains.tasks.placing import blank_task
from app.domains.tasks.undo import Taken
from app.domains.tasks.uniting import what_people_set


async def merge(session: AsyncSession, source: Task, target: Task, acting: Acting) -> Taken:
    """Move everything of `source` into `target`; `source` becomes a tombstone that points there.

    The caller locked both, and the dependencies. Raises Invalid for a task and itself, Conflict where both are rows at
    their source, or a task would come to wait for itself.
    """
    if source.id == target.id:
        raise Invalid("A task can't be merged into itself.", errors=[FieldError("body.into", "must be another task")])
    if len(await relating.rows_among(session, [source.id, target.id])) > 1:
        why = "both are rows at their source, each with a status of its own there"
        raise Conflict(f"Tasks {source.id} and {target.id} can't be merged: {why}.")
    waiting = await read(session, [i for i in await waiting_for(session, source.id) if i != target.id])
    before = await undo.snapshot(session, {source.id: source, target.id: target, **waiting})
    items = list((await session.execute(select(StoredItem.id).where(StoredItem.task_id == source.id))).scalars())
    keys = await _keys_of(session, source.id)
    before["moved"] = {str(source.id): {"items": items, "keys": keys}}
    before["apart"] = await dismissals.inherit(session, source.id, target.id, now=acting.now)

    await _take_over(session, source.id, target.id, waiting=list(waiting))
    # The task that stays keeps its title, whichever conversation began first.
    values = dict(what_people_set(source, target)) | {"title": target.title}
    values["person_set"] = sorted({*values["person_set"], "title"})
    changes = (
        {"status": [target.status, values["status"]]} if values.get("status", target.status) != target.status else {}
    )
    for name, value in values.items():
        setattr(target, name, value)
    target.separated = True
    source.deleted_at = acting.now
    source.merged_into = target.id
    source.version += 1  # no refresh follows for what is gone
    for task in (source, target, *waiting.values()):
        task.updated_at = acting.now
    await session.flush()
    await move_items(session, items, keys, target.id)
    told = dict.fromkeys(waiting, f"Waits for task {target.id} now: task {source.id} was merged into it.")
    told[source.id] = f"Merged into task {target.id}."
    told[target.id] = f"Merged task {source.id}, «{source.title}», into this one."
    await _tell(session, told, "merge", acting, {target.id: changes})
    into: dict[str, list[Any]] = {"merged_into": [None, target.id], "deleted_at": [None, acting.now]}
    audited.note(session, source, into, acting.integrations)
    audited.note(session, target, changes, acting.integrations)
    await refresh(session, [target.id, *waiting], acting)
    around = await refresh_neighbours(session, [source.id, target.id], acting, but=waiting)
    await announce(session, "merge", [source.id, target.id], acting, moved={*waiting, *around})
    return await undo.keep(session, "merge", before, now=acting.now, undo_for=acting.undo_for)


async def _take_over(session: AsyncSession, source: int, target: int, *, waiting: Sequence[int]) -> None:
    """Labels of both, what both wait for, and those who wait for either. Raises Conflict for a circle."""
    labels = await labels_of(session, [source, target])
    await set_labels(session, {target: sorted({*labels.get(source, []), *labels.get(target, [])})})
    stored = await dependencies_of(session, [source, target, *waiting], deleted_too=False)
    both = {source, target}
    wanted = {target: sorted({*stored.get(source, []), *stored.get(target, [])} - both)}
    wanted |= {i: sorted({*stored.get(i, []), target} - {source}) for i in waiting}
    await set_dependencies(session, wanted)


async def split(session: AsyncSession, task: Task, item_ids: Sequence[int], acting: Acting) -> tuple[int, Taken]:
    """Move some of a task's items into a new task; returns its id.

    Raises Invalid where an item is not of this task, or none would stay.
    """
    query = select(StoredItem.id, StoredItem.keys).where(StoredItem.task_id == task.id)
    present = {row.id: row.keys for row in await session.execute(query)}
    wanted = sorted(set(item_ids))
    if strangers := [i for i in wanted if i not in present]:
        raise Invalid(
            f"Item {strangers[0]} is not of task {task.id}.",
            errors=[FieldError("body.items", f"not of this task: {strangers[0]}")],
        )
    if len(wanted) == len(present):
        raise Invalid(
            "At least one item must stay.", errors=[FieldError("body.items", "names all of the task's items")]
        )
    before = await undo.snapshot(session, {task.id: task})
    # An item's own id comes first in its keys: later replies to it follow it into the new task.
    keys = [present[i][0] for i in wanted if present[i]]
    made = await _make_beside(session, task, acting)
    before["moved"] = {str(task.id): {"items": wanted, "keys": keys}}
    before["made"] = [made]
    task.separated = True
    task.updated_at = acting.now
    await session.flush()
    left = await with_private_among(session, wanted)
    await move_items(session, wanted, keys, made)
    await _tell(
        session,
        {task.id: f"Split {len(wanted)} items off into task {made}.", made: f"Split off from task {task.id}."},
        "split",
        acting,
    )
    audited.note_made(session, made, {"split_from": task.id})
    await announce(session, "split", await refresh(session, [task.id, made], acting), acting)
    await pasts.forget(session, left)
    return made, await undo.keep(session, "split", before, now=acting.now, undo_for=acting.undo_for)


async def _make_beside(session: AsyncSession, task: Task, acting: Acting) -> int:
    row: dict[str, Any] = blank_task(now=acting.now) | {
        "kind": task.kind,
        "integration_id": task.integration_id,
        "subject_key": task.subject_key,
        "separated": True,
        "opened_at": task.opened_at,
        "version": 0,
    }
    return (await session.execute(insert(Task).returning(Task.id), [row])).scalar_one()


async def _keys_of(session: AsyncSession, task_id: int) -> list[str]:
    query = select(ConversationKey.key).where(ConversationKey.task_id == task_id)
    return list((await session.execute(query)).scalars())


async def _tell(
    session: AsyncSession,
    lines: Mapping[int, str],
    verb: str,
    acting: Acting,
    changes: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    changes = changes or {}
    events = [
        derivation.event(i, acting.now, acting.actor, verb, detail, changes.get(i, {})) for i, detail in lines.items()
    ]
    await session.execute(insert(TaskEvent), events)


async def move_items(session: AsyncSession, items: Sequence[int], keys: Sequence[str], task_id: int) -> None:
    """Hang items, and the ids by which later items find them, on another task."""
    for some in chunks(items):
        await session.execute(update(StoredItem).where(StoredItem.id.in_(some)).values(task_id=task_id))
    for some_keys in chunks(keys):
        await session.execute(update(ConversationKey).where(ConversationKey.key.in_(some_keys)).values(task_id=task_id))
