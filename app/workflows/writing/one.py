"""One write: what is to be told, told by the kind's writer, and what follows from how that ended."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import errors, events, log
from app.core.guard import Mode
from app.domains.connections.models import Integration
from app.domains.connections.rules import State
from app.domains.tasks import derivation
from app.domains.tasks.models import StoredItem, Task, TaskEvent
from app.domains.tasks.writes import outbox
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.noting import MOST_EXPECTED, status_in
from app.integrations.pulling import Json
from app.integrations.writing import Target, Write, Writer, Written
from app.workflows.metrics import counting
from app.workflows.sync.syncing import NotReady, Syncing, pull_of

WITHIN_S = 240.0
"""A write may take no longer, with all repetitions of its calls."""
_FIRST = timedelta(seconds=15)
_MOST = timedelta(minutes=15)
_ASK_AGAIN = timedelta(minutes=1)
"""When it is looked again whether an integration can be written to."""
_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Put:
    """What becomes of a write: its state, and why, for people."""

    state: str
    why: str
    effect: Json | None = None
    """None: as it was planned."""
    wait: timedelta | None = None
    """Of what is tried again: how long."""
    tried: bool = True


@dataclass(slots=True)
class Sending:
    """A write under way, in the name of a claim."""

    syncing: Syncing
    write_id: int
    owner: str
    give_up_after: timedelta
    effect: Json = field(default_factory=dict)
    kind: str = ""

    async def carry_out(self) -> None:
        """Tell the source, and note what came of it. Raises only where the database can't be written."""
        put = await self._outcome()
        await self._note(put)

    async def _outcome(self) -> Put:
        prepared = await self._prepared()
        if isinstance(prepared, Put):
            return prepared
        writer, write = prepared
        if not writer.writes(write.settings, write.mark, write.before):
            return Put("nothing", "")
        try:
            async with asyncio.timeout(WITHIN_S):
                written = await writer.write(write)
        except TimeoutError:
            return Put("pending", "The service took too long.", wait=_FIRST)
        except errors.Upstream as error:
            return _after(error)
        except Exception:  # noqa: BLE001 - a defect in one writer must show on its task, and stop nothing else
            _log.exception("a write met a defect", write=self.write_id)
            return Put("refused", "Writing it met a defect of ours; see the log.")
        return _of(written)

    async def _prepared(self) -> tuple[Writer, Write] | Put:
        now = self.syncing.work.clock()
        async with self.syncing.work.database.reading() as session:
            row = await outbox.get(session, self.write_id)
            integration = await session.get(Integration, row.integration_id)
            if integration is None:
                raise AssertionError("a write goes with its integration")
            self.kind = integration.kind
            if (put := _not_now(integration)) is not None:
                return put
            task = await session.get(Task, row.task_id)
            if task is not None and task.merged_into is not None:
                return Put("cancelled", f"It was merged into task {task.merged_into}.")
            targets = await _targets(session, row)
        try:
            _, pull = pull_of(self.syncing, integration, now=now, mode=Mode.BACKGROUND)
        except NotReady as error:
            return Put("pending", str(error), wait=_ASK_AGAIN, tried=False)
        if (writer := self.syncing.writer(integration.kind)) is None:
            return Put("refused", f"{integration.name} can't be written to.")
        if not targets:
            return Put("refused", f"What this task is about is no longer in {integration.name}.")
        self.effect = row.effect
        return writer, _write(row, pull.tools, pull.settings, targets, self._plan)

    async def _plan(self, effect: Json) -> None:
        """Store what is about to be changed. Raises errors.Conflict where somebody else has taken this over."""
        async with self.syncing.work.database.writing() as session:
            row = await outbox.held(session, self.write_id, self.owner)
            if row is None:
                raise errors.Conflict("Another process goes on with this write.")
            row.effect = dict(effect)
        self.effect = effect

    async def _note(self, put: Put) -> None:
        now = self.syncing.work.clock()
        async with self.syncing.work.database.writing() as session:
            await outbox.lock_task(session, (await outbox.get(session, self.write_id)).task_id)
            row = await outbox.held(session, self.write_id, self.owner)
            if row is None:
                return
            if put.effect is not None:
                row.effect = dict(put.effect)
            if put.state == "nothing":
                await session.delete(row)
                return
            put = _given_up(put, row, now, self.give_up_after)
            if put.wait is not None:
                wait = max(put.wait, min(_MOST, _FIRST * 2.0 ** min(row.attempts - 1, 10))) if put.tried else put.wait
                await outbox.put_off(session, row, put.why, until=now + wait, tried=put.tried)
            else:
                outbox.end(row, put.state, put.why, now=now)
                await self._tell(session, row, now)
            await events.append(session, "task.changed", {"task": row.task_id, "write": put.state}, now=now)
        counting.written(self.kind, put.state)

    async def _tell(self, session: AsyncSession, row: TaskWrite, now: datetime) -> None:
        verb = {"done": "written", "conflict": "not written", "refused": "not written"}.get(row.state)
        if verb is not None:
            line = derivation.event(row.task_id, now, "watchfloor", verb, row.why, {})
            session.add(TaskEvent(**line))
        _log.info("a write ended", write=row.id, task=row.task_id, state=row.state, attempts=row.attempts)


def _not_now(integration: Integration) -> Put | None:
    if not integration.write_back:
        return Put("cancelled", "Writing back was switched off before it was sent.")
    if integration.paused:
        return Put("pending", f"{integration.name} is paused.", wait=_ASK_AGAIN, tried=False)
    if integration.state == State.NEEDS_RECONNECT:
        return Put("pending", f"Waits until {integration.name} is connected again.", wait=_ASK_AGAIN, tried=False)
    return None


async def _targets(session: AsyncSession, row: TaskWrite) -> tuple[Target, ...]:
    mine = (StoredItem.task_id == row.task_id, StoredItem.integration_id == row.integration_id)
    query = select(StoredItem).where(*mine, StoredItem.gone_at.is_(None)).order_by(StoredItem.sent_at, StoredItem.id)
    return tuple(_target(each) for each in (await session.execute(query.limit(MOST_EXPECTED))).scalars())


def _target(item: StoredItem) -> Target:
    return Target(
        external_id=item.external_id,
        keys=tuple(item.keys),
        labels=tuple(item.labels),
        status=status_in(item),
        url=item.url,
        outgoing=bool(item.outgoing),
    )


def _write(row: TaskWrite, tools: Any, settings: Any, targets: Sequence[Target], plan: Any) -> Write:
    mark: Any = row.mark
    before: Any = row.before
    expected: Mapping[str, str] = row.expected
    return Write(
        tools=tools,
        settings=settings,
        mark=mark,
        before=before,
        targets=tuple(targets),
        expected=expected,
        effect=row.effect,
        plan=plan,
        overwrite=row.overwrite,
    )


def _of(written: Written) -> Put:
    state = "done" if written.outcome == "already" else written.outcome
    return Put(state, written.detail, written.effect if state == "done" else None)


def _after(error: errors.Upstream) -> Put:
    """What follows from a failure, by what helps: waiting, or a person."""
    if error.repeatable:
        return Put("pending", error.detail, wait=timedelta(seconds=error.retry_after_s or 0.0))
    return Put("refused", error.detail)


def _given_up(put: Put, row: TaskWrite, now: datetime, after: timedelta) -> Put:
    if put.wait is None or not put.tried or now - row.created_at < after:
        return put
    hours = round(after / timedelta(hours=1))
    return replace(put, state="refused", wait=None, why=f"Given up after {hours} hours. {put.why}")
