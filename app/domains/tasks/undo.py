"""What an action changed, kept for a while, so that it can be put back."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import streamed
from app.domains.tasks.belongings import dependencies_of, labels_of
from app.domains.tasks.models import Task, Undo
from app.domains.tasks.rules import PERSONAL

OF_CONVERSATION = ("turn", "since", "opened_at", "last_item_at", "people", "sender")
"""What a conversation gives a task: a task written by hand got it only with the items that an undo takes away."""

RESTORED = (
    *PERSONAL,
    "status",
    "status_reason",
    "snoozed_until",
    "person_set",
    "separated",
    "merged_into",
    "deleted_at",
    *OF_CONVERSATION,
)
INSTANTS = (
    "due_at",
    "scheduled_at",
    "started_at",
    "snoozed_until",
    "deleted_at",
    "since",
    "opened_at",
    "last_item_at",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A token that takes an action back, while it lasts."""

    token: str
    expires_at: datetime


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    return value.isoformat() if isinstance(value, datetime) else value


async def snapshot(session: AsyncSession, tasks: Mapping[int, Task]) -> dict[str, Any]:
    """What an undo has to put back where anything may have changed."""
    everything = dict.fromkeys(tasks, RESTORED)
    return await snapshot_of(session, tasks, everything, relabelled=list(tasks), rewired=list(tasks))


async def snapshot_of(
    session: AsyncSession,
    tasks: Mapping[int, Task],
    names: Mapping[int, Collection[str]],
    *,
    relabelled: Sequence[int],
    rewired: Sequence[int],
) -> dict[str, Any]:
    """The same of each task's columns in `names`, and of those whose labels or dependencies change: a bulk is large."""
    labels = await labels_of(session, relabelled)
    dependencies = await dependencies_of(session, rewired)
    return {
        "tasks": {str(i): {n: plain(getattr(tasks[i], n)) for n in sorted(mine)} for i, mine in names.items()},
        "labels": {str(i): labels.get(i, []) for i in relabelled},
        "dependencies": {str(i): dependencies.get(i, []) for i in rewired},
    }


async def keep(
    session: AsyncSession,
    verb: str,
    before: dict[str, Any],
    *,
    now: datetime,
    undo_for: timedelta,
    versions: Mapping[int, int] | None = None,
) -> Taken:
    """Store `before` with the versions the tasks have now, those that the action made included: a later change makes
    the undo a conflict. The caller may know some of the `versions` already.
    """
    ids = [*(int(i) for i in before["tasks"]), *before.get("made", [])]
    known = dict(versions or {})
    for some in chunks([i for i in ids if i not in known]):
        rows = await session.execute(select(Task.id, Task.version).where(Task.id.in_(some)))
        known.update((row.id, row.version) for row in rows)
    taken = Taken(secrets.token_urlsafe(18), now + undo_for)
    session.add(
        Undo(
            token=taken.token,
            verb=verb,
            created_at=now,
            expires_at=taken.expires_at,
            before=before | {"versions": {str(i): known[i] for i in ids if i in known}},
        )
    )
    await session.flush()
    return taken


async def forget(session: AsyncSession, task_ids: Collection[int]) -> None:
    """What was done to tasks that are removed for good can't be taken back, and what waited for them does so no more,
    also after an undo: SQLite gives their ids to later tasks.
    """
    gone = set(task_ids)
    if not gone:
        return
    useless, changed = [], {}
    async with streamed(session, select(Undo.token, Undo.before), at_once=100) as found:
        async for row in found:
            token, before = row.token, row.before
            if not gone.isdisjoint(int(i) for i in (*before["versions"], *before.get("moved", {}))):
                useless.append(token)
            elif any(not gone.isdisjoint(needed) for needed in before["dependencies"].values()):
                left = {i: [n for n in needed if n not in gone] for i, needed in before["dependencies"].items()}
                changed[token] = before | {"dependencies": left}
    for some in chunks(useless):
        await session.execute(delete(Undo).where(Undo.token.in_(some)))
    for token, before in changed.items():
        await session.execute(update(Undo).where(Undo.token == token).values(before=before))
