"""The queue as it stood at another time: archives are judged at their own time, and the future can be asked too.

Messages sent later are left out, and every task is scored at that time. Statuses and what people set are today's.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domains import ranking
from app.domains.connections import service as connections
from app.domains.ranking import Fact, Score
from app.domains.tasks import derivation, queue
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.policy import Policy
from app.domains.tasks.schemas import TaskOut
from app.domains.tasks.views import number, task_out


async def top(session: AsyncSession, policy: Policy, at: datetime, *, limit: int) -> list[TaskOut]:
    """The first `limit` tasks of the queue as of `at`."""
    names = await connections.names(session)
    query = (
        select(Task, TaskFacts.facts)
        .join(TaskFacts, TaskFacts.task_id == Task.id)
        .where(Task.status == "open", Task.deleted_at.is_(None), Task.opened_at <= at)
    )
    rows = (await session.execute(query)).all()
    facts = {row.Task.id: ranking.load(row.facts) for row in rows if _settled(row.Task, at)}
    in_motion = [row.Task for row in rows if not _settled(row.Task, at)]
    earlier = await derivation.then(session, in_motion, policy, at, names)
    facts.update({task_id: then.facts for task_id, then in earlier.items() if then.was_work})
    ranked = sorted(
        ((ranking.score(facts[row.Task.id], policy.ruleset, at), row.Task) for row in rows if row.Task.id in facts),
        key=lambda pair: ranking.order_key(pair[0], _due(facts[pair[1].id]), pair[1].opened_at, pair[1].id),
    )[:limit]
    labels = await queue.labels_on(session, [task.id for _, task in ranked])
    return [_shown(task_out(task, names, labels.get(task.id, ()), ()), score, facts[task.id]) for score, task in ranked]


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
