"""An import may be killed anywhere and taken up again: the end is as if nothing had happened."""

import asyncio
import os
import shutil
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.core.database import Database
from app.domains import connections
from app.domains.connections.models import SyncRun
from app.integrations import registry
from app.settings import PROJECT_ROOT
from app.workflows import importing
from app.workflows.jobs import Jobs
from app.workflows.runs import LEASE
from tests.conftest import SettableClock
from tests.workflows.mailbox import ANNA, US, answer, mail, newsletter, write
from tests.workflows.pipeline import Pipeline, eventually, totals

COPIES = [
    mail(id="copy@x.example", subject="Copies", headers={"X-Gmail-Labels": labels}) for labels in ("Inbox", "Work")
]
MAILBOX = [
    mail(),
    COPIES[0],
    answer("one@client.example"),
    mail("Stray", id=None, subject="Stray"),
    newsletter(),
    COPIES[1],
    answer("old@x.example", "Is it still true?", id="more@x.example", sender=ANNA, to=US, subject="Re: Old"),
    mail("", id="empty@x.example", subject="Last"),
]
BEFORE = mail("Is it true?", id="old@x.example", subject="Old", at="2026-02-20T08:00")


def totals_of(run: SyncRun) -> tuple[Any, ...]:
    return (run.state, *totals(run), run.tasks_new, run.tasks_updated, run.tasks_not_for_us, run.warnings, run.hint)


async def prepared(pipeline: Pipeline) -> tuple[int, Path]:
    """An upload that waits: a queued run and its file, in a database that holds one older message."""
    pipeline.in_pages_of(2)
    await pipeline.take(BEFORE)
    path = write(pipeline.folder / "upload.mbox", MAILBOX)
    async with pipeline.database.writing() as session:
        run = await importing.begin(
            session, registry.KINDS["mbox"], what="upload.mbox", into=None, now=pipeline.clock(), path=path
        )
    return run.id, path


async def run_of(pipeline: Pipeline, run_id: int) -> SyncRun:
    async with pipeline.database.reading() as session:
        return await connections.service.get_run(session, run_id)


async def outcome(pipeline: Pipeline, run_id: int) -> tuple[Any, ...]:
    """The run's totals, and the tasks with their items."""
    tasks = {
        task.title: (task.status, task.turn, task.points_milli, [item.labels for item in await pipeline.items(task.id)])
        for task in await pipeline.tasks()
    }
    return (totals_of(await run_of(pipeline, run_id)), tasks)


async def has_read(pipeline: Pipeline, run_id: int) -> bool:
    return (await run_of(pipeline, run_id)).read > 0


def worker(pipeline: Pipeline) -> Jobs:
    return Jobs(pipeline.work, every_s=60, batch=500)


async def undisturbed(sqlite_copy: Path, folder: Path) -> tuple[Any, ...]:
    database = Database(f"sqlite+aiosqlite:///{sqlite_copy}")
    pipeline = Pipeline(database, SettableClock(), folder)
    run_id, _ = await prepared(pipeline)
    await worker(pipeline).import_next()
    ended = await outcome(pipeline, run_id)
    await database.close()
    return ended


@pytest.mark.parametrize("pages", [1, 2, 3, 4])
async def test_killed_after_any_page_it_ends_as_if_nothing_had_happened(
    sqlite_template: Path, on_sqlite: Pipeline, tmp_path_factory: pytest.TempPathFactory, pages: int
) -> None:
    run_id, path = await prepared(on_sqlite)
    url = on_sqlite.database.url.render_as_string()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.workflows.killed_import", url, str(run_id), str(path), str(pages)),
        cwd=PROJECT_ROOT,
    )
    assert await process.wait() == -signal.SIGKILL
    assert (await run_of(on_sqlite, run_id)).read == 2 * pages

    on_sqlite.clock.advance(LEASE + timedelta(seconds=1))
    await worker(on_sqlite).import_next()

    elsewhere = tmp_path_factory.mktemp("undisturbed")
    copy = shutil.copyfile(sqlite_template, elsewhere / "other.db")
    assert await outcome(on_sqlite, run_id) == await undisturbed(copy, elsewhere)
    assert not os.path.exists(path)  # noqa: ASYNC240 - one look


async def test_cancelled_it_is_queued_again_and_goes_on(pipeline: Pipeline) -> None:
    run_id, _ = await prepared(pipeline)
    job = asyncio.create_task(worker(pipeline).import_next())
    await eventually(lambda: has_read(pipeline, run_id), every_s=0.001)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    assert (await run_of(pipeline, run_id)).state in ("queued", "succeeded")

    await worker(pipeline).import_next()
    run = await run_of(pipeline, run_id)
    assert totals_of(run)[:5] == ("succeeded", 7, 0, 1, 0)
    assert (run.tasks_new, run.tasks_updated) == (5, 1)


async def test_two_processes_that_carry_out_one_run_store_each_page_once(pipeline: Pipeline) -> None:
    run_id, path = await prepared(pipeline)

    await asyncio.gather(*(importing.carry_out(pipeline.work, run_id, registry.KINDS["mbox"], path) for _ in range(2)))

    run = await run_of(pipeline, run_id)
    assert totals_of(run)[:5] == ("succeeded", 7, 0, 1, 0)


async def test_an_import_without_an_upload_that_died_says_how_to_go_on(pipeline: Pipeline) -> None:
    run = await pipeline.take(*MAILBOX)
    async with pipeline.database.writing() as session:
        await session.execute(update(SyncRun).where(SyncRun.id == run.id).values(state="running", seen_at=run.seen_at))
    pipeline.clock.advance(hours=1)

    await worker(pipeline).import_next()

    died = await run_of(pipeline, run.id)
    assert died.state == "failed"
    assert "import the same thing again" in (died.error or {})["detail"]


async def test_two_imports_at_once_into_one_database_both_finish(pipeline: Pipeline) -> None:
    pipeline.in_pages_of(2)
    paths = [write(pipeline.folder / f"{n}.mbox", MAILBOX) for n in range(3)]

    runs = await asyncio.gather(*(pipeline.take_file(path) for path in paths))

    assert [run.state for run in runs] == ["succeeded"] * 3
    assert sum(run.new for run in runs) == 7
    assert len(await pipeline.items()) == 7
    assert len(await pipeline.tasks()) == 6


async def test_the_loop_of_jobs_outlives_a_defect(on_sqlite: Pipeline) -> None:
    """A kind that breaks its promise must not end all imports to come."""
    run_id, _ = await prepared(on_sqlite)
    async with on_sqlite.database.writing() as session:
        await session.execute(update(SyncRun).where(SyncRun.id == run_id).values(path=str(on_sqlite.folder)))
    again = worker(on_sqlite)
    again.start()
    later = write(on_sqlite.folder / "later.mbox", [newsletter("later@x.example")])
    async with on_sqlite.database.writing() as session:
        second = await importing.begin(
            session, registry.KINDS["mbox"], what="later", into=None, now=on_sqlite.clock(), path=later
        )
    again.nudge()

    async def imported() -> bool:
        again.nudge()
        return (await run_of(on_sqlite, second.id)).state == "succeeded"

    await eventually(imported)
    await again.stop()
