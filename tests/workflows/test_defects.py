"""What meets a defect of ours is put off or ended, and said so: it never goes on for ever, nor stops anything else."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.core.database import Database
from app.domains import connections
from app.domains.connections.models import Integration, SyncRun
from app.domains.tasks.models import Task
from app.integrations import registry
from app.integrations.contract import Options
from app.records import Read
from app.workflows import importing, rescoring, runs
from app.workflows.runs import LEASE
from tests.conftest import START
from tests.workflows.mailbox import US, mail, write
from tests.workflows.pipeline import Pipeline, policy
from tests.workflows.test_interruption import run_of, worker

MBOX = registry.KINDS["mbox"]


class Breaking:
    """A reader with a defect."""

    def recognises(self, path: Path) -> bool:
        return path.is_file()

    def read(self, path: Path, options: Options, /) -> Iterator[Read]:
        yield from MBOX.reader.read(path, options)
        raise RuntimeError(path.name)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.KINDS, "mbox", replace(MBOX, reader=Breaking()))


async def waiting(pipeline: Pipeline) -> tuple[int, Path]:
    path = write(pipeline.folder / "upload.mbox", [mail()])
    async with pipeline.database.writing() as session:
        run = await importing.begin(session, MBOX, what="upload.mbox", into=None, now=pipeline.clock(), path=path)
    return run.id, path


async def attempt(pipeline: Pipeline) -> None:
    await asyncio.gather(worker(pipeline).import_next(), return_exceptions=True)
    pipeline.clock.advance(LEASE + timedelta(seconds=1))


async def integration_of(database: Database, run: SyncRun) -> Integration:
    async with database.reading() as session:
        return await connections.service.get(session, run.integration_id)


@pytest.mark.usefixtures("breaking")
async def test_an_import_that_meets_a_defect_each_time_fails_after_the_third(pipeline: Pipeline) -> None:
    run_id, path = await waiting(pipeline)
    for _ in range(3):
        await attempt(pipeline)
        assert (await run_of(pipeline, run_id)).state == "running"
        assert path.exists()

    await attempt(pipeline)

    run = await run_of(pipeline, run_id)
    assert run.state == "failed"
    assert run.finished_at is not None
    assert (run.error or {})["category"] == "internal"
    assert "3 times" in (run.error or {})["detail"]
    assert (await integration_of(pipeline.database, run)).last_error == run.error
    assert not path.exists()


async def test_being_killed_again_and_again_is_no_defect(pipeline: Pipeline) -> None:
    run_id, path = await waiting(pipeline)
    for _ in range(10):
        async with pipeline.database.writing() as session:
            await connections.service.take_up_abandoned_imports(
                session, silent_since=pipeline.clock() - LEASE, now=pipeline.clock()
            )
            await connections.service.claim_queued_run(session, owner="killed", now=pipeline.clock())
        pipeline.clock.advance(LEASE + timedelta(seconds=1))

    await worker(pipeline).import_next()

    assert ((await run_of(pipeline, run_id)).state, path.exists()) == ("succeeded", False)


@pytest.mark.usefixtures("breaking")
async def test_a_page_that_was_stored_gives_an_import_its_attempts_again(pipeline: Pipeline) -> None:
    run_id, _ = await waiting(pipeline)
    await attempt(pipeline)
    await attempt(pipeline)
    pipeline.in_pages_of(1)

    for _ in range(3):
        await attempt(pipeline)

    run = await run_of(pipeline, run_id)
    assert (run.state, run.read) == ("running", 1)


async def test_a_process_that_is_stopped_counts_as_no_attempt(pipeline: Pipeline) -> None:
    run_id, _ = await waiting(pipeline)
    async with pipeline.database.writing() as session:
        await connections.service.claim_queued_run(session, owner="me", now=pipeline.clock())
    await runs.give_back(pipeline.database, run_id, "me")

    run = await run_of(pipeline, run_id)
    assert (run.state, run.attempts) == ("queued", 0)


async def poisoned(pipeline: Pipeline) -> list[int]:
    """Three tasks, of which the first holds what no derivation can read."""
    await pipeline.take(*(mail(id=f"q{n}@x.example", subject=f"Contract {n}") for n in range(3)))
    ids = [task.id for task in await pipeline.tasks()]
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).where(Task.id == ids[0]).values(person_set=7))
    return ids


async def test_a_task_that_can_not_be_woken_sleeps_an_hour_more_and_the_others_wake(pipeline: Pipeline) -> None:
    ids = await poisoned(pipeline)
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).values(status="snoozed", snoozed_until=START, valid_until=None))

    assert (await pipeline.due()).woken == 3
    assert (await pipeline.due()).total == 0

    tasks = await pipeline.tasks()
    assert [task.status for task in tasks] == ["snoozed", "open", "open"]
    assert tasks[0].snoozed_until == START + rescoring.POISONED_FOR
    assert "woke" not in await pipeline.history(ids[0])


async def test_a_task_that_can_not_be_derived_is_put_off_and_derived_once_that_is_mended(pipeline: Pipeline) -> None:
    ids = await poisoned(pipeline)
    pipeline.judged_by(policy(US, important=("anna@client.example",)))

    assert (await pipeline.due()).derived == 3
    assert (await pipeline.due()).total == 0
    stuck, *others = await pipeline.tasks()
    fingerprint = pipeline.work.policy.fingerprint
    assert [task.derived_with for task in others] == [fingerprint] * 2
    assert stuck.derived_with != fingerprint

    async with pipeline.database.writing() as session:
        await session.execute(update(Task).where(Task.id == ids[0]).values(person_set=[]))
    pipeline.clock.advance(rescoring.POISONED_FOR)
    assert (await pipeline.due()).derived == 1
    assert (await pipeline.tasks())[0].derived_with == fingerprint


async def test_what_can_not_be_derived_stops_no_scores(pipeline: Pipeline) -> None:
    ids = await poisoned(pipeline)
    async with pipeline.database.writing() as session:
        await session.execute(update(Task).where(Task.id == ids[0]).values(derived_with=""))
        await session.execute(update(Task).where(Task.id == ids[1]).values(valid_until=START))

    done = await pipeline.due()

    assert (done.derived, done.rescored) == (1, 1)
