"""What people do with tasks, over HTTP: making and changing them, acting on them, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Header, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import gate, problems, seeing
from app.core.errors import FieldError, Invalid
from app.core.web import (
    Repeatable,
    Writing,
    check_version,
    database_of,
)
from app.domains import connections
from app.domains.identity.access import TASKS_WRITE
from app.domains.tasks import actions, bulk, joining, queue, restoring, rules, views
from app.domains.tasks.action_schemas import (
    Acted,
    AssignIn,
    BulkIn,
    BulkOut,
    Claimed,
    ClaimIn,
    DeclineIn,
    Deleted,
    MergeIn,
    SnoozeIn,
    SplitIn,
    SplitOut,
    Undone,
)
from app.domains.tasks.actions import Acting
from app.domains.tasks.locking import lock_dependencies, lock_placing
from app.domains.tasks.models import Task
from app.domains.tasks.schemas import TaskIn, TaskOut, TaskPatch
from app.domains.tasks.undo import Taken
from app.domains.tasks.unseen import dependencies_given

router = gate.router(prefix="/api/v1", responses=problems.responses(422), dependencies=TASKS_WRITE)

TaskId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The task's id.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="An ETag: the change happens only if nobody changed the task since."),
]


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's hand on the task store: everything an action needs."""

    session: AsyncSession
    acting: Acting
    response: Response

    async def shown(self, task_id: int) -> TaskOut:
        """The task as the response shows it, its ETag set."""
        task = await actions.get(self.session, task_id)
        self.response.headers["ETag"] = views.etag(task, task.score_revision)
        with seeing.restricted(self.session):
            return await views.one_out(self.session, task, self.acting.integrations)


@dataclass(frozen=True, slots=True)
class TaskHand(Hand):
    """The same, on one task that is as the caller expects it (If-Match)."""

    task: Task

    async def do(self, verb: str, change: rules.Change) -> Taken:
        return await actions.apply(self.session, verb, {self.task.id: change}, {self.task.id: self.task}, self.acting)

    async def act(self, verb: str, change: rules.Change) -> Acted:
        taken = await self.do(verb, change)
        return Acted(task=await self.shown(self.task.id), undo=views.undo_out(taken))


async def _hand(request: Request, session: Writing, response: Response, _key: Repeatable = None) -> Hand:
    state = request.app.state
    acting = Acting(
        policy=await state.judge.policy(session),
        now=state.clock(),
        integrations=await connections.service.names(session),
        undo_for=timedelta(seconds=state.settings.undo_seconds),
    )
    return Hand(session, acting, response)


AtWork = Annotated[Hand, Depends(_hand, scope="function")]


async def _take(hand: Hand, task_id: int, if_match: str | None, others: Sequence[int] = ()) -> TaskHand:
    """Lock the task, and with it the others that the action is about: whoever locks in turns may wait in a circle."""
    tasks = await actions.load(hand.session, [task_id, *others])
    task = tasks.get(task_id) or await actions.get(hand.session, task_id)
    check_version(if_match, task.version)
    return TaskHand(hand.session, hand.acting, hand.response, task)


async def _task_hand(task_id: TaskId, hand: AtWork, if_match: IfMatch = None) -> TaskHand:
    return await _take(hand, task_id, if_match)


OnTask = Annotated[TaskHand, Depends(_task_hand, scope="function")]


_STATE = problems.responses(404, 409, 412)


@router.post("/tasks", operation_id="create_task", tags=["tasks"], status_code=201, responses=problems.responses(409))
async def create_task(body: TaskIn, hand: AtWork) -> TaskOut:
    """A task written by hand."""
    values = body.model_dump(exclude={"labels", "dependencies"})
    task_id = await actions.create(hand.session, values, body.labels, body.dependencies, hand.acting)
    hand.response.headers["Location"] = f"/api/v1/tasks/{task_id}"
    return await hand.shown(task_id)


@router.post("/tasks/claim", operation_id="claim_task", tags=["actions"])
async def claim_task(body: ClaimIn, hand: AtWork) -> Claimed:
    """Take the next task of the queue that is nobody's. Two people claiming at once get different tasks."""
    task_id = await queue.next_to_claim(hand.session)
    if task_id is None:
        return Claimed(task=None, undo=None, reason="nothing_to_claim")
    task = await actions.get(hand.session, task_id)
    change = rules.assign(body.user)(task)
    taken = await actions.apply(hand.session, "claim", {task_id: change}, {task_id: task}, hand.acting)
    return Claimed(task=await hand.shown(task_id), undo=views.undo_out(taken), reason="claimed")


