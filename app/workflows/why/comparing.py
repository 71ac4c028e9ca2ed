"""Why a task stands above another, or below it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import FieldError, Invalid
from app.domains.ranking.why.comparison import Comparison, Difference, compare
from app.domains.ranking.why.counterfactual import key_of, thousandths
from app.domains.rulesets.replaying import in_force
from app.domains.tasks import actions, explaining
from app.domains.tasks.explaining import Explained
from app.domains.tasks.models import Task
from app.domains.tasks.policy import Policy
from app.domains.tasks.views import number
from app.workflows.why.schemas import DifferenceOut, StandsOut, VersusOut


async def versus(
    session: AsyncSession,
    task_id: int,
    other_id: int,
    policy: Policy,
    *,
    now: datetime,
    integrations: Mapping[int, str],
    at: datetime | None,
    remembered_for: timedelta,
) -> VersusOut:
    """Both scored now, or as of `at`. Raises Invalid for the same task twice, NotFound."""
    if task_id == other_id:
        raise Invalid(
            f"Task {task_id} can't be compared with itself.", errors=[FieldError("path.other", "must be another task")]
        )
    tasks = [await actions.get(session, each) for each in (task_id, other_id)]
    found = [
        await explaining.explain(
            session, each, policy, now=now, integrations=integrations, at=at, remembered_for=remembered_for
        )
        for each in tasks
    ]
    keys = [key_of(why.score, why.facts, task.opened_at, task.id) for task, why in zip(tasks, found, strict=True)]
    names = (tasks[0].title, tasks[1].title)
    rules = policy.ruleset if at is None else await in_force(session, at, policy.ruleset)
    comparison = compare(found[0].score, found[1].score, keys[0], keys[1], named=names, ruleset=rules)
    return _versus_out(tasks, found, comparison, at or now)


def _versus_out(tasks: list[Task], found: list[Explained], comparison: Comparison, at: datetime) -> VersusOut:
    one, other = (_stands_out(task, why) for task, why in zip(tasks, found, strict=True))
    return VersusOut(
        at=at,
        task=one,
        other=other,
        above=(one if comparison.above == "a" else other).task,
        by=comparison.by,
        difference=number(thousandths(comparison.difference)),
        lines=[_line_out(line) for line in comparison.lines],
        sentence=comparison.sentence,
    )


def _stands_out(task: Task, why: Explained) -> StandsOut:
    score = why.score
    return StandsOut(task=task.id, title=task.title, points=number(score.milli), band=score.band, tier=score.tier)


def _line_out(line: Difference) -> DifferenceOut:
    return DifferenceOut(
        rule=line.rule,
        title=line.title,
        points=number(thousandths(line.a_points)),
        other_points=number(thousandths(line.b_points)),
        difference=number(thousandths(line.difference)),
        because=line.because_a,
        other_because=line.because_b,
    )
