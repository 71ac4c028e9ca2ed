"""Over HTTP: what puts one task above another, when a task will be first, and what would have to change for that."""

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query, Request
from pydantic import AfterValidator, WithJsonSchema

from app.core import gate, problems
from app.core.fields import Instant
from app.core.web import Reading
from app.domains import connections
from app.domains.identity.access import TASKS_READ
from app.domains.tasks import actions
from app.domains.tasks.router import TaskId
from app.workflows.why import comparing, foreseeing, supposing
from app.workflows.why.schemas import ForecastOut, VersusOut, WhatIfOut
from app.workflows.why.wishing import WISH, checked

router = gate.router(prefix="/api/v1", tags=["why"], responses=problems.responses(422))

_WISHES = (
    "`first`, `top10`, `above:ID`, `band:now` (or next, later) or `points:N`. Default: first, and for the task that is "
    "first, the band now."
)

Goal = Annotated[str, AfterValidator(checked), WithJsonSchema({"type": "string", "pattern": WISH})]
"""The form is described as a pattern, and refused with a sentence."""


@router.get(
    "/tasks/{task_id}/score/versus/{other}",
    operation_id="compare_tasks",
    dependencies=TASKS_READ,
    responses=problems.responses(404),
)
async def compare_tasks(
    task_id: TaskId,
    other: Annotated[int, Path(ge=1, le=2**31 - 1, description="Another task.")],
    request: Request,
    session: Reading,
    at: Annotated[Instant | None, Query(description="As of this time; default: now.")] = None,
) -> VersusOut:
    """Why one task stands above another: rule by rule, with differences that add up, and in one sentence."""
    state = request.app.state
    return await comparing.versus(
        session,
        task_id,
        other,
        await state.judge.policy(session),
        now=state.clock(),
        integrations=await connections.service.names(session),
        at=at,
        remembered_for=timedelta(days=state.settings.history_days),
    )


@router.get(
    "/tasks/{task_id}/score/what-if",
    operation_id="suppose_changes",
    dependencies=TASKS_READ,
    responses=problems.responses(404, 409),
)
async def suppose_changes(
    task_id: TaskId,
    request: Request,
    session: Reading,
    goal: Annotated[Goal | None, Query(description=_WISHES, examples=["top10", "band:now"])] = None,
) -> WhatIfOut:
    """What would have to change for an open task to reach a goal: single changes, each enough alone, cheapest first.

    Only what a person can change here is tried. Each answer was scored again, and comes with the request that makes it.
    """
    state = request.app.state
    task = await actions.get(session, task_id)
    return await supposing.suppose(session, task, await state.judge.policy(session), goal, now=state.clock())


@router.get(
    "/tasks/{task_id}/score/forecast",
    operation_id="forecast_task",
    dependencies=TASKS_READ,
    responses=problems.responses(404, 409),
)
async def forecast_task(
    task_id: TaskId,
    request: Request,
    session: Reading,
    hours: Annotated[
        int, Query(ge=1, le=foreseeing.MOST_HOURS, description="How far to look ahead; default: a week.")
    ] = foreseeing.HOURS,
) -> ForecastOut:
    """How an open task will stand if nothing changes but the time: its points and bands, and when it will be first."""
    state = request.app.state
    task = await actions.get(session, task_id)
    policy = await state.judge.policy(session)
    return await foreseeing.forecast(session, task, policy.ruleset, now=state.clock(), hours=hours)
