"""From rows to what the API and the command line show."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.rows import AnyRow
from app.domains.tasks import queue, unseen
from app.domains.tasks.action_schemas import UndoOut
from app.domains.tasks.belongings import dependencies_of, labels_of
from app.domains.tasks.models import StoredItem, Task, TaskEvent
from app.domains.tasks.reading import in_own_zone
from app.domains.tasks.schemas import (
    AttachmentOut,
    AutomationOut,
    CorrespondentOut,
    EventOut,
    ItemOut,
    Number,
    TaskOut,
    TaskPage,
    TaskSource,
    WorkFieldOut,
    WorkOut,
)
from app.domains.tasks.undo import Taken
from app.domains.tasks.work import from_json
from app.domains.tasks.writes.outbox import latest_states
from app.records import IntegrationNames


def number(milli: int) -> Number:
    """Thousandths of points as people write them: whole where they are whole."""
    whole, rest = divmod(milli, 1000)
    return milli / 1000 if rest else whole


def etag(task: Task | TaskOut, score_revision: int) -> str:
    return f'"{task.version}.{score_revision}"'


def task_out(
    row: AnyRow | Task, integrations: Mapping[int, str], labels: Sequence[str], dependencies: Sequence[int]
) -> TaskOut:
    return TaskOut(
        id=row.id,
        title=row.title,
        status=row.status,
        status_reason=row.status_reason,
        turn=row.turn,
        since=row.since,
        snoozed_until=row.snoozed_until,
        tier=row.tier,
        score=number(row.score_milli),
        points=number(row.points_milli),
        band=row.band,
        valid_until=row.valid_until,
        due_at=row.due_at,
        assignee=row.assignee,
        labels=list(labels),
        notes=row.notes,
        priority=row.priority,
        project=row.project,
        dependencies=list(dependencies),
        scheduled_at=row.scheduled_at,
        started_at=row.started_at,
        sender=row.sender or None,
        source=TaskSource(
            integration=integrations.get(row.integration_id) if row.integration_id is not None else None,
            kind=row.kind,
            external_id=row.external_id,
            url=row.url,
            sample=isinstance(integrations, IntegrationNames) and row.integration_id in integrations.samples,
            private=isinstance(integrations, IntegrationNames) and row.integration_id in integrations.private,
        ),
        reasons=row.reasons,
        stale=row.stale,
        opened_at=row.opened_at,
        last_item_at=row.last_item_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


async def page_out(session: AsyncSession, page: queue.Page, integrations: Mapping[int, str]) -> TaskPage:
    needed = await dependencies_of(session, [row.id for row in page.rows], deleted_too=False)
    items = [task_out(r, integrations, page.labels.get(r.id, ()), needed.get(r.id, ())) for r in page.rows]
    await _add_writes(session, items, integrations)
    await leave_out_unseen(session, items)
    return TaskPage(items=items, next_cursor=page.next_cursor, total=page.total)


async def one_out(session: AsyncSession, task: Task, integrations: Mapping[int, str]) -> TaskOut:
    labels = await labels_of(session, [task.id])
    needed = await dependencies_of(session, [task.id], deleted_too=False)
    shown = task_out(task, integrations, labels.get(task.id, ()), needed.get(task.id, ()))
    await _add_writes(session, [shown], integrations)
    await leave_out_unseen(session, [shown])
    return shown


async def leave_out_unseen(session: AsyncSession, shown: Collection[TaskOut]) -> None:
    """The stored reasons of a task may name one that whoever acts may not see."""
    borne_upon = await unseen.borne_upon(session, [task.id for task in shown])
    for task in shown:
        if task.id in borne_upon:
            task.reasons = [unseen.BEARS]


async def _add_writes(session: AsyncSession, shown: Sequence[TaskOut], integrations: Mapping[int, str]) -> None:
    """What became of telling their sources; where none is told, nothing is asked."""
    if isinstance(integrations, IntegrationNames) and integrations.written:
        states = await latest_states(session, [task.id for task in shown])
        for task in shown:
            task.write_back = cast(Any, states.get(task.id))


def item_out(item: StoredItem, integrations: Mapping[int, str]) -> ItemOut:
    return ItemOut(
        id=item.id,
        integration=integrations.get(item.integration_id),
        external_id=item.external_id,
        sent_at=in_own_zone(item.sent_at, item.utc_offset_minutes),
        sender=CorrespondentOut(name=item.sender_name, address=item.sender_address),
        to=[CorrespondentOut(name=name, address=address) for name, address in item.recipients],
        cc=[CorrespondentOut(name=name, address=address) for name, address in item.copied],
        subject=item.subject,
        text=item.text,
        quoted=item.quoted,
        signature=item.signature,
        attachments=[AttachmentOut.model_validate(attachment) for attachment in item.attachments],
        labels=item.labels,
        unread=item.unread,
        starred=item.starred,
        important=item.important,
        automation=AutomationOut(category=item.automation_category, reason=item.automation_reason or "")
        if item.automation_category
        else None,
        problems=item.problems,
        url=item.url or None,
        place=item.list_id or None,
        edited_at=item.revised_at,
        work=_work_out(item.work) if item.work else None,
    )


def _work_out(stored: dict[str, Any]) -> WorkOut:
    work = from_json(stored)
    fields = [WorkFieldOut(name=name, value=value) for name, value in work.fields]
    return WorkOut(status_name=work.status_name, fields=fields)


async def events_out(session: AsyncSession, events: Sequence[TaskEvent]) -> list[EventOut]:
    told = await unseen.history_told(session, events)
    return [
        EventOut(id=event.id, at=event.at, actor=event.actor, verb=event.verb, detail=detail, changes=changes)
        for event, (detail, changes) in zip(events, told, strict=True)
    ]


def undo_out(taken: Taken) -> UndoOut:
    return UndoOut(token=taken.token, expires_at=taken.expires_at)
