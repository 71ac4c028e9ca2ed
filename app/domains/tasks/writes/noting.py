"""Noting that a source is to be told how a task stands by now: in the transaction that changes it, so none is lost.

Only the latest counts. What waits is replaced, and what was taken back before anybody tried to send it never is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import chunks
from app.core.rows import AnyRow
from app.domains.tasks.models import StoredItem
from app.domains.tasks.writes.models import TaskWrite
from app.records import IntegrationNames

TAKEN_BACK = "It was taken back before it was sent."
MOST_EXPECTED = 500
"""Of the items of one task: the latest, by their ids."""


async def note(
    session: AsyncSession,
    moved: Mapping[int, tuple[str, str]],
    integrations: Mapping[int, str],
    *,
    now: datetime,
    actor: str,
) -> None:
    """`moved`: by task, the mark before and the one from now on (marks.py). Tasks are locked by the caller."""
    writing = integrations.written if isinstance(integrations, IntegrationNames) else frozenset()
    if not moved or not writing:
        return
    rows: list[dict[str, Any]] = []
    for some in chunks(sorted(moved)):
        known = await _known(session, some, writing)
        waiting = await _waiting(session, some)
        for (task_id, integration_id), expected in known.items():
            before, mark = moved[task_id]
            pending = waiting.get((task_id, integration_id))
            if pending is None:
                rows.append(_row(task_id, integration_id, before, mark, expected, actor, now))
            else:
                _replace(pending, mark, expected, actor, now)
    if rows:
        await session.execute(insert(TaskWrite), rows)


async def _known(
    session: AsyncSession, task_ids: Sequence[int], writing: Collection[int]
) -> dict[tuple[int, int], dict[str, str]]:
    """By task and integration: the items there with their status, as far as they are known now."""
    columns = (StoredItem.task_id, StoredItem.integration_id, StoredItem.external_id, StoredItem.work)
    query = select(*columns).where(
        StoredItem.task_id.in_(task_ids), StoredItem.integration_id.in_(writing), StoredItem.gone_at.is_(None)
    )
    known: dict[tuple[int, int], dict[str, str]] = {}
    for row in await session.execute(query.order_by(StoredItem.id.desc())):
        mine = known.setdefault((row.task_id, row.integration_id), {})
        if len(mine) < MOST_EXPECTED:
            mine[row.external_id] = status_in(row)
    return known


def status_in(row: AnyRow | StoredItem) -> str:
    """What the item's row calls its status; empty where it has none."""
    return str((row.work or {}).get("status_name") or "")


async def _waiting(session: AsyncSession, task_ids: Sequence[int]) -> dict[tuple[int, int], TaskWrite]:
    query = select(TaskWrite).where(TaskWrite.task_id.in_(task_ids), TaskWrite.state == "pending").with_for_update()
    found = (await session.execute(query.execution_options(populate_existing=True))).scalars()
    return {(each.task_id, each.integration_id): each for each in found}


def _row(
    task_id: int, integration_id: int, before: str, mark: str, expected: dict[str, str], actor: str, now: datetime
) -> dict[str, Any]:
    return {
        "task_id": task_id,
        "integration_id": integration_id,
        "mark": mark,
        "before": before,
        "actor": actor,
        "state": "pending",
        "expected": expected,
        "effect": {},
        "due_at": now,
        "created_at": now,
    }


def _replace(pending: TaskWrite, mark: str, expected: dict[str, str], actor: str, now: datetime) -> None:
    if mark == pending.before and pending.attempts == 0:
        pending.state, pending.why, pending.ended_at = "cancelled", TAKEN_BACK, now
        return
    # What was tried may have happened although nobody heard of it: the source has to be looked at.
    pending.mark, pending.expected, pending.actor = mark, expected, actor
    pending.due_at = pending.created_at = now
    pending.overwrite = False
