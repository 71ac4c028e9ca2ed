"""Tasks over HTTP: the queue, one task, and what people do with it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from pydantic import AwareDatetime

from app.core import problems
from app.core.errors import FieldError, Invalid
from app.core.web import Reading, Writing, check_version, conditional, database_of, next_link
from app.domains import connections
from app.domains.tasks import actions, bulk, conversations, explaining, joining, queue, restoring, rules, views
from app.domains.tasks.actions import Acting
from app.domains.tasks.models import Task
from app.domains.tasks.schemas import (
    Acted,
    AssignIn,
    Band,
    BulkIn,
    BulkOut,
    Claimed,
    ClaimIn,
    DeclineIn,
    Deleted,
    EventPage,
    ItemPage,
    MergeIn,
    ScoreOut,
    SnoozeIn,
    SplitIn,
    SplitOut,
    Status,
    TaskIn,
    TaskOut,
    TaskPage,
    TaskPatch,
    Tier,
    Undone,
    UndoOut,
)
from app.domains.tasks.undo import Taken

router = APIRouter(prefix="/api/v1", responses=problems.responses(422))

TaskId = Annotated[int, Path(ge=1, le=2**31 - 1)]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="An ETag: the change happens only if nobody changed the task since."),
]
Repeatable = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Repeat the request under the same key, and it happens once."),
]


async def _acting(request: Request, session: Writing) -> Acting:
    state = request.app.state
    return Acting(
        policy=state.policy,
        now=state.clock(),
        integrations=await connections.service.names(session),
        undo_for=timedelta(seconds=state.settings.undo_seconds),
    )


Act = Annotated[Acting, Depends(_acting, scope="function")]


def _limit(request: Request, limit: Annotated[int | None, Query(ge=1, description="At most 200.")] = None) -> int:
    settings = request.app.state.settings
    if limit is not None and limit > settings.page_limit_max:
        raise Invalid(
            f"A page holds at most {settings.page_limit_max}.",
            errors=[FieldError("query.limit", f"at most {settings.page_limit_max}")],
        )
    return limit or int(settings.page_limit_default)


Limit = Annotated[int, Depends(_limit)]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


@router.get("/tasks", operation_id="list_tasks", tags=["tasks"], response_model=TaskPage)
async def list_tasks(
    request: Request,
    session: Reading,
    limit: Limit,
    status: Annotated[list[Status] | None, Query(description="Default: open.")] = None,
    integration: Annotated[list[str] | None, Query(description="Names or ids.")] = None,
    kind: Annotated[list[str] | None, Query()] = None,
    assignee: Annotated[list[str] | None, Query(description="`none`: nobody's.")] = None,
    label: Annotated[list[str] | None, Query(description="All of them must be there.")] = None,
    band: Annotated[list[Band] | None, Query()] = None,
    tier: Annotated[list[Tier] | None, Query()] = None,
    turn: Annotated[list[Literal["ours", "theirs", "none"]] | None, Query()] = None,
    due_before: AwareDatetime | None = None,
    q: Annotated[str | None, Query(max_length=500, description="Words in the title, the notes or an item.")] = None,
    sort: Annotated[str, Query(description=f"One of {', '.join(queue.SORTS)}.")] = "rank",
    count: Annotated[bool, Query(description="Also count all that match.")] = False,
    cursor: Cursor = None,
) -> Response:
    """The queue: open tasks in rank order, unless you ask for others."""
    names = await connections.service.names(session)
    filters = queue.Filters(
        status=tuple(status or ["open"]),
        integration_ids=integration_ids(integration, names),
        kind=tuple(kind or ()),
        assignee=tuple(assignee or ()),
        label=tuple(label or ()),
        band=tuple(band or ()),
        tier=tuple(tier or ()),
        turn=tuple(turn or ()),
        due_before=due_before,
        q=q,
    )
    page = await queue.page(
        session,
        filters,
        sqlite=database_of(request).is_sqlite,
        sort=sort,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    response = conditional(request, await views.page_out(session, page, names))
    return next_link(request, response, page.next_cursor)


def integration_ids(given: list[str] | None, names: Mapping[int, str]) -> tuple[int, ...] | None:
    """Ids of the integrations named; a name nobody has matches nothing."""
    if not given:
        return None
    return tuple(i for i, name in names.items() if name in given or str(i) in given)


@router.post("/tasks", operation_id="create_task", tags=["tasks"], status_code=201, responses=problems.responses(409))
async def create_task(
    body: TaskIn, session: Writing, acting: Act, response: Response, _key: Repeatable = None
) -> TaskOut:
    """A task written by hand."""
    values = body.model_dump(exclude={"labels", "dependencies"})
    task_id = await actions.create(session, values, body.labels, body.dependencies, acting)
    response.headers["Location"] = f"/api/v1/tasks/{task_id}"
    return await _shown(session, task_id, acting, response)


@router.post("/tasks/claim", operation_id="claim_task", tags=["actions"])
async def claim_task(
    body: ClaimIn, session: Writing, acting: Act, response: Response, _key: Repeatable = None
) -> Claimed:
    """Take the next task of the queue that is nobody's. Two people claiming at once get different tasks."""
    task_id = await queue.next_to_claim(session)
    if task_id is None:
        return Claimed(task=None, undo=None, reason="nothing_to_claim")
    task = await actions.get(session, task_id)
    taken = await _do(session, "claim", task, rules.assign(body.user)(task), acting)
    shown = await _shown(session, task_id, acting, response)
    return Claimed(task=shown, undo=_undo(taken), reason="claimed")


