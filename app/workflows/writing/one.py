"""One write: what is to be told, told by the kind's writer, and what follows from how that ended."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import errors, events, log
from app.core.guard import Mode
from app.domains.connections.models import Integration
from app.domains.tasks import derivation
from app.domains.tasks.models import StoredItem, Task, TaskEvent
from app.domains.tasks.writes import outbox
from app.domains.tasks.writes.models import TaskWrite
from app.domains.tasks.writes.noting import MOST_EXPECTED, status_in
from app.integrations.gateways.demo.times import DEMO
from app.integrations.pulling import Answer, Json, Tools
from app.integrations.writing import Target, Write, Writer, Written
from app.workflows.metrics import counting
from app.workflows.sync.syncing import NotReady, Syncing, pull_of

WITHIN_S = 90.0
"""A write may take no longer, with all repetitions of its calls."""
_FIRST = timedelta(seconds=15)
_MOST = timedelta(minutes=15)
_ASK_AGAIN = timedelta(minutes=1)
"""When it is looked again whether an integration can be written to."""
SWITCHED_OFF = "Writing back was switched off before it was sent."
_log = log.get(__name__)


class _TakenOver(Exception):
    """Another process goes on with this write."""


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
    kind: str = ""
    name: str = ""
    demo: bool = False
    """What it tells is told to invented data."""

    async def carry_out(self) -> None:
        """Tell the source, and note what came of it. Raises only where the database can't be written."""
        if (put := await self._outcome()) is not None:
            await self._note(put)

    async def _outcome(self) -> Put | None:
        """None where another process has taken this over."""
        prepared = await self._prepared()
        if isinstance(prepared, Put):
            return prepared
        writer, write = prepared
        if not write.effect and not writer.writes(write.settings, write.mark, write.before):
            return Put("nothing", "")
        try:
            async with asyncio.timeout(WITHIN_S):
                written = await writer.write(write)
        except TimeoutError:
            return Put("pending", "The service took too long.", wait=_FIRST)
        except errors.Upstream as error:
            return _after(error)
        except _TakenOver:
            return None
        except Exception:  # noqa: BLE001 - a defect in one writer must show on its task, and stop nothing else
            _log.exception("a write met a defect", write=self.write_id)
            return Put("refused", "Writing it met a defect of ours; see the log.")
        return _of(written)

    async def _prepared(self) -> tuple[Writer, Write] | Put:
        now = self.syncing.work.clock()
        async with self.syncing.work.database.reading() as session:
            row = await session.get(TaskWrite, self.write_id)
            integration = await session.get(Integration, row.integration_id) if row is not None else None
            if row is None or integration is None:
                return Put("nothing", "")  # the integration was deleted, and this with it
            self.kind, self.name = integration.kind, integration.name
            self.demo = (integration.gateway or {}).get("name") == DEMO
            if not integration.write_back:
                return Put("cancelled", SWITCHED_OFF)
            task = await session.get(Task, row.task_id)
            if task is not None and task.merged_into is not None:
                return Put("cancelled", f"It was merged into task {task.merged_into}.")
            targets = await _targets(session, row)
        try:
            # As for people: where the service is away, it is put off at once, with a reason, and holds no place.
            _, pull = pull_of(self.syncing, integration, now=now, mode=Mode.INTERACTIVE)
        except NotReady as error:
            return Put("pending", str(error), wait=_ASK_AGAIN, tried=False)
        if (writer := self.syncing.writer(integration.kind)) is None:
            return Put("refused", f"{integration.name} can't be written to.")
        if not targets:
            return Put("refused", f"What this task is about is no longer in {integration.name}.")
        return writer, _write(row, self._ours(pull.tools), pull.settings, targets, self._plan)

    def _ours(self, tools: Tools) -> Tools:
        """The tools, each call of which that changes something looks first whether the claim still holds: a process
        that was only asleep must not write over what was told since."""
        writing = self.syncing.kinds[self.kind].writing
        changing = frozenset(writing.tools if writing else ())

        async def call(name: str, /, **arguments: Any) -> Answer:
            if name in changing:
                async with self.syncing.work.database.reading() as session:
                    if await outbox.held(session, self.write_id, self.owner, lock=False) is None:
                        raise _TakenOver
            return await tools(name, **arguments)

        return call

    async def _plan(self, effect: Json) -> None:
        """Store what is about to be changed."""
        async with self.syncing.work.database.writing() as session:
            row = await outbox.held(session, self.write_id, self.owner)
            if row is None:
                raise _TakenOver
            row.effect = dict(effect)

    async def _note(self, put: Put) -> None:
        now = self.syncing.work.clock()
        find = outbox.held_with_task if put.tried else outbox.held  # what only waits on disturbs nobody
        async with self.syncing.work.database.writing() as session:
            row = await find(session, self.write_id, self.owner)
            if row is None:
                return
            if put.effect is not None:
                row.effect = dict(put.effect)
            if put.state == "nothing":
                row.attempts -= 1  # nobody was asked anything
                outbox.end(row, "cancelled", f"Nothing is told of that: {self.name} is set so.", now=now)
                return
            put = _given_up(put, row, now, self.give_up_after)
            if put.wait is not None:
                wait = max(put.wait, min(_MOST, _FIRST * 2.0 ** min(row.failures, 10))) if put.tried else put.wait
                await outbox.put_off(session, row, put.why, now=now, until=now + wait, tried=put.tried)
            else:
                why = f"In demo data: {put.why}" if self.demo and put.why else put.why
                outbox.end(row, put.state, why, now=now)
                await self._tell(session, row, now)
            if put.tried:
                await events.append(session, "task.changed", {"task": row.task_id, "write": put.state}, now=now)
        if put.tried:
            counting.written(self.kind, put.state)

    async def _tell(self, session: AsyncSession, row: TaskWrite, now: datetime) -> None:
        verb = {"done": "written", "conflict": "not written", "refused": "not written"}.get(row.state)
        if verb is not None:
            line = derivation.event(row.task_id, now, "watchfloor", verb, row.why, {})
            session.add(TaskEvent(**line))
        _log.info("a write ended", write=row.id, task=row.task_id, state=row.state, attempts=row.attempts)


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
    """What was refused halfway, or met a conflict, may have changed something all the same."""
    state = "done" if written.outcome == "already" else written.outcome
    return Put(state, written.detail, written.effect if state == "done" or written.effect else None)


def _after(error: errors.Upstream) -> Put:
    """What follows from a failure, by what helps: waiting, or a person."""
    if error.repeatable:
        return Put("pending", error.detail, wait=timedelta(seconds=error.retry_after_s or 0.0))
    return Put("refused", error.detail)


def _given_up(put: Put, row: TaskWrite, now: datetime, after: timedelta) -> Put:
    if put.wait is None or not put.tried or row.tried_at is None or now - row.tried_at < after:
        return put
    hours = round(after / timedelta(hours=1))
    return replace(put, state="refused", wait=None, why=f"Given up after {hours} hours. {put.why}")
