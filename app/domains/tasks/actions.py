"""Carrying out what people do with tasks: written, told in the history, scored anew, and open to be taken back.

All functions take the caller's session and flush; the request that opened the transaction ends it. A single action and
a bulk of thousands go through the same `apply`. What is allowed in which state is in rules.py.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import seeing
from app.core.acting import written_by
from app.core.database import chunks
from app.core.errors import NotFound
from app.domains.tasks import announcing, audited, derivation, undo
from app.domains.tasks.belongings import set_dependencies, set_labels
from app.domains.tasks.locking import lock, lock_dependencies, neighbours
from app.domains.tasks.models import Task, TaskEvent
from app.domains.tasks.placing import blank_task
from app.domains.tasks.policy import Policy
from app.domains.tasks.rules import PERSONAL, SETTABLE, Change
from app.domains.tasks.undo import Taken, plain
from app.domains.tasks.unseen import dependencies_given, unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts, when, and what judges the tasks afterwards."""

    policy: Policy
    now: datetime
    integrations: Mapping[int, str]
    actor: str = field(default_factory=written_by)
    undo_for: timedelta = timedelta(minutes=10)


async def get(session: AsyncSession, task_id: int) -> Task:
    """Raises NotFound, saying where a merged task went; also for one that is hidden from whoever acts, or went into
    such a one. `load` it to act on what was read."""
    with seeing.restricted(session):
        task = await session.get(Task, task_id, populate_existing=True)
    if task is None or (task.merged_into is not None and await unseen(session, [task.merged_into])):
        raise NotFound(f"There is no task {task_id}.")
    if task.deleted_at is not None:
        if task.merged_into is not None:
            raise NotFound(f"Task {task_id} was merged into task {task.merged_into}.", merged_into=task.merged_into)
        raise NotFound(f"Task {task_id} was deleted.")
    return task


async def load(session: AsyncSession, ids: Sequence[int], *, deleted_too: bool = False) -> dict[int, Task]:
    """Tasks by id, locked with their neighbours against other writers, but none that is hidden from whoever acts. To be
    called once in a transaction."""
    await lock(session, ids)
    with seeing.restricted(session):
        return await read(session, ids, deleted_too=deleted_too)


async def read(session: AsyncSession, ids: Sequence[int], *, deleted_too: bool = False) -> dict[int, Task]:
    """Tasks by id, as they are stored now."""
    tasks: dict[int, Task] = {}
    for some in chunks(ids):
        query = select(Task).where(Task.id.in_(some))
        if not deleted_too:
            query = query.where(Task.deleted_at.is_(None))
        for task in (await session.execute(query.execution_options(populate_existing=True))).scalars():
            tasks[task.id] = task
    return tasks


async def create(
    session: AsyncSession,
    values: Mapping[str, Any],
    labels: Sequence[str],
    depends_on: Sequence[int],
    acting: Acting,
) -> int:
    """A task that a person wrote; returns its id. Raises Invalid for a dependency that is no task."""
    if depends_on:
        await lock_dependencies(session)
        await lock(session, depends_on)
        depends_on = await dependencies_given(session, 0, depends_on)
    person_set = ["status", *(name for name in PERSONAL if values.get(name))]
    row = blank_task(now=acting.now) | dict(values) | {"person_set": person_set, "version": 0}
    task_id = (await session.execute(insert(Task).returning(Task.id), [row])).scalar_one()
    await set_labels(session, {task_id: sorted(set(labels))})
    await set_dependencies(session, {task_id: sorted(set(depends_on))})
    line = derivation.event(task_id, acting.now, acting.actor, "created", "Created by hand.", {})
    await session.execute(insert(TaskEvent), [line])
    audited.note_made(session, task_id, {**values, "labels": sorted(set(labels)), "dependencies": sorted(depends_on)})
    versions = await refresh(session, [task_id], acting)
    around = await refresh_neighbours(session, [task_id], acting)
    await announce(session, "create", versions, acting, moved=around)
    return task_id


