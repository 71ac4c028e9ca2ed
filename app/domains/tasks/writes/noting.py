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
CHANGED_SINCE = "The task has changed since."
STUCK = ("refused", "conflict")
MOST_EXPECTED = 500
"""Of the items of one task: the latest, by their ids."""
Pair = tuple[int, int]
"""A task and an integration."""


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
        earlier = await _earlier(session, some)
        for pair, expected in known.items():
            before, mark = moved[pair[0]]
            told = _told(earlier.get(pair, ()), before)
            if _settled(earlier.get(pair, ()), mark, told, expected, actor, now):
                continue
            rows.append(_row(pair, told, mark, expected, actor, now))
    if rows:
        await session.execute(insert(TaskWrite), rows)


async def _known(
    session: AsyncSession, task_ids: Sequence[int], writing: Collection[int]
) -> dict[Pair, dict[str, str]]:
    """By task and integration: the items there with their status, as far as they are known now."""
    columns = (StoredItem.task_id, StoredItem.integration_id, StoredItem.external_id, StoredItem.work)
    query = select(*columns).where(
        StoredItem.task_id.in_(task_ids), StoredItem.integration_id.in_(writing), StoredItem.gone_at.is_(None)
    )
    known: dict[Pair, dict[str, str]] = {}
    for row in await session.execute(query.order_by(StoredItem.id.desc())):
        mine = known.setdefault((row.task_id, row.integration_id), {})
        if len(mine) < MOST_EXPECTED:
            mine[row.external_id] = status_in(row)
    return known


def status_in(row: AnyRow | StoredItem) -> str:
    """What the item's row calls its status; empty where it has none."""
    return str((row.work or {}).get("status_name") or "")


async def _earlier(session: AsyncSession, task_ids: Sequence[int]) -> dict[Pair, list[TaskWrite]]:
    """What was noted of them before, the oldest first, locked in one order."""
    query = select(TaskWrite).where(TaskWrite.task_id.in_(task_ids)).order_by(TaskWrite.task_id, TaskWrite.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    found: dict[Pair, list[TaskWrite]] = {}
    for each in (await session.execute(query)).scalars():
        found.setdefault((each.task_id, each.integration_id), []).append(each)
    return found


def _told(earlier: Sequence[TaskWrite], before: str) -> str:
    """The mark that the source knows, or will know by what is being sent. What was never told stands as it stood when
    that was first noted; else as the task did, `before`."""
    known = next((each.mark for each in reversed(earlier) if each.state in ("done", "sending")), None)
    return known or (earlier[-1].before if earlier else before)


def _settled(
    earlier: Sequence[TaskWrite], mark: str, told: str, expected: dict[str, str], actor: str, now: datetime
) -> bool:
    """Whether what was noted before sees to it, so that nothing new need be. What waits for a person is over."""
    for each in earlier:
        if each.state in STUCK:
            each.state, each.why, each.ended_at = "cancelled", CHANGED_SINCE, now
    if earlier and earlier[-1].state == "pending":
        _replace(earlier[-1], mark, expected, actor, now)
        return True
    return mark == told and not (earlier and earlier[-1].effect and earlier[-1].state != "done")


def _row(pair: Pair, before: str, mark: str, expected: dict[str, str], actor: str, now: datetime) -> dict[str, Any]:
    task_id, integration_id = pair
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
        pending.state, pending.why, pending.ended_at, pending.due_at = "cancelled", TAKEN_BACK, now, None
        return
    # What was tried may have happened although nobody heard of it: the source has to be looked at.
    pending.mark, pending.expected, pending.actor = mark, expected, actor
    pending.due_at = pending.created_at = now
    pending.failures, pending.tried_at, pending.overwrite = 0, None, False
