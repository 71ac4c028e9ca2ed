"""What sources are told, over HTTP: what waits, what was done, and what a person has to decide."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Body, Path, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, paging, problems
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, next_link
from app.domains import connections
from app.domains.connections.holding_back import held_back
from app.domains.identity.access import TASKS_READ, TASKS_WRITE
from app.domains.tasks import actions
from app.domains.tasks.writes import outbox, views
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.schemas import Retried, RetryIn, WriteOut, WritePage, WriteState

router = gate.router(prefix="/api/v1", tags=["writes"], responses=problems.responses(422))

Id = Annotated[int, Path(ge=1, le=2**31 - 1, description="Its id.")]
TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task's id.")]
States = Annotated[list[WriteState], Query(description="Only those in one of these states.")]
How = Annotated[RetryIn | None, Body(examples=[{"overwrite": False}])]
Of = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only what this integration is told.")]


@router.get(
    "/tasks/{task_id}/writes",
    operation_id="list_task_writes",
    dependencies=TASKS_READ,
    responses=problems.responses(404),
)
async def list_task_writes(
    task_id: TaskId, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> WritePage:
    """What the task's sources were told of it, the newest first."""
    await actions.get(session, task_id)
    name = f"writes of {task_id}"
    before = paging.decode_id(cursor, name) if cursor else None
    found = await outbox.page(session, limit=limit + 1, before=before, task_id=task_id)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return WritePage(items=await _all_shown(session, shown), next_cursor=following)


@router.get("/writes", operation_id="list_writes", dependencies=TASKS_READ)
async def list_writes(
    request: Request,
    response: Response,
    session: Reading,
    limit: Limit,
    cursor: Cursor = None,
    state: States = [],  # noqa: B006 - FastAPI copies it
    integration: Of = None,
) -> WritePage:
    """What sources were told, the newest first: `state=refused&state=conflict` is what waits for a person."""
    name = f"writes {integration} {sorted(state)}"
    before = paging.decode_id(cursor, name) if cursor else None
    found = await outbox.page(session, limit=limit + 1, before=before, integration_id=integration, states=state)
    shown, following = paging.cut(found, limit, name, key=lambda last: last.id)
    next_link(request, response, following)
    return WritePage(items=await _all_shown(session, shown), next_cursor=following)


@router.get("/writes/{write_id}", operation_id="get_write", dependencies=TASKS_READ, responses=problems.responses(404))
async def get_write(write_id: Id, session: Reading) -> WriteOut:
    """One of them."""
    return await _shown(session, await outbox.get(session, write_id))


@router.post(
    "/writes/{write_id}/retry",
    operation_id="retry_write",
    dependencies=TASKS_WRITE,
    responses=problems.responses(404, 409),
)
async def retry_write(
    write_id: Id, request: Request, session: Writing, body: How = None, _key: Repeatable = None
) -> WriteOut:
    """Try again what was refused or met a conflict, once what stood against it is mended."""
    write = await outbox.locked(session, write_id)
    overwrite = body.overwrite if body else False
    await outbox.retry(session, write, overwrite=overwrite, now=request.app.state.clock())
    return await _shown(session, write)


@router.post(
    "/integrations/{integration_id}/writes/retry",
    operation_id="retry_writes",
    dependencies=TASKS_WRITE,
    responses=problems.responses(404),
)
async def retry_writes(integration_id: Id, request: Request, session: Writing, _key: Repeatable = None) -> Retried:
    """Try again all that was refused at one integration, once its access or its settings are mended."""
    await connections.service.get(session, integration_id)
    return Retried(retried=await outbox.retry_all(session, integration_id, now=request.app.state.clock()))


@router.post(
    "/writes/{write_id}/cancel",
    operation_id="cancel_write",
    dependencies=TASKS_WRITE,
    responses=problems.responses(404, 409),
)
async def cancel_write(write_id: Id, request: Request, session: Writing, _key: Repeatable = None) -> WriteOut:
    """Leave it out: the source stays as it is."""
    write = await outbox.locked(session, write_id)
    await outbox.cancel(session, write, now=request.app.state.clock())
    return await _shown(session, write)


async def _shown(session: AsyncSession, write: TaskWrite) -> WriteOut:
    [shown] = await _all_shown(session, [write])
    return shown


async def _all_shown(session: AsyncSession, found: Sequence[TaskWrite]) -> list[WriteOut]:
    names, waits = await connections.service.names(session), await held_back(session)
    return [views.write_out(each, names, waits) for each in found]