@router.post("/tasks/bulk", operation_id="bulk_tasks", tags=["actions"])
async def bulk_tasks(body: BulkIn, request: Request, session: Writing, acting: Act, _key: Repeatable = None) -> BulkOut:
    """One action on many tasks, on `ids` or on all that `filter` matches; undone as one.

    Tasks whose state forbids the action are skipped and named. With `dry_run` nothing changes.
    """
    return await bulk.run(session, body, acting, sqlite=database_of(request).is_sqlite)


@router.get(
    "/tasks/{task_id}",
    operation_id="get_task",
    tags=["tasks"],
    response_model=TaskOut,
    responses=problems.responses(404),
)
async def get_task(task_id: TaskId, request: Request, session: Reading) -> Response:
    """One task, with its ETag."""
    task = await actions.get(session, task_id)
    shown = await views.one_out(session, task, await connections.service.names(session))
    return conditional(request, shown, views.etag(shown, task.score_revision))


@router.patch("/tasks/{task_id}", operation_id="edit_task", tags=["tasks"], responses=problems.responses(404, 409, 412))
async def edit_task(
    task_id: TaskId, body: TaskPatch, session: Writing, acting: Act, response: Response, if_match: IfMatch = None
) -> Acted:
    """Set what people own. No import or sync ever overwrites it."""
    task = await _checked(session, task_id, if_match)
    given = body.model_dump(exclude_unset=True)
    if given.get("title", "") is None:
        raise Invalid("A title can't be cleared.", errors=[FieldError("body.title", "must not be null")])
    labels = given.pop("labels", None) or ([] if "labels" in body.model_fields_set else None)
    needed = given.pop("dependencies", None) or ([] if "dependencies" in body.model_fields_set else None)
    if "notes" in given:
        given["notes"] = given["notes"] or ""
    taken = await _do(session, "edit", task, rules.edit(given, labels, needed)(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.delete("/tasks/{task_id}", operation_id="delete_task", tags=["tasks"], responses=problems.responses(404, 412))
async def delete_task(task_id: TaskId, session: Writing, acting: Act, if_match: IfMatch = None) -> Deleted:
    """Delete a task. A tombstone stays, so that no import or sync brings it back."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "delete", task, rules.remove(task), acting)
    return Deleted(deleted=task_id, undo=_undo(taken))


@router.get("/tasks/{task_id}/items", operation_id="list_task_items", tags=["tasks"], responses=problems.responses(404))
async def list_task_items(
    task_id: TaskId, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> ItemPage:
    """The messages, rows or events of a task, oldest first."""
    await actions.get(session, task_id)
    items, following = await conversations.items(session, task_id, limit=limit, cursor=cursor)
    names = await connections.service.names(session)
    next_link(request, response, following)
    return ItemPage(
        items=[views.item_out(item, names) for item in items], next_cursor=following, has_more=following is not None
    )


@router.get(
    "/tasks/{task_id}/history", operation_id="list_task_history", tags=["tasks"], responses=problems.responses(404)
)
async def list_task_history(
    task_id: TaskId, request: Request, response: Response, session: Reading, limit: Limit, cursor: Cursor = None
) -> EventPage:
    """What happened to a task, newest first."""
    await actions.get(session, task_id)
    events, following = await conversations.history(session, task_id, limit=limit, cursor=cursor)
    next_link(request, response, following)
    return EventPage(
        items=[views.event_out(event) for event in events], next_cursor=following, has_more=following is not None
    )


@router.get("/tasks/{task_id}/score", operation_id="explain_task", tags=["why"], responses=problems.responses(404))
async def explain_task(
    task_id: TaskId,
    request: Request,
    session: Reading,
    at: Annotated[AwareDatetime | None, Query(description="As of this time; default: now.")] = None,
) -> ScoreOut:
    """Why a task stands where it stands: contributions that add up to its points, and what was checked besides."""
    state = request.app.state
    task = await actions.get(session, task_id)
    names = await connections.service.names(session)
    now = state.clock()
    score = await explaining.explain(session, task, state.policy, now=now, integrations=names, at=at)
    return views.score_out(task_id, score, at or now)


_STATE = problems.responses(404, 409, 412)


@router.post("/tasks/{task_id}/complete", operation_id="complete_task", tags=["actions"], responses=_STATE)
async def complete_task(
    task_id: TaskId,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """Done. A new message in its conversation reopens it."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "complete", task, rules.complete(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.post("/tasks/{task_id}/reopen", operation_id="reopen_task", tags=["actions"], responses=_STATE)
async def reopen_task(
    task_id: TaskId,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """Open it again, whatever it was: also makes a task of what was set aside as not for us."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "reopen", task, rules.reopen(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.post("/tasks/{task_id}/snooze", operation_id="snooze_task", tags=["actions"], responses=_STATE)
async def snooze_task(
    task_id: TaskId,
    body: SnoozeIn,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """Out of the queue until a time, or until a new message arrives."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "snooze", task, rules.snooze(body.until, acting.now)(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.post("/tasks/{task_id}/decline", operation_id="decline_task", tags=["actions"], responses=_STATE)
async def decline_task(
    task_id: TaskId,
    body: DeclineIn,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """We will not do it, and why."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "decline", task, rules.decline(body.reason)(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.post("/tasks/{task_id}/assign", operation_id="assign_task", tags=["actions"], responses=_STATE)
async def assign_task(
    task_id: TaskId,
    body: AssignIn,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """Give it to somebody, or with null to nobody."""
    task = await _checked(session, task_id, if_match)
    taken = await _do(session, "assign", task, rules.assign(body.user)(task), acting)
    return await _acted(session, task_id, taken, acting, response)


@router.post("/tasks/{task_id}/merge", operation_id="merge_task", tags=["actions"], responses=_STATE)
async def merge_task(
    task_id: TaskId,
    body: MergeIn,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> Acted:
    """Move everything of this task into another; answers with the one that stays."""
    source = await _checked(session, task_id, if_match)
    target = await actions.get(session, body.into)
    taken = await joining.merge(session, source, target, acting)
    return await _acted(session, body.into, taken, acting, response)


@router.post("/tasks/{task_id}/split", operation_id="split_task", tags=["actions"], responses=_STATE)
async def split_task(
    task_id: TaskId,
    body: SplitIn,
    session: Writing,
    acting: Act,
    response: Response,
    if_match: IfMatch = None,
    _key: Repeatable = None,
) -> SplitOut:
    """Make a task of its own from some of the items. Later replies to them follow them."""
    task = await _checked(session, task_id, if_match)
    made, taken = await joining.split(session, task, body.items, acting)
    new_task = await _shown(session, made, acting, response)
    shown = await _shown(session, task_id, acting, response)
    return SplitOut(task=shown, new_task=new_task, undo=_undo(taken))


@router.post("/undo/{token}", operation_id="undo", tags=["actions"], responses=problems.responses(404, 409))
async def undo_action(
    token: Annotated[str, Path(max_length=64)], session: Writing, acting: Act, _key: Repeatable = None
) -> Undone:
    """Take an action back, while its token lasts and nothing changed since."""
    return Undone(undone=await restoring.take_back(session, token, acting))


async def _checked(session: Writing, task_id: int, if_match: str | None) -> Task:
    task = await actions.get(session, task_id)
    check_version(if_match, task.version)
    return task


async def _do(session: Writing, verb: str, task: Task, change: rules.Change, acting: Acting) -> Taken:
    return await actions.apply(session, verb, {task.id: change}, {task.id: task}, acting)


async def _acted(session: Writing, task_id: int, taken: Taken, acting: Acting, response: Response) -> Acted:
    return Acted(task=await _shown(session, task_id, acting, response), undo=_undo(taken))


async def _shown(session: Writing, task_id: int, acting: Acting, response: Response) -> TaskOut:
    task = await actions.get(session, task_id)
    shown = await views.one_out(session, task, acting.integrations)
    response.headers["ETag"] = views.etag(shown, task.score_revision)
    return shown


def _undo(taken: Taken) -> UndoOut:
    return UndoOut(token=taken.token, expires_at=taken.expires_at)
