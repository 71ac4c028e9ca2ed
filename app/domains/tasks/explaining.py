"""The score of one task with all its lines: now, or as of another time."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.domains import ranking
from app.domains.ranking import Score
from app.domains.tasks import earlier
from app.domains.tasks.models import Task, TaskFacts
from app.domains.tasks.policy import Policy


async def explain(
    session: AsyncSession,
    task: Task,
    policy: Policy,
    *,
    now: datetime,
    integrations: Mapping[int, str],
    at: datetime | None = None,
) -> Score:
    """The score at `at`, from what the task's items said until then; without `at`, the present one."""
    if at is not None and (task.last_item_at is None or at < task.last_item_at):
        facts = (await earlier.then(session, [task], policy, at, integrations))[task.id].facts
    else:
        stored = await session.get(TaskFacts, task.id)
        facts = ranking.load(stored.facts) if stored else {}
    return ranking.score(facts, policy.ruleset, at or now)
