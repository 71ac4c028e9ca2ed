"""The queue as it stood at another time: archives are judged at their own time, and the future can be asked too.

Messages sent later are left out, and every task is scored at that time. Statuses and what people set are today's.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow, streamed
from app.domains import ranking
from app.domains.connections import service as connections
from app.domains.ranking import Fact, Score
from app.domains.tasks import earlier
from app.domains.tasks.belongings import labels_of
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.policy import Policy
from app.domains.tasks.schemas import TaskOut
from app.domains.tasks.views import number, task_out

BATCH = 500
"""So many tasks, with their facts, are held at a time beside the best ones."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A task, and how it stood."""

    task: Task
    facts: dict[str, Fact]
    score: Score

    @property
    def rank(self) -> tuple[Any, ...]:
        return ranking.order_key(self.score, _due(self.facts), self.task.opened_at, self.task.id)


async def top(session: AsyncSession, policy: Policy, at: datetime, *, limit: int) -> list[TaskOut]:
    """The first `limit` tasks of the queue as of `at`."""
    names = await connections.names(session)
    query = (
        select(Task, TaskFacts.facts)
        .join(TaskFacts, TaskFacts.task_id == Task.id)
        .where(Task.status == "open", Task.deleted_at.is_(None), Task.opened_at <= at)
    )
    best: list[_Standing] = []
    async with streamed(session, query, at_once=BATCH) as rows:
        async for some in rows.partitions():
            standings = await _standings(session, some, policy, at, names)
            best = heapq.nsmallest(limit, [*best, *standings], key=attrgetter("rank"))
    labels = await labels_of(session, [one.task.id for one in best])
    return [_shown(task_out(one.task, names, labels.get(one.task.id, ()), ()), one.score, one.facts) for one in best]


async def _standings(
    session: AsyncSession, rows: Sequence[AnyRow], policy: Policy, at: datetime, names: Mapping[int, str]
) -> list[_Standing]:
    """Those of the rows that were work by then."""
    facts = {row.Task.id: ranking.load(row.facts) for row in rows if _settled(row.Task, at)}
    in_motion = [row.Task for row in rows if not _settled(row.Task, at)]
    known_then = await earlier.then(session, in_motion, policy, at, names)
    facts.update({task_id: then.facts for task_id, then in known_then.items() if then.was_work})
    known = [(row.Task, facts[row.Task.id]) for row in rows if row.Task.id in facts]
    return [_Standing(task, of, ranking.score(of, policy.ruleset, at)) for task, of in known]


def _settled(task: Task, at: datetime) -> bool:
    """Whether all the task's messages had been sent by then, so that its stored facts are those of that time."""
    return task.last_item_at is None or task.last_item_at <= at


def _due(facts: dict[str, Fact]) -> datetime | None:
    due = facts.get("due_at")
    return due.value if due and isinstance(due.value, datetime) else None


def _shown(task: TaskOut, score: Score, facts: dict[str, Fact]) -> TaskOut:
    turn = facts["turn"].value if "turn" in facts else None
    values: dict[str, Any] = {
        "tier": score.tier,
        "points": number(score.milli),
        "score": number(int(score.score * 1000)),
        "band": score.band,
        "reasons": list(score.reasons),
        "valid_until": score.valid_until,
        "due_at": _due(facts),
        "turn": turn if turn in ("ours", "theirs") else None,
        "since": facts["turn_since"].value if "turn_since" in facts else None,
        "last_item_at": facts["last_item_at"].value if "last_item_at" in facts else None,
    }
    if "title" in facts:
        values["title"] = facts["title"].value
    return task.model_copy(update=values)
