"""Why a task stands where it stands, over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.core import problems
from app.core.web import Reading
from app.domains import connections
from app.domains.tasks import actions, explaining
from app.domains.tasks.fields import Instant
from app.domains.tasks.router import TaskId
from app.domains.tasks.score import views
from app.domains.tasks.score.schemas import ScoreOut

router = APIRouter(prefix="/api/v1", responses=problems.responses(422))


@router.get("/tasks/{task_id}/score", operation_id="explain_task", tags=["why"], responses=problems.responses(404))
async def explain_task(
    task_id: TaskId,
    request: Request,
    session: Reading,
    at: Annotated[Instant | None, Query(description="As of this time; default: now.")] = None,
) -> ScoreOut:
    """Why a task stands where it stands: contributions that add up to its points, and what was checked besides."""
    state = request.app.state
    task = await actions.get(session, task_id)
    names = await connections.service.names(session)
    now, policy = state.clock(), await state.judge.policy(session)
    kept = timedelta(days=state.settings.history_days)
    why = await explaining.explain(session, task, policy, now=now, integrations=names, at=at, remembered_for=kept)
    return await views.explained_out(session, task, why, at=at, now=now)
