"""The import pipeline as tests drive it: files in, tasks, facts and history out.

Everything goes through the workflows and services that the server and the command line use; only looking is direct.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, select

from app.core.database import Base, Database
from app.domains import connections, ranking
from app.domains.connections.models import SyncRun
from app.domains.ranking import Fact
from app.domains.tasks import actions, rules
from app.domains.tasks.actions import Acting
from app.domains.tasks.models import StoredItem, Task, TaskEvent, TaskFacts
from app.domains.tasks.policy import Policy
from app.domains.tasks.rules import Plan
from app.domains.tasks.us import Us
from app.integrations import registry
from app.workflows import importing, rescoring
from app.workflows.importing import Importing
from tests.conftest import SettableClock
from tests.workflows.mailbox import US, write

RUN_TABLES = ("sync_runs", "sync_warnings", "integrations", "alembic_version", "audit_entries")
"""What an import without news may write to: its own report, when its integration last succeeded, and that it was."""
RUN_EVENTS = ("sync.progress", "integration.changed")
"""What is told of every run, also where it brought no news."""


def policy(*addresses: str, important: tuple[str, ...] = ()) -> Policy:
    return Policy(ruleset=ranking.default(), us=Us(addresses=addresses), important_senders=important)


class Pipeline:
    """One database and everything that works on it."""

    def __init__(self, database: Database, clock: SettableClock, folder: Path, page_size: int = 250) -> None:
        self.database = database
        self.clock = clock
        self.folder = folder
        self.work = Importing(database, policy(US), clock, page_size=page_size)

    def judged_by(self, policy: Policy) -> None:
        self.work = replace(self.work, policy=policy)

    def in_pages_of(self, size: int) -> None:
        self.work = replace(self.work, page_size=size)

    async def take(self, *messages: bytes, into: str | None = None) -> SyncRun:
        """Import messages as one mbox file."""
        return await self.take_file(write(self.folder / "mail.mbox", messages), kind="mbox", into=into)

    async def take_file(self, path: Path, *, kind: str = "", into: str | None = None) -> SyncRun:
        manifest = registry.KINDS[kind] if kind else registry.recognise(path)
        async with self.database.writing() as session:
            run = await importing.begin(session, manifest, what=path.name, into=into, now=self.clock())
        return await importing.carry_out(self.work, run.id, manifest, path)

    async def act(self, task_id: int, verb: str, plan: Plan) -> None:
        """What a person does: a plan of app.domains.tasks.rules under its verb's name."""
        async with self.database.writing() as session:
            names = await connections.service.names(session)
            acting = Acting(policy=self.work.policy, now=self.clock(), integrations=names)
            tasks = await actions.load(session, [task_id])
            await actions.apply(session, verb, {task_id: plan(tasks[task_id])}, tasks, acting)

    async def edit(self, task_id: int, labels: Iterable[str] | None = None, **values: Any) -> None:
        await self.act(task_id, "edit", rules.edit(values, list(labels) if labels is not None else None))

    async def snooze(self, task_id: int, **parts: float) -> None:
        await self.act(task_id, "snooze", rules.snooze(self.clock() + timedelta(**parts), self.clock()))

    async def complete(self, task_id: int) -> None:
        await self.act(task_id, "complete", rules.complete)

    async def delete(self, task_id: int) -> None:
        await self.act(task_id, "delete", rules.remove)

    async def due(self) -> rescoring.Done:
        return await rescoring.do_what_is_due(self.database, self.work.policy, now=self.clock())

    async def tasks(self, *, deleted_too: bool = False) -> list[Task]:
        """In the order they were made."""
        query = select(Task).order_by(Task.id)
        async with self.database.reading() as session:
            found = (await session.execute(query)).scalars().all()
        return [task for task in found if deleted_too or task.deleted_at is None]

    async def task(self) -> Task:
        """The only task there is."""
        (task,) = await self.tasks()
        return task

    async def items(self, task_id: int | None = None) -> list[StoredItem]:
        query = select(StoredItem).order_by(StoredItem.id)
        if task_id is not None:
            query = query.where(StoredItem.task_id == task_id)
        async with self.database.reading() as session:
            return list((await session.execute(query)).scalars())

    async def facts(self, task_id: int) -> dict[str, Fact]:
        async with self.database.reading() as session:
            stored = await session.get(TaskFacts, task_id)
        return dict(ranking.load(stored.facts)) if stored else {}

    async def values(self) -> dict[str, Any]:
        """The values of the only task's facts."""
        return {name: fact.value for name, fact in (await self.facts((await self.task()).id)).items()}

    async def history(self, task_id: int) -> list[str]:
        """The verbs of a task's history, oldest first."""
        query = select(TaskEvent.verb).where(TaskEvent.task_id == task_id).order_by(TaskEvent.id)
        async with self.database.reading() as session:
            return list((await session.execute(query)).scalars())

    async def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that an import without news must leave alone."""
        tables: Mapping[str, Any] = Base.metadata.tables
        async with self.database.reading() as session:
            return {
                name: sorted((tuple(row) for row in await session.execute(_rows(table))), key=repr)
                for name, table in tables.items()
                if name not in RUN_TABLES
            }

    async def scores(self) -> dict[str, tuple[float, datetime | None]]:
        """Title to points and how long they hold."""
        return {task.title: (task.points_milli / 1000, task.valid_until) for task in await self.tasks()}


def _rows(table: Table) -> Select[Any]:
    return select(table).where(table.c.type.not_in(RUN_EVENTS)) if table.name == "events" else select(table)


def totals(run: SyncRun) -> tuple[int, int, int, int]:
    """(new, updated, unchanged, refused); that they make up what was read is checked by the way."""
    counts = (run.new, run.updated, run.unchanged, run.refused)
    assert run.read == sum(counts)
    return counts


async def eventually(holds: Callable[[], Awaitable[bool]], *, every_s: float = 0.02) -> None:
    """Wait until it holds, ten seconds at most."""
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - what a job does is only seen by looking
            await asyncio.sleep(every_s)
