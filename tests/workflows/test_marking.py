"""Tasks are marked while people act, mail comes in and scores are kept: none of them waits for another for ever."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from app.core.database import Database
from app.core.errors import Conflict
from app.domains.monitoring.models import StoredLevel
from app.domains.ranking import ruleset
from app.domains.tasks import rules
from app.domains.tasks.models import Task, TaskDependency
from app.workflows.watch import marking
from tests.conftest import START, SettableClock
from tests.workflows.mailbox import mail
from tests.workflows.pipeline import Pipeline

LOOKS_AT_IT = """
[[rules]]
id = "not-sure"
title = "Perhaps out of date"
when = "stale"
points = -1
say = "This may be out of date"
"""


@pytest.fixture
def on_postgres(postgres_database: Database, clock: SettableClock, tmp_path: Path) -> Pipeline:
    """SQLite has one writer: nobody works on anything meanwhile."""
    return Pipeline(postgres_database, clock, tmp_path)


def requests(count: int) -> list[bytes]:
    return [mail(f"Could you do {n} by Friday?", id=f"m{n}@x.example", subject=f"Thing {n}") for n in range(count)]


async def turns(pipeline: Pipeline, level: str) -> None:
    """How far the integration can be believed from now on."""
    async with pipeline.database.writing() as session:
        await session.execute(update(StoredLevel).values(level=level))


async def imported(pipeline: Pipeline, count: int) -> list[int]:
    """Tasks of one integration that is well, ranked by rules that look at whether it is."""
    text = ruleset.shipped_text("default") + LOOKS_AT_IT
    pipeline.judged_by(replace(pipeline.work.policy, ruleset=ruleset.parse(text)))
    await pipeline.take(*requests(count))
    async with pipeline.database.writing() as session:
        await session.execute(insert(StoredLevel).values(name="integration 1", level="NORMAL", reason="", since=START))
    return [task.id for task in await pipeline.tasks()]


async def mark_all(pipeline: Pipeline) -> None:
    while await marking.mark(pipeline.work, now=pipeline.clock()):
        pass


async def marked(pipeline: Pipeline) -> str:
    async with pipeline.database.reading() as session:
        return (await session.execute(select(StoredLevel.marked))).scalar_one()


@asynccontextmanager
async def held(database: Database, task_id: int) -> AsyncIterator[None]:
    """Somebody works on a task."""
    async with database.writing() as session:
        await session.execute(select(Task.id).where(Task.id == task_id).with_for_update())
        yield


async def test_a_task_that_somebody_works_on_is_marked_later(on_postgres: Pipeline) -> None:
    pipeline = on_postgres
    first, *_ = await imported(pipeline, 3)
    await turns(pipeline, "OFFLINE")
    async with held(pipeline.database, first), asyncio.timeout(10):
        await mark_all(pipeline)
        meanwhile = [task.stale for task in await pipeline.tasks()]
        noted = await marked(pipeline)
    await mark_all(pipeline)

    assert (meanwhile, noted) == ([False, True, True], "begun")
    assert [task.stale for task in await pipeline.tasks()] == [True] * 3
    assert await marked(pipeline) == "derived"


async def test_what_is_derived_again_waits_for_nobody_who_waits_for_it(
    on_postgres: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marking makes tasks due for derivation, and what they wait for is scored with them: all of it while others write
    to the same tasks. Postgres would end one of two that wait for each other."""
    pipeline = on_postgres
    monkeypatch.setattr(marking, "_AT_ONCE", 40)
    chance = random.Random(1)  # noqa: S311 - not for secrets
    ids = await imported(pipeline, 120)
    needs = {(later, chance.choice(ids[:at])) for at, later in enumerate(ids) if at}
    async with pipeline.database.writing() as session:
        rows = [{"task_id": task_id, "depends_on": needed} for task_id, needed in needs]
        await session.execute(insert(TaskDependency), rows)

    async def act() -> None:
        task_id = chance.choice(ids)
        with suppress(Conflict):  # the other one was faster
            await pipeline.act(task_id, "complete", rules.complete)
            await pipeline.act(task_id, "reopen", rules.reopen)

    async def take() -> None:
        some = [
            mail("One more word", id=f"r{chance.random()}@x.example", subject=f"Thing {n}") for n in range(0, 120, 9)
        ]
        await pipeline.take(*some)

    async def keep() -> None:
        await pipeline.due()
        pipeline.clock.advance(timedelta(minutes=10))

    async def flip() -> None:
        await turns(pipeline, chance.choice(["NORMAL", "OFFLINE"]))
        await mark_all(pipeline)

    async def often(some: Callable[[], Awaitable[None]]) -> None:
        for _ in range(12):
            await some()

    await asyncio.gather(*map(often, (act, act, take, keep, flip, flip)))
    await turns(pipeline, "OFFLINE")
    await mark_all(pipeline)

    assert {task.stale for task in await pipeline.tasks() if task.status == "open"} == {True}
