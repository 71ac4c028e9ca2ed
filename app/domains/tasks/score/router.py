"""Why a task stands where it stands, and what is known of it, over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request

from app.core import gate, problems
from app.core.fields import Instant
from app.core.web import Reading
from app.domains import connections
from app.domains.identity.access import TASKS_READ
from app.domains.ranking import Ruleset
from app.domains.tasks import actions, explaining
from app.domains.tasks.explaining import Explained
from app.domains.tasks.models import Task
from app.domains.tasks.router import TaskId
from app.domains.tasks.score import views
from app.domains.tasks.score.choosing import NAMED, ruleset_named
from app.domains.tasks.score.schemas import KnownFactsOut, ScoreOut

router = gate.router(prefix="/api/v1", responses=problems.responses(422))


At = Annotated[Instant | None, Query(description="As of this time; default: now.")]


@router.get(
    "/tasks/{task_id}/score",
    operation_id="explain_task",
    dependencies=TASKS_READ,
    tags=["why"],
    responses=problems.responses(404),
)
async def explain_task(
    task_id: TaskId,
    request: Request,
    session: Reading,
    at: At = None,
    ruleset: Annotated[
        str | None,
        Query(
            pattern=NAMED,
            description="By this one, without activating it: a name, or a name and a version, as in `sla@1`. A name "
            "alone means its active version, or else the newest. Default: the ruleset in force.",
            examples=["sla", "default@1"],
        ),
    ] = None,
) -> ScoreOut:
    """Why a task stands where it stands: contributions that add up to its points, and what was checked besides."""
    task = await actions.get(session, task_id)
    rules = await ruleset_named(session, ruleset) if ruleset is not None else None
    now = request.app.state.clock()
    why = await _explained(request, session, task, now=now, at=at, ruleset=rules)
    return await views.explained_out(session, task, why, at=at, now=now, by_another=rules is not None)


@router.get(
    "/tasks/{task_id}/facts",
    operation_id="list_task_facts",
    dependencies=TASKS_READ,
    tags=["why"],
    responses=problems.responses(404),
)
async def list_task_facts(task_id: TaskId, request: Request, session: Reading, at: At = None) -> KnownFactsOut:
    """What is known of a task: every fact that rules can look at, with its value and where that comes from.

    The list is as long as the catalogue at most. What a fact means is told by `GET /api/v1/facts`.
    """
    task = await actions.get(session, task_id)
    now = request.app.state.clock()
    return views.facts_out(task.id, await _explained(request, session, task, now=now, at=at), at or now)


async def _explained(
    request: Request,
    session: Reading,
    task: Task,
    *,
    now: datetime,
    at: datetime | None,
    ruleset: Ruleset | None = None,
) -> Explained:
    state = request.app.state
    return await explaining.explain(
        session,
        task,
        await state.judge.policy(session),
        now=now,
        integrations=await connections.service.names(session),
        at=at,
        remembered_for=timedelta(days=state.settings.history_days),
        ruleset=ruleset,
    )