@router.post("/tasks/bulk", operation_id="bulk_tasks", tags=["actions"])
async def bulk_tasks(body: BulkIn, request: Request, hand: AtWork) -> BulkOut:
    """One action on many tasks, on `ids` or on all that `filter` matches; undone as one.

    Tasks whose state forbids the action are skipped and named. With `dry_run` nothing changes.
    """
    return await bulk.run(
        hand.session, body, hand.acting, request.app.state.own_names, sqlite=database_of(request).is_sqlite
    )


@router.patch("/tasks/{task_id}", operation_id="edit_task", tags=["tasks"], responses=_STATE)
async def edit_task(task_id: TaskId, body: TaskPatch, hand: AtWork, if_match: IfMatch = None) -> Acted:
    """Set what people own. No import or sync ever overwrites it."""
    given = body.model_dump(exclude_unset=True)
    if "title" in given and given["title"] is None:
        raise Invalid("A title can't be cleared.", errors=[FieldError("body.title", "must not be null")])
    if "notes" in given:
        given["notes"] = given["notes"] or ""
    # null clears a list just as it clears a field; None means here that the list was not given.
    labels = (given.pop("labels") or []) if "labels" in given else None
    needed = (given.pop("dependencies") or []) if "dependencies" in given else None
    if needed is not None:
        await lock_dependencies(hand.session)
        needed = await dependencies_given(hand.session, task_id, needed)
    on_task = await _take(hand, task_id, if_match, needed or ())
    return await on_task.act("edit", rules.edit(given, labels, needed)(on_task.task))


@router.delete("/tasks/{task_id}", operation_id="delete_task", tags=["tasks"], responses=_STATE)
async def delete_task(hand: OnTask) -> Deleted:
    """Delete a task. A tombstone stays, so that no import or sync brings it back."""
    taken = await hand.do("delete", rules.remove(hand.task))
    return Deleted(deleted=hand.task.id, undo=views.undo_out(taken))


@router.post(
    "/tasks/{task_id}/complete",
    operation_id="complete_task",
    tags=["actions"],
    responses=_STATE,
)
async def complete_task(hand: OnTask) -> Acted:
    """Done. A new message in its conversation reopens it."""
    return await hand.act("complete", rules.complete(hand.task))


@router.post("/tasks/{task_id}/reopen", operation_id="reopen_task", tags=["actions"], responses=_STATE)
async def reopen_task(hand: OnTask) -> Acted:
    """Open it again, whatever it was: also makes a task of what was set aside as not for us."""
    return await hand.act("reopen", rules.reopen(hand.task))


@router.post("/tasks/{task_id}/snooze", operation_id="snooze_task", tags=["actions"], responses=_STATE)
async def snooze_task(body: SnoozeIn, hand: OnTask) -> Acted:
    """Out of the queue until a time, or until a new message arrives."""
    return await hand.act("snooze", rules.snooze(body.until, hand.acting.now)(hand.task))


@router.post(
    "/tasks/{task_id}/decline",
    operation_id="decline_task",
    tags=["actions"],
    responses=_STATE,
)
async def decline_task(body: DeclineIn, hand: OnTask) -> Acted:
    """We will not do it, and why."""
    return await hand.act("decline", rules.decline(body.reason)(hand.task))


@router.post("/tasks/{task_id}/assign", operation_id="assign_task", tags=["actions"], responses=_STATE)
async def assign_task(body: AssignIn, hand: OnTask) -> Acted:
    """Give it to somebody, or with null to nobody."""
    return await hand.act("assign", rules.assign(body.user)(hand.task))


@router.post("/tasks/{task_id}/merge", operation_id="merge_task", tags=["actions"], responses=_STATE)
async def merge_task(task_id: TaskId, body: MergeIn, hand: AtWork, if_match: IfMatch = None) -> Acted:
    """Move everything of this task into another; answers with the one that stays."""
    await lock_placing(hand.session)
    on_task = await _take(hand, task_id, if_match, [body.into])
    target = await actions.get(hand.session, body.into)
    taken = await joining.merge(hand.session, on_task.task, target, hand.acting)
    return Acted(task=await hand.shown(body.into), undo=views.undo_out(taken))


@router.post("/tasks/{task_id}/split", operation_id="split_task", tags=["actions"], responses=_STATE)
async def split_task(body: SplitIn, hand: OnTask) -> SplitOut:
    """Make a task of its own from some of the items. Later replies to them follow them."""
    made, taken = await joining.split(hand.session, hand.task, body.items, hand.acting)
    return SplitOut(new_task=await hand.shown(made), task=await hand.shown(hand.task.id), undo=views.undo_out(taken))


@router.post(
    "/undo/{token}",
    operation_id="undo",
    tags=["actions"],
    responses=problems.responses(404, 409),
)
async def undo_action(token: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")], hand: AtWork) -> Undone:
    """Take an action back, while its token lasts and nothing changed since."""
    return Undone(undone=await restoring.take_back(hand.session, token, hand.acting))