async def apply(
    session: AsyncSession, verb: str, changes: Mapping[int, Change], tasks: Mapping[int, Task], acting: Acting
) -> Taken:
    """Carry out planned changes in one go: write them, their history and their undo, then derive and score."""
    before = await _snapshot(session, verb, changes, tasks)
    events = []
    for task_id, change in changes.items():
        task = tasks[task_id]
        shown = _shown_changes(task, change, before)
        own = [*change.values] if verb != "delete" else []
        own += ["labels"] * (change.labels is not None) + ["dependencies"] * (change.depends_on is not None)
        for name, value in change.values.items():
            setattr(task, name, value)
        if verb == "delete":
            task.deleted_at = acting.now
        task.person_set = sorted({*task.person_set, *(name for name in own if name in SETTABLE)})
        task.updated_at = acting.now
        if verb == "delete":
            task.version += 1  # no refresh follows for what is gone
        events.append(derivation.event(task_id, acting.now, acting.actor, verb, change.detail, shown))
        gone = {"deleted_at": [None, acting.now]} if verb == "delete" else {}
        audited.note(session, task, shown | gone, acting.integrations)
    await session.flush()
    await set_labels(session, {i: c.labels for i, c in changes.items() if c.labels is not None})
    await set_dependencies(session, {i: c.depends_on for i, c in changes.items() if c.depends_on is not None})
    if events:
        await session.execute(insert(TaskEvent), events)
    versions: Mapping[int, int] = {i: tasks[i].version for i in changes}
    if verb != "delete":
        versions = await refresh(session, {i: tasks[i] for i in changes}, acting)
    stirred = [i for i, c in changes.items() if verb == "delete" or "status" in c.values or c.depends_on is not None]
    around = await refresh_neighbours(session, stirred, acting, also=_needed_before(before))
    await announce(session, verb, versions, acting, moved=around)
    return await undo.keep(session, verb, before, now=acting.now, undo_for=acting.undo_for, versions=versions)


async def _snapshot(
    session: AsyncSession, verb: str, changes: Mapping[int, Change], tasks: Mapping[int, Task]
) -> dict[str, Any]:
    own = {"deleted_at"} if verb == "delete" else {"person_set"}
    return await undo.snapshot_of(
        session,
        tasks,
        {i: {*change.values, *own} for i, change in changes.items()},
        relabelled=[i for i, change in changes.items() if change.labels is not None],
        rewired=[i for i, change in changes.items() if change.depends_on is not None],
    )


def _shown_changes(task: Task, change: Change, before: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field name to [before, after] for the history, only where they differ."""
    shown = {
        name: [plain(getattr(task, name)), plain(value)]
        for name, value in change.values.items()
        if getattr(task, name) != value
    }
    key = str(task.id)
    if change.labels is not None and before["labels"][key] != change.labels:
        shown["labels"] = [before["labels"][key], change.labels]
    if change.depends_on is not None and before["dependencies"][key] != change.depends_on:
        shown["dependencies"] = [before["dependencies"][key], change.depends_on]
    return shown


async def refresh(
    session: AsyncSession, tasks: Collection[int] | Mapping[int, Task], acting: Acting
) -> Mapping[int, int]:
    """Derive tasks anew, as derivation.refresh does; returns their versions by id."""
    changes = await derivation.refresh(
        session, tasks, acting.policy, now=acting.now, integrations=acting.integrations, actor=acting.actor
    )
    return changes.versions


def _needed_before(before: Mapping[str, Any]) -> set[int]:
    """What the tasks waited for whose dependencies an action replaced: it is waited for no longer, perhaps."""
    return {needed for mine in before["dependencies"].values() for needed in mine}


async def refresh_neighbours(
    session: AsyncSession,
    ids: Sequence[int],
    acting: Acting,
    *,
    but: Collection[int] = (),
    also: Collection[int] = (),
) -> set[int]:
    """Tasks that wait for these, or that these wait for, stand differently now; nobody changed them. Returns which.

    Not those of `but`, which were refreshed as well; `also` those that were their neighbours before.
    """
    around = (await neighbours(session, ids) | set(also)) - {*ids, *but}
    if around:
        await derivation.refresh(
            session,
            around,
            acting.policy,
            now=acting.now,
            integrations=acting.integrations,
            grow_version=False,
        )
    return around


async def announce(
    session: AsyncSession,
    verb: str,
    changed: Collection[int] | Mapping[int, int],
    acting: Acting,
    *,
    moved: Collection[int] = (),
) -> None:
    """Let those who watch know of what was done; see announcing.announce."""
    await announcing.announce(session, verb, changed, actor=acting.actor, now=acting.now, moved=moved)
