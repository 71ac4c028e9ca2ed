"""Tasks over HTTP: the queue, and one task with its items and history."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.core import gate, problems
from app.core.web import (
    Cursor,
    Limit,
    Reading,
    conditional,
    database_of,
    next_link,
    page_limit,
)
from app.domains import connections
from app.domains.identity.access import TASKS_READ
from app.domains.tasks import actions, conversations, counting, queue, views
from app.domains.tasks.count_views import TaskCounts, counts_out
from app.domains.tasks.filter_schemas import TaskFilter, TaskQuery
from app.domains.tasks.filtering import filters_of
from app.domains.tasks.schemas import EventPage, ItemPage, TaskOut, TaskPage

router = gate.router(prefix="/api/v1", tags=["tasks"], responses=problems.responses(422), dependencies=TASKS_READ)

TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task's id.")]


@router.get("/tasks", operation_id="list_tasks", response_model=TaskPage)
async def list_tasks(request: Request, session: Reading, query: Annotated[TaskQuery, Query()]) -> Response:
    """The queue: open tasks in rank order, unless you ask for others. Several values of one filter are alternatives."""
    names = await connections.service.names(session)
    page = await queue.page(
        session,
        await filters_of(session, query, names, request.app.state.own_names, now=request.app.state.clock()),
        sqlite=database_of(request).is_sqlite,
        sort=query.sort,
        limit=page_limit(request, query.limit),
        cursor=query.cursor,
        count=query.count,
    )
    response = conditional(request, await views.page_out(session, page, names))
    return next_link(request, response, page.next_cursor)


@router.get("/tasks/counts", operation_id="count_tasks", response_model=TaskCounts)
async def count_tasks(request: Request, session: Reading, query: Annotated[TaskFilter, Query()]) -> Response:
    """How many tasks match, and for every filter how many each of its values would show.

    Of status, band, tier, turn, integration, kind and assignee the own choice is left aside: with `band=now`, the
    bands say how many each of them would show instead. Labels must all be there, so each is counted among what matches.
    """
    names = await connections.service.names(session)
    wanted = await filters_of(session, query, names, request.app.state.own_names, now=request.app.state.clock())
    found = await counting.count(session, wanted, sqlite=database_of(request).is_sqlite)
    return conditional(request, counts_out(found, wanted, names))


@router.get(
    "/tasks/{task_id}",
    operation_id="get_task",
    response_model=TaskOut,
    responses=problems.responses(404),
)
async def get_task(task_id: TaskId, request: Request, session: Reading) -> Response:
    """One task, with its ETag."""
    task = await actions.get(session, task_id)
    shown = await views.one_out(session, task, await connections.service.names(session))
    return conditional(request, shown, views.etag(shown, task.score_revision))


@router.get(
    "/tasks/{task_id}/items",
    operation_id="list_task_items",
    responses=problems.responses(404),
)
async def list_task_items(
    task_id: TaskId, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> ItemPage:
    """The messages, rows or events of a task, oldest first."""
    await actions.get(session, task_id)
    items, following = await conversations.items(session, task_id, limit=limit, cursor=cursor)
    names = await connections.service.names(session)
    next_link(request, response, following)
    return ItemPage(items=[views.item_out(item, names) for item in items], next_cursor=following)


@router.get(
    "/tasks/{task_id}/history",
    operation_id="list_task_history",
    responses=problems.responses(404),
)
async def list_task_history(
    task_id: TaskId, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> EventPage:
    """What happened to a task, newest first."""
    await actions.get(session, task_id)
    events, following = await conversations.history(session, task_id, limit=limit, cursor=cursor)
    next_link(request, response, following)
    return EventPage(items=await views.events_out(session, events), next_cursor=following)
