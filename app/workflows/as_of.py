"""The queue as it stood at another time: archives are judged at their own time, and the future can be asked too.

Where it is remembered, facts, statuses and the ruleset are those of then. Of an archive's own time nothing is: messages
sent later are left out, and statuses, what people set and the rules are today's. What was deleted or merged since is
missing from the queue of then: its history ended with it.
"""

import asyncio
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
from app.domains.ranking import Facts, Ruleset, Standing, StoredFacts
from app.domains.ranking.engine import standing
from app.domains.ranking.network import Network
from app.domains.rulesets.replaying import in_force
from app.domains.tasks import earlier, statuses
from app.domains.tasks.belongings import labels_of
from app.domains.tasks.earlier import Moment
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.networks import add_waiting
from app.domains.tasks.policy import Policy
from app.domains.tasks.schemas import TaskOut
from app.domains.tasks.views import number, task_out

BATCH = 500
"""So many tasks, with their facts, are held at a time beside the best ones."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """A task, and how it stood."""

    task: Task
    facts: Facts
    score: Standing

    @property
    def rank(self) -> tuple[Any, ...]:
        return ranking.order_key(self.score, _due(self.facts), self.task.opened_at, self.task.id)


async def top(
    session: AsyncSession, policy: Policy, moment: Moment, *, limit: int, ruleset: Ruleset | None = None
) -> list[TaskOut]:
    """The first `limit` tasks of the queue at the moment. Without `ruleset`, the one that was in force ranks."""
    at = moment.at
    names = await connections.names(session)
    rules = ruleset or await in_force(session, at, policy.ruleset)
    query = (
        select(Task, TaskFacts.facts)
        .join(TaskFacts, TaskFacts.task_id == Task.id)
        .where(Task.deleted_at.is_(None), Task.opened_at <= moment.end)
    )
    query = statuses.open_at(query, at) if at < moment.now else query.where(Task.status == "open")
    best: list[_Standing] = []
    async with streamed(session, query, at_once=BATCH) as rows:
        async for some in rows.partitions():
            standings = await _standings(session, some, policy, moment, names, rules)
            best = heapq.nsmallest(limit, [*best, *standings], key=attrgetter("rank"))
    labels = await labels_of(session, [one.task.id for one in best])
    return [_shown(task_out(one.task, names, labels.get(one.task.id, ()), ()), one.score, one.facts) for one in best]


async def _standings(
    session: AsyncSession,
    rows: Sequence[AnyRow],
    policy: Policy,
    moment: Moment,
    names: Mapping[int, str],
    rules: Ruleset,
) -> list[_Standing]:
    """Those of the rows that were work by then."""
    in_motion = [row.Task for row in rows if not moment.is_settled(row.Task)]
    known_then = await earlier.then(session, in_motion, policy, moment, names)
    facts: dict[int, Facts] = {row.Task.id: StoredFacts(row.facts) for row in rows if moment.is_settled(row.Task)}
    facts |= {task_id: then.facts for task_id, then in known_then.items() if then.was_work}
    past = moment.at < moment.now
    # As in an explanation: what waited for a task counts where it is known, that is unless the task was made again.
    linked = {i: of for i, of in facts.items() if not past or (i in known_then and known_then[i].remembered)}
    if rules.inherit is not None:
        await add_waiting(session, linked, moment.at if past else None)
    network = Network(linked, rules)

    def scored() -> list[_Standing]:
        known = [(row.Task, facts[row.Task.id]) for row in rows if row.Task.id in facts]
        return [_Standing(task, of, stood(task.id, of)) for task, of in known]

    def stood(task_id: int, of: Facts) -> Standing:
        return network.standing(task_id, moment.at) if network.has(task_id) else standing(of, rules, moment.at)

    return await asyncio.to_thread(scored)


def _due(facts: Facts) -> datetime | None:
    due = facts.get("due_at")
    return due.value if due and isinstance(due.value, datetime) else None


def _shown(task: TaskOut, score: Standing, facts: Facts) -> TaskOut:
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
