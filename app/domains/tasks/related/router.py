"""Over HTTP: what has to do with a task, which open tasks may be one, and items that can be found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import acting, gate, problems
from app.core.web import Cursor, Limit, Reading, Repeatable, Writing, database_of, next_link, page_limit
from app.domains import connections
from app.domains.identity.access import TASKS_READ, TASKS_WRITE
from app.domains.tasks import actions, announcing, context, dismissals, duplicates, related_views, relating, views
from app.domains.tasks.filtering import ids_named
from app.domains.tasks.models import Task
from app.domains.tasks.related_schemas import DuplicatePage, FoundItem, FoundItems, ItemQuery, Made, RelatedPage
from app.domains.tasks.verbs.router import AtWork, TaskId

router = gate.router(prefix="/api/v1", tags=["related"], responses=problems.responses(422))

ItemId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/tasks/duplicates", operation_id="list_duplicates", dependencies=TASKS_READ)
async def list_duplicates(
    request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> DuplicatePage:
    """Pairs of open or snoozed tasks that may be one, the newest first.

    Both bear the same title and began within 90 days. Titles that four or more tasks bear are habits, and left out;
    so is what a person split, or dismissed. A page may hold fewer than `limit` although there are more.
    """
    pairs, following = await duplicates.page(session, limit=limit, cursor=cursor)
    next_link(request, response, following)
    return await related_views.duplicates_out(session, pairs, following, await connections.service.names(session))


@router.get(
    "/tasks/{task_id}/related",
    operation_id="list_related_tasks",
    dependencies=TASKS_READ,
    responses=problems.responses(404),
)
async def list_related_tasks(task_id: TaskId, session: Reading) -> RelatedPage:
    """Other tasks that have to do with this one, and why; strongest first, at most 50."""
    task = await actions.get(session, task_id)
    relations, more = await relating.related(session, task)
    names = await connections.service.names(session)
    return await related_views.related_out(session, relations, names, more=more)


@router.post(
    "/tasks/{task_id}/related/{other_id}/dismiss",
    operation_id="dismiss_related_task",
    dependencies=TASKS_WRITE,
    status_code=204,
    responses=problems.responses(404),
)
async def dismiss_related_task(
    task_id: TaskId, other_id: TaskId, request: Request, session: Writing, _key: Repeatable = None
) -> None:
    """The two have nothing to do with each other: don't show or propose them together again, nor what they become
    part of. DELETE takes it back."""
    now = request.app.state.clock()
    tasks = [await actions.get(session, each) for each in (task_id, other_id)]
    await dismissals.dismiss(session, task_id, other_id, now=now)
    await _announce(session, "unrelate", tasks, now)


@router.delete(
    "/tasks/{task_id}/related/{other_id}/dismiss",
    operation_id="take_back_dismissal_of_related_task",
    dependencies=TASKS_WRITE,
    status_code=204,
    responses=problems.responses(404),
)
async def take_back_dismissal_of_related_task(
    task_id: TaskId, other_id: TaskId, request: Request, session: Writing
) -> None:
    """Show and propose the two together again, as far as they have to do with each other. The same again changes
    nothing."""
    tasks = [await actions.get(session, each) for each in (task_id, other_id)]
    await dismissals.take_back(session, [(task_id, other_id)])
    await _announce(session, "relate", tasks, request.app.state.clock())


async def _announce(session: AsyncSession, verb: str, tasks: Sequence[Task], now: datetime) -> None:
    versions = {task.id: task.version for task in tasks}
    await announcing.announce(session, verb, versions, actor=acting.written_by(), now=now)


@router.get("/items", operation_id="list_items", dependencies=TASKS_READ)
async def list_items(
    request: Request, response: Response, session: Reading, query: Annotated[ItemQuery, Query()]
) -> FoundItems:
    """Messages, rows and lines of channels, newest first, whether they belong to a task or not."""
    names = await connections.service.names(session)
    wanted = context.Wanted(
        q=query.q,
        integration_ids=ids_named(query.integration, names),
        context=query.context,
        since=query.since,
        until=query.until,
    )
    limit, sqlite = page_limit(request, query.limit), database_of(request).is_sqlite
    items, following = await context.page(session, wanted, sqlite=sqlite, limit=limit, cursor=query.cursor)
    next_link(request, response, following)
    return related_views.found_items(items, following, names)


@router.get("/items/{item_id}", operation_id="get_item", dependencies=TASKS_READ, responses=problems.responses(404))
async def get_item(item_id: ItemId, session: Reading) -> FoundItem:
    """One item, with the task it belongs to."""
    item = await context.get(session, item_id)
    return related_views.found_item(item, await connections.service.names(session))


@router.post(
    "/items/{item_id}/task",
    operation_id="make_task_of_item",
    dependencies=TASKS_WRITE,
    status_code=201,
    responses=problems.responses(404, 409),
)
async def make_task_of_item(item_id: ItemId, hand: AtWork) -> Made:
    """Make a task of context. It is open, and no import sets it aside again."""
    item = await context.get(hand.session, item_id)
    kind = (await connections.service.get(hand.session, item.integration_id)).kind
    made, taken = await context.make_task(hand.session, item_id, kind, hand.acting)
    hand.response.headers["Location"] = f"/api/v1/tasks/{made}"
    return Made(task=await hand.shown(made), undo=views.undo_out(taken))
