"""What meets a defect of ours is put off or ended, and said so: it never goes on for ever, nor stops anything else."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.database import Database
from app.domains import connections
from app.domains.connections.models import Integration, SyncRun
from app.integrations import registry
from app.records import Read
from app.workflows import importing, jobs
from tests.workflows.mailbox import mail, write
from tests.workflows.pipeline import Pipeline
from tests.workflows.test_interruption import run_of, worker

MBOX = registry.KINDS["mbox"]


class Breaking:
    """A reader with a defect."""

    def recognises(self, path: Path) -> bool:
        return path.is_file()

    def read(self, path: Path) -> Iterator[Read]:
        yield from MBOX.reader.read(path)
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
    pipeline.clock.advance(jobs.ABANDONED_AFTER + timedelta(seconds=1))


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
    await importing.give_back(pipeline.work, run_id, "me")

    run = await run_of(pipeline, run_id)
    assert (run.state, run.attempts) == ("queued", 0)
