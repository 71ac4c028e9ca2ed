"""One action on many tasks, counted first if wished, and undone as one."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import audit
from app.core.errors import Conflict, FieldError, Invalid
from app.domains.tasks import actions, queue, rules, views
from app.domains.tasks.action_schemas import (
    Assign,
    BulkAction,
    BulkIn,
    BulkOut,
    Complete,
    Decline,
    Delete,
    Relabel,
    Reopen,
    SetDue,
    Skipped,
    Snooze,
)
from app.domains.tasks.actions import Acting
from app.domains.tasks.belongings import labels_of
from app.domains.tasks.filtering import OwnNames, filters_of
from app.domains.tasks.rules import Change, Plan

MOST = 10_000
_SHOWN = 100


async def run(session: AsyncSession, body: BulkIn, acting: Acting, own_names: OwnNames, *, sqlite: bool) -> BulkOut:
    """Plan the action for every task, and unless it is a dry run carry it out. Raises Invalid."""
    ids = await _matched(session, body, acting, own_names, sqlite=sqlite)
    tasks = await actions.load(session, ids)
    skipped = [Skipped(id=i, why="There is no such task.") for i in ids if i not in tasks]
    plan = await _plan(session, body.action, ids, acting)
    changes: dict[int, Change] = {}
    for task_id in ids:
        if task_id in tasks:
            try:
                changes[task_id] = plan(tasks[task_id])
            except Conflict as conflict:
                skipped.append(Skipped(id=task_id, why=conflict.detail))
    undo = None
    if body.dry_run:
        audit.only_looked(session)
    elif changes:
        chosen = {task_id: tasks[task_id] for task_id in changes}
        taken = await actions.apply(session, body.action.verb, changes, chosen, acting)
        undo = views.undo_out(taken)
    return BulkOut(
        matched=len(ids), changed=len(changes), skipped=len(skipped), skipped_why=skipped[:_SHOWN], undo=undo
    )


async def _matched(
    session: AsyncSession, body: BulkIn, acting: Acting, own_names: OwnNames, *, sqlite: bool
) -> list[int]:
    if (body.ids is None) == (body.filter is None):
        raise Invalid(
            "Give either ids or a filter.", errors=[FieldError("body.ids", "one of ids and filter is needed, not both")]
        )
    if body.filter is None:
        return list(dict.fromkeys(body.ids or []))
    wanted = await filters_of(session, body.filter, acting.integrations, own_names, now=acting.now)
    ids = await queue.ids_matching(session, wanted, sqlite=sqlite, most=MOST)
    if len(ids) > MOST:
        raise Invalid(
            f"The filter matches more than {MOST} tasks: narrow it.", errors=[FieldError("body.filter", "too many")]
        )
    return ids


async def _plan(session: AsyncSession, action: BulkAction, ids: Sequence[int], acting: Acting) -> Plan:
    match action:
        case Complete():
            return rules.complete
        case Reopen():
            return rules.reopen
        case Snooze():
            return rules.snooze(action.until, acting.now)
        case Decline():
            return rules.decline(action.reason)
        case Assign():
            return rules.assign(action.user)
        case SetDue():
            return rules.edit({"due_at": action.due_at})
        case Relabel():
            return rules.relabel(action.add, action.remove, await labels_of(session, ids))
        case Delete():
            return rules.remove
